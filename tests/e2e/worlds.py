# SPDX-License-Identifier: MIT
"""Random small worlds of modules, each a function of its seed.

A world is a set of module versions, some of them not tidy, as in life; a main module
with its files; and perhaps a requirement to set. Everything that decides what
`go mod tidy` does occurs: go lines of every age, nested modules and majors, tests, build
constraints, replacements, exclusions, retractions, tools, unused and missing lines."""
import json
import pathlib
import random
import re
import zipfile

from gosource import beside, source
from servers.moduled import AT, escaped

DEPENDENCIES_GO = ["", "1.11", "1.15", "1.16", "1.17", "1.18", "1.20", "1.21", "1.21.3", "1.22",
                   "1.23.0", "1.24", "1.25", "1.26"]
MAIN_GO = ["1.13", "1.15", "1.16", "1.16", "1.17", "1.17", "1.18", "1.20", "1.21", "1.21",
           "1.22.1", "1.24", "1.25", "1.26.0"]
FOLDERS = ["x", "sub", "x/y", "internal/z"]
VERSIONS = ["v0.1.0", "v1.0.0", "v1.1.0", "v1.2.0", "v1.10.0", "v1.11.0-rc.1",
            "v0.0.0-20200101000000-abcdefabcdef"]
VERSIONS_2 = ["v2.0.0", "v2.1.0", "v2.2.0-rc.1"]
MAIN = "example.com/main"
NAME = re.compile(r'["`]([\w.]+/[^"`\n]*)["`]')


def order(version):
    """The order of the versions above; `+incompatible` counts for nothing."""
    core, _, prerelease = version[1:].partition("+")[0].partition("-")
    return [int(number) for number in core.split(".")], prerelease == "", prerelease


def imported(files):
    return {name for text in files.values() for name in NAME.findall(text)}


def gomod(path, go, requires, lines):
    """A go.mod as the Go command lays it out."""
    text = f"module {path}\n" + (f"\ngo {go}\n" if go else "")
    if requires:
        text += "\nrequire (\n" + "".join(f"\t{one}\n" for one in requires) + ")\n"
    return text + "".join(f"\n{line}\n" for line in lines)


class Version:
    """One version of a module."""

    def __init__(self, path, version, go):
        self.path, self.version, self.go = path, version, go
        self.requires, self.files, self.lines = {}, {}, []

    def gomod(self):
        has_none = self.version.endswith("+incompatible")
        return gomod(self.path, *(("", [], []) if has_none else
                                  (self.go, [f"{p} {v}" for p, v in sorted(self.requires.items())],
                                   self.lines)))

    def write(self, folder):
        base = str(folder / self.version)
        pathlib.Path(base + ".mod").write_text(self.gomod())
        pathlib.Path(base + ".info").write_text(json.dumps({"Version": self.version, "Time": AT}))
        own = {} if self.version.endswith("+incompatible") else {"go.mod": self.gomod()}
        with zipfile.ZipFile(base + ".zip", "w") as archive:
            for name, text in {**own, **self.files}.items():
                archive.writestr(zipfile.ZipInfo(f"{self.path}@{self.version}/{name}"), text)


class World:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.paths = self.make_paths()
        self.versions = {path: self.make_versions(path) for path in self.paths}
        self.modules = self.make_modules()
        self.fill_modules()
        self.files = {}  # of the main module's folder
        self.make_main()
        self.bump = self.make_bump()
        self.begins_tidy, self.is_vendored = self.chance(0.5), self.chance(0.15)

    def chance(self, share):
        return self.random.random() < share

    def pick(self, choices):
        return self.random.choice(choices)

    def make_paths(self):
        paths = []
        for letter in "abcdefghi"[:self.random.randint(3, 9)]:
            path = f"example.com/{letter}"
            paths.append(path)
            if self.chance(0.2):
                paths.append(path + "/v2")
            if self.chance(0.25):
                paths.append(path + "/" + self.pick(["x", "sub", "x/y"]))
        return paths

    def make_versions(self, path):
        pool = VERSIONS_2 if path.endswith("/v2") else VERSIONS
        versions = sorted(self.random.sample(pool, self.random.randint(1, min(4, len(pool)))),
                          key=order)
        if self.chance(0.06) and not path.endswith("/v2"):
            versions.append("v2.3.0+incompatible")
        return versions

    def make_modules(self):
        pool = self.pick([DEPENDENCIES_GO, DEPENDENCIES_GO, ["1.21", "1.22"], ["", "1.16"],
                          ["1.17", "1.18"], ["1.15", "1.16", "1.21"]])
        return {(path, version): Version(path, version, self.pick(pool))
                for path in self.paths for version in self.versions[path]}

    def fill_modules(self):
        folders = {}  # of each module version
        for path in self.paths:
            wanted = [""] + [folder for folder in FOLDERS if self.chance(0.35)]
            for version in self.versions[path]:
                folders[path, version] = [f for f in wanted if f == "" or self.chance(0.85)]
        self.packages = sorted({"/".join(filter(None, [path, folder]))
                                for (path, _), some in folders.items() for folder in some})
        has_cycles = self.chance(0.2)
        for at, path in enumerate(self.paths):
            below = self.paths[at + 1:] if not has_cycles else [p for p in self.paths if p != path]
            for version in self.versions[path]:
                self.fill(self.modules[path, version], folders[path, version], below)

    def fill(self, module, folders, below):
        for folder in folders:
            for name, share in ("p.go", 1), ("p_test.go", 0.4), ("q.go", 0.1):
                if self.chance(share):
                    self.write_package(module.files, folder, name, below)
        self.require(module.requires, module.files, below, 0.93, 0.06)
        if self.chance(0.05):
            module.lines.append(f"retract {self.pick(self.versions[module.path])}")

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
        text = source(names, self.chance, self.pick)
        for other, content in {**beside(text, self.chance), name: text}.items():
            files.setdefault("/".join(filter(None, [folder, other])), content)

    def make_main(self):
        go, requires, sources = self.pick(MAIN_GO), {}, {}
        for folder in ["", "cmd/m", "pkg", "testdata", "_x", "nested"]:
            if folder == "" or self.chance(0.4):
                for name, share in ("m.go", 1), ("m_test.go", 0.5):
                    if self.chance(share):
                        self.write_package(sources, folder, name, self.paths)
        if "nested/m.go" in sources and self.chance(0.5):
            self.files["nested/go.mod"] = f"module {MAIN}/nested\n"
        self.require(requires, sources, self.paths, 0.85, 0.15)
        lines = [f"{path} {version}" + (" // indirect" if self.chance(0.4) else "")
                 for path, version in sorted(requires.items())]
        self.requires = requires
        self.files.update(sources)
        self.files["go.mod"] = self.layout(f"module {MAIN}\n\ngo {go}\n", lines) + "".join(
            f"\n{line}\n" for line in self.make_lines(go))

    def make_lines(self, go):
        """What else a go.mod may hold."""
        lines = []
        for path in self.paths:
            version = self.pick(self.versions[path])
            old = path if self.chance(0.5) else f"{path} {version}"
            if self.chance(0.05):
                lines.append(f"exclude {path} {version}")
            if self.chance(0.06):
                other = self.pick(self.paths)
                lines.append(f"replace {old} => {other} {self.pick(self.versions[other])}")
            elif self.chance(0.06):
                folder = "local/" + path.replace("/", "_")
                lines.append(f"replace {old} => ./{folder}")
                module = self.modules[path, version]
                for name, text in {"go.mod": module.gomod(), **module.files}.items():
                    self.files[f"{folder}/{name}"] = text
        if go in ("1.24", "1.25", "1.26.0") and self.chance(0.3):
            lines.append(f"tool {self.pick(self.packages)}")
        if self.chance(0.1):
            lines.append("ignore ./pkg")
        if self.chance(0.15):
            lines.append(f"toolchain {self.pick(['go1.21.0', 'go1.22.5', 'go1.25.0'])}")
        return lines

    def layout(self, text, lines):
        """Requirements in one block, two, or lines, with comments in between."""
        style = self.pick(["block", "two", "lines", "groups"])
        if style == "lines":
            return text + "".join(f"\nrequire {line}\n" for line in lines)
        groups = [lines]
        if style == "two":
            groups = [[line for line in lines if "//" not in line],
                      [line for line in lines if "//" in line]]
        elif style == "groups":
            self.random.shuffle(lines)
            cut = self.random.randint(0, len(lines))
            groups = [lines[:cut], lines[cut:]]
        for group in filter(None, groups):
            text += "\n// a group" if style == "groups" and self.chance(0.4) else ""
            text += "\nrequire (\n"
            for line in group:
                text += "\t// why\n" if self.chance(0.1) else "\n" if self.chance(0.1) else ""
                text += f"\t{line}\n"
            text += ")\n"
        return text

    def make_bump(self):
        if not self.requires or not self.chance(0.4):
            return None
        path = self.pick(sorted(self.requires))
        higher = [version for version in self.versions[path]
                  if order(version) > order(self.requires[path])]
        return (path, self.pick(higher)) if higher else None

    def write_store(self, store):
        """The modules, as a module proxy has them."""
        for path in self.paths:
            folder = store / escaped(path) / "@v"
            folder.mkdir(parents=True)
            tagged = [version for version in self.versions[path] if "-2020" not in version]
            (folder / "list").write_text("".join(f"{version}\n" for version in tagged))
            if not tagged:
                (folder.parent / "@latest").write_text(
                    json.dumps({"Version": self.versions[path][-1], "Time": AT}))
            for version in self.versions[path]:
                self.modules[path, version].write(folder)

    def write_main(self, folder):
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
