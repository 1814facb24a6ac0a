# SPDX-License-Identifier: MIT
"""Every key of dependabot.yml acts in a run: one row or test a key, in the order of
dependabot-yml.md 2. What a person is told where a key does not act is at the end."""
import json

import pytest

from servers.git_server import Repository
from servers.upstream import Upstream

OLD, YOUNG = "2026-06-01T00:00:00Z", "2026-08-20T00:00:00Z"  # 85 and 5 days before NOW
DOCKERFILE = "FROM redis:7.0.1\nFROM alpine:3.19.0\n"
REDIS = "upkeepd/docker/redis-8.0.1"
ALPINE = "upkeepd/docker/alpine-3.20.0"
A = "upkeepd/go_modules/example.org/a-1.3.0"
Z = "upkeepd/go_modules/example.org/z-1.0.0"
GO = {"go.mod": "module example.org/app\n\ngo 1.21\n\nrequire (\n\texample.org/a v1.0.0\n"
                "\texample.org/z v0.3.1\n)\n\nrequire example.org/i v1.0.0 // indirect\n",
      "main.go": 'package main\n\nimport (\n\t_ "example.org/a"\n\t_ "example.org/z"\n)\n\nfunc main() {}\n',
      "go.sum": ""}


def entry(ecosystem="docker", directory="directory: /", more="", schedule="interval: daily"):
    lines = "".join(f"    {line}\n" for line in more.splitlines() if line)
    return (f"  - package-ecosystem: {ecosystem}\n    {directory}\n"
            f"    schedule: {{ {schedule} }}\n{lines}")


def rules(*entries, more=""):
    return "version: 2\n" + more + "updates:\n" + "".join(entries)


def images(upstream):
    upstream.tags("library/redis", "7.0.1", "7.0.9", "7.4.2", "8.0.1", pushed=OLD)
    upstream.tags("library/alpine", "3.19.0", "3.20.0", pushed=OLD)


def modules(upstream):
    def module(name, *versions, needs=""):
        for version in versions:
            upstream.module(f"example.org/{name}", version, OLD, {
                "go.mod": f"module example.org/{name}\n\ngo 1.21\n{needs}",
                "x.go": f"package {name}\n" + ('\nimport _ "example.org/i"\n' if needs else "")})
    module("i", "v1.0.0", "v1.0.7")
    module("a", "v1.0.0", "v1.0.4", "v1.3.0", needs="\nrequire example.org/i v1.0.0\n")
    module("z", "v0.3.1", "v0.4.0", "v1.0.0")


@pytest.fixture
def repository(tmp_path):
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit({"Dockerfile": DOCKERFILE, **GO})
    return repository


@pytest.fixture
def upkeepd(upkeepd, repository, upstream):
    images(upstream)
    modules(upstream)
    upkeepd.watch(repository)
    return upkeepd


@pytest.fixture
def private():
    server = Upstream()
    yield server
    server.stop()


def says(repository, *entries, **more):
    repository.commit({".github/dependabot.yml": rules(*entries, **more)})


def made(run):
    """The branches that were made; nothing else may have been said."""
    assert (run.errors, {action for action, *_ in run.outcomes} - {"created"}) == ([], set()), run.outcomes
    return sorted(branch for _, branch in run.outcomes)


# Which dependencies, which releases: what one run makes.

ROWS = {
    "without any": (entry(), [ALPINE, REDIS]),
    # allow
    "allow a name": (entry(more="allow: [{ dependency-name: 'red*' }]"), [REDIS]),
    "allow direct": (entry("gomod", more="allow: [{ dependency-type: direct }]"), [A, Z]),
    "allow indirect": (entry("gomod", more="allow: [{ dependency-type: indirect }]"),
                       ["upkeepd/go_modules/example.org/i-1.0.7"]),
    "allow production": (entry(more="allow: [{ dependency-type: production }]"), [ALPINE, REDIS]),
    "allow development": (entry(more="allow: [{ dependency-type: development }]"), []),
    "allow update-types": (entry(more="allow: [{ dependency-name: '*', update-types: "
                                 "['version-update:semver-patch'] }]"), ["upkeepd/docker/redis-7.0.9"]),
    "allow two update-types": (
        entry(more="allow:\n"
              "  - { dependency-name: redis, update-types: ['version-update:semver-patch'] }\n"
              "  - { dependency-name: 'r*', update-types: ['version-update:semver-minor'] }"),
        ["upkeepd/docker/redis-7.4.2"]),
    # ignore
    "ignore a name": (entry(more="ignore: [{ dependency-name: REDIS }]"), [ALPINE]),
    "ignore beats allow": (entry(more="allow: [{ dependency-name: redis }]\n"
                                 "ignore: [{ dependency-name: redis }]"), []),
    "ignore major": (entry(more="ignore: [{ dependency-name: '*', update-types: "
                           "['version-update:semver-major'] }]"), [ALPINE, "upkeepd/docker/redis-7.4.2"]),
    "ignore minor and major": (
        entry(more="ignore: [{ dependency-name: '*', update-types: ['version-update:semver-major', "
              "'version-update:semver-minor'] }]"), ["upkeepd/docker/redis-7.0.9"]),
    "ignore a range of docker": (entry(more="ignore: [{ dependency-name: redis, versions: '>= 7.4, < 9' }]"),
                                 [ALPINE, "upkeepd/docker/redis-7.0.9"]),
    "ignore a pessimistic range": (entry(more="ignore: [{ dependency-name: redis, versions: ['~> 8.0', '7.4.2'] }]"),
                                   [ALPINE, "upkeepd/docker/redis-7.0.9"]),
    "ignore a caret of gomod": (entry("gomod", more="ignore: [{ dependency-name: example.org/z, "
                                      "versions: ['^1.0'] }]"), [A, "upkeepd/go_modules/example.org/z-0.4.0"]),
    "ignore a bare version of gomod": (entry("gomod", more="ignore: [{ dependency-name: example.org/a, "
                                             "versions: ['1.0.2'] }]"), [Z]),
    "ignore without a name": (entry(more="ignore: [{ versions: ['8.x', '>= 8', '3.20'] }]"),
                              ["upkeepd/docker/redis-7.4.2"]),
    # cooldown
    "cooldown default-days": (entry(more="cooldown: { default-days: 90 }"), []),
    "cooldown semver-major-days": (entry(more="cooldown: { default-days: 1, semver-major-days: 90 }"),
                                   [ALPINE, "upkeepd/docker/redis-7.4.2"]),
    "cooldown semver-minor-days": (entry(more="cooldown: { default-days: 1, semver-minor-days: 90 }"), [REDIS]),
    "cooldown semver-patch-days": (
        entry("gomod", more="cooldown: { default-days: 1, semver-patch-days: 90 }\n"
              "ignore: [{ dependency-name: 'example.org/a', versions: ['>= 1.1'] }]"), [Z]),
    "cooldown include": (entry(more="cooldown: { default-days: 90, include: ['red*'] }"), [ALPINE]),
    "cooldown exclude": (entry(more="cooldown: { default-days: 90, exclude: [redis] }"), [REDIS]),
    "cooldown of nothing": (entry(more="cooldown: { default-days: 0 }"), [ALPINE, REDIS]),
    # exclude-paths
    "exclude-paths": (entry(more="exclude-paths: [Dockerfile]"), []),
    "exclude-paths of gomod": (entry("gomod", more="exclude-paths: ['go.*']"), []),
    "exclude-paths elsewhere": (entry(more="exclude-paths: ['docs/**']"), [ALPINE, REDIS]),
    # directories, and entries side by side
    "directories of nothing else": (entry(directory="directories: ['/x*']"), []),
    "two entries": (entry() + entry("gomod"), [ALPINE, REDIS, A, Z]),
    # a limit of none
    "open-pull-requests-limit 0": (entry(more="open-pull-requests-limit: 0") + entry("gomod"), [A, Z]),
}


@pytest.mark.parametrize("name", ROWS)
def test_one_run(upkeepd, repository, name):
    text, expected = ROWS[name]
    says(repository, text)
    run = upkeepd.once()
    limited = [one for one in run.outcomes if one[0] != "created"]
    assert all(one[2:] == ("limited",) for one in limited)
    assert (run.errors, sorted(branch for action, branch, *_ in run.outcomes if action == "created")) == (
        [], sorted(expected)), run.stderr


def test_what_is_held_limited_or_failed_is_in_the_status(upkeepd, repository):
    says(repository, entry(more="open-pull-requests-limit: 1") + entry(
        "gomod", more="cooldown: { default-days: 90 }"))
    assert [action for action, *_ in upkeepd.once().outcomes] == ["created", "skipped"]
    waiting = json.loads(upkeepd("status", "--json").stdout)["waiting"]
    assert [(one["state"], one["title"].split()[0]) for one in waiting] == [
        ("held", "example.org/a"), ("held", "example.org/z"), ("limited", "Bump")]
    assert all(one["until"] > "2026-08-25" for one in waiting[:2])
    text = upkeepd("status").stdout
    assert "  limited: Bump " in text and "  held: example.org/a v" in text
    says(repository, entry())
    upkeepd.once()
    assert json.loads(upkeepd("status", "--json").stdout)["waiting"] == []


# Groups.

def changed(repository, branch):
    """The lines that a branch adds, sorted."""
    diff = repository.git("diff", "-U0", f"{branch}^", branch)
    return sorted(line[1:].strip() for line in diff.splitlines() if line[0] == "+" and line[:3] != "+++"
                  and "h1:" not in line)


def contents(repository, run):
    """What each new branch changes."""
    return sorted([changed(repository, branch) for branch in made(run)])


BOTH = ["FROM alpine:3.20.0", "FROM redis:8.0.1"]
GROUPS = {
    "patterns": ("groups: { g: { patterns: ['r*', 'ALPINE'] } }", [BOTH]),
    "exclude-patterns": ("groups: { g: { patterns: ['*'], exclude-patterns: ['al*'] } }",
                         [BOTH[:1], BOTH[1:]]),
    "an empty body": ("groups: { g: }", [BOTH]),
    "dependency-type production": ("groups: { g: { dependency-type: production } }", [BOTH]),
    "dependency-type development": ("groups: { g: { dependency-type: development } }",
                                    [BOTH[:1], BOTH[1:]]),
    "update-types": ("groups: { g: { update-types: [minor, patch] } }",
                     [["FROM alpine:3.20.0", "FROM redis:7.4.2"], ["FROM redis:8.0.1"]]),
    "two groups of other types": (
        "groups:\n  small: { update-types: [patch] }\n  large: { update-types: [major] }",
        [["FROM alpine:3.20.0"], ["FROM redis:7.0.9"], ["FROM redis:8.0.1"]]),
    "the more specific": ("groups:\n  all: { patterns: ['*'] }\n  r: { patterns: ['redis'] }",
                          [BOTH[:1], BOTH[1:]]),
    "the first of equals": ("groups:\n  r: { patterns: ['*e*'] }\n  s: { patterns: ['*i*'] }", [BOTH]),
    "applies-to security-updates": ("groups: { g: { applies-to: security-updates, patterns: ['*'] } }",
                                    [BOTH[:1], BOTH[1:]]),
}


@pytest.mark.parametrize("name", GROUPS)
def test_groups(upkeepd, repository, name):
    says(repository, entry(more=GROUPS[name][0]))
    assert contents(repository, upkeepd.once()) == sorted(GROUPS[name][1])
    second = upkeepd.once()
    assert {action for action, *_ in second.outcomes} == {"unchanged"}, second.outcomes


def in_three(repository, **more):
    repository.commit({"Dockerfile": None, **{f"{name}/Dockerfile": DOCKERFILE
                                              for name in ("a", "b/c", "x/docs")}})


def test_a_group_goes_across_directories(upkeepd, repository):
    in_three(repository)
    says(repository, entry(directory="directories: ['**/*']", more="groups: { g: { patterns: ['redis'] } }\n"
                           "exclude-paths: ['x/docs']"))
    run = upkeepd.once()
    assert contents(repository, run) == [BOTH[:1], BOTH[:1], BOTH[1:] * 2]
    assert {action for action, *_ in upkeepd.once().outcomes} == {"unchanged"}


def test_group_by_dependency_name(upkeepd, repository):
    in_three(repository)
    says(repository, entry(directory="directories: [/a, '/b/*']", more="groups: { g: { group-by: dependency-name } }"))
    run = upkeepd.once()
    assert contents(repository, run) == [BOTH[:1] * 2, BOTH[1:] * 2]
    assert [branch.rsplit("-", 1)[0] for branch in made(run)] == [
        "upkeepd/docker/a/g/alpine", "upkeepd/docker/a/g/redis"]
    assert {action for action, *_ in upkeepd.once().outcomes} == {"unchanged"}


# registries: which modules come from where (images: test_registry.py).

def test_a_goproxy_server_is_asked_first(upkeepd, repository, upstream, private):
    private.module("example.org/a", "v1.9.0", OLD, {"go.mod": "module example.org/a\n\ngo 1.21\n",
                                                   "x.go": "package a\n"})
    server = f"registries:\n  mine: {{ type: goproxy-server, url: '{private.url}' }}\n"
    host = private.url.removeprefix("http://")
    upkeepd.watch(repository, more=f"http: {{ insecure-hosts: ['{host}'] }}\n")
    says(repository, entry("gomod"), more=server)
    assert made(upkeepd.once()) == [A, Z] and private.take_requests() == []
    says(repository, entry("gomod", more="registries: [mine]"), more=server)
    newer = "upkeepd/go_modules/example.org/a-1.9.0"
    run = upkeepd.once(environment={"GONOSUMDB": "example.org/a"})
    assert sorted(run.outcomes) == [("created", newer), ("superseded", A), ("unchanged", Z)], run.stderr
    asked = private.take_requests()
    assert [path for _, path, _ in asked if "/a/@v/list" in path] and [
        path for _, path, status in asked if "/z/@v/list" in path and status == 404]


def test_a_goproxy_server_is_for_the_entries_that_list_it(upkeepd, repository, upstream, private):
    """Looked up and made: of one module there are two truths in one run."""
    private.module("example.org/a", "v1.9.0", OLD, {"go.mod": "module example.org/a\n\ngo 1.21\n",
                                                   "x.go": "package a\n"})
    repository.commit({f"{folder}/{path}": text for folder in ("b", "c") for path, text in GO.items()})
    upkeepd.watch(repository, more=f"http: {{ insecure-hosts: ['{private.url.removeprefix('http://')}'] }}\n")
    lines = "allow: [{ dependency-name: example.org/a }]\n"
    says(repository, entry("gomod", more=lines), entry("gomod", "directory: /b", lines + "registries: [mine]"),
         entry("gomod", "directory: /c", lines),
         more=f"registries:\n  mine: {{ type: goproxy-server, url: '{private.url}' }}\n")
    branches = made(upkeepd.once(environment={"GONOSUMDB": "example.org/a"}))
    assert branches == ["upkeepd/go_modules/b/example.org/a-1.9.0", "upkeepd/go_modules/c/example.org/a-1.3.0", A]
    assert "a v1.9.0" in repository.read(branches[0], "b/go.mod")
    assert "a v1.3.0" in repository.read(branches[1], "c/go.mod")
    assert upkeepd.once(environment={"GONOSUMDB": "example.org/a"}).outcomes == [
        ("unchanged", A), ("unchanged", branches[0]), ("unchanged", branches[1])]


def test_a_group_across_ecosystems_gives_no_entry_what_another_lists(upkeepd, repository, private):
    """Each go.mod is tidied with the registries of its own entry, those of one branch too."""
    private.module("secret.example/x", "v1.0.0", OLD, {
        "go.mod": "module secret.example/x\n\ngo 1.21\n", "x.go": "package x\n"})
    needs = {"b/go.mod": GO["go.mod"].replace("require (", "require (\n\tsecret.example/x v1.0.0"),
             "b/main.go": GO["main.go"].replace("import (", 'import (\n\t_ "secret.example/x"'), "b/go.sum": ""}
    repository.commit({**needs, "Dockerfile": None})
    more = f"http: {{ insecure-hosts: ['{private.url.removeprefix('http://')}'] }}\n"
    upkeepd.watch(repository, more=more)
    top = (f"registries:\n  mine: {{ type: goproxy-server, url: '{private.url}' }}\n"
           "multi-ecosystem-groups:\n  all: { schedule: { interval: daily } }\n")
    joins = "multi-ecosystem-group: all\npatterns: [example.org/a]\nallow: [{ dependency-name: example.org/a }]\n"

    def run(first, second):
        says(repository, entry("gomod", more=joins + first), entry("gomod", "directory: /b", joins + second), more=top)
        return upkeepd.once(environment={"GONOSUMDB": "secret.example"})
    (action, branch, why), = run("registries: [mine]", "").outcomes
    assert action == "failed" and "b/go.mod: " in why and "'secret.example/x@v1.0.0' does not exist" in why
    (action, branch), = run("", "registries: [mine]").outcomes
    assert action == "created"
    assert "a v1.3.0" in repository.read(branch, "go.mod") and "a v1.3.0" in repository.read(branch, "b/go.mod")


def test_a_checkout_is_updated_with_the_registries_of_its_rules(upkeepd, repository, private, tmp_path):
    private.module("example.org/a", "v1.9.0", OLD, {"go.mod": "module example.org/a\n\ngo 1.21\n",
                                                   "x.go": "package a\n"})
    upkeepd.watch(repository, more=f"http: {{ insecure-hosts: ['{private.url.removeprefix('http://')}'] }}\n")
    says(repository, entry("gomod", more="registries: [mine]"), more=(
        f"registries:\n  mine: {{ type: goproxy-server, url: '{private.url}' }}\n"))
    repository.git("clone", "-q", repository.url, str(tmp_path / "checkout"))
    for names in ["example.org/a"], []:
        run = upkeepd("update", str(tmp_path / "checkout"), *names, environment={"GONOSUMDB": "example.org/a"})
        assert run.status == 0, run.stderr
        assert "example.org/a v1.9.0" in (tmp_path / "checkout/go.mod").read_text()
        (tmp_path / "checkout/go.mod").write_text(GO["go.mod"])


def test_each_module_of_a_checkout_is_tidied_with_the_registries_of_its_entry(
        upkeepd, repository, private, tmp_path):
    private.module("secret.example/x", "v1.0.0", OLD, {
        "go.mod": "module secret.example/x\n\ngo 1.21\n", "x.go": "package x\n"})
    upkeepd.watch(repository, more=f"http: {{ insecure-hosts: ['{private.url.removeprefix('http://')}'] }}\n")
    needs = 'package b\n\nimport _ "secret.example/x"\n'
    repository.commit({**dict.fromkeys(GO), "m/b/go.mod": "module example.test/b\n\ngo 1.21\n",
                       "m/b/b.go": needs, **{f"m/a/{path}": text for path, text in GO.items()}})
    mine = f"registries:\n  mine: {{ type: goproxy-server, url: '{private.url}' }}\n"
    for lists, status in ("", 1), ("registries: [mine]", 0):
        says(repository, entry("gomod", "directory: /m/a"), entry("gomod", "directory: /m/b", lists), more=mine)
        folder = tmp_path / f"checkout{status}"
        repository.git("clone", "-q", repository.url, str(folder))
        run = upkeepd("tidy", str(folder / "m"), environment={"GONOSUMDB": "secret.example"})
        assert run.status == status, run.stderr
        assert ("secret.example/x v1.0.0" in (folder / "m/b/go.mod").read_text()) == (status == 0)
        assert ((folder / "m/a/go.sum").read_text() == GO["go.sum"]) == (status == 1)


def test_what_one_repository_sees_of_private_modules_is_not_shown_to_another(
        upkeepd, repository, private, tmp_path):
    """The sums and requirements of what was read through one's own proxy stay with who has it."""
    private.module("secret.example/x", "v1.0.0", OLD, {
        "go.mod": "module secret.example/x\n\ngo 1.21\n\nrequire example.org/i v1.0.7\n",
        "x.go": 'package x\n\nimport _ "example.org/i"\n'})
    other = Repository(tmp_path / "other.git", str(tmp_path / "other.git"))
    files = {"go.mod": GO["go.mod"].replace("require (", "require (\n\tsecret.example/x v1.0.0"),
             "main.go": GO["main.go"].replace("import (", 'import (\n\t_ "secret.example/x"'),
             "Dockerfile": None}
    lists = entry("gomod", more="allow: [{ dependency-name: example.org/a }]\nregistries: [mine]")
    mine = f"registries:\n  mine: {{ type: goproxy-server, url: '{private.url}' }}\n"
    repository.commit({**files, ".github/dependabot.yml": rules(lists, more=mine)})
    other.commit({**GO, **files, ".github/dependabot.yml": rules(lists.replace("    registries: [mine]\n", ""))})
    more = f"http: {{ insecure-hosts: ['{private.url.removeprefix('http://')}'] }}\n"
    private_one = {"GONOSUMDB": "secret.example"}
    upkeepd.watch(repository, more=more)
    assert made(upkeepd.once(environment=private_one)) == [A]
    assert "secret.example/x v1.0.0 h1:" in repository.read(A, "go.sum")
    upkeepd.watch(other, more=more)
    (action, branch, why), = upkeepd.once(environment=private_one).outcomes
    assert (action, branch) == ("failed", A) and "'secret.example/x@v1.0.0' does not exist" in why
    repository.commit({"README": "news\n"})
    private.take_requests()
    upkeepd.watch(repository, more=more)
    assert upkeepd.once(environment=private_one).outcomes[0][1] == A
    assert not [path for _, path, _ in private.take_requests() if "x/@v/v1.0.0.zip" in path]


def test_a_goproxy_server_at_a_private_address_needs_the_operators_word(upkeepd, repository, private):
    says(repository, entry("gomod", more="registries: '*'"), more=(
        f"registries:\n  mine: {{ type: goproxy-server, url: '{private.url}' }}\n"))
    run = upkeepd.once()
    assert (run.outcomes, private.take_requests()) == ([], [])
    assert len(run.errors) == 1 and private.url.removeprefix("http://") in run.errors[0]


# The names of branches: made as said, and known again, also by who has lost the database.

NAMES = {
    "prefix": ("prefix: deps", "deps/docker/redis-8.0.1"),
    "prefix that begins like ours": ("prefix: upkeepd-bot", "upkeepd-bot/docker/redis-8.0.1"),
    "prefix with a slash": ("prefix: bots/deps", "bots/deps/docker/redis-8.0.1"),
    "prefix of nothing": ("prefix: ''", "docker/redis-8.0.1"),
    "separator": ("separator: '-'", "upkeepd-docker-redis-8.0.1"),
    "prefix and separator": ("prefix: a/b, separator: _", "a_b_docker_redis-8.0.1"),
    "template": ("template: '{prefix}/{dependency}/{version}'", "upkeepd/redis/8.0.1"),
    "template without prefix": ("template: 'deps/{name}'", "deps/redis-8.0.1"),
    "template of a name alone": ("template: '{dependency}-to-{version}'", "redis-to-8.0.1"),
    "branch-name-case": ("branch-name-case: uppercase", "upkeepd/DOCKER/REDIS-8.0.1"),
    "max-length": ("max-length: 45", None),
    "max-length of a hash": ("max-length: 20", None),
}


@pytest.mark.parametrize("name", NAMES)
def test_branch_names(upkeepd, repository, upstream, name):
    text, expected = NAMES[name]
    repository.commit({"Dockerfile": "FROM redis:7.0.1\n"})
    repository.commit({"README": "a person's\n"}, branch="redis-to-nothing")
    says(repository, entry(more=f"pull-request-branch-name: {{ {text} }}"))
    branch, = made(upkeepd.once())
    assert expected is None or branch == expected
    assert upkeepd.once().outcomes == [("unchanged", branch)]
    upkeepd.lose_state()
    assert upkeepd.once().outcomes == [("unchanged", branch)]
    upstream.tags("library/redis", "9.0.0", pushed=OLD)
    upkeepd.lose_state()
    (created, newer), superseded = upkeepd.once().outcomes
    assert (created, superseded) == ("created", ("superseded", branch))
    repository.commit({"Dockerfile": "FROM scratch\n"})
    assert upkeepd.once().outcomes == [("closed", newer, "dependency_removed")]
    assert repository.git("for-each-ref", "--format=%(refname:lstrip=2)").split() == ["main", "redis-to-nothing"]


def test_word_separator(upkeepd, repository):
    says(repository, entry("gomod", more="pull-request-branch-name: { word-separator: '-' }"))
    branches = made(upkeepd.once())
    assert branches == [A.replace("_", "-"), Z.replace("_", "-")]
    assert upkeepd.once().outcomes == [("unchanged", branch) for branch in branches]


# multi-ecosystem groups: one proposal over docker and gomod.

MULTI = """\
multi-ecosystem-groups:
  all:
    schedule: { interval: weekly, day: friday, time: "09:00" }
    labels: [deps]
"""
FRIDAY, NEXT_FRIDAY = "2026-08-28T09:00:00Z", "2026-09-04T09:00:00Z"


def member(ecosystem, patterns="['*']", more=""):
    lines = "".join(f"    {line}\n" for line in more.splitlines() if line)
    return (f"  - package-ecosystem: {ecosystem}\n    directory: /\n"
            f"    multi-ecosystem-group: all\n    patterns: {patterns}\n{lines}")


def test_a_multi_ecosystem_group_is_one_branch(upkeepd, repository, upstream):
    says(repository, member("docker", "[redis]"), member("gomod"), more=MULTI)
    run = upkeepd.once()
    branches = made(run)
    assert contents(repository, run) == [
        ["FROM alpine:3.20.0"], ["FROM redis:8.0.1", "example.org/a v1.3.0", "example.org/z v1.0.0"]]
    group = next(branch for branch in branches if branch != ALPINE)
    assert group.startswith("upkeepd/all-")
    assert sorted(upkeepd.once().outcomes) == [("unchanged", group), ("unchanged", ALPINE)]
    upkeepd.lose_state()
    assert sorted(upkeepd.once().outcomes) == [("unchanged", group), ("unchanged", ALPINE)]
    upstream.tags("library/redis", "8.0.2", pushed=OLD)
    assert [action for action, *_ in upkeepd.once().outcomes] == ["created", "superseded", "unchanged"]


def test_the_members_of_a_multi_ecosystem_group_are_due_together(upkeepd, repository, upstream):
    says(repository, member("docker"), member("gomod"), more=MULTI)
    group, = made(upkeepd.once("--due"))
    assert upkeepd.once("--due", now="2026-08-27T08:59:00Z").outcomes == []
    # One entry says something else: all of the group is run, or it would be torn apart.
    says(repository, member("docker"), member("gomod", more="ignore: [{ dependency-name: none }]"), more=MULTI)
    assert upkeepd.once("--due", now="2026-08-28T08:59:00Z").outcomes == [("unchanged", group)]
    assert upkeepd.once("--due", now=NEXT_FRIDAY).outcomes == [("unchanged", group)]


def test_a_multi_ecosystem_group_without_purpose_is_closed(upkeepd, repository):
    says(repository, member("docker"), member("gomod"), entry(directory="directory: /x"), more=MULTI)
    group, = made(upkeepd.once())
    repository.commit({"Dockerfile": "FROM redis:8.0.1\nFROM alpine:3.20.0\n", "go.mod": GO["go.mod"].replace(
        "a v1.0.0", "a v1.3.0").replace("z v0.3.1", "z v1.0.0")})
    run = upkeepd.once("--due", now=FRIDAY)
    assert run.outcomes == [("closed", group, "up_to_date")]


# schedule: what --due makes of it. NOW is Tuesday, 2026-08-25, 06:00.

def dues(upkeepd, *times):
    """Which of these times found something to do."""
    return [time for time in times if upkeepd.once("--due", now=time).outcomes]


SCHEDULES = {
    "daily": ('interval: daily, time: "09:00"',
              ["2026-08-25T09:00:00Z", "2026-08-28T09:00:00Z", "2026-08-31T09:00:00Z"],
              ["2026-08-25T08:59:59Z", "2026-08-30T23:00:00Z"]),
    "weekly": ("interval: weekly, day: thursday, time: '09:00', timezone: America/New_York",
               ["2026-08-27T13:00:00Z"], ["2026-08-27T12:59:00Z", "2026-08-28T06:00:00Z"]),
    "monthly": ("interval: monthly, time: '05:30', timezone: Asia/Kolkata", ["2026-09-01T00:00:00Z"],
                ["2026-08-31T23:59:00Z", "2026-09-30T23:59:00Z"]),
    "quarterly": ("interval: quarterly, time: '00:00'", ["2026-10-01T00:00:00Z"], ["2026-09-30T23:59:00Z"]),
    "semiannually": ("interval: semiannually, time: '00:00'", ["2027-01-01T00:00:00Z"], ["2026-12-31T23:59:00Z"]),
    "yearly": ("interval: yearly, time: '00:00'", ["2027-01-01T00:00:00Z"], ["2026-12-31T23:59:00Z"]),
    "cron": ("interval: cron, cronjob: '30 2 * * SUN', timezone: Europe/Berlin",
             ["2026-10-25T00:30:00Z"], ["2026-10-25T00:29:00Z", "2026-10-25T01:30:00Z"]),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule(upkeepd, repository, name):
    text, times, between = SCHEDULES[name]
    says(repository, entry(schedule=text))
    # As cron: an hour that comes twice is one time.
    upkeepd.once("--due", now="2026-10-24T00:00:00Z" if name == "cron" else "2026-08-25T06:00:00Z")
    assert dues(upkeepd, *sorted(times + between)) == times


def test_times_that_were_missed_make_one_run(upkeepd, repository):
    says(repository, entry(schedule="interval: daily, time: '09:00'"))
    upkeepd.once("--due")
    assert dues(upkeepd, "2026-09-15T20:00:00Z", "2026-09-15T20:00:01Z", "2026-09-16T08:59:00Z",
                "2026-09-16T09:00:00Z") == ["2026-09-15T20:00:00Z", "2026-09-16T09:00:00Z"]


def test_without_a_time_it_is_a_minute_of_the_repositorys_own(upkeepd, repository):
    says(repository, entry(schedule="interval: daily"))
    upkeepd.once("--due")
    one, = json.loads(upkeepd("status", "--json").stdout)["repositories"]
    second = Repository(repository.path.with_name("other.git"), str(repository.path.with_name("other.git")))
    second.commit({".github/dependabot.yml": rules(entry(schedule="interval: daily")), **GO})
    upkeepd.watch(repository, second)
    upkeepd.once()
    upkeepd.once()
    both = json.loads(upkeepd("status", "--json").stdout)["repositories"]
    assert both[0]["next_due"] == one["next_due"] != both[1]["next_due"]
    assert dues(upkeepd, one["next_due"]) == [one["next_due"]]


@pytest.mark.parametrize("wrong, right", [
    (rules(entry(schedule="interval: weekly, time: '25:00'")), rules(entry())),
    (rules(entry(more="allow: [{ dependency-name: none }]", schedule="interval: yearly")),
     rules(entry(schedule="interval: yearly"))),
    (None, rules(entry()))])
def test_changed_rules_are_found_within_the_hour(upkeepd, repository, wrong, right):
    if wrong is not None:
        repository.commit({".github/dependabot.yml": wrong})
    assert upkeepd.once("--due").outcomes == []
    repository.commit({".github/dependabot.yml": right})
    assert sorted(upkeepd.once("--due", now="2026-08-25T07:01:00Z").outcomes) == [
        ("created", ALPINE), ("created", REDIS)]


def test_nothing_is_said_or_kept_where_nothing_is_due(upkeepd, repository, upstream):
    says(repository, entry(schedule="interval: yearly", more="vendor: true"))
    upkeepd.once("--due")
    upstream.take_requests()
    run = upkeepd("--run-once", "--due", now="2026-08-25T07:01:00Z")
    assert (run.status, run.stderr, upstream.take_requests()) == (0, "", [])
    assert run.stdout.startswith("0 repositories; 0 requests")
    status, = json.loads(upkeepd("status", "--json").stdout)["repositories"]
    assert (status["state"], status["looked_at"]) == ("ok", "2026-08-25T07:01:00Z")


def test_a_file_in_error_stays_failed_until_it_changes(upkeepd, repository):
    says(repository, entry(schedule="interval: never"))
    assert upkeepd.once("--due").status == 1
    run = upkeepd.once("--due", now="2026-08-25T07:01:00Z")
    assert (run.status, run.errors) == (0, [])
    status, = json.loads(upkeepd("status", "--json").stdout)["repositories"]
    assert status["state"] == "failed" and "'never'" in status["error"]


def test_a_changed_schedule_alone_is_no_reason_to_run(upkeepd, repository, upstream):
    says(repository, entry(schedule="interval: yearly"))
    upkeepd.once("--due")
    upstream.tags("library/redis", "8.1.0", pushed=OLD)
    says(repository, entry(schedule="interval: weekly, time: '09:00'"))
    assert upkeepd.once("--due", now="2026-08-25T07:01:00Z").outcomes == [("unchanged", ALPINE)]
    status, = json.loads(upkeepd("status", "--json").stdout)["repositories"]
    assert status["next_due"] == "2026-08-31T09:00:00Z"


# A base that moves between two due times: what is open is kept right, nothing is added.

def test_what_is_open_follows_its_base_before_it_is_due(upkeepd, repository, upstream):
    says(repository, entry(schedule="interval: yearly", more="open-pull-requests-limit: 9"))
    upkeepd.once("--due")
    upstream.tags("library/redis", "8.1.0", pushed=OLD)
    upstream.tags("library/postgres", "15.0", "16.0", pushed=OLD)
    base = repository.commit({"Dockerfile": DOCKERFILE + "FROM postgres:15.0\n"})
    run = upkeepd.once("--due", now="2026-08-25T07:01:00Z")
    assert run.outcomes == [("updated", ALPINE)]
    assert repository.git("rev-parse", f"{ALPINE}^") == base
    repository.commit({"Dockerfile": "FROM redis:8.1.0\nFROM alpine:3.20.0\n"})
    assert sorted(upkeepd.once("--due", now="2026-08-25T08:02:00Z").outcomes) == [
        ("closed", ALPINE, "up_to_date"), ("closed", REDIS, "up_to_date")]


def test_with_rebase_strategy_disabled_it_does_not(upkeepd, repository):
    says(repository, entry(schedule="interval: yearly", more="rebase-strategy: disabled"))
    upkeepd.once("--due")
    repository.commit({"Dockerfile": "FROM scratch\n"})
    assert upkeepd.once("--due", now="2026-08-25T07:01:00Z").outcomes == []
    assert [action for action, *_ in upkeepd.once().outcomes] == ["closed", "closed"]


# So many an hour.

def test_what_is_beyond_the_hourly_limit_comes_within_the_next_hours(upkeepd, repository):
    says(repository, entry(schedule="interval: yearly", more="x-upkeepd: { hourly-limit: 1 }"))
    first = upkeepd.once("--due").outcomes
    assert sorted(action for action, *_ in first) == ["created", "skipped"]
    assert [why for *_, why in first if why == "limited_this_hour"]
    again = upkeepd.once("--due", now="2026-08-25T07:01:00Z").outcomes
    assert sorted(action for action, *_ in again) == ["created", "unchanged"]
    assert upkeepd.once("--due", now="2026-08-25T08:02:00Z").outcomes == []


# A clock that is wrong.

def test_a_clock_that_was_years_ahead_for_a_while_does_no_harm(upkeepd, repository, upstream):
    says(repository, entry(schedule="interval: daily, time: '09:00'"))
    upkeepd.once("--due", now="2036-01-01T00:00:00Z")
    assert dues(upkeepd, "2026-08-25T06:00:00Z", "2026-08-25T06:00:01Z", "2026-08-25T09:00:00Z") == [
        "2026-08-25T06:00:00Z", "2026-08-25T09:00:00Z"]


def test_a_clock_that_is_put_back_an_hour_repeats_nothing(upkeepd, repository):
    says(repository, entry(schedule="interval: daily, time: '09:00'"))
    assert dues(upkeepd, "2026-08-25T09:00:00Z", "2026-08-25T08:00:00Z", "2026-08-25T09:00:00Z",
                "2026-08-26T09:00:00Z") == ["2026-08-25T09:00:00Z", "2026-08-26T09:00:00Z"]
