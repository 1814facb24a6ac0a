# SPDX-License-Identifier: MIT
"""One version of Go everywhere: a bump that asks for more than what builds the repository
is held, or goes together with the image, and never breaks a build."""
import json

import pytest

from servers.git_server import Repository

RULES = """\
version: 2
updates:
  - package-ecosystem: gomod
    directory: /
    schedule: { interval: weekly }
"""
TOGETHER = """\
version: 2
multi-ecosystem-groups:
  go: { schedule: { interval: weekly } }
updates:
  - package-ecosystem: docker
    directory: /
    patterns: ["*"]
    multi-ecosystem-group: go
  - package-ecosystem: gomod
    directory: /
    patterns: ["*"]
    multi-ecosystem-group: go
"""
GOMOD = "module example.org/app\n\ngo 1.21\n\nrequire example.org/a v1.0.0\n"
DOCKERFILE = "FROM golang:1.22-alpine AS build\nRUN go build\n"
A = "upkeepd/go_modules/example.org/a-"
OLD = "2026-01-01T00:00:00Z"
SETUP = """\
jobs:
  test:
    strategy: { matrix: { go: ["1.22", stable] } }
    steps:
      - uses: actions/setup-go@v5
        with: { go-version: "${{ matrix.go }}" }
"""


def module(upstream, path, version, go, requires="", imports=""):
    upstream.module(path, version, OLD, {
        "go.mod": f"module {path}\n\ngo {go}\n" + (f"\nrequire {requires}\n" if requires else ""),
        "p.go": "package p\n" + (f'\nimport _ "{imports}"\n' if imports else "")})


@pytest.fixture
def modules(upstream):
    """example.org/a: v1.1.0 asks for Go 1.22.3, v1.2.0 for 1.23."""
    for version, go in ("v1.0.0", "1.21"), ("v1.1.0", "1.22.3"), ("v1.2.0", "1.23.0"):
        module(upstream, "example.org/a", version, go)
    return upstream


@pytest.fixture
def repository(tmp_path):
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit({".github/dependabot.yml": RULES, "go.mod": GOMOD, "go.sum": "",
                       "main.go": 'package main\n\nimport _ "example.org/a"\n\nfunc main() {}\n'})
    return repository


@pytest.fixture
def upkeepd(upkeepd, repository, modules):
    upkeepd.watch(repository)
    return upkeepd


def explained(upkeepd, repository):
    """Version to (reason, text) of what explain says of example.org/a."""
    run = upkeepd("explain", "--json", str(repository.path), "example.org/a")
    one, = json.loads(run.stdout)["dependencies"]
    return {r["version"]: (r["reason"], r["text"]) for r in one["releases"]}


def test_without_an_image_the_newest_is_taken(upkeepd, repository):
    assert upkeepd.once().outcomes == [("created", A + "1.2.0")]
    assert "\ngo 1.23.0\n" in repository.read(A + "1.2.0", "go.mod")


@pytest.mark.parametrize("files, place", [
    ({"Dockerfile": DOCKERFILE}, "Dockerfile:1 has golang:1.22-alpine"),
    ({"build/ci.Dockerfile": "FROM golang:1.22.5\n"}, "build/ci.Dockerfile:1 has golang:1.22.5"),
    ({"compose.yaml": "services: { a: { image: 'golang:1.22' } }\n"},
     "compose.yaml:1 has golang:1.22"),
    ({".gitlab-ci.yml": "test:\n  image: golang:1.22\n"}, ".gitlab-ci.yml:2 has golang:1.22"),
    ({".github/workflows/test.yml": SETUP}, ".github/workflows/test.yml:3 has go-version 1.22"),
    ({".go-version": "1.22.3\n"}, ".go-version:1 has go 1.22.3"),
])
def test_what_is_too_new_for_what_builds_is_held(upkeepd, repository, files, place):
    repository.commit(files)
    assert upkeepd.once().outcomes == [("created", A + "1.1.0")]
    assert "\ngo 1.22.3\n" in repository.read(A + "1.1.0", "go.mod")
    assert explained(upkeepd, repository)["v1.2.0"] == \
        ("coherence", f"it requires go >= 1.23.0, and {place}")


def test_check_says_what_holds_the_newest(upkeepd, repository):
    repository.commit({"Dockerfile": "FROM golang:1.21.6\n"})
    run = upkeepd("check", "--json", str(repository.path))
    one, = json.loads(run.stdout)["dependencies"]
    assert (one["chosen"], one["latest"], one["reason"]) == (None, "v1.2.0", "coherence")
    assert one["text"] == "it requires go >= 1.22.3, and Dockerfile:1 has golang:1.21.6"
    assert upkeepd.once().outcomes == []


@pytest.mark.parametrize("files", [
    {"Dockerfile": "FROM golang:1.20\n"},                        # cannot be what builds it
    {"Dockerfile": "FROM golang:alpine\n"},                      # the newest of all
    {"tools/go.mod": "module x\n", "tools/Dockerfile": DOCKERFILE},  # builds something else
    {"vendor/x/Dockerfile": DOCKERFILE},
    {"Dockerfile": "FROM alpine\nCOPY --from=golang:1.21 /x /x\n"},
])
def test_what_does_not_build_the_module_holds_nothing(upkeepd, repository, files):
    repository.commit(files)
    (action, branch), = upkeepd.once().outcomes[:1]
    assert (action, branch) == ("created", A + "1.2.0")


def test_what_a_dependency_of_the_bump_asks_for_holds_it_too(upkeepd, repository, modules):
    module(modules, "example.org/deep", "v1.0.0", "1.24")
    module(modules, "example.org/a", "v1.3.0", "1.21", "example.org/deep v1.0.0",
           "example.org/deep")
    repository.commit({"Dockerfile": DOCKERFILE})
    (action, branch, why), = upkeepd.once().outcomes
    assert (action, branch) == ("skipped", A + "1.3.0")
    assert why.endswith("imports example.org/deep: it requires go >= 1.24, and Dockerfile:1 has "
                        "golang:1.22-alpine")
    assert repository.tip(A + "1.3.0") is None


def test_max_go_takes_the_newest_that_keeps_within_it(upkeepd, repository):
    repository.commit({".github/dependabot.yml": RULES + "    x-upkeepd: { max-go: '1.22.3' }\n"})
    assert upkeepd.once().outcomes == [("created", A + "1.1.0")]
    assert explained(upkeepd, repository)["v1.2.0"] == \
        ("coherence", "it requires go >= 1.23.0, and max-go is 1.22.3")


def test_max_go_keeps_the_line_as_it_is(upkeepd, repository):
    repository.commit({".github/dependabot.yml": RULES + "    x-upkeepd: { max-go: keep }\n"})
    assert upkeepd.once().outcomes == []


def test_a_group_over_ecosystems_moves_image_and_module_together(upkeepd, repository, modules):
    modules.tags("library/golang", "1.22-alpine", "1.23-alpine")
    repository.commit({".github/dependabot.yml": TOGETHER, "Dockerfile": DOCKERFILE})
    run = upkeepd.once()
    (action, branch), = run.outcomes
    assert action == "created", run.stderr
    assert repository.read(branch, "Dockerfile").startswith("FROM golang:1.23-alpine ")
    text = repository.read(branch, "go.mod")
    assert "\ngo 1.23.0\n" in text and "example.org/a v1.2.0" in text


def test_a_group_whose_image_does_not_move_far_enough_is_held(upkeepd, repository, modules):
    modules.tags("library/golang", "1.21-alpine", "1.22-alpine")
    repository.commit({".github/dependabot.yml": TOGETHER,
                       "Dockerfile": "FROM golang:1.21-alpine AS build\n"})
    (action, _, why), = upkeepd.once().outcomes
    assert action == "skipped"
    assert "it requires go >= 1.23.0, and Dockerfile:1 has golang:1.22-alpine" in why


def test_a_raise_is_said_in_the_title_of_a_group_too(upkeepd, repository, modules):
    module(modules, "example.org/b", "v1.0.0", "1.21")
    module(modules, "example.org/b", "v1.0.1", "1.21")
    repository.commit({
        ".github/dependabot.yml": RULES + "    groups: { all: { patterns: ['*'] } }\n",
        "go.mod": GOMOD + "\nrequire example.org/b v1.0.0\n",
        "main.go": 'package main\n\nimport (\n\t_ "example.org/a"\n\t_ "example.org/b"\n)\n\n'
                   "func main() {}\n"})
    plan, = upkeepd.once().named("plan")
    assert plan["title"] == "Bump the all group with 2 updates " \
        "(raises the go line from 1.21 to 1.23.0)"


def test_update_holds_it_too_unless_it_is_named(upkeepd, repository, modules, tmp_path):
    modules.tags("library/golang", "1.22-alpine")
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name, text in {"go.mod": GOMOD, "Dockerfile": DOCKERFILE,
                       "main.go": 'package main\n\nimport _ "example.org/a"\n\n'
                                  "func main() {}\n"}.items():
        (checkout / name).write_text(text)
    assert upkeepd("update", str(checkout)).status == 0
    assert "a v1.1.0\n" in (checkout / "go.mod").read_text()
    assert upkeepd("update", str(checkout), "example.org/a").status == 0
    assert "a v1.2.0\n" in (checkout / "go.mod").read_text()


CARRY = """\
version: 2
updates:
  - package-ecosystem: docker
    directories: [/, /sub]
    schedule: { interval: weekly }
    x-upkeepd: { toolchain: carry }
"""
IMAGE = "upkeepd/docker/golang-1.22.5-alpine"
TOOLCHAIN = "module example.org/app\n\ngo 1.21\n\ntoolchain go1.22.3\n"


@pytest.fixture
def carried(repository, upstream):
    """carried({path: text}): commits them beside an image of Go 1.22.3 that can move."""
    upstream.tags("library/golang", "1.22.3-alpine", "1.22.5-alpine")
    upstream.tags("library/alpine", "3.20", "3.21")

    def call(files, rules=CARRY):
        repository.commit({".github/dependabot.yml": rules, "go.mod": TOOLCHAIN,
                           "Dockerfile": "FROM golang:1.22.3-alpine\n", **files})
    return call


def test_a_toolchain_line_goes_along_with_the_image(upkeepd, repository, carried):
    carried({})
    run = upkeepd.once()
    assert run.outcomes == [("created", IMAGE)], run.stderr
    assert repository.read(IMAGE, "Dockerfile") == "FROM golang:1.22.5-alpine\n"
    assert repository.read(IMAGE, "go.mod") == TOOLCHAIN.replace("1.22.3", "1.22.5")
    assert upkeepd.once().outcomes == [("unchanged", IMAGE)]


STAYS = [
    ({}, CARRY.replace("carry", "keep")),
    ({"go.mod": GOMOD}, CARRY),
    ({".go-version": "1.22.3\n"}, CARRY),  # there it would be downloaded
    ({"Dockerfile": "FROM golang:1.22.5-alpine\nFROM alpine:3.20\n"}, CARRY),  # it has not moved
    ({"sub/go.mod": TOOLCHAIN, "sub/Dockerfile": "FROM golang:1.22.3-alpine\n",
      "Dockerfile": "FROM golang:1.22.5-alpine\n"}, CARRY),
]


@pytest.mark.parametrize("files, rules", STAYS)
def test_a_toolchain_line_stays_otherwise(upkeepd, repository, carried, files, rules):
    carried(files, rules)
    ((_, branch),) = upkeepd.once().outcomes
    changed = repository.git("diff", "--name-only", "main", branch).split()
    assert "go.mod" not in changed and changed


def test_it_goes_along_in_a_change_that_raises_the_requirements_too(upkeepd, repository, upstream,
                                                                    carried):
    upstream.tags("library/golang", "1.23.1-alpine")
    rules = TOGETHER.replace("    patterns", "    x-upkeepd: { toolchain: carry }\n    patterns", 1)
    carried({"go.mod": GOMOD.replace("go 1.21\n", "go 1.21\n\ntoolchain go1.22.4\n")},
            rules + "    ignore: [{ dependency-name: '*', versions: ['>= 1.2.0'] }]\n")
    ((_, branch),) = upkeepd.once().outcomes
    assert repository.read(branch, "go.mod") == (
        "module example.org/app\n\ngo 1.22.3\n\ntoolchain go1.23.1\n\nrequire example.org/a v1.1.0\n")


def test_update_carries_it_too(upkeepd, carried, tmp_path):
    root = tmp_path / "checkout"
    for name, text in {".github/dependabot.yml": CARRY, "go.mod": TOOLCHAIN,
                       "Dockerfile": "FROM golang:1.22.3-alpine\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    carried({})
    run = upkeepd("update", str(root), "golang@1.22.5-alpine")
    assert run.status == 0, run.stderr
    assert (root / "go.mod").read_text() == TOOLCHAIN.replace("1.22.3", "1.22.5")
    assert "go.mod: toolchain go1.22.3 -> go1.22.5\n" in run.stdout
