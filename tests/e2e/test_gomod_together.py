# SPDX-License-Identifier: MIT
"""Modules that lie in one repository, kept current together by the service: members of a
workspace, and modules that replace another one by its folder. What is committed is held
beside the real Go command."""
import pytest

from servers.git_server import Repository
from servers.go import go  # noqa: F401

ENTRY = """\
  - package-ecosystem: gomod
    directory: {}
    schedule: {{ interval: weekly }}
"""
RULES = "version: 2\nupdates:\n" + ENTRY.format("/app")
OLD = "2026-01-01T00:00:00Z"
A = "upkeepd/go_modules/app/example.org/a-1.1.0"


def gomod(path, requires=(), go="1.21", more=""):
    return f"module {path}\n\ngo {go}\n" + "".join(f"\nrequire {r}\n" for r in requires) + more


def source(*imports):
    return "package p\n" + "".join(f'\nimport _ "{name}"\n' for name in imports)


@pytest.fixture
def modules(upstream):
    """example.org/a, whose v1.1.0 requires b and asks for Go 1.22."""
    for path, version, text in (
            ("example.org/b", "v1.0.0", gomod("example.org/b")),
            ("example.org/a", "v1.0.0", gomod("example.org/a")),
            ("example.org/a", "v1.1.0", gomod("example.org/a", ["example.org/b v1.0.0"], "1.22"))):
        upstream.module(path, version, OLD, {
            "go.mod": text, "p.go": source("example.org/b") if " v1.0.0" in text else source()})
    return upstream


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "app.git", str(tmp_path / "app.git"))


@pytest.fixture
def upkeepd(upkeepd, repository, modules):
    upkeepd.watch(repository)
    return upkeepd


@pytest.fixture
def oracle(tmp_path, repository, modules, go):  # noqa: F811
    """oracle("app", "mod", "tidy"): the Go command in a folder of a checkout."""
    def call(folder, *words, branch=None, **more):
        checkout = tmp_path / "checkout"
        if not checkout.exists():
            repository.git("worktree", "add", "-q", "--detach", str(checkout), branch or "main")
        if branch:
            repository.git("-C", str(checkout), "checkout", "-q", "--detach", branch)
        run = go(checkout / folder, "", *words, GOPROXY=modules.url, **more)
        assert run.returncode == 0, run.stderr
        return checkout
    return call


def tidied(repository, oracle, folders):
    """Commits what `go mod tidy` makes of the folders on main."""
    for folder in folders:
        checkout = oracle(folder, "mod", "tidy")
    repository.commit({f"{folder}/{name}": (checkout / folder / name).read_text()
                       for folder in folders for name in ("go.mod", "go.sum")
                       if (checkout / folder / name).exists()})
    repository.git("-C", str(checkout), "checkout", "-q", "--detach", "-f", "main")


def changed(repository, branch):
    return repository.git("diff", "--name-only", "main", branch).split()


def is_tidy(oracle, branch, folders):
    for folder in folders:
        oracle(folder, "mod", "tidy", "-diff", branch=branch)
        oracle(folder, "mod", "verify")
        oracle(folder, "list", "-deps", "./...", GOFLAGS="-mod=readonly")


def test_members_of_a_workspace_move_in_one_branch(upkeepd, repository, oracle):
    repository.commit({
        ".github/dependabot.yml": RULES, "go.work": "go 1.21\n\nuse (\n\t./app\n\t./lib\n\t./off\n)\n",
        "go.work.sum": f"example.org/gone v1.0.0 h1:{'A' * 43}=\n",
        "app/go.mod": gomod("example.org/app", ["example.org/a v1.0.0"]),
        "app/p.go": source("example.org/a"),
        "lib/go.mod": gomod("example.org/lib", ["example.org/a v1.0.0"]),
        "lib/p.go": source("example.org/a"),
        "off/go.mod": gomod("example.org/off"), "off/p.go": source(),
        "alone/go.mod": gomod("example.org/alone", ["example.org/a v1.0.0"]),
        "alone/p.go": source("example.org/a")})
    tidied(repository, oracle, ["app", "lib", "off", "alone"])
    run = upkeepd.once()
    assert run.outcomes == [("created", A)], run.stderr
    files = ["app/go.mod", "app/go.sum", "go.work", "lib/go.mod", "lib/go.sum"]
    assert changed(repository, A) == files
    plan, = run.named("plan")
    assert sorted(file["path"] for file in plan["files"]) == files
    assert plan["title"].endswith("in /app (raises the go line from 1.21 to 1.22)")
    assert repository.read(A, "go.work").startswith("go 1.22\n")
    assert "example.org/b v1.0.0 // indirect" in repository.read(A, "lib/go.mod")
    is_tidy(oracle, A, ["app", "lib", "off"])
    oracle("", "list", "-deps", "./app/...", "./lib/...", "./off/...", GOWORK="",
           GOFLAGS="-mod=readonly")


def test_entries_for_all_members_make_one_group_of_them(upkeepd, repository, oracle):
    repository.commit({
        ".github/dependabot.yml": "version: 2\nupdates:\n" + ENTRY.format("/app").replace(
            "directory: /app", 'directories: ["/app", "/lib"]') +
        "    groups: { all: { patterns: ['*'] } }\n",
        "go.work": "go 1.21\n\nuse ./app\n\nuse ./lib\n",
        "app/go.mod": gomod("example.org/app", ["example.org/a v1.0.0"]),
        "app/p.go": source("example.org/a"),
        "lib/go.mod": gomod("example.org/lib", ["example.org/a v1.0.0"]),
        "lib/p.go": source("example.org/a")})
    tidied(repository, oracle, ["app", "lib"])
    run = upkeepd.once()
    (action, branch), = run.outcomes
    assert action == "created", run.stderr
    assert changed(repository, branch) == ["app/go.mod", "app/go.sum", "go.work", "lib/go.mod",
                                           "lib/go.sum"]
    assert {(u["directory"], u["chosen"]) for u in run.named("plan")[0]["updates"]} == \
        {("/app", "v1.1.0"), ("/lib", "v1.1.0")}
    is_tidy(oracle, branch, ["app", "lib"])


def test_a_module_that_replaces_the_changed_one_is_tidied_with_it(upkeepd, repository, oracle):
    replace = "\nreplace example.org/app => ../app\n"
    repository.commit({
        ".github/dependabot.yml": RULES,
        "app/go.mod": gomod("example.org/app", ["example.org/a v1.0.0"]),
        "app/p.go": source("example.org/a"),
        "tool/go.mod": gomod("example.org/tool", ["example.org/app v0.0.0"], more=replace),
        "tool/p.go": source("example.org/app"),
        "top/go.mod": gomod("example.org/top", ["example.org/tool v0.0.0"],
                            more=replace + "\nreplace example.org/tool => ../tool\n"),
        "top/p.go": source("example.org/tool")})
    tidied(repository, oracle, ["app", "tool", "top"])
    run = upkeepd.once()
    assert run.outcomes == [("created", A)], run.stderr
    assert changed(repository, A) == [f"{folder}/go.{kind}" for folder in ("app", "tool", "top")
                                      for kind in ("mod", "sum")]
    assert "example.org/a v1.1.0 // indirect" in repository.read(A, "top/go.mod")
    is_tidy(oracle, A, ["app", "tool", "top"])


def test_what_builds_a_follower_holds_the_bump_as_well(upkeepd, repository, oracle):
    repository.commit({
        ".github/dependabot.yml": RULES,
        "app/go.mod": gomod("example.org/app", ["example.org/a v1.0.0"]),
        "app/p.go": source("example.org/a"),
        "tool/go.mod": gomod("example.org/tool", ["example.org/app v0.0.0"],
                             more="\nreplace example.org/app => ../app\n"),
        "tool/p.go": source("example.org/app"),
        "tool/Dockerfile": "FROM golang:1.21\n"})
    tidied(repository, oracle, ["app", "tool"])
    (action, branch, why), = upkeepd.once().outcomes
    assert (action, branch) == ("skipped", A)
    assert "tool/go.mod" in why and "tool/Dockerfile:1 has golang:1.21" in why
