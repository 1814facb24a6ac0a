# SPDX-License-Identifier: MIT
"""The main job, end to end: poll, choose, rewrite, commit, push, record."""
import itertools
import subprocess

import pytest

from servers.git_server import Repository
from servers.places import built, program

DOCKER = """\
version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: weekly }
"""
DOCKERFILE = """\
FROM golang:1.21.6-alpine AS build
RUN go build ./...
FROM golang:1.21.6-alpine
"""
GOLANG_1_22 = "upkeepd/docker/golang-1.22.4-alpine"
GOLANG_1_23 = "upkeepd/docker/golang-1.23.1-alpine"
ALPINE = "upkeepd/docker/alpine-3.20.0"
NEXT_TUESDAY = "2026-09-01T00:00:00Z"  # whatever minute of Monday it is due
names = (f"app{n}" for n in itertools.count())


@pytest.fixture
def repository(tmp_path):
    """A repository on this machine, with rules and a Dockerfile."""
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit({".github/dependabot.yml": DOCKER, "Dockerfile": DOCKERFILE})
    return repository


@pytest.fixture
def upkeepd(upkeepd, repository):
    upkeepd.watch(repository)
    return upkeepd


@pytest.fixture(autouse=True)
def golang(upstream):
    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")


def newer_golang(upstream):
    upstream.tags("library/golang", "1.23.1-alpine")


def changed_files(folder):
    return {path: (path.stat().st_mtime_ns, path.stat().st_size)
            for path in folder.rglob("*") if path.is_file()}


# A branch is made, and kept.

def test_a_newer_tag_becomes_a_branch_with_one_commit(upkeepd, repository):
    run = upkeepd.once()
    assert (run.status, run.outcomes, run.errors) == (0, [("created", GOLANG_1_22)], []), run.stderr
    assert repository.read(GOLANG_1_22, "Dockerfile") == DOCKERFILE.replace("1.21.6", "1.22.4")
    assert repository.git("rev-parse", f"{GOLANG_1_22}^") == repository.tip("main")
    assert repository.git("diff", "--name-only", "main", GOLANG_1_22) == "Dockerfile"
    assert repository.git("log", "-1", "--format=%an <%ae>|%cn|%s", GOLANG_1_22) == (
        "upkeepd <upkeepd@localhost>|upkeepd|Bump golang from 1.21.6-alpine to 1.22.4-alpine")
    repository.git("fsck", "--strict")


def test_a_second_run_asks_whether_anything_changed_and_writes_nothing(upkeepd, repository,
                                                                       upstream):
    upkeepd.once()
    upstream.take_requests()
    before, cache = changed_files(repository.path), changed_files(upkeepd.cache)
    run = upkeepd.once()
    assert (run.status, run.outcomes) == (0, [("unchanged", GOLANG_1_22)])
    asked = upstream.take_requests()
    assert asked and {status for _, _, status in asked} == {304}, asked
    assert changed_files(repository.path) == before
    assert changed_files(upkeepd.cache) == cache


def test_nothing_to_do_is_said_and_is_no_failure(upkeepd, repository):
    repository.commit({"Dockerfile": DOCKERFILE.replace("1.21.6", "1.22.4")})
    run = upkeepd("--run-once")
    assert (run.status, run.stderr) == (0, "")
    assert run.stdout.splitlines()[:2] == [str(repository.path), "  nothing to do"]


def test_a_newer_version_supersedes_the_branch(upkeepd, repository, upstream):
    upkeepd.once()
    newer_golang(upstream)
    run = upkeepd.once()
    assert run.outcomes == [("created", GOLANG_1_23), ("superseded", GOLANG_1_22)]
    assert set(repository.branches()) == {"main", GOLANG_1_23}


def test_a_branch_that_a_person_deleted_is_not_made_again(upkeepd, repository, upstream):
    upkeepd.once()
    repository.set(GOLANG_1_22, None)
    for _ in range(2):
        assert upkeepd.once().outcomes == [("skipped", GOLANG_1_22, "closed_by_person")]
    newer_golang(upstream)
    assert upkeepd.once().outcomes == [("created", GOLANG_1_23)]


def test_a_persons_commit_on_the_branch_is_left_alone(upkeepd, repository, upstream):
    upkeepd.once()
    edited = repository.commit({"README": "more\n"}, branch=GOLANG_1_22)
    assert upkeepd.once().outcomes == [("skipped", GOLANG_1_22, "edited")]
    newer_golang(upstream)
    assert upkeepd.once().outcomes == [("created", GOLANG_1_23), ("skipped", GOLANG_1_22, "edited")]
    assert repository.tip(GOLANG_1_22) == edited


@pytest.mark.parametrize("words", ["[upkeepd skip]", "[Dependabot Skip]"])
def test_a_persons_commit_that_may_be_overwritten_is(upkeepd, repository, words):
    upkeepd.once()
    ours = repository.tip(GOLANG_1_22)
    repository.commit({"README": "more\n"}, branch=GOLANG_1_22, message=f"try this {words}")
    assert upkeepd.once().outcomes == [("updated", GOLANG_1_22)]
    assert repository.git("diff", "--name-only", "main", GOLANG_1_22) == "Dockerfile"
    assert repository.tip(GOLANG_1_22) == ours


FLAT_1_22 = "upkeepd-docker-golang-1.22.4-alpine"
FLAT_1_23 = "upkeepd-docker-golang-1.23.1-alpine"


def test_a_branch_called_as_our_folder_is_given_way_to(upkeepd, repository, upstream):
    """What git does not let be both a branch and a folder of branches."""
    theirs = repository.commit({"README": "theirs\n"}, branch="upkeepd", parent=repository.tip("main"))
    run = upkeepd.once()
    assert run.outcomes == [("created", FLAT_1_22)], run.stderr
    words = "a branch 'upkeepd' lets none be called 'upkeepd/' and more"
    assert words in run.stdout + run.stderr
    run = upkeepd.once()
    assert run.outcomes == [("unchanged", FLAT_1_22)]
    newer_golang(upstream)
    assert upkeepd.once().outcomes == [("created", FLAT_1_23), ("superseded", FLAT_1_22)]
    upkeepd.lose_state()
    assert upkeepd.once().outcomes == [("unchanged", FLAT_1_23)]
    assert repository.branches()["upkeepd"] == theirs
    assert set(repository.branches()) == {"main", "upkeepd", FLAT_1_23}
    repository.set("upkeepd", None)
    assert upkeepd.once().outcomes == [("created", GOLANG_1_23), ("superseded", FLAT_1_23)]


def test_a_branch_called_as_the_folder_of_an_entry_is_given_way_to(upkeepd, repository):
    rules("    pull-request-branch-name: { prefix: bots }\n", repository)
    repository.set("bots", repository.tip("main"))
    assert upkeepd.once().outcomes == [("created", "bots-docker-golang-1.22.4-alpine")]
    assert upkeepd.once().outcomes == [("unchanged", "bots-docker-golang-1.22.4-alpine")]


# The base moves.

def test_a_moved_base_does_not_rebuild_what_would_be_the_same(upkeepd, repository):
    upkeepd.once()
    tip = repository.tip(GOLANG_1_22)
    repository.commit({"main.go": "package main\n"})
    assert upkeepd.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert repository.tip(GOLANG_1_22) == tip


def test_a_moved_base_that_changes_the_file_rebuilds_the_branch(upkeepd, repository):
    upkeepd.once()
    base = repository.commit({"Dockerfile": "# syntax=docker/dockerfile:1\n" + DOCKERFILE})
    assert upkeepd.once().outcomes == [("updated", GOLANG_1_22)]
    assert repository.git("rev-parse", f"{GOLANG_1_22}^") == base
    assert repository.git("rev-list", "--count", f"main..{GOLANG_1_22}") == "1"


@pytest.mark.parametrize("count", [1, 120])
@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_branch_on_what_was_taken_out_of_its_base_is_rebuilt(upkeepd, repository, count, is_allowed):
    """Forges show what lies below its commit and not in the base as what it proposes."""
    repository.commit({".github/dependabot.yml": DOCKER + ("" if is_allowed else "    rebase-strategy: disabled\n")})
    kept = repository.commit_all([{"files": {"n": f"{n}\n"}} for n in range(count)])
    repository.commit({"secret": "x\n"})
    upkeepd.once()
    before = repository.tip(GOLANG_1_22)
    repository.set("main", kept)
    assert upkeepd.once().outcomes == [("updated" if is_allowed else "unchanged", GOLANG_1_22)]
    if is_allowed:
        assert repository.git("diff", "--name-only", f"main...{GOLANG_1_22}") == "Dockerfile"
        assert upkeepd.once().outcomes == [("unchanged", GOLANG_1_22)]
    else:
        assert repository.tip(GOLANG_1_22) == before


def test_a_branch_that_is_far_behind_is_left_in_peace(upkeepd, repository):
    upkeepd.once()
    before = repository.tip(GOLANG_1_22)
    repository.commit_all([{"files": {"n": f"{n}\n"}} for n in range(250)])
    assert upkeepd.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert repository.tip(GOLANG_1_22) == before


def test_rebase_strategy_disabled_leaves_the_branch_on_its_base(upkeepd, repository):
    repository.commit({".github/dependabot.yml": DOCKER + "    rebase-strategy: disabled\n"})
    upkeepd.once()
    tip = repository.tip(GOLANG_1_22)
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n"})
    assert upkeepd.once().outcomes == [("unchanged", GOLANG_1_22, "rebase_disabled")]
    assert repository.tip(GOLANG_1_22) == tip


@pytest.mark.parametrize("dockerfile, why", [
    ("FROM scratch\n", "dependency_removed"), (None, "dependency_removed"),
    (DOCKERFILE.replace("1.21.6", "1.22.4"), "up_to_date"),
    (DOCKERFILE.replace("1.21.6", "1.23.1"), "up_to_date")])
def test_a_branch_without_purpose_is_closed(upkeepd, repository, upstream, dockerfile, why):
    upkeepd.once()
    newer_golang(upstream) if dockerfile and "1.23" in dockerfile else None
    repository.commit({"Dockerfile": dockerfile})
    assert upkeepd.once().outcomes == [("closed", GOLANG_1_22, why)]
    assert set(repository.branches()) == {"main"}


def test_a_branch_without_purpose_that_a_person_has_edited_stays(upkeepd, repository):
    upkeepd.once()
    repository.commit({"README": "more\n"}, branch=GOLANG_1_22)
    repository.commit({"Dockerfile": "FROM scratch\n"})
    assert upkeepd.once().outcomes == [("skipped", GOLANG_1_22, "edited")]


def test_a_branch_stays_where_its_registry_cannot_be_asked(upkeepd, repository, upstream):
    upkeepd.once()
    upstream.spoil("/v2/", 500)
    run = upkeepd.once(environment={"UPKEEPD_BACKOFF_MS": "1"})
    assert run.outcomes == []
    assert GOLANG_1_22 in repository.branches()


def test_a_host_that_turns_us_away_is_said_once(upkeepd, repository, upstream):
    repository.commit({"Dockerfile": "FROM gcr.io/a/one:1.0\nFROM gcr.io/a/two:1.0\nFROM gcr.io/a/three:1.0\n"})
    upstream.spoil("/v2/a/(one|two)/", 403)
    run = upkeepd.once()
    assert run.errors == ["Dockerfile:1:6: gcr.io refuses to show 'a/one'",
                          "Dockerfile:3:6: gcr.io has no 'a/three', or does not show it to us"]


# What dependabot.yml says.

def rules(more, repository):
    repository.commit({".github/dependabot.yml": DOCKER + more})


@pytest.fixture
def two_images(repository, upstream):
    upstream.tags("library/alpine", "3.19.0", "3.20.0")
    repository.commit({"Dockerfile": DOCKERFILE + "FROM alpine:3.19.0\n"})


def test_each_image_has_its_branch(upkeepd, repository, two_images):
    run = upkeepd.once()
    assert sorted(run.outcomes) == [("created", ALPINE), ("created", GOLANG_1_22)]
    assert repository.read(ALPINE, "Dockerfile") == DOCKERFILE + "FROM alpine:3.20.0\n"


def test_open_pull_requests_limit(upkeepd, repository, two_images):
    rules("    open-pull-requests-limit: 1\n", repository)
    first = upkeepd.once()
    assert sorted(action for action, *_ in first.outcomes) == ["created", "skipped"]
    assert [why for action, _, *why in first.outcomes if action == "skipped"] == [["limited"]]
    open_branch = next(branch for action, branch, *_ in first.outcomes if action == "created")
    assert set(repository.branches()) == {"main", open_branch}
    repository.git("merge-base", "--is-ancestor", "main", open_branch)
    repository.set("main", repository.tip(open_branch))  # merged: the other has room
    second = upkeepd.once()
    assert sorted(action for action, *_ in second.outcomes) == ["closed", "created"], second.outcomes


def test_a_limit_of_zero_makes_none(upkeepd, repository):
    rules("    open-pull-requests-limit: 0\n", repository)
    assert upkeepd.once().outcomes == [("skipped", GOLANG_1_22, "limited")]


def test_a_group_is_one_branch(upkeepd, repository, upstream, two_images):
    rules("    groups: { images: { patterns: ['*'] } }\n", repository)
    (action, branch), = upkeepd.once().outcomes
    assert (action, branch[:22]) == ("created", "upkeepd/docker/images-")
    assert repository.read(branch, "Dockerfile") == (
        DOCKERFILE.replace("1.21.6", "1.22.4") + "FROM alpine:3.20.0\n")
    newer_golang(upstream)
    second = upkeepd.once()
    assert [action for action, *_ in second.outcomes] == ["created", "superseded"]
    assert second.outcomes[1][1] == branch


@pytest.mark.parametrize("more, expected", [
    ("    ignore: [{ dependency-name: golang }]\n", []),
    ("    ignore: [{ dependency-name: golang, versions: ['~> 1.23.0'] }]\n", [GOLANG_1_22]),
    ("    ignore: [{ dependency-name: golang, versions: ['>= 1.23'] }]\n", [GOLANG_1_22]),
    ("    ignore: [{ dependency-name: 'go*', update-types: ['version-update:semver-minor'] }]\n", []),
    ("    allow: [{ dependency-name: alpine }]\n", []),
    ("    allow: [{ dependency-name: golang }]\n", [GOLANG_1_23]),
    ("    cooldown: { default-days: 60 }\n", [GOLANG_1_22])])
def test_ignore_allow_and_cooldown(upkeepd, repository, upstream, more, expected):
    upstream.tags("library/golang", "1.23.1-alpine", pushed="2026-08-01T00:00:00Z")
    rules(more, repository)
    assert [branch for _, branch in upkeepd.once().outcomes] == expected


def test_a_branch_whose_update_is_ignored_from_now_on_is_closed(upkeepd, repository):
    upkeepd.once()
    rules("    ignore: [{ dependency-name: golang }]\n", repository)
    assert upkeepd.once().outcomes == [("closed", GOLANG_1_22, "up_to_date")]


def test_commit_message(upkeepd, repository):
    rules("    commit-message: { prefix: build, include: scope }\n", repository)
    upkeepd.once()
    assert repository.git("log", "-1", "--format=%s", GOLANG_1_22) == (
        "build(deps): bump golang from 1.21.6-alpine to 1.22.4-alpine")


@pytest.fixture
def signing_key(tmp_path):
    """Where the private key lies, and a file that trusts the public one."""
    key, trusted = tmp_path / "key", tmp_path / "trusted"
    subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    trusted.write_text(f"upkeepd@localhost {key.with_suffix('.pub').read_text()}")
    return key, trusted


def test_commits_are_signed(upkeepd, repository, upstream, signing_key):
    key, trusted = signing_key
    upkeepd.watch(repository, more=f"defaults: {{ signing: {{ ssh-key: {{ file: {key} }} }} }}\n")
    assert upkeepd.once().outcomes == [("created", GOLANG_1_22)]
    repository.configure(gpg_format="ssh").git("config", "gpg.ssh.allowedSignersFile", str(trusted))
    repository.git("verify-commit", GOLANG_1_22)
    tip = repository.tip(GOLANG_1_22)
    assert upkeepd.once().outcomes == [("unchanged", GOLANG_1_22)]
    # Known again, and made again with the same id.
    upkeepd.lose_state()
    assert upkeepd.once().outcomes == [("unchanged", GOLANG_1_22)]
    repository.commit({"README": "more\n"}, branch=GOLANG_1_22, message="try this [upkeepd skip]")
    assert upkeepd.once().outcomes == [("updated", GOLANG_1_22)]
    assert repository.tip(GOLANG_1_22) == tip


def test_a_signing_key_that_is_none_stops_the_job(upkeepd, repository, signing_key):
    key, _ = signing_key
    key.write_text("hunter2")
    upkeepd.watch(repository, more=f"defaults: {{ signing: {{ ssh-key: {{ file: {key} }} }} }}\n")
    run = upkeepd.once()
    assert (run.status, run.errors) == (1, ["signing: it is no private key of OpenSSH"])
    assert "hunter2" not in run.stdout + run.stderr and set(repository.branches()) == {"main"}


def test_the_style_of_the_history_is_followed(upkeepd, repository):
    repository.commit_all({"files": {"a": f"{n}\n"}, "message": f"fix: part {n}"} for n in range(12))
    upkeepd.once()
    assert repository.git("log", "-1", "--format=%s", GOLANG_1_22) == (
        "build(deps): bump golang from 1.21.6-alpine to 1.22.4-alpine")


def test_target_branches_have_entries_of_their_own(upkeepd, repository):
    repository.commit({".github/dependabot.yml": DOCKER + DOCKER[DOCKER.index("  - "):] +
                       "    target-branch: release/1\n"})
    repository.commit({"Dockerfile": "FROM golang:1.21.6-alpine\nCMD release\n"},
                      branch="release/1", parent=repository.tip("main"))
    run = upkeepd.once()
    branch = "upkeepd/docker/release/1/golang-1.22.4-alpine"
    assert run.outcomes == [("created", GOLANG_1_22), ("created", branch)]
    assert repository.git("rev-parse", f"{branch}^") == repository.tip("release/1")
    assert repository.read(branch, "Dockerfile") == "FROM golang:1.22.4-alpine\nCMD release\n"
    assert [repository.git("log", "-1", "--format=%s", one) for one in (GOLANG_1_22, branch)] == [
        "Bump golang from 1.21.6-alpine to 1.22.4-alpine",
        "Bump golang from 1.21.6-alpine to 1.22.4-alpine for release/1"]
    assert upkeepd.once().outcomes == [("unchanged", GOLANG_1_22), ("unchanged", branch)]


def test_a_target_branch_that_is_not_there_is_said(upkeepd, repository):
    rules("    target-branch: nowhere\n", repository)
    run = upkeepd.once()
    assert (run.status, run.outcomes) == (1, [])
    assert run.errors == [".github/dependabot.yml:3:5: there is no branch 'nowhere'"]


def test_directories(upkeepd, repository):
    repository.commit({".github/dependabot.yml": DOCKER.replace("directory: /", 'directories: ["/cmd/*"]'),
                       "cmd/a/Dockerfile": "FROM golang:1.21.6-alpine\n",
                       "cmd/b/Dockerfile": "FROM golang:1.21.6-alpine\n"})
    assert sorted(upkeepd.once().outcomes) == [
        ("created", "upkeepd/docker/cmd/a/golang-1.22.4-alpine"),
        ("created", "upkeepd/docker/cmd/b/golang-1.22.4-alpine")]


def test_rules_of_the_settings_stand_in_where_the_repository_has_none(upkeepd, repository, tmp_path):
    repository.commit({".github/dependabot.yml": None})
    assert upkeepd.once().errors == ["the repository has no .github/dependabot.yml, and no "
                                     "default rules are set"]
    (tmp_path / "rules.yml").write_text(DOCKER)
    upkeepd.watch(f"{{ path: {repository.path}, rules: {tmp_path}/rules.yml }}")
    assert upkeepd.once().outcomes == [("created", GOLANG_1_22)]


# How it is called.

def test_dry_run_shows_and_writes_nothing(upkeepd, repository):
    before = changed_files(repository.path)
    run = upkeepd.once("--dry-run")
    assert (run.status, run.outcomes) == (0, [("dry-run", GOLANG_1_22)])
    (plan,) = run.named("plan")
    assert plan["files"] == [{"path": "Dockerfile", "diff": (
        "diff --git a/Dockerfile b/Dockerfile\nindex 7ffae72..07fd883 100644\n--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n-FROM golang:1.21.6-alpine AS build\n"
        "+FROM golang:1.22.4-alpine AS build\n RUN go build ./...\n-FROM golang:1.21.6-alpine\n"
        "+FROM golang:1.22.4-alpine\n")}]
    assert changed_files(repository.path) == before
    text = upkeepd("--run-once", "--dry-run").stdout
    assert "+FROM golang:1.22.4-alpine AS build\n" in text
    assert upkeepd.once().outcomes == [("created", GOLANG_1_22)]


def test_the_stream_is_as_documented(upkeepd, repository, upstream):
    run = upkeepd.once()
    name, tip = str(repository.path), repository.tip(GOLANG_1_22)
    start, begin, plan, outcome, end, last = run.events
    assert start["event"] == "run-start"
    assert begin == {"event": "repository-start", "repository": name}
    update = {"ecosystem": "docker", "directory": "/", "file": "Dockerfile", "line": 1,
              "name": "golang", "current": "1.21.6-alpine", "latest": "1.22.4-alpine",
              "chosen": "1.22.4-alpine", "kind": "minor", "direct": True}
    assert {**plan["updates"][0], **update} == plan["updates"][0]
    assert [one["line"] for one in plan["updates"]] == [1, 3]
    assert {key: plan[key] for key in ("event", "repository", "branch", "title")} == {
        "event": "plan", "repository": name, "branch": GOLANG_1_22,
        "title": "Bump golang from 1.21.6-alpine to 1.22.4-alpine"}
    assert [file["path"] for file in plan["files"]] == ["Dockerfile"]
    assert {**outcome, "event": "outcome", "repository": name, "branch": GOLANG_1_22,
            "commit": tip, "action": "created"} == outcome
    assert {**end, "event": "repository-end", "repository": name, "commit": repository.tip("main"),
            "status": "done"} == end
    assert last["event"] == "run-end"
    assert last["repositories"] == {"visited": 1, "failed": 0}
    assert last["actions"] == {"created": 1}
    assert last["requests"] == {upstream.url.removeprefix("http://"): len(upstream.requests)}
    assert last["bytes_received"] > 0 and last["cpu_seconds"] > 0 and last["wall_seconds"] > 0
    assert 0 < last["peak_resident_kib"]


def test_due_runs_what_is_due(upkeepd, repository, upstream):
    assert upkeepd.once("--due").outcomes == [("created", GOLANG_1_22)]  # new: at once
    newer_golang(upstream)
    upstream.take_requests()
    assert upkeepd.once("--due").outcomes == []
    assert upkeepd.once("--due", now="2026-08-30T23:00:00Z").outcomes == []
    assert upstream.take_requests() == []
    assert upkeepd.once("--due", now=NEXT_TUESDAY).outcomes == [
        ("created", GOLANG_1_23), ("superseded", GOLANG_1_22)]


def test_due_leaves_the_branches_of_entries_that_are_not(upkeepd, repository, upstream):
    upstream.tags("library/alpine", "3.19.0", "3.20.0")
    daily = DOCKER[DOCKER.index("  - "):].replace("directory: /", "directory: /b").replace("weekly", "daily")
    repository.commit({".github/dependabot.yml": DOCKER + "    rebase-strategy: disabled\n" + daily,
                       "b/Dockerfile": "FROM alpine:3.19.0\n"})
    upkeepd.once()
    repository.commit({"Dockerfile": "FROM scratch\n", "b/Dockerfile": "FROM scratch\n"})
    run = upkeepd.once("--due", now="2026-08-26T06:00:00Z")  # Wednesday
    assert run.outcomes == [("closed", "upkeepd/docker/b/alpine-3.20.0", "dependency_removed")]


def test_offline_asks_nobody(upkeepd, repository, upstream):
    upkeepd.once()
    upstream.take_requests()
    run = upkeepd.once("--offline")
    assert run.outcomes == [("unchanged", GOLANG_1_22)], run.events
    assert upstream.take_requests() == []


def test_offline_says_what_is_missing(upkeepd, upstream):
    run = upkeepd.once("--offline")
    assert (run.status, run.outcomes, len(run.errors)) == (1, [], 1)
    assert run.errors[0].startswith("Dockerfile:1:6: ") and "not in the cache" in run.errors[0]
    assert upstream.take_requests() == []


# What is remembered may be lost.

def test_a_lost_database_is_rebuilt_from_the_branches(upkeepd, repository, upstream):
    upkeepd.once()
    before = repository.branches()
    upkeepd.lose_state()
    assert upkeepd.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert repository.branches() == before
    upkeepd.lose_state()
    newer_golang(upstream)
    assert upkeepd.once().outcomes == [("created", GOLANG_1_23), ("superseded", GOLANG_1_22)]
    upkeepd.lose_state()
    edited = repository.commit({"README": "more\n"}, branch=GOLANG_1_23)
    assert upkeepd.once().outcomes == [("skipped", GOLANG_1_23, "edited")]
    assert repository.branches() == {"main": before["main"], GOLANG_1_23: edited}


def test_a_rebuilt_database_knows_what_a_person_deletes_later(upkeepd, repository):
    upkeepd.once()
    upkeepd.lose_state()
    upkeepd.once()
    repository.set(GOLANG_1_22, None)
    assert upkeepd.once().outcomes == [("skipped", GOLANG_1_22, "closed_by_person")]


def test_status_knows_the_branch(upkeepd, repository):
    upkeepd.once()
    text = upkeepd("status").stdout
    assert "done: Bump golang from 1.21.6-alpine to 1.22.4-alpine" in text
    assert "2026-08-31T" in text  # next Monday


# Several repositories.

def test_one_repository_that_cannot_be_used_stops_no_other(upkeepd, repository, tmp_path):
    upkeepd.watch(f"path: {tmp_path}/nothing.git", repository)
    run = upkeepd.once()
    assert (run.status, run.outcomes) == (3, [("created", GOLANG_1_22)])
    assert len(run.errors) == 1 and "nothing.git" in run.errors[0]
    upkeepd.watch(f"path: {tmp_path}/nothing.git")
    assert upkeepd.once().status == 1


def test_a_named_repository_alone(upkeepd, repository, tmp_path):
    upkeepd.watch(f"path: {tmp_path}/nothing.git", repository)
    assert upkeepd.once("app").outcomes == [("created", GOLANG_1_22)]


def test_what_stays_wrong_is_logged_once(upkeepd, repository):
    """By workers of the service: here one is called by hand, an hour after the other."""
    def look(hour):
        words = upkeepd.words("jobs", now=f"2026-08-25T{hour:02}:00:00Z")
        return subprocess.run([built("upkeepd-worker"), *words[1:]], env=upkeepd.environment,
                              text=True, stderr=subprocess.PIPE, check=True).stderr.splitlines()

    repository.commit({".github/dependabot.yml": None})
    assert upkeepd("--run-once", "--due", "-q", now="2026-08-25T05:00:00Z").status == 1
    assert [look(hour) for hour in (7, 8)] == [[], []]
    repository.commit({".github/dependabot.yml": DOCKER.replace("docker", "dokcer")})
    said, silence = look(9), look(10)
    assert len(said) == 1 and "unknown ecosystem 'dokcer'" in said[0] and silence == []
    repository.commit({".github/dependabot.yml": DOCKER})
    made, well = look(11)
    assert f"created {GOLANG_1_22}: Bump golang from " in made and well.endswith(": well again")
    assert look(12) == []


# Over https.

@pytest.fixture
def distant(git_server):
    """A repository behind nginx with TLS and HTTP/2, read with filters and pushed to."""
    distant = git_server.repository(next(names)).configure(
        http_receivepack="true", uploadpack_allowFilter="true", uploadpack_allowAnySHA1InWant="true")
    distant.commit({".github/dependabot.yml": DOCKER, "Dockerfile": DOCKERFILE})
    return distant


def test_over_https_a_second_run_costs_one_small_request(upkeepd, distant, git_server, upstream):
    upkeepd.watch(distant)
    assert upkeepd.once().outcomes == [("created", GOLANG_1_22)]
    assert distant.read(GOLANG_1_22, "Dockerfile") == DOCKERFILE.replace("1.21.6", "1.22.4")
    distant.git("fsck", "--strict")
    upkeepd.once()
    asked = len(git_server.requests())
    cache = changed_files(upkeepd.cache)
    upstream.take_requests()
    run = upkeepd.once()
    assert run.outcomes == [("unchanged", GOLANG_1_22)]
    requests = git_server.requests()[asked:]
    assert len(requests) == 1 and requests[0][0] == 200 and requests[0][1] < 250, requests
    assert {status for _, _, status in upstream.take_requests()} == {304}
    assert changed_files(upkeepd.cache) == cache


def test_over_https_the_first_second_run_is_as_cheap(upkeepd, distant, git_server):
    upkeepd.watch(distant)
    upkeepd.once()
    asked = len(git_server.requests())
    upkeepd.once()
    assert len(git_server.requests()) - asked == 1, git_server.requests()[asked:]


def test_over_https_commits_are_signed(upkeepd, distant, signing_key):
    key, trusted = signing_key
    upkeepd.watch(distant, more=f"defaults: {{ signing: {{ ssh-key: {{ file: {key} }} }} }}\n")
    assert upkeepd.once().outcomes == [("created", GOLANG_1_22)]
    distant.configure(gpg_format="ssh").git("config", "gpg.ssh.allowedSignersFile", str(trusted))
    distant.git("verify-commit", GOLANG_1_22)


def test_over_https_superseding_is_one_push(upkeepd, distant, git_server, upstream):
    upkeepd.watch(distant)
    upkeepd.once()
    newer_golang(upstream)
    asked = len(git_server.requests())
    assert upkeepd.once().outcomes == [("created", GOLANG_1_23), ("superseded", GOLANG_1_22)]
    pushes = [request for _, _, request in git_server.requests()[asked:] if "receive-pack" in request]
    assert len(pushes) == 1, pushes
    assert set(distant.branches()) == {"main", GOLANG_1_23}
