# SPDX-License-Identifier: MIT
"""Go modules from a real module proxy and checksum database: what is outdated, what is
changed, and that a lie is noticed."""
import json
import os
import shutil
import subprocess

import pytest

from servers.go import go  # noqa: F401
from servers.places import built

MAIN = """module example.test/main

go 1.21

require example.com/a v1.0.0

require example.com/b v1.0.0 // indirect
"""
NEW = MAIN.replace("example.com/a v1.0.0", "example.com/a v1.1.0")


@pytest.fixture
def checkout(tmp_path, store):
    """A module that imports example.com/a, which imports example.com/b."""
    imports = {"a.go": 'package a\n\nimport _ "example.com/b"\n'}
    store.add("example.com/b", "v1.0.0")
    for version in ("v1.0.0", "v1.1.0", "v1.2.0-rc.1"):
        store.add("example.com/a", version, ["example.com/b v1.0.0"], imports)
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "main.go").write_text('package main\n\nimport _ "example.com/a"\n\nfunc main() {}\n')
    (folder / "go.mod").write_text(MAIN)
    return folder


@pytest.fixture
def upkeepd(tmp_path, checkout):
    def call(server, *arguments, **environment):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **server.environment,
                       "CACHE_DIRECTORY": str(tmp_path / "cache"),
                       "STATE_DIRECTORY": str(tmp_path / "state"), **environment}
        return subprocess.run([built("upkeepd-worker"), *map(str, arguments)], text=True,
                              capture_output=True, env=environment, cwd=checkout, timeout=60)
    return call


def test_check_tells_what_is_outdated(upkeepd, moduled):
    run = upkeepd(moduled(), "check", "--json")
    a, b = json.loads(run.stdout)["dependencies"]
    assert (a["name"], a["current"], a["chosen"], a["kind"], a["line"], a["direct"]) == \
        ("example.com/a", "v1.0.0", "v1.1.0", "minor", 5, True)
    assert (b["name"], b["chosen"], b["reason"], b["direct"]) == \
        ("example.com/b", None, "not-allowed", False)


def test_explain_gives_every_release_its_reason(upkeepd, moduled, store):
    store.add("example.com/a", "v1.1.1", gomod="module example.com/a\n\n// spoilt\nretract v1.1.1\n")
    run = upkeepd(moduled(), "explain", "example.com/a")
    lines = {words[0]: line for line in run.stdout.splitlines() if (words := line.split())}
    assert "prerelease" in lines["v1.2.0-rc.1"]
    assert "spoilt" in lines["v1.1.1"]
    assert "v1.1.0" in lines


def test_update_changes_requirement_and_sums(upkeepd, moduled, checkout):
    run = upkeepd(moduled(), "update", "example.com/a")
    assert run.returncode == 0, run.stderr
    assert (checkout / "go.mod").read_text() == NEW
    sums = [line.split()[:2] for line in (checkout / "go.sum").read_text().splitlines()]
    assert sums == [["example.com/a", "v1.1.0"], ["example.com/a", "v1.1.0/go.mod"],
                    ["example.com/b", "v1.0.0"], ["example.com/b", "v1.0.0/go.mod"]]


def test_a_second_run_asks_for_little(upkeepd, moduled, checkout):
    server = moduled()
    assert upkeepd(server, "update", "example.com/a").returncode == 0
    (checkout / "go.mod").write_text(MAIN)
    before = server.stats()["requests"]
    assert upkeepd(server, "update", "example.com/a").returncode == 0
    assert server.stats()["requests"] - before <= 3


# How the server lies, and what a person is told.
LIES = {
    "wrong-hash": "checksum",
    "unrecorded": "record that is not in the tree",
    "bad-signature": "is not genuine",
    "wrong-key": "not signed by the key",
    "bad-tile": "signed tree",
    "gone": "does not know",
}


@pytest.mark.parametrize("evil", LIES)
def test_a_database_that_lies_is_not_believed(upkeepd, moduled, checkout, evil):
    run = upkeepd(moduled(evil=evil), "update", "example.com/a")
    assert run.returncode == 1
    assert LIES[evil] in run.stderr
    assert "'sum.example.test'" in run.stderr or "the checksum database has" in run.stderr
    assert evil == "bad-tile" or "'example.com/a@v1.1.0'" in run.stderr
    assert (checkout / "go.mod").read_text() == MAIN
    assert not (checkout / "go.sum").exists()


def test_another_history_under_the_same_key_is_noticed_and_kept_as_proof(upkeepd, moduled,
                                                                         checkout, tmp_path):
    assert upkeepd(moduled(), "update", "example.com/a").returncode == 0
    (checkout / "go.mod").write_text(MAIN)
    (checkout / "go.sum").unlink()
    run = upkeepd(moduled(evil="fork"), "update", "example.com/a",
                  CACHE_DIRECTORY=str(tmp_path / "another"))
    assert run.returncode == 1
    assert "contradicts itself" in run.stderr
    assert "as proof" in run.stderr
    assert (checkout / "go.mod").read_text() == MAIN


def test_an_old_head_beside_the_newest_answers_does_no_harm(upkeepd, moduled, checkout):
    run = upkeepd(moduled(evil="old-head"), "update", "example.com/a")
    assert run.returncode == 0, run.stderr
    assert (checkout / "go.mod").read_text() == NEW


@pytest.mark.parametrize("evil", [*LIES, "fork", "old-head"])
def test_the_go_command_believes_the_same(upkeepd, moduled, checkout, tmp_path, store, go,  # noqa: F811
                                          evil):
    theirs = shutil.copytree(checkout, tmp_path / "theirs")
    if evil == "fork":  # the history that both know so far
        honest = moduled()
        store.add("example.com/known", "v1.0.0")
        known = tmp_path / "known"
        shutil.copytree(checkout, known)
        (known / "main.go").write_text('package main\n\nimport _ "example.com/known"\n')
        assert go(known, store, "mod", "tidy", **honest.environment).returncode == 0
        (known / "go.sum").unlink()
        assert upkeepd(honest, "tidy", known).returncode == 0
    assert go(theirs, store, "mod", "edit", "-require=example.com/a@v1.1.0").returncode == 0
    status = go(theirs, store, "mod", "tidy", **moduled(evil=evil).environment).returncode
    assert (status == 0) == (evil == "old-head")
    assert upkeepd(moduled(evil=evil), "update", "example.com/a").returncode == status


@pytest.mark.parametrize("at", range(2, 8))
@pytest.mark.parametrize("evil", [*LIES, "fork", "old-head"])
def test_a_database_that_begins_to_lie_leaves_all_or_nothing(upkeepd, moduled, checkout, evil, at):
    right = upkeepd(moduled(evil=evil, at=at), "update", "example.com/a").returncode == 0
    assert (checkout / "go.mod").read_text() == (NEW if right else MAIN)
    assert (checkout / "go.sum").exists() == right
    if right:
        assert upkeepd(moduled(), "tidy", "--check", CACHE_DIRECTORY=str(checkout / "c"),
                       STATE_DIRECTORY=str(checkout / "s")).returncode == 0


@pytest.mark.parametrize("setting", [{"GOSUMDB": "off"}, {"GOPRIVATE": "example.com",
                                                          "GONOPROXY": "none"}])
def test_a_database_that_has_no_say_is_not_asked(upkeepd, moduled, checkout, setting):
    server = moduled(evil="gone")
    run = upkeepd(server, "update", "example.com/a", **setting)
    assert run.returncode == 0, run.stderr
    assert "lookup" not in server.stats()["by"]
