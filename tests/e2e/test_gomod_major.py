# SPDX-License-Identifier: MIT
"""Modules that go on under another path: a next major version, a new name. What is said of
them costs one request where there is nothing to say."""
import json

import pytest

from servers.git_server import Repository
from servers.go import go  # noqa: F401, a fixture

OLD = "2026-01-01T00:00:00Z"
RULES = """\
version: 2
updates:
  - package-ecosystem: gomod
    directory: /
    schedule: { interval: weekly }
"""


def gomod(path, more=""):
    return f"module {path}\n\ngo 1.21\n{more}"


def offer(upstream, path, *versions, declares=None, more=""):
    for version in versions:
        upstream.module(path, version, OLD, {"go.mod": gomod(declares or path, more),
                                             "p.go": "package p\n"})


@pytest.fixture
def tell(upkeepd, tmp_path):
    root = tmp_path / "checkout"
    (root / ".github").mkdir(parents=True)

    def call(path, version, *words, command="check", rules=RULES, main="example.org/main"):
        """What `command` says of a module that is required."""
        (root / ".github" / "dependabot.yml").write_text(rules)
        (root / "go.mod").write_text(gomod(main, f"\nrequire {path} {version}\n"))
        upkeepd.watch(f"path: {root}")
        run = upkeepd(command, "--json", str(root), *words)
        assert run.status == 0, run.stderr
        return json.loads(run.stdout)["dependencies"][0]
    return call


NEXT = [  # required, what is offered beside it, what is said
    ("example.org/m", "v1.0.0", {"/v2": ["v2.0.0"]}, "v2.0.0 is 'example.org/m/v2'"),
    ("example.org/m", "v1.0.0", {"/v2": ["v2.0.0", "v2.1.0", "v2.2.0-rc.1"]},
     "v2.1.0 is 'example.org/m/v2'"),
    ("example.org/m", "v1.0.0", {f"/v{n}": [f"v{n}.0.0"] for n in range(2, 14)},
     "v13.0.0 is 'example.org/m/v13'"),
    ("example.org/m", "v1.0.0", {"/v2": ["v2.0.0"], "/v4": ["v4.0.0"]},
     "v2.0.0 is 'example.org/m/v2'"),
    ("example.org/m/v2", "v2.0.0", {"": ["v1.0.0"], "/v3": ["v3.0.0"]},
     "v3.0.0 is 'example.org/m/v3'"),
    ("example.org/m", "v2.0.0+incompatible", {"/v2": ["v2.1.0"]}, "v2.1.0 is 'example.org/m/v2'"),
    ("example.org/m", "v3.0.0+incompatible", {"/v2": ["v2.1.0"]}, None),
    ("example.org/m", "v1.0.0", {"/v2": ["v2.0.0-rc.1"]}, None),
    ("example.org/m", "v1.0.0", {"/v2": []}, None),
    ("example.org/m", "v1.0.0", {}, None),
    ("gopkg.in/m.v1", "v1.0.0", {".v2": ["v2.0.0"]}, "v2.0.0 is 'gopkg.in/m.v2'"),
]


@pytest.mark.parametrize("path, version, others, text", NEXT)
def test_the_highest_major_version_is_told(tell, upstream, path, version, others, text):
    base = path.removesuffix("/v2").removesuffix(".v1")
    if version.endswith("+incompatible"):
        upstream.module(path, version, OLD, {"p.go": "package p\n"})
    else:
        offer(upstream, path, version)
    for suffix, versions in others.items():
        offer(upstream, base + suffix, *versions)
    one = tell(path, version)
    assert (one["chosen"], one["reason"], one["text"]) == (None, "up-to-date", text)
    assert one["latest"] == version


def test_tags_without_a_gomod_that_declares_them_do_not_count(tell, upstream):
    offer(upstream, "example.org/m", "v1.0.0")
    offer(upstream, "example.org/m/v2", "v2.0.0")
    offer(upstream, "example.org/m/v3", "v3.0.0", declares="example.org/m")
    assert tell("example.org/m", "v1.0.0")["text"] == "v2.0.0 is 'example.org/m/v2'"


def test_a_retracted_release_of_it_is_not_told(tell, upstream):
    offer(upstream, "example.org/m", "v1.0.0")
    offer(upstream, "example.org/m/v2", "v2.0.0", "v2.1.0", more="\nretract v2.1.0\n")
    assert tell("example.org/m", "v1.0.0")["text"] == "v2.0.0 is 'example.org/m/v2'"


def test_it_is_told_beside_an_update_and_explained(tell, upstream):
    offer(upstream, "example.org/m", "v1.0.0", "v1.1.0")
    offer(upstream, "example.org/m/v2", "v2.0.0", "v2.1.0")
    one = tell("example.org/m", "v1.0.0")
    assert (one["chosen"], one["text"]) == ("v1.1.0", "v2.1.0 is 'example.org/m/v2'")
    one = tell("example.org/m", "v1.0.0", "example.org/m", command="explain")
    assert [(release["version"], release["reason"], release["text"])
            for release in one["releases"]] == [
        ("v2.1.0", "other-line", "it is 'example.org/m/v2', to which imports go with "
         "'major-imports: rewrite'"), ("v1.1.0", "chosen", None),
        ("v1.0.0", "up-to-date", None)]


def test_what_is_not_there_is_not_asked_for_again_that_day(tell, upstream):
    offer(upstream, "example.org/m", "v1.0.0")
    tell("example.org/m", "v1.0.0")
    first = [url for url in upstream.take_requests() if "/m/v2/" in str(url)]
    tell("example.org/m", "v1.0.0")
    again = [url for url in upstream.take_requests() if "/m/v2/" in str(url)]
    assert (len(first), len(again)) == (1, 0)


def test_a_new_name_is_told_and_its_releases_are_not_taken(tell, upstream):
    offer(upstream, "example.org/m", "v1.0.0", "v1.1.0")
    offer(upstream, "example.org/m", "v1.2.0", "v1.3.0", declares="example.org/n")
    one = tell("example.org/m", "v1.0.0")
    assert (one["chosen"], one["text"]) == ("v1.1.0", "the module calls itself 'example.org/n' now")
    one = tell("example.org/m", "v1.1.0", "example.org/m", command="explain")
    assert one["reason"] == "up-to-date"
    assert ("v1.3.0", "other-line", "it calls itself 'example.org/n'") in [
        (release["version"], release["reason"], release["text"]) for release in one["releases"]]


REWRITE = RULES + "    x-upkeepd: { major-imports: rewrite }\n"


@pytest.mark.parametrize("rules", [RULES, REWRITE], ids=["told", "taken"])
def test_a_module_that_requires_its_former_major_version_stays_there(tell, upstream, rules):
    offer(upstream, "example.org/m", "v1.0.0")
    offer(upstream, "example.org/m/v2", "v2.0.0")
    one = tell("example.org/m", "v1.0.0", rules=rules, main="example.org/m/v2")
    assert (one["chosen"], one["reason"], one["text"]) == (None, "up-to-date", None)
    one = tell("example.org/m", "v1.0.0", "example.org/m", command="explain", rules=rules,
               main="example.org/m/v2")
    assert (one["releases"][0]["reason"], one["releases"][0]["text"]) == (
        "other-line", "it is 'example.org/m/v2', this module itself")


@pytest.mark.parametrize("rules", [RULES, REWRITE], ids=["told", "taken"])
def test_nothing_goes_to_a_deprecated_major_version(tell, upstream, rules):
    offer(upstream, "example.org/m", "v1.0.0")
    upstream.module("example.org/m/v2", "v2.0.0", OLD, {
        "go.mod": "// Deprecated: use n\n" + gomod("example.org/m/v2"), "p.go": "package p\n"})
    one = tell("example.org/m", "v1.0.0", rules=rules)
    assert (one["chosen"], one["reason"], one["text"]) == (
        None, "up-to-date", "v2.0.0 is 'example.org/m/v2', which is deprecated: use n")
    one = tell("example.org/m", "v1.0.0", "example.org/m", command="explain", rules=rules)
    assert (one["releases"][0]["reason"], one["releases"][0]["text"]) == (
        "other-line", "it is 'example.org/m/v2', which is deprecated")


BRANCH = "upkeepd/go_modules/example.org/m-2.1.0"
MAIN = """\
// Package main imports "example.org/m/in/a/comment".
package main

import (
\t"fmt"

\t"example.org/m" // kept
\tother `example.org/m/sub`
\t"example.org/m/nested"
\t"example.org/mm"
)

func main() { fmt.Println("example.org/m", m.Version, other.Version, nested.Version, mm.Version) }
"""
TAGGED = '//go:build ignore\n\npackage main\n\nimport _ "example.org/m/sub"\n'
LEFT = 'package x\n\nimport _ "example.org/m"\n'
FILES = {
    "go.mod": gomod("example.org/main", """
require (
\texample.org/m v1.0.0 // by hand
\texample.org/m/nested v1.0.0
\texample.org/mm v1.0.0
)
"""),
    "go.sum": "", "main.go": MAIN, "gen.go": TAGGED, "testdata/x.go": LEFT, "_x.go": LEFT,
}


def rewritten(text):
    return text.replace('"example.org/m" // kept', '"example.org/m/v2" // kept').replace(
        "example.org/m/sub", "example.org/m/v2/sub")


def library(name, version):
    return f'package {name}\n\nconst Version = "{version}"\n'


@pytest.fixture
def modules(upstream, store):
    """The same modules at the stand-in for proxies, and in a folder for the Go command."""
    def add(path, version, files):
        upstream.module(path, version, OLD, {"go.mod": gomod(path), **files})
        store.add(path, version, gomod=gomod(path), files=files)

    for path, version in ("example.org/m", "v1.0.0"), ("example.org/m", "v1.1.0"), \
            ("example.org/m/v2", "v2.0.0"), ("example.org/m/v2", "v2.1.0"):
        add(path, version, {"m.go": library("m", version), "sub/s.go": library("sub", version)})
    add("example.org/m/nested", "v1.0.0", {"n.go": library("nested", "v1.0.0")})
    add("example.org/mm", "v1.0.0", {"mm.go": library("mm", "v1.0.0")})
    return add


@pytest.fixture
def repository(tmp_path):
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit({**FILES, ".github/dependabot.yml": REWRITE})
    return repository


def test_imports_go_along_to_the_next_major_version(upkeepd, repository, modules):
    upkeepd.watch(repository)
    run = upkeepd.once()
    assert (run.status, run.outcomes, run.errors) == (0, [("created", BRANCH)], []), run.stderr
    assert repository.read(BRANCH, "go.mod") == FILES["go.mod"].replace(
        "m v1.0.0 // by hand", "m/v2 v2.1.0 // by hand").replace(
        "\texample.org/m/v2 v2.1.0 // by hand\n\texample.org/m/nested v1.0.0\n",
        "\texample.org/m/nested v1.0.0\n\texample.org/m/v2 v2.1.0 // by hand\n")
    for name in "main.go", "gen.go":
        assert repository.read(BRANCH, name) == rewritten(FILES[name])
    for name in "testdata/x.go", "_x.go":
        assert repository.read(BRANCH, name) == LEFT
    title = repository.git("log", "-1", "--format=%s", BRANCH)
    assert title.startswith("Bump example.org/m from 1.0.0 to 2.1.0")
    assert [plan["title"] for plan in run.named("plan")] == [
        "Bump example.org/m from 1.0.0 to 2.1.0 (moves to example.org/m/v2)"]


def test_go_finds_the_result_tidy_and_its_packages(upkeepd, repository, modules, go, store, tmp_path):
    upkeepd.watch(repository)
    upkeepd.once()
    folder = tmp_path / "result"
    repository.git("worktree", "add", str(folder), BRANCH)
    run = go(folder, store.path, "mod", "tidy", "-diff")
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr
    run = go(folder, store.path, "list", "-mod=readonly", "-f", "{{.Imports}}", ".")
    assert (run.returncode, run.stdout) == (0, "[example.org/m/nested example.org/m/v2 "
                                            "example.org/m/v2/sub example.org/mm fmt]\n"), run.stderr


def test_rules_decide_on_it_as_on_other_major_versions(upkeepd, repository, modules):
    repository.commit({".github/dependabot.yml": REWRITE + "    ignore: [{ dependency-name: '*', "
                       "update-types: ['version-update:semver-major'] }]\n"})
    upkeepd.watch(repository)
    assert upkeepd.once().outcomes == [("created", BRANCH.replace("2.1.0", "1.1.0"))]


def test_without_the_rule_nothing_goes_there(upkeepd, repository, modules):
    repository.commit({".github/dependabot.yml": RULES})
    upkeepd.watch(repository)
    assert upkeepd.once().outcomes == [("created", BRANCH.replace("2.1.0", "1.1.0"))]


def test_update_does_it_in_a_checkout_with_a_vendor_folder(upkeepd, modules, go, store, tmp_path):
    root = tmp_path / "checkout"
    for name, text in {**FILES, ".github/dependabot.yml": REWRITE}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    assert go(root, store.path, "mod", "tidy").returncode == 0
    assert go(root, store.path, "mod", "vendor").returncode == 0
    upkeepd.watch(f"path: {root}")
    run = upkeepd("update", str(root))
    assert run.status == 0, run.stderr
    assert (root / "main.go").read_text() == rewritten(MAIN)
    assert (root / "vendor/example.org/m/v2/sub/s.go").read_text() == library("sub", "v2.1.0")
    assert not (root / "vendor/example.org/m/m.go").exists()
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert go(root, store.path, "mod", "tidy").returncode == 0
    assert go(root, store.path, "mod", "vendor").returncode == 0
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("status", [403, 410])
@pytest.mark.parametrize("major, text", [(2, None), (3, "v2.0.0 is 'example.org/m/v2'")])
def test_a_refused_major_version_ends_the_line(tell, upstream, status, major, text):
    offer(upstream, "example.org/m", "v1.0.0")
    offer(upstream, "example.org/m/v2", "v2.0.0")
    offer(upstream, "example.org/m/v3", "v3.0.0")
    upstream.spoil(f"/example.org/m/v{major}/@v/list", status)
    assert tell("example.org/m", "v1.0.0")["text"] == text


def with_both(path, more=""):
    """FILES where a `require` of m/v2 stands beside that of m."""
    return {**FILES, "go.mod": FILES["go.mod"].replace(
        "\texample.org/m/nested", f"\t{path}{more}\n\texample.org/m/nested")}


BOTH = [  # what is required of m/v2 already, and what in the end
    ("example.org/m/v2 v2.0.0", "", "v2.1.0"),
    ("example.org/m/v2 v2.0.0", " // indirect", "v2.1.0"),
    ("example.org/m/v2 v2.1.0", "", "v2.1.0"),
    ("example.org/m/v2 v2.1.0", " // indirect", "v2.1.0"),
]


@pytest.mark.parametrize("line, mark, version", BOTH)
def test_the_new_path_may_be_required_already(upkeepd, repository, modules, go, store, tmp_path,
                                              line, mark, version):
    files = with_both(line, mark)
    if not mark:
        files["more.go"] = 'package main\n\nimport _ "example.org/m/v2/sub"\n'
    repository.commit(files)
    upkeepd.watch(repository)
    run = upkeepd.once()
    assert ("created", BRANCH) in run.outcomes, run.stderr
    assert repository.read(BRANCH, "main.go") == rewritten(MAIN)
    text = repository.read(BRANCH, "go.mod")
    assert f"\texample.org/m/v2 {version}\n" in text and "example.org/m v1" not in text
    folder = tmp_path / "result"
    repository.git("worktree", "add", str(folder), BRANCH)
    run = go(folder, store.path, "mod", "tidy", "-diff")
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr


WORK = {
    "go.work": "go 1.21\n\nuse (\n\t./a\n\t./b\n\t./c\n)\n",
    "a/go.mod": gomod("example.org/a", "\nrequire example.org/m v1.0.0\n"),
    "a/a.go": 'package a\n\nimport _ "example.org/m"\n',
    "b/go.mod": gomod("example.org/b", "\nrequire example.org/m v1.1.0\n"),
    "b/b.go": 'package b\n\nimport _ "example.org/m/sub"\n',
    "c/go.mod": gomod("example.org/c", "\nrequire example.org/mm v1.0.0\n"),
    "c/c.go": 'package c\n\nimport _ "example.org/mm"\n',
}


def tidied(repository, go, store, tmp_path, files, *folders):
    """Commits the files as `go mod tidy` leaves their modules."""
    root = tmp_path / "before"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for folder in folders:
        run = go(root / folder, store.path, "mod", "tidy")
        assert run.returncode == 0, run.stderr
    repository.commit({str(path.relative_to(root)): path.read_text()
                       for path in root.rglob("*") if path.is_file()})


def changed(repository, branch):
    return repository.git("diff", "--name-only", "main", branch).split()


@pytest.mark.parametrize("directories", ["directory: /a", "directories: [/a, /b, /c]\n"
                                         "    groups: { all: { patterns: ['*'] } }"])
def test_members_of_a_workspace_go_together(upkeepd, repository, modules, go, store, tmp_path,
                                            directories):
    rules = REWRITE.replace("directory: /", directories)
    tidied(repository, go, store, tmp_path, {**WORK, ".github/dependabot.yml": rules}, "a", "b", "c")
    upkeepd.watch(repository)
    run = upkeepd.once()
    ((action, branch),) = run.outcomes
    assert action == "created", run.stderr
    assert changed(repository, branch) == ["a/a.go", "a/go.mod", "a/go.sum",
                                           "b/b.go", "b/go.mod", "b/go.sum"]
    folder = tmp_path / "result"
    repository.git("worktree", "add", str(folder), branch)
    for name in "a", "b", "c":
        run = go(folder / name, store.path, "mod", "tidy", "-diff")
        assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr
    assert "example.org/m/v2/sub" in (folder / "b/b.go").read_text()


def test_a_module_that_replaces_the_changed_one_by_its_folder_is_tidied(
        upkeepd, repository, modules, go, store, tmp_path):
    tidied(repository, go, store, tmp_path, {
        "a/go.mod": WORK["a/go.mod"], "a/a.go": WORK["a/a.go"],
        "app/go.mod": gomod("example.org/app", "\nrequire example.org/a v0.0.0\n\n"
                            "replace example.org/a => ../a\n"),
        "app/app.go": 'package app\n\nimport _ "example.org/a"\n',
        ".github/dependabot.yml": REWRITE.replace("directory: /", "directory: /a"),
    }, "a", "app")
    upkeepd.watch(repository)
    run = upkeepd.once()
    ((action, branch),) = run.outcomes
    assert action == "created", run.stderr
    assert changed(repository, branch) == ["a/a.go", "a/go.mod", "a/go.sum", "app/go.mod", "app/go.sum"]
    assert "example.org/m/v2 v2.1.0 // indirect" in repository.read(branch, "app/go.mod")


def test_what_the_repository_replaces_at_the_new_path_is_not_taken(upkeepd, repository, modules):
    repository.commit({"go.mod": FILES["go.mod"] + "\nreplace example.org/m/v2 => ./fork\n",
                       "fork/go.mod": gomod("example.org/m/v2"), "fork/m.go": library("m", "fork")})
    upkeepd.watch(repository)
    assert upkeepd.once().outcomes == [("created", BRANCH.replace("2.1.0", "1.1.0"))]


def test_a_minor_version_is_not_lost_with_a_major_one(upkeepd, repository, modules):
    """Whose package is gone; what became of it is said."""
    modules("example.org/m/v2", "v2.2.0", {"m.go": library("m", "v2.2.0")})
    upkeepd.watch(repository)
    run = upkeepd.once()
    assert run.outcomes == [("created", BRANCH.replace("2.1.0", "1.1.0"))]
    assert repository.read(run.outcomes[0][1], "main.go") == MAIN
    assert "'example.org/m' does not go to 'example.org/m/v2' v2.2.0: " in run.stderr
    modules("example.org/m/v2", "v2.3.0", {"m.go": library("m", "v2.3.0"),
                                           "sub/s.go": library("sub", "v2.3.0")})
    assert [action for action, _ in upkeepd.once().outcomes] == ["created", "superseded"]


def test_one_that_cannot_go_leaves_the_others_of_its_group(upkeepd, repository, modules):
    """Nor does one whose path begins with that of another."""
    for path, version, names in [("k", "v1.0.0", "ab"), ("k", "v1.1.0", "ab"), ("k/v2", "v2.0.0", "a"),
                                 ("k/n", "v1.0.0", "ab"), ("k/n/v2", "v2.0.0", "ab"),
                                 ("k/n", "v1.1.0", "ab")]:
        modules(f"example.org/{path}", version,
                {f"{name}/{name}.go": library(name, version) for name in names})
    repository.commit({
        "go.mod": FILES["go.mod"] + "\nrequire (\n\texample.org/k v1.0.0\n\texample.org/k/n v1.0.0\n)\n",
        "k.go": 'package main\n\nimport (\n\t_ "example.org/k/b"\n\t_ "example.org/k/n/b"\n)\n',
        ".github/dependabot.yml": REWRITE + "    groups: { all: { patterns: ['*'] } }\n"})
    upkeepd.watch(repository)
    run = upkeepd.once()
    ((action, branch),) = run.outcomes
    assert action == "created", run.stderr
    text = repository.read(branch, "go.mod")
    assert [f"\t{line}\n" in text for line in (
        "example.org/k v1.1.0", "example.org/k/n/v2 v2.0.0")] == [True, True], text
    assert "example.org/m/v2 v2.1.0" in text
    assert run.stderr.count("does not go to") == 1
    assert "'example.org/k' does not go to 'example.org/k/v2' v2.0.0: " in run.stderr


def test_explain_tells_what_stands_by(tell, upstream):
    offer(upstream, "example.org/m", "v1.0.0", "v1.1.0", "v1.2.0")
    offer(upstream, "example.org/m/v2", "v2.0.0", "v2.1.0")
    one = tell("example.org/m", "v1.0.0", "example.org/m", command="explain", rules=REWRITE)
    assert [(release["version"], release["reason"], release["text"])
            for release in one["releases"]] == [
        ("v2.1.0", "chosen", None), ("v2.0.0", "lower", None),
        ("v1.2.0", "lower", "taken if v2.1.0 cannot be"), ("v1.1.0", "lower", None),
        ("v1.0.0", "up-to-date", None)]


def test_a_group_that_has_the_minor_version_has_it_alone(upkeepd, repository, modules):
    modules("example.org/m/v2", "v2.2.0", {"m.go": library("m", "v2.2.0")})
    repository.commit({".github/dependabot.yml": REWRITE + "    groups: { small: { patterns: ['*'], "
                       "update-types: [minor, patch] } }\n"})
    upkeepd.watch(repository)
    actions = {branch.split("/")[2]: action for action, branch, *_ in upkeepd.once().outcomes}
    assert actions == {"example.org": "failed", "small-" + next(iter(
        name for name in actions if name != "example.org")).removeprefix("small-"): "created"}


def test_a_registry_in_trouble_is_waited_for(upkeepd, repository, modules, upstream):
    upstream.spoil("/example.org/m/v2/@v/v2.1.0.zip", 500)
    upkeepd.watch(repository)
    ((action, branch, *_),) = upkeepd.once(environment={"UPKEEPD_BACKOFF_MS": "1"}).outcomes
    assert (action, branch) == ("failed", BRANCH)


def test_imports_that_stay_leave_the_minor_version(upkeepd, repository, modules):
    repository.commit({"testdata/x/x.go": LEFT, "use.go": 'package main\n\n'
                       'import _ "example.org/main/testdata/x"\n'})
    upkeepd.watch(repository)
    run = upkeepd.once()
    assert run.outcomes == [("created", BRANCH.replace("2.1.0", "1.1.0"))]
    assert "packages outside of `./...` import 'example.org/m'" in run.stderr


def test_update_does_the_minor_one_where_the_major_fails(upkeepd, modules, tmp_path):
    modules("example.org/m/v2", "v2.2.0", {"m.go": library("m", "v2.2.0")})
    root = tmp_path / "checkout"
    for name, text in {**FILES, ".github/dependabot.yml": REWRITE}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    upkeepd.watch(f"path: {root}")
    run = upkeepd("update", str(root))
    assert (run.status, (root / "main.go").read_text()) == (0, MAIN), run.stderr
    assert "example.org/m v1.1.0" in (root / "go.mod").read_text()
    assert "does not go to 'example.org/m/v2' v2.2.0" in run.stderr


@pytest.fixture
def update(upkeepd, modules, tmp_path):
    """update(NAME…): in a checkout of FILES, by `rules`. What it said, and the checkout."""
    root = tmp_path / "checkout"

    def call(*names, rules=REWRITE, status=0):
        for name, text in {**FILES, ".github/dependabot.yml": rules}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        upkeepd.watch(f"path: {root}")
        run = upkeepd("update", str(root), *names)
        assert run.status == status, run.stderr
        return run.stderr, root
    return call


def test_a_version_of_the_next_module_is_gone_to_by_name(update):
    said, root = update("example.org/m@v2.0.0")
    assert (root / "main.go").read_text() == rewritten(MAIN)
    assert "example.org/m/v2 v2.0.0 // by hand" in (root / "go.mod").read_text()
    assert said == ""


def unchanged(root):
    return {name: (root / name).read_text() for name in FILES} == FILES


def test_without_the_rule_it_is_said_how_to_go_there(update):
    said, root = update("example.org/m@v2.0.0", rules=RULES, status=1)
    assert unchanged(root)
    assert said == ("upkeepd: go.mod: 'example.org/m@v2.0.0': the version 'v2.0.0' of 'example.org/m' "
                    "should be v0 or v1, not v2; imports go to 'example.org/m/v2' where "
                    "dependabot.yml says 'major-imports: rewrite'\n")


def test_a_next_module_without_that_version_leaves_all_as_it_is(update):
    said, root = update("example.org/m@v2.7.0", status=1)
    assert unchanged(root) and "'example.org/m/v2' v2.7.0" in said


@pytest.mark.parametrize("rules", [RULES, REWRITE], ids=["told", "taken"])
def test_a_tag_without_a_gomod_is_taken_as_one(update, upstream, rules):
    upstream.module("example.org/m", "v5.0.0+incompatible", OLD,
                    {"m.go": library("m", "v5"), "sub/s.go": library("sub", "v5")})
    upstream.spoil("/example.org/m/@v/v5.0.0.info", 200, b'{"Version": "v5.0.0+incompatible"}')
    _, root = update("example.org/m@v5.0.0", rules=rules)
    assert "example.org/m v5.0.0+incompatible // by hand" in (root / "go.mod").read_text()
    assert (root / "main.go").read_text() == MAIN


@pytest.mark.parametrize("name", ["example.org/m/v2", "example.org/m/v2@v2.0.0"])
def test_what_is_not_required_names_its_neighbour(update, name):
    said, root = update(name, status=1)
    assert unchanged(root)
    assert said == "upkeepd: nothing here is called 'example.org/m/v2'; there is 'example.org/m'\n"
