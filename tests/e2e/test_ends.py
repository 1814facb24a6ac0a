# SPDX-License-Identifier: MIT
"""How a proposal ends where there is no forge, beyond what other tests have: what cannot
be updated any more, and a group that has lost its members. And what is no end: age."""
import pytest

from servers.git_server import Repository

OLD = "2026-06-01T00:00:00Z"
NOW, MONTH_LATER, LATER_STILL = "2026-08-25T06:00:00Z", "2026-09-25T06:00:00Z", "2026-12-01T06:00:00Z"
RULES = """\
version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: daily }
    groups: { caches: { patterns: [redis, memcached] } }
  - package-ecosystem: gomod
    directory: /
    schedule: { interval: daily }
"""
GOMOD = "module example.org/app\n\ngo 1.21\n\nrequire example.org/a v1.0.0\n"
FILES = {".github/dependabot.yml": RULES, "Dockerfile": "FROM redis:7.0.1\nFROM memcached:1.6.0\nFROM alpine:3.19.0\n",
         "go.mod": GOMOD, "go.sum": "", "main.go": 'package main\n\nimport _ "example.org/a"\n\nfunc main() {}\n'}
ALPINE, A = "upkeepd/docker/alpine-3.20.0", "upkeepd/go_modules/example.org/a-1.1.0"


@pytest.fixture
def repository(tmp_path):
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit(FILES)
    return repository


@pytest.fixture
def caches(upkeepd, repository, upstream):
    """The branch of the group, after the first run."""
    upstream.tags("library/redis", "7.0.1", "8.0.1", pushed=OLD)
    upstream.tags("library/memcached", "1.6.0", "1.6.9", pushed=OLD)
    upstream.tags("library/alpine", "3.19.0", "3.20.0", pushed=OLD)
    for version in "v1.0.0", "v1.1.0":
        upstream.module("example.org/a", version, OLD, {"go.mod": "module example.org/a\n\ngo 1.21\n",
                                                       "x.go": "package a\n"})
    upkeepd.watch(repository)
    first = upkeepd.once()
    group, = [branch for _, branch in first.outcomes if "caches" in branch]
    assert (sorted(first.outcomes), first.errors) == (
        sorted(("created", branch) for branch in (group, ALPINE, A)), [])
    return group


def ends(upkeepd, now=NOW):
    """What became of each branch that does not stay as it is."""
    run = upkeepd.once(now=now)
    assert (run.status, run.errors) == (0, []), run.stderr
    return [outcome for outcome in run.outcomes if outcome[0] != "unchanged"]


@pytest.mark.parametrize("lost", [False, True])
def test_what_cannot_be_updated_any_more_is_closed(upkeepd, repository, caches, lost):
    """A module that is replaced by a folder stands still, whatever is required of it."""
    repository.commit({"go.mod": GOMOD + "\nreplace example.org/a => ./a\n",
                       "a/go.mod": "module example.org/a\n\ngo 1.21\n", "a/x.go": "package a\n"})
    if lost:
        upkeepd.lose_state()
    outcomes = ends(upkeepd)
    assert ("closed", A, "update_no_longer_possible") in outcomes
    assert set(repository.branches()) == {"main", ALPINE, caches}
    # It can be once more, and is.
    repository.commit({"go.mod": GOMOD})
    assert ("created", A) in ends(upkeepd)


@pytest.mark.parametrize("lost", [False, True])
def test_a_group_without_members_is_closed(upkeepd, repository, caches, lost):
    repository.commit({"Dockerfile": "FROM alpine:3.19.0\n"})
    if lost:
        upkeepd.lose_state()
    assert ("closed", caches, "dependency_group_empty") in ends(upkeepd)
    assert set(repository.branches()) == {"main", ALPINE, A}
    assert ends(upkeepd) == []


def test_a_group_that_is_taken_out_of_the_rules_is_closed(upkeepd, repository, caches):
    repository.commit({".github/dependabot.yml": "\n".join(
        line for line in RULES.splitlines() if "groups:" not in line) + "\n"})
    outcomes = ends(upkeepd)
    assert sorted(outcomes) == [
        ("closed", caches, "dependency_group_empty"), ("created", "upkeepd/docker/memcached-1.6.9"),
        ("created", "upkeepd/docker/redis-8.0.1")]


@pytest.mark.parametrize("now", [MONTH_LATER, LATER_STILL])
def test_nothing_stops_silently_by_age(upkeepd, repository, upstream, caches, now):
    """Dependabot ends rebasing after 30 days and pauses after 90; that is a complaint of
    its users (pull-requests.md 16). Here the branch follows its base, and what is new is
    proposed, however long nobody has looked."""
    dockerfile = FILES["Dockerfile"].replace("FROM alpine", "FROM postgres:15.0\nFROM alpine")
    base = repository.commit({"Dockerfile": dockerfile})
    upstream.tags("library/postgres", "15.0", "15.1", pushed=OLD)
    outcomes = ends(upkeepd, now)
    assert sorted(outcomes) == [("created", "upkeepd/docker/postgres-15.1"), ("updated", ALPINE), ("updated", caches)]
    for branch in ALPINE, caches:
        assert repository.git("rev-parse", f"{branch}^") == base
