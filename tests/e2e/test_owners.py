# SPDX-License-Identifier: MIT
"""Owners on the stand-ins for GitHub and GitLab: what of theirs is watched."""
import json

import pytest

from servers.standin import TOKEN

FILES = {"Dockerfile": "FROM golang:1.21.6\n", ".github/dependabot.yml": """\
version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: daily }
"""}
FACTS = {"github": ({"archived": True}, {"fork": True}, {"disabled": True}, {"permissions": {"push": False}}),
         "gitlab": ({"archived": True}, {"forked_from_project": {"id": 1}}, {"mirror": True}, {"empty_repo": True})}


@pytest.mark.parametrize("name, owner", [("github", "user"), ("gitlab", "group"), ("gitlab", "user")])
def test_the_repositories_of_an_owner_are_watched_but_for_some(upkeepd, upstream, request, name, owner):
    forge = request.getfixturevalue(name)
    forge.owner = owner
    upstream.tags("library/golang", "1.21.6", "1.22.4")
    shop, api, old, other = (forge.repository(one, FILES) for one in ("shop-a", "shop-b", "shop-old", "tool"))
    left_out = [forge.repository(f"shop-{n}", FILES) for n in range(4)]
    for repository, facts in zip(left_out, FACTS[name], strict=True):
        repository.facts = facts
    upkeepd.watch_on(name, f"{forge.url}{forge.prefix}/acme", TOKEN,
                     f"discover: true, include: ['shop-*'], exclude: ['*-old'], {forge.more}")
    assert upkeepd.once().status == 0
    for repository in (shop, api):
        assert set(repository.branches()) == {"main", "upkeepd/docker/golang-1.22.4"}
    for repository in (old, other, *left_out):
        assert set(repository.branches()) == {"main"}
    status = json.loads(upkeepd("status", "--json").stdout)
    assert [one["repository"] for one in status["repositories"] if not one["is_owner"]] == [shop.url, api.url]
