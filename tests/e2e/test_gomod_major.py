# SPDX-License-Identifier: MIT
"""Modules that go on under another path: a next major version, a new name. What is said of
them costs one request where there is nothing to say."""
import json

import pytest

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
    (root / ".github" / "dependabot.yml").write_text(RULES)

    def call(path, version, *words, command="check"):
        """What `command` says of a module that is required."""
        (root / "go.mod").write_text(gomod("example.org/main", f"\nrequire {path} {version}\n"))
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
        ("v2.1.0", "other-line", "it is 'example.org/m/v2'"), ("v1.1.0", "chosen", None),
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
