# SPDX-License-Identifier: MIT
"""upkeepd beside the real Go command, on random worlds of modules: both make the same of
go.mod, go.sum and vendor/, or both refuse.

The seed is part of a test's name: `pytest -k 'seed-17'`. More of them, from another first
one: UPKEEPD_SEED=1000 UPKEEPD_SEEDS=500."""
import os
import re
import shutil
import subprocess

import pytest

from servers.go import go  # noqa: F401
from servers.places import built
from vocabulary import MAIN
from worlds import World

FIRST = int(os.environ.get("UPKEEPD_SEED", "1"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("UPKEEPD_SEEDS", "40")))

# go lines that the Go command at hand does not take, or not leave, and those that mean the
# same to its tidy.
STANDS_FOR = {"": "1.16", "1.27": "1.26.0", "1.27.1": "1.26.0"}

# What upkeepd refuses and the Go command does not: a bump that could not hold.
OURS = re.compile(r"cannot be at|is replaced by|is excluded")


def snapshot(folder):
    """go.mod, go.sum and what is below vendor/."""
    paths = [folder / "go.mod", folder / "go.sum", *sorted((folder / "vendor").rglob("*"))]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.is_file()}


def age(folder):
    """Go reads files of the last two seconds in another way than all others: mistakes in them
    are passed over."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (0, 0))


def requires(folder, path):
    return re.search(rf"(?m)^(require )?\s*{path} v[^=]*$", (folder / "go.mod").read_text())


class Pair:
    """One main module twice: for the Go command, and for upkeepd."""

    def __init__(self, world, folder, go):
        self.main, self.folder, self.run_go = world.main, folder, go
        self.store, self.theirs, self.ours = folder / "store", folder / "go", folder / "upkeepd"
        world.write_store(self.store)
        self.write_theirs()
        if self.main.begins_tidy:
            self.begin_tidy()
        # `go mod edit` takes no branch for a version, even where it is to change another line.
        is_plain = not re.search(r"(?m) main( //.*)?$", (self.theirs / "go.mod").read_text())
        self.main.bumps = {path: version for path, version in self.main.bumps.items()
                           if is_plain and requires(self.theirs, path)}
        shutil.copytree(self.theirs, self.ours)
        self.set_go(self.ours, STANDS_FOR.get(self.main.go), self.main.go)
        self.before = snapshot(self.ours)

    def write_theirs(self):
        self.main.write(self.theirs)
        self.set_go(self.theirs, self.main.go, STANDS_FOR.get(self.main.go))

    def set_go(self, folder, old, new):
        """Where the Go command would not do with it: another go line."""
        if self.main.go not in STANDS_FOR:
            return
        path = folder / "go.mod"
        old, new = (f"\ngo {go}\n" if go else "" for go in (old, new))
        path.write_text(path.read_text().replace(f"{MAIN}\n{old}", f"{MAIN}\n{new}", 1))

    def go(self, *words):
        age(self.theirs)
        return self.run_go(self.theirs, self.store, *words)

    def begin_tidy(self):
        if self.go("mod", "tidy").returncode != 0:
            shutil.rmtree(self.theirs)
            self.write_theirs()
            return
        if self.main.is_vendored and self.go("mod", "vendor").returncode != 0:
            shutil.rmtree(self.theirs / "vendor", ignore_errors=True)
        sums = self.theirs / "go.sum"
        if sums.exists():
            with sums.open(newline="") as file:
                lines = self.main.sums(file.readlines())
            sums.write_text("".join(lines), newline="")

    def update_theirs(self):
        """None, or what the Go command says."""
        is_vendored = (self.theirs / "vendor" / "modules.txt").exists()
        if self.main.bumps:
            self.go("mod", "edit", *(f"-require={path}@{version}"
                                     for path, version in self.main.bumps.items()))
        for command in ["tidy"] + (["vendor"] if is_vendored else []):
            run = self.go("mod", command)
            if run.returncode != 0:
                return run.stderr
        return None

    def update_ours(self):
        environment = {"PATH": os.environ["PATH"], "GOPROXY": f"file://{self.store}",
                       "GOSUMDB": "off", "HOME": str(self.folder), "G_DEBUG": "fatal-criticals",
                       "CACHE_DIRECTORY": str(self.folder / "cache"),
                       "STATE_DIRECTORY": str(self.folder / "state")}
        words = ["tidy", "."]
        if self.main.bumps:
            words = ["update", ".", *(f"{path}@{version}"
                                      for path, version in self.main.bumps.items())]
        run = subprocess.run([built("upkeepd-worker"), *words], cwd=self.ours, text=True,
                             env=environment, capture_output=True, timeout=60)
        assert run.returncode in (0, 1), run.stderr
        self.said = run.stdout + run.stderr
        return None if run.returncode == 0 else run.stderr

    def expected(self):
        """What the Go command left, in the layout of the go line that is meant."""
        self.set_go(self.theirs, STANDS_FOR.get(self.main.go), self.main.go)
        return snapshot(self.theirs)

    def is_laid_out_for_good(self):
        """Go's layout is not always one that its next run leaves alone; ours must be."""
        ours = (self.ours / "go.mod").read_bytes()
        (self.theirs / "go.mod").write_bytes(ours)
        self.set_go(self.theirs, self.main.go, STANDS_FOR.get(self.main.go))
        self.go("mod", "tidy")
        self.set_go(self.theirs, STANDS_FOR.get(self.main.go), self.main.go)
        return (self.theirs / "go.mod").read_bytes() == ours


def check_two_blocks(text, expected):
    """From go 1.27 on: the same lines, in two statements at most, one of each kind."""
    def lines(gomod):
        return sorted(line.removeprefix("require ").strip() for line in gomod.splitlines()
                      if re.match(r"(require |\t)[^(\s]+ v\S+( // indirect.*)?$", line))

    groups = re.findall(r"(?ms)^require (?:\((.*?)^\)|([^(\n]*)$)", text)
    kinds = [{"// indirect" in line for line in (block or line).splitlines() if " v" in line}
             for block, line in groups]
    assert lines(text) == lines(expected)
    assert all(len(kind) == 1 for kind in kinds) and len(kinds) <= 2 and kinds.count({True}) <= 1


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed-{seed}")
def test_both_make_the_same_of_a_world(tmp_path, go, seed):  # noqa: F811
    pair = Pair(World(seed), tmp_path, go)
    theirs, ours = pair.update_theirs(), pair.update_ours()
    print(f"seed {seed}\ngo: {theirs}\nupkeepd: {ours}")
    if ours is not None:
        assert snapshot(pair.ours) == pair.before
        if theirs is None:
            assert OURS.search(ours)
        return
    assert theirs is None
    expected, found = pair.expected(), snapshot(pair.ours)
    if pair.main.go.startswith("1.27"):
        check_two_blocks(found["go.mod"].decode(), expected["go.mod"].decode())
        expected["go.mod"] = found["go.mod"]
    if expected["go.mod"] != found["go.mod"] and pair.is_laid_out_for_good():
        expected["go.mod"] = found["go.mod"]
    assert found == expected


# What Go's own tidy does not leave alone either; a person is told.
MOVES_AGAIN = "tidying the result once more"


@pytest.mark.parametrize("seed", list(SEEDS)[:12], ids=lambda seed: f"seed-{seed}")
def test_go_has_nothing_to_say_on_what_we_made(tmp_path, go, seed):  # noqa: F811
    world = World(seed)
    world.main.sums = list  # of lines out of order -diff speaks, though tidy leaves them
    pair = Pair(world, tmp_path, go)
    if pair.main.go in STANDS_FOR or pair.update_ours() is not None or MOVES_AGAIN in pair.said:
        return
    age(pair.ours)
    for words in ["tidy", "-diff"], ["download"], ["verify"]:
        run = go(pair.ours, pair.store, "mod", *words)
        assert (run.returncode, "\n-" in run.stdout) == (0, False), run.stdout + run.stderr
    assert "all modules verified" in run.stdout
