# SPDX-License-Identifier: MIT
"""A real Gitea that dies between any two requests, or with an answer on its lips, or kills
us (boundaries.py): as a forge of its own, and by AGit. In the ordinary run one in four of the
ways that the stand-ins are disturbed in (test_boundaries.py)."""
import itertools

import pytest

import boundaries
from servers import scene
from servers.shop import FILES

FORGES = {"gitea": scene.GiteaScene, "agit": scene.AgitScene}
names = (f"mortal{n}" for n in itertools.count())


@pytest.fixture
def make(in_memory, gitea, mortal, upstream, authority):
    def start(forge):
        return FORGES[forge](in_memory / "scene", mortal, upstream, authority, next(names), FILES, gitea)
    yield start
    mortal.revive()


@pytest.mark.parametrize("forge, name", [(forge, name) for forge, kind in FORGES.items()
                                         for name in boundaries.acts_of(kind)])
def test_disturbed_at_any_request(make, forge, name):
    boundaries.run_all(make(forge), name, share=4)
