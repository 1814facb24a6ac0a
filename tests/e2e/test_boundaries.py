# SPDX-License-Identifier: MIT
"""GitHub, GitLab and git by itself, who die between any two requests, or with an answer on
their lips, or kill us (boundaries.py). On a real Gitea: test_forge_dies.py."""
import itertools

import pytest

import boundaries
from servers import scene
from servers.shop import FILES

FORGES = {"github": (scene.GitHubScene, "github"), "gitlab": (scene.GitLabScene, "gitlab"),
          "gitlab-push": (scene.PushOptionsScene, "gitlab"), "plain": (scene.PlainScene, "gitlab")}
names = (f"scene{n}" for n in itertools.count())


@pytest.fixture
def make(request, in_memory, upstream, authority):
    def start(forge):
        kind, server = FORGES[forge]
        return kind(in_memory / "scene", request.getfixturevalue(server), upstream, authority, next(names), FILES)
    return start


@pytest.mark.parametrize("forge, name", [(forge, name) for forge, (kind, _) in FORGES.items()
                                         for name in boundaries.acts_of(kind)])
def test_disturbed_at_any_request(make, forge, name):
    boundaries.run_all(make(forge), name)
