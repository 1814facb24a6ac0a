# SPDX-License-Identifier: MIT
"""A host that has no address is one mistake, whatever is wanted of it."""
import json

import pytest

from servers.git_server import Repository

ENTRY = ("version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n    schedule: { interval: daily }\n"
         "  - package-ecosystem: gomod\n    directory: /\n    schedule: { interval: daily }\n")
PROXY = ("    registries: [gone]\nregistries:\n"
         "  gone: { type: goproxy-server, url: 'https://modules.invalid' }\n")


@pytest.fixture
def repository(upkeepd, tmp_path):
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit({
        ".github/dependabot.yml": ENTRY, "Dockerfile": "FROM images.invalid/a:1.0\nFROM images.invalid/b:1.0\n",
        "x/Dockerfile": "FROM images.invalid/c:1.0\n", "go.sum": "",
        "go.mod": "module example.org/app\n\ngo 1.21\n\nrequire (\n\texample.org/a v1.0.0\n\texample.org/b v1.0.0\n)\n"})
    upkeepd.watch(repository)
    return repository


def test_a_run_says_it_once_for_images_and_once_for_modules(upkeepd, repository):
    repository.commit({".github/dependabot.yml": ENTRY.replace("directory: /", "directories: [/, /x]", 1) + PROXY})
    run = upkeepd.once()
    assert sorted(run.errors) == ["Dockerfile:1:6: the host 'images.invalid' cannot be found",
                                  "go.mod:6:2: the host 'modules.invalid' cannot be found"]


def test_check_says_it_once_and_of_each_that_it_is_open(upkeepd, repository):
    repository.commit({"go.mod": "module example.org/app\n"})
    answer = json.loads(upkeepd("check", str(repository.path), "--json").stdout)
    assert [(one["file"], one["line"], one["text"]) for one in answer["errors"]] == [
        ("Dockerfile", 1, "the host 'images.invalid' cannot be found")]
    assert [one["reason"] for one in answer["dependencies"]] == ["unresolved"] * 2


def test_what_a_host_that_is_there_refuses_is_said_of_each(upkeepd, repository, upstream):
    repository.commit({"Dockerfile": "FROM redis:1.0\nFROM alpine:1.0\n", "go.mod": "module example.org/app\n"})
    upstream.spoil("/tags", 500)
    upstream.spoil("/repositories/", 500)
    assert len(upkeepd.once().errors) == 2
