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
from worlds import World

FIRST = int(os.environ.get("UPKEEPD_SEED", "1"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("UPKEEPD_SEEDS", "40")))

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
        self.world, self.folder, self.run_go = world, folder, go
        self.store, self.theirs, self.ours = folder / "store", folder / "go", folder / "upkeepd"
        world.write_store(self.store)
        world.write_main(self.theirs)
        if world.begins_tidy:
            self.begin_tidy()
        if world.bump and not requires(self.theirs, world.bump[0]):
            world.bump = None
        shutil.copytree(self.theirs, self.ours)
        self.before = snapshot(self.ours)

    def go(self, *words):
        age(self.theirs)
        return self.run_go(self.theirs, self.store, *words)

    def begin_tidy(self):
        if self.go("mod", "tidy").returncode != 0:
            shutil.rmtree(self.theirs)
            self.world.write_main(self.theirs)
        elif self.world.is_vendored:
            self.go("mod", "vendor")

    def update_theirs(self):
        """None, or what the Go command says."""
        is_vendored = (self.theirs / "vendor" / "modules.txt").exists()
        if self.world.bump:
            self.go("mod", "edit", "-require=%s@%s" % self.world.bump)
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
        words = ["update", ".", "%s@%s" % self.world.bump] if self.world.bump else ["tidy", "."]
        run = subprocess.run([built("upkeepd-worker"), "--quiet", *words], cwd=self.ours, text=True,
                             env=environment, capture_output=True, timeout=60)
        assert run.returncode in (0, 1), run.stderr
        return None if run.returncode == 0 else run.stderr

    def is_laid_out_for_good(self):
        """Go's layout is not always one that its next run leaves alone; ours must be."""
        ours = (self.ours / "go.mod").read_bytes()
        (self.theirs / "go.mod").write_bytes(ours)
        self.go("mod", "tidy")
        return (self.theirs / "go.mod").read_bytes() == ours


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
    expected, found = snapshot(pair.theirs), snapshot(pair.ours)
    if expected["go.mod"] != found["go.mod"] and pair.is_laid_out_for_good():
        expected["go.mod"] = found["go.mod"]
    assert found == expected
