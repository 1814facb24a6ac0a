# SPDX-License-Identifier: MIT
"""Random small worlds of modules, each a function of its seed.

A world is a set of module versions, some of them not tidy, as in life, and a few of them
broken; and a main module (mains.py). Everything that decides what `go mod tidy` does occurs:
go lines of every age, nested modules and majors, tests, build constraints, replacements,
exclusions, retractions, tools, unused and missing lines."""
import json
import pathlib
import random
import zipfile

from gosource import beside, source
from mains import Main
from servers.moduled import AT, escaped
from vocabulary import FOLDERS, GO, MAIN, VERSIONS, gomod, imported, is_pseudo, major, order


class Version:
    """One version of a module."""

    def __init__(self, path, version, go):
        self.path, self.version, self.go = path, version, go
        self.requires, self.files, self.lines = {}, {}, []
        self.declared, self.lacks = path, ""  # ".mod" or ".zip": the proxy has none

    def gomod(self):
        has_none = self.version.endswith("+incompatible")
        return gomod(self.declared, *(("", [], []) if has_none else
                                      (self.go, [f"{p} {v}" for p, v in sorted(self.requires.items())],
                                       self.lines)))

    def write(self, folder):
        base = str(folder / self.version)
        if self.lacks != ".mod":
            pathlib.Path(base + ".mod").write_text(self.gomod())
        pathlib.Path(base + ".info").write_text(json.dumps({"Version": self.version, "Time": AT}))
        if self.lacks == ".zip":
            return
        own = {} if self.version.endswith("+incompatible") else {"go.mod": self.gomod()}
        with zipfile.ZipFile(base + ".zip", "w") as archive:
            for name, text in {**own, **self.files}.items():
                archive.writestr(zipfile.ZipInfo(f"{self.path}@{self.version}/{name}"), text)


class World:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.paths = self.make_paths()
        self.versions = {path: self.make_versions(path) for path in self.paths}
        self.past = ["v0.1.0", "v1.0.0"] if self.chance(0.15) else []  # of the main module
        self.modules = self.make_modules()
        self.fill_modules()
        self.break_modules()
        self.main = Main(self)

    def chance(self, share):
        return self.random.random() < share

    def pick(self, choices):
        return self.random.choice(choices)

    def make_paths(self):
        paths = []
        for letter in "abcdefghi"[:self.random.randint(3, 9)]:
            path = f"example.com/{letter.upper() if self.chance(0.05) else letter}"
            if self.chance(0.05):
                paths.append(f"gopkg.in/{letter}.v1")
                continue
            paths.append(path)
            if self.chance(0.2):
                paths.append(path + self.pick(["/v2", "/v2", "/v3"]))
            if self.chance(0.25):
                paths.append(path + "/" + self.pick(["x", "sub", "x/y"]))
        return paths

    def make_versions(self, path):
        pool = VERSIONS[major(path)]
        versions = sorted(self.random.sample(pool, self.random.randint(1, min(4, len(pool)))),
                          key=order)
        if self.chance(0.06) and major(path) == "":
            versions.append("v2.3.0+incompatible")
        return versions

    def make_modules(self):
        pool = self.pick([GO, GO, ["1.21", "1.22"], ["", "1.16"], ["1.17", "1.18"],
                          ["1.15", "1.16", "1.21"]])
        return {(path, version): Version(path, version, self.pick(pool))
                for path, versions in [*self.versions.items(), (MAIN, self.past)]
                for version in versions}

    def fill_modules(self):
        folders = {}  # of each module version
        for path in self.paths:
            wanted = [""] + [folder for folder in FOLDERS if self.chance(0.25)]
            for version in self.versions[path]:
                folders[path, version] = [f for f in wanted if f == "" or self.chance(0.93)]
        self.packages = sorted({"/".join(filter(None, [path, folder]))
                                for (path, _), some in folders.items() for folder in some})
        has_cycles = self.chance(0.2)
        for at, path in enumerate(self.paths):
            below = self.paths[at + 1:] if not has_cycles else [p for p in self.paths if p != path]
            for version in self.versions[path]:
                self.fill(self.modules[path, version], folders[path, version], below)
        for version in self.past:
            self.fill(self.modules[MAIN, version], ["", "pkg"], self.paths)

    def fill(self, module, folders, below):
        for folder in folders:
            for name, share in ("p.go", 1), ("p_test.go", 0.4), ("q.go", 0.1):
                if self.chance(share):
                    self.write_package(module.files, folder, name, below)
        self.require(module.requires, module.files, below, 0.93, 0.06)
        if self.past and module.path != MAIN and self.chance(0.3):
            module.requires[MAIN] = self.pick(self.past)
        module.lines += [line for line in self.lines_of(module) if self.chance(0.05)]

    def lines_of(self, module):
        """What a dependency's go.mod may hold, and what counts only in a main one."""
        versions = self.versions.get(module.path, self.past)
        other = self.pick(self.paths)
        return [f"retract {self.pick(versions)}", "// spoilt\nretract [v1.1.0, v1.2.0]",
                f"exclude {other} {self.versions[other][0]}", f"replace {other} => ../here",
                f"tool {self.pick(self.packages)}", "toolchain go1.99.0", "godebug x=1",
                "ignore ./x", "future (\n\tx v1\n)", "whatever it says"]

    def break_modules(self):
        """A few versions that a proxy does not have, or has wrongly."""
        if not self.chance(0.15):
            return
        module = self.modules[self.pick(sorted(self.modules))]
        if self.chance(0.3):
            module.declared = "example.com/elsewhere"
        else:
            module.lacks = self.pick([".mod", ".zip"])

    def require(self, requires, files, paths, needed_share, other_share):
        """Requirements as somebody has written them: most of what is needed, some that is not."""
        names = imported(files)
        for path in paths:
            is_needed = any(name == path or name.startswith(path + "/") for name in names)
            if (is_needed and self.chance(needed_share)) or self.chance(other_share):
                requires[path] = self.pick(self.versions[path])

    def write_package(self, files, folder, name, below):
        """A Go file that imports from modules of `below`, mostly, and what lies beside it."""
        pool = [package for package in self.packages
                if any(package == path or package.startswith(path + "/") for path in below)]
        names = [self.pick(pool) for _ in range(self.pick([0, 0, 1, 1, 2, 3])) if pool]
        if self.chance(0.05):
            names.append(self.pick(self.packages))
        if self.past and self.chance(0.1):
            names.append(self.pick([MAIN, MAIN + "/pkg"]))
        text = source(names, self.chance, self.pick)
        for other, content in {**beside(text, self.chance), name: text}.items():
            files.setdefault("/".join(filter(None, [folder, other])), content)

    def write_store(self, store):
        """The modules, as a module proxy has them."""
        lists_all = self.chance(0.1)  # some do name pseudo-versions
        for path, versions in [*self.versions.items(), *([(MAIN, self.past)] if self.past else [])]:
            folder = store / escaped(path) / "@v"
            folder.mkdir(parents=True)
            listed = [version for version in versions if lists_all or not is_pseudo(version)]
            (folder / "list").write_text("".join(f"{version}\n" for version in listed))
            newest = json.dumps({"Version": versions[-1], "Time": AT})
            (folder / "main.info").write_text(newest)
            if not listed or self.chance(0.3):
                (folder.parent / "@latest").write_text(newest)
            for version in versions:
                self.modules[path, version].write(folder)
