# SPDX-License-Identifier: MIT
"""When a branch is built anew because its base has moved, and when it is left in peace."""
import sqlite3

import pytest

from servers.git_server import Repository

RULES = """\
version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: yearly }
"""
DOCKERFILE = "FROM golang:1.21.6-alpine\nRUN go version\nRUN go env\n"
AFTER = DOCKERFILE.replace("1.21.6", "1.22.4")
GOLANG = "upkeepd/docker/golang-1.22.4-alpine"


@pytest.fixture
def repository(tmp_path):
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit({".github/dependabot.yml": RULES, "Dockerfile": DOCKERFILE})
    return repository


@pytest.fixture
def upkeepd(upkeepd, repository, upstream):
    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")
    upkeepd.watch(repository)
    return upkeepd


def says(repository, more):
    repository.commit({".github/dependabot.yml": RULES + f"    {more}\n"})


def lines_at_the_end(repository, count=1):
    """What does not touch the line that the update is about."""
    return repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n" * count})


def line_at_the_top(repository):
    """What stands right above it."""
    return repository.commit({"Dockerfile": "# syntax=docker/dockerfile:1\n" + DOCKERFILE})


def wake(upkeepd):
    """As a webhook does."""
    with sqlite3.connect(upkeepd.state / "upkeepd.db") as database:
        database.execute("UPDATE repository SET next_at = 0")


def commit_tree(repository, tree, *parents):
    words = [word for parent in parents for word in ("-p", parent)]
    return repository.git("-c", "user.name=Ann", "-c", "user.email=ann@example.org",
                          "commit-tree", tree, *words, "-m", "Merge")


def merge(repository, base="main"):
    """The button that merges the base into the branch."""
    tree = repository.git("merge-tree", "--write-tree", GOLANG, base)
    commit = commit_tree(repository, tree, GOLANG, base)
    repository.set(GOLANG, commit)
    return commit


@pytest.mark.parametrize("more, expected", [
    ("labels: []", ("unchanged", GOLANG)),
    ("x-upkeepd: { rebase: conflicted }", ("unchanged", GOLANG)),
    ("x-upkeepd: { rebase: auto }", ("unchanged", GOLANG)),
    ("x-upkeepd: { rebase: auto, automerge: [minor] }", ("updated", GOLANG)),
    ("x-upkeepd: { rebase: behind }", ("updated", GOLANG)),
    ("x-upkeepd: { rebase: never }", ("unchanged", GOLANG, "rebase_disabled")),
    ("rebase-strategy: disabled", ("unchanged", GOLANG, "rebase_disabled"))])
def test_a_base_that_moved_without_a_conflict(upkeepd, repository, more, expected):
    says(repository, more)
    upkeepd.once()
    base = lines_at_the_end(repository)
    run = upkeepd.once()
    assert run.outcomes == [expected], run.stderr
    assert (repository.git("rev-parse", f"{GOLANG}^") == base) == (expected[0] == "updated")


@pytest.mark.parametrize("more, expected", [
    ("labels: []", ("updated", GOLANG)),
    ("x-upkeepd: { rebase: never }", ("unchanged", GOLANG, "rebase_disabled"))])
def test_a_base_that_moved_into_a_conflict(upkeepd, repository, more, expected):
    says(repository, more)
    upkeepd.once()
    line_at_the_top(repository)
    assert upkeepd.once().outcomes == [expected]


@pytest.mark.parametrize("more, expected", [
    ("labels: []", ("updated", GOLANG)),
    ("x-upkeepd: { rebase: never }", ("unchanged", GOLANG))])
def test_a_base_that_was_written_anew(upkeepd, repository, more, expected):
    says(repository, more)
    upkeepd.once()
    repository.set("main", commit_tree(repository, repository.git("rev-parse", "main^{tree}")))
    assert upkeepd.once().outcomes == [expected]


def test_behind_follows_whatever_moves(upkeepd, repository):
    says(repository, "x-upkeepd: { rebase: behind }")
    upkeepd.once()
    base = repository.commit({"README": "more\n"})
    assert upkeepd.once().outcomes == [("updated", GOLANG)]
    assert repository.git("rev-parse", f"{GOLANG}^") == base
    assert upkeepd.once().outcomes == [("unchanged", GOLANG)]


def test_what_would_merge_into_less_than_is_wanted_is_built_anew(upkeepd, repository):
    """The same image once more, far from the first."""
    upkeepd.once()
    repository.commit({"Dockerfile": DOCKERFILE + "\n\n\nFROM golang:1.21.6-alpine\n"})
    assert upkeepd.once().outcomes == [("updated", GOLANG)]
    assert "1.21.6" not in repository.read(GOLANG, "Dockerfile")


def test_a_branch_is_built_anew_once_an_hour(upkeepd, repository):
    upkeepd.once("--due")
    line_at_the_top(repository)
    assert upkeepd.once("--due", now="2026-08-25T07:01:00Z").outcomes == [("updated", GOLANG)]
    lines_at_the_end(repository)
    tip = repository.tip(GOLANG)
    wake(upkeepd)
    assert upkeepd.once("--due", now="2026-08-25T07:31:00Z").outcomes == [
        ("unchanged", GOLANG, "rebuilt_lately")]
    assert repository.tip(GOLANG) == tip
    assert upkeepd.once("--due", now="2026-08-25T08:32:00Z").outcomes == [("updated", GOLANG)]


# The button that merges the base into a branch adds nothing of anybody's.

def test_a_clean_merge_of_the_base_is_no_edit(upkeepd, repository, upstream):
    upkeepd.once()
    lines_at_the_end(repository)
    commit = merge(repository)
    for _ in range(2):
        assert upkeepd.once().outcomes == [("unchanged", GOLANG)]
    assert repository.tip(GOLANG) == commit
    lines_at_the_end(repository, 2)
    merge(repository)
    upkeepd.lose_state()
    assert upkeepd.once().outcomes == [("unchanged", GOLANG)]
    line_at_the_top(repository)
    assert upkeepd.once().outcomes == [("updated", GOLANG)]
    assert repository.git("rev-list", "--count", f"main..{GOLANG}") == "1"


def test_a_newer_version_takes_the_place_of_a_merged_branch(upkeepd, repository, upstream):
    upkeepd.once()
    lines_at_the_end(repository)
    merge(repository)
    upstream.tags("library/golang", "1.23.1-alpine")
    newer = GOLANG.replace("1.22.4", "1.23.1")
    assert upkeepd.once().outcomes == [("created", newer), ("superseded", GOLANG)]
    assert set(repository.branches()) == {"main", newer}


@pytest.mark.parametrize("name", ["Dockerfile", "README", "link@"])
def test_a_merge_that_adds_something_is_an_edit(upkeepd, repository, name):
    upkeepd.once()
    lines_at_the_end(repository)
    merged = repository.read(GOLANG, "Dockerfile") + "CMD x\n"
    tip = repository.tip(GOLANG)
    mixed = repository.commit({"Dockerfile": merged, name: merged + "# more\n"}, branch="mixed", parent=tip)
    commit = commit_tree(repository, f"{mixed}^{{tree}}", tip, "main")
    repository.set(GOLANG, commit)
    assert upkeepd.once().outcomes == [("skipped", GOLANG, "edited")]
    assert repository.tip(GOLANG) == commit


def test_a_merge_of_something_else_is_an_edit(upkeepd, repository):
    upkeepd.once()
    repository.commit({"README": "more\n"}, branch="other", parent=repository.tip("main"))
    merge(repository, base="other")
    assert upkeepd.once().outcomes == [("skipped", GOLANG, "edited")]
