# SPDX-License-Identifier: MIT
"""upkeepd beside the real Go command, on random workspaces: the member asked for gets its bumps,
so do the others that require less, and whoever replaces a changed one by its folder is tidied
after it. The Go command is led through the same steps module by module.

Seeds as in test_gomod_random.py."""
import os
import re
import shutil
import subprocess

import pytest

from mains import Main
from servers.go import go  # noqa: F401
from servers.places import built
from test_gomod_random import MOVES_AGAIN, OURS, SEEDS, age, snapshot
from vocabulary import order
from worlds import World

NAMES = "one", "two", "three"
GO = ["1.16", "1.17", "1.21", "1.21", "1.22.1", "1.24", "1.25", "1.26.0"]


def go_line(folder):
    return re.search(r"(?m)^go (\S+)$", (folder / "go.mod").read_text())[1]


def go_order(version):
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    return numbers[:2], [-1, 0] if "rc" in version else numbers[2:]


class Workspace:
    """Two or three modules that a go.work names, and some of them by each other's folders."""

    def __init__(self, seed, folder, run_go):
        self.world, self.folder, self.run_go = World(seed), folder, run_go
        world = self.world
        self.names = NAMES[:world.pick([2, 3])]
        self.members = {name: Main(world, f"example.com/{name}", GO, 0.2) for name in self.names}
        self.done = []
        self.store, self.theirs, self.ours = folder / "store", folder / "go", folder / "upkeepd"
        world.write_store(self.store)
        self.unnamed = {name: [] for name in self.names}  # siblings that no `replace` names
        for name, member in self.members.items():
            self.link(name, member)
            member.write(self.theirs / name)
        begin = [name for name in self.names if world.chance(0.8)]
        for name in reversed(begin):
            self.tidy(name)
        highest = max((go_line(self.theirs / name) for name in self.names), key=go_order)
        uses = "".join(f"\t./{name}\n" for name in self.names)
        (self.theirs / "go.work").write_text(f"go {highest}\n\nuse (\n{uses})\n")
        self.bumps = self.find_bumps()
        shutil.copytree(self.theirs, self.ours)
        (self.ours / ".git").mkdir()
        shutil.copytree(self.theirs, folder / "before")
        self.before = self.snapshot(self.ours)

    def link(self, name, member):
        """Imports of siblings, as people write them: with a `replace`, or trusting the go.work."""
        names_none = not member.is_vendored and self.world.chance(0.3)
        for other in self.names:
            if other == name or not self.world.chance(0.4):
                continue
            package = f"example.com/{other}"
            if "pkg/m.go" in self.members[other].files and self.world.chance(0.5):
                package += "/pkg"
            member.files[f"link/{other}.go"] = f'package link\n\nimport _ "{package}"\n'
            member.files["go.mod"] += f"\nrequire example.com/{other} v0.0.0\n"
            if not names_none:
                member.files["go.mod"] += f"\nreplace example.com/{other} => ../{other}\n"
        if names_none or not member.is_vendored:
            self.unnamed[name] = [other for other in self.names if other != name and
                                  f"=> ../{other}" not in member.files["go.mod"]]

    def find_bumps(self):
        """Of the first member."""
        bumps = {}
        required = dict(re.findall(r"(?m)^(?:require |\t)(\S+) (v\S+)",
                                   (self.theirs / "one" / "go.mod").read_text()))
        for path, version in sorted(required.items()):
            higher = [v for v in self.world.versions.get(path, []) if order(v) > order(version)]
            if higher and len(bumps) < 2 and self.world.chance(0.5):
                bumps[path] = self.world.pick(higher)
        return bumps

    def snapshot(self, root):
        files = {f"{name}/{path}": text for name in self.names
                 for path, text in snapshot(root / name).items()}
        return {"go.work": (root / "go.work").read_bytes(), **files}

    def go(self, folder, *words):
        age(folder.parent)
        return self.run_go(folder, self.store, *words)

    def tidy(self, name, bumps=(), root=None):
        """`go mod tidy`, after which no siblings are named that were not. None, or what Go says."""
        folder = (root or self.theirs) / name
        gomod = folder / "go.mod"
        lines = [f"\nreplace example.com/{other} v0.0.0 => ../{other}\n"
                 for other in self.unnamed[name]]
        if bumps:
            self.go(folder, "mod", "edit", *(f"-require={p}@{v}" for p, v in bumps))
        gomod.write_text(gomod.read_text() + "".join(lines))
        words = ["tidy"] + (["vendor"] if (folder / "vendor" / "modules.txt").exists() else [])
        if self.members[name].is_vendored and root is None and not hasattr(self, "before"):
            words = ["tidy", "vendor"]
        runs = [self.go(folder, "mod", word) for word in words]
        text = gomod.read_text()
        for line in lines:
            text = text.replace(line, "", 1)
        gomod.write_text(text)
        return next((run.stderr for run in runs if run.returncode != 0), None)

    def required(self, name, path):
        text = (self.theirs / name / "go.mod").read_text()
        found = re.search(rf"(?m)^(?:require |\t){re.escape(path)} (v\S+)", text)
        return found and found[1]

    def was_tidy(self, name):
        root = self.folder / f"was-{name}"
        shutil.copytree(self.folder / "before", root)
        return self.tidy(name, root=root) is None and self.snapshot(root) == self.before

    def update_theirs(self):
        """None, or what the Go command says."""
        done, changed = self.done, []

        def step(name, bumps):
            before = (self.theirs / name / "go.mod").read_bytes()
            said = self.tidy(name, bumps)
            done.append(name)
            if (self.theirs / name / "go.mod").read_bytes() != before:
                changed.append(name)
            return said

        said = step("one", self.bumps.items())
        for name in self.names[1:]:
            bumps = [(path, version) for path, version in self.bumps.items()
                     if self.required(name, path) and
                     order(self.required(name, path)) < order(version)]
            if bumps and said is None:
                said = step(name, bumps)
        for name in changed:
            for other in self.names:
                follows = f"=> ../{name}\n" in (self.theirs / other / "go.mod").read_text()
                if said is None and follows and other not in done and self.was_tidy(other):
                    said = step(other, ())
        self.raise_work()
        return said

    def raise_work(self):
        """A go.work asks for what any member has come to ask for, at least."""
        work = self.theirs / "go.work"
        present = re.search(r"(?m)^go (\S+)$", work.read_text())[1]
        highest = max([present, *(go_line(self.theirs / name) for name in self.names)], key=go_order)
        work.write_text(work.read_text().replace(f"go {present}\n", f"go {highest}\n", 1))

    def update_ours(self):
        environment = {"PATH": os.environ["PATH"], "GOPROXY": f"file://{self.store}",
                       "GOSUMDB": "off", "HOME": str(self.folder), "G_DEBUG": "fatal-criticals",
                       "CACHE_DIRECTORY": str(self.folder / "cache"),
                       "STATE_DIRECTORY": str(self.folder / "state")}
        words = ["tidy", "."]
        if self.bumps:
            words = ["update", ".", *(f"{path}@{version}" for path, version in self.bumps.items())]
        run = subprocess.run([built("upkeepd-worker"), *words], cwd=self.ours / "one", text=True,
                             env=environment, capture_output=True, timeout=60)
        assert run.returncode in (0, 1), run.stderr
        self.said = run.stdout + run.stderr
        return None if run.returncode == 0 else run.stderr


@pytest.mark.parametrize("seed", SEEDS[::2], ids=lambda seed: f"seed-{seed}")
def test_both_make_the_same_of_a_workspace(tmp_path, go, seed):  # noqa: F811
    workspace = Workspace(seed, tmp_path, go)
    theirs, ours = workspace.update_theirs(), workspace.update_ours()
    print(f"seed {seed}\nbumps: {workspace.bumps}\ngo: {theirs}\nupkeepd: {workspace.said}")
    if ours is not None:
        assert workspace.snapshot(workspace.ours) == workspace.before
        if theirs is None:
            assert OURS.search(ours)
        return
    assert theirs is None
    expected = workspace.snapshot(workspace.theirs)
    assert workspace.snapshot(workspace.ours) == expected
    for name in workspace.done:
        workspace.tidy(name)
    assert workspace.snapshot(workspace.theirs) == expected or MOVES_AGAIN in workspace.said
