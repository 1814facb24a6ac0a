# SPDX-License-Identifier: MIT
"""The main module of a random world: its go.mod, as people leave them, its Go files, what it
replaces by folders, and what is to be set."""


from vocabulary import MAIN, order

GO = ["1.13", "1.15", "1.16", "1.16", "1.17", "1.17", "1.18", "1.20", "1.21", "1.21", "1.22.1", "1.24",
      "1.25", "1.26.0", "", "1.27", "1.27.1"]
FOLDERS = ["", "cmd/m", "pkg", "testdata", "_x", "nested", "vendor/x", "pkg/.h"]


class Main:
    def __init__(self, world, path=MAIN, go=GO, vendored=0.4):
        self.world, self.chance, self.pick, self.path = world, world.chance, world.pick, path
        self.files, self.requires = {}, {}
        self.go = self.pick(go)
        self.is_vendored = self.chance(vendored)
        self.write_sources()
        self.write_gomod()
        self.begins_tidy = self.chance(0.6)
        self.bumps = self.make_bumps()
        self.sums = self.make_sums()

    def write_sources(self):
        sources = {}
        for folder in FOLDERS:
            if folder == "" or self.chance(0.35):
                for name, share in ("m.go", 1), ("m_test.go", 0.5):
                    if self.chance(share):
                        self.world.write_package(sources, folder, name, self.world.paths)
        if self.is_vendored:
            sources = {name: text for name, text in sources.items() if not name.startswith("vendor/")}
        if "nested/m.go" in sources and self.chance(0.5):
            self.files["nested/go.mod"] = f"module {self.path}/nested\n"
        self.world.require(self.requires, sources, self.world.paths, 0.85, 0.15)
        self.files.update(sources)

    def write_gomod(self):
        lines = []
        for path, version in sorted(self.requires.items()):
            if self.chance(0.02):
                version = "main"
            lines.append(f"{path} {version}" + (" // indirect" if self.chance(0.4) else ""))
        text = f"module {self.path}\n" + (f"\ngo {self.go}\n" if self.go else "")
        self.files["go.mod"] = self.layout(text, lines) + "".join(
            f"\n{line}\n" for line in self.make_lines())

    def replace(self, path, version):
        old = path if self.chance(0.5) else f"{path} {version}"
        if self.chance(0.5):
            other = self.pick(self.world.paths)
            return f"replace {old} => {other} {self.pick(self.world.versions[other])}"
        folder = "local/" + path.replace("/", "_")
        module = self.world.modules[path, version]
        files = {"go.mod": module.gomod(), **module.files}
        if self.chance(0.1):
            files["x/go.mod"] = f"module {path}/x\n"  # what lies there is another's
        if self.chance(0.05):
            files["go.mod"] = files["go.mod"].replace(path, "example.com/renamed", 1)
        if self.chance(0.03):
            del files["go.mod"]
        self.files.update({f"{folder}/{name}": text for name, text in files.items()})
        return f"replace {old} => ./{folder}"

    def make_lines(self):
        """What else a go.mod may hold."""
        lines = []
        for path in self.world.paths:
            if self.chance(0.05):
                lines.append(f"exclude {path} {self.pick(self.world.versions[path])}")
            if self.chance(0.12):
                lines.append(self.replace(path, self.pick(self.world.versions[path])))
        if self.go[:4] in ("1.24", "1.25", "1.26", "1.27") and self.chance(0.3):
            lines.append(f"tool {self.pick([*self.world.packages, self.path + '/pkg'])}")
        if self.chance(0.1):
            lines.append("ignore ./pkg")
        if self.chance(0.15):
            lines.append(f"toolchain {self.pick(['go1.21.0', 'go1.22.5', 'go1.25.0'])}")
        if self.chance(0.1):
            lines += ["godebug default=go1.21", "// why\nretract v1.0.0"]
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
            self.world.random.shuffle(lines)
            cut = self.world.random.randint(0, len(lines))
            groups = [lines[:cut], lines[cut:]]
        for group in filter(None, groups):
            text += "\n// a group" if style == "groups" and self.chance(0.4) else ""
            text += "\nrequire (\n"
            for line in group:
                text += "\t// why\n" if self.chance(0.1) else "\n" if self.chance(0.1) else ""
                text += f"\t{line}\n"
            text += ")\n"
        return text

    def make_bumps(self):
        """Paths and the versions that they are to have."""
        bumps = {}
        for path in self.pick([[], [], [], [1], [1], [1, 2]]) and sorted(self.requires):
            higher = [version for version in self.world.versions[path]
                      if order(version) > order(self.requires[path])]
            if higher and len(bumps) < 2 and self.chance(0.5):
                bumps[path] = self.pick(higher)
        return bumps

    def make_sums(self):
        """What time has done to go.sum: from its lines, the new ones."""
        kind = self.pick(["", "", "", "", "some", "none", "more", "crlf", "twice", "shuffled", "odd"])
        stale = "example.com/gone v1.0.0 h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        kept = self.world.random.random()

        def change(lines):
            if kind == "some":
                return lines[:int(len(lines) * kept)]
            return {"": lines, "none": [], "more": [*lines, stale], "twice": lines * 2,
                    "crlf": [line.replace("\n", "\r\n") for line in lines],
                    "shuffled": lines[::-1],
                    "odd": ["what\n", *lines, "a b c d\n", stale.replace("h1", "h2")]}[kind]
        return change

    def write(self, folder):
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
