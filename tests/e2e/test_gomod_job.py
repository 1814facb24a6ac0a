# SPDX-License-Identifier: MIT
"""The main job on Go modules: from a newer version to a branch whose go.mod and go.sum
are tidy, and what is left alone."""
import pytest

from servers.git_server import Repository

RULES = """\
version: 2
updates:
  - package-ecosystem: gomod
    directory: /
    schedule: { interval: weekly }
"""
GOMOD = """\
module example.org/app

go 1.21

require (
\texample.org/a v1.0.0 // held by hand
\texample.org/b v1.0.0
)

require example.org/c v1.0.0 // indirect
"""
MAIN = 'package main\n\nimport (\n\t_ "example.org/a"\n\t_ "example.org/b"\n)\n\nfunc main() {}\n'
A = "upkeepd/go_modules/example.org/a-1.1.0"
B = "upkeepd/go_modules/example.org/b-1.0.1"
OLD = "2026-01-01T00:00:00Z"


def gomod(path, go="1.21", requires=""):
    return f"module {path}\n\ngo {go}\n" + (f"\nrequire {requires}\n" if requires else "")


@pytest.fixture
def modules(upstream):
    """example.org/a, which imports c; b, which imports nothing."""
    for version, c in ("v1.0.0", "v1.0.0"), ("v1.1.0", "v1.0.5"):
        upstream.module("example.org/a", version, OLD, {
            "go.mod": gomod("example.org/a", requires=f"example.org/c {c}"),
            "a.go": 'package a\n\nimport _ "example.org/c"\n'})
    for version in "v1.0.0", "v1.0.5":
        upstream.module("example.org/c", version, OLD,
                        {"go.mod": gomod("example.org/c"), "c.go": "package c\n"})
    upstream.module("example.org/b", "v1.0.0", OLD,
                    {"go.mod": gomod("example.org/b"), "b.go": "package b\n"})
    return upstream


@pytest.fixture
def repository(tmp_path):
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit({".github/dependabot.yml": RULES, "go.mod": GOMOD, "main.go": MAIN,
                       "go.sum": ""})
    return repository


@pytest.fixture
def upkeepd(upkeepd, repository, modules):
    upkeepd.watch(repository)
    return upkeepd


def test_a_newer_version_becomes_a_branch_that_is_tidy(upkeepd, repository):
    run = upkeepd.once()
    assert (run.status, run.outcomes, run.errors) == (0, [("created", A)], []), run.stderr
    assert repository.read(A, "go.mod") == GOMOD.replace("a v1.0.0", "a v1.1.0").replace(
        "c v1.0.0", "c v1.0.5")
    keys = [line.split()[:2] for line in repository.read(A, "go.sum").splitlines()]
    assert keys == [[f"example.org/{name}", version + part]
                    for name, version in (("a", "v1.1.0"), ("b", "v1.0.0"), ("c", "v1.0.5"))
                    for part in ("", "/go.mod")]
    assert repository.git("log", "-1", "--format=%s", A) == "Bump example.org/a from 1.0.0 to 1.1.0"


def test_a_second_run_changes_nothing(upkeepd, repository):
    upkeepd.once()
    tip = repository.tip(A)
    assert upkeepd.once().outcomes == [("unchanged", A)]
    assert repository.tip(A) == tip


def test_the_go_line_rises_only_where_it_is_said_in_the_title(upkeepd, repository, modules):
    modules.module("example.org/b", "v1.0.1", OLD,
                   {"go.mod": gomod("example.org/b", go="1.23.0"), "b.go": "package b\n"})
    run = upkeepd.once()
    assert ("created", B) in run.outcomes, run.stderr
    assert "\ngo 1.23.0\n" in repository.read(B, "go.mod")
    assert "(raises the go line from 1.21 to 1.23.0)" in [
        plan["title"] for plan in run.named("plan") if plan["branch"] == B][0]


def test_a_group_is_one_branch(upkeepd, repository, modules):
    modules.module("example.org/b", "v1.0.1", OLD,
                   {"go.mod": gomod("example.org/b"), "b.go": "package b\n"})
    repository.commit({".github/dependabot.yml": RULES + "    groups: { all: { patterns: ['*'] } }\n"})
    (action, branch), = upkeepd.once().outcomes
    assert action == "created"
    text = repository.read(branch, "go.mod")
    assert "example.org/a v1.1.0 // held by hand" in text and "example.org/b v1.0.1" in text


def test_a_requirement_that_nothing_needs_is_not_moved(upkeepd, repository):
    repository.commit({"main.go": MAIN.replace('\t_ "example.org/a"\n', "")})
    run = upkeepd.once()
    assert run.outcomes == [("skipped", A, "no_effect")]
    assert "go.mod:6:2: 'example.org/a' stays at v1.0.0: nothing needs it, and " \
        "`go mod tidy` would remove it" in run.stderr
    assert repository.tip(A) is None


def test_a_branch_goes_when_nothing_needs_its_requirement_any_more(upkeepd, repository):
    assert ("created", A) in upkeepd.once().outcomes
    repository.commit({"main.go": MAIN.replace('\t_ "example.org/a"\n', "")})
    run = upkeepd.once()
    assert ("skipped", A, "no_effect") in run.outcomes
    assert repository.tip(A) is None


def test_a_private_module_stops_only_itself(upkeepd, repository, modules):
    repository.commit({"go.mod": GOMOD.replace("b v1.0.0", "b v1.0.0\n\tsecret.example/x v1.0.0")})
    run = upkeepd.once(environment={"GOPRIVATE": "secret.example"})
    (action, branch, why), = run.outcomes
    assert (action, branch) == ("failed", A)
    assert "the private module 'secret.example/x' cannot be had from its repository" in why
    assert "it needs a credential for 'secret.example', or a module proxy that serves it" in why


def test_other_modules_go_on_beside_one_that_nobody_has(upkeepd, repository, modules):
    rules = RULES.replace("directory: /", "directories: [/, /other]")
    repository.commit({".github/dependabot.yml": rules, "other/go.mod": GOMOD,
                       "other/main.go": MAIN, "other/go.sum": "",
                       "go.mod": GOMOD.replace("b v1.0.0", "b v1.0.0\n\tsecret.example/x v1.0.0"),
                       "x.go": 'package main\n\nimport _ "secret.example/x"\n'})
    run = upkeepd.once()
    outcomes = {outcome[1]: outcome for outcome in run.outcomes}
    assert outcomes[A][0] == "failed"
    assert "go.mod: cannot be tidied: 'secret.example/x@v1.0.0' does not exist: http://localhost" \
        in outcomes[A][2]
    assert "answers 404" in outcomes[A][2]
    assert "; if it is private, GOPRIVATE has to name it, or 'registries' a proxy " \
        "that serves it" in outcomes[A][2]
    assert outcomes["upkeepd/go_modules/other/example.org/a-1.1.0"][0] == "created"


def test_a_module_that_nobody_has_and_nothing_needs_stops_nothing(upkeepd, repository):
    text = GOMOD.replace("c v1.0.0", "c v1.0.5")  # else the graph decides what c is
    repository.commit({"go.mod": text.replace("b v1.0.0", "b v1.0.0\n\tsecret.example/x v1.0.0")})
    assert upkeepd.once().outcomes == [("created", A)]
    assert "secret.example" not in repository.read(A, "go.mod")


def test_a_private_module_that_was_read_once_stops_nothing(upkeepd, repository, modules):
    modules.module("secret.example/x", "v1.0.0", OLD,
                   {"go.mod": gomod("secret.example/x"), "x.go": "package x\n"})
    repository.commit({"go.mod": GOMOD.replace("b v1.0.0", "b v1.0.0\n\tsecret.example/x v1.0.0"),
                       "x.go": 'package main\n\nimport _ "secret.example/x"\n'})
    assert upkeepd.once("--dry-run").outcomes
    run = upkeepd.once(environment={"GOPRIVATE": "secret.example"})
    assert run.outcomes == [("created", A)]
    assert "secret.example/x v1.0.0" in repository.read(A, "go.mod")
    (said,) = run.errors
    assert "the private module 'secret.example/x' cannot be had" in said


def test_a_broken_file_is_said_with_its_place(upkeepd, repository):
    repository.commit({"go.mod": GOMOD + "<<<<<<< HEAD\n"})
    run = upkeepd.once()
    assert run.errors == ["go.mod:11:1: the file holds a merge conflict"]
    assert run.outcomes == []


def test_a_proxy_that_fails_stops_nothing_else(upkeepd, repository, modules):
    modules.spoil("/example.org/b/@v/list", 404)
    assert ("created", A) in upkeepd.once().outcomes
