# SPDX-License-Identifier: MIT
"""The life of proposals on GitHub and GitLab, by stand-ins that remember. All that GitHub
is asked is held against its own description (servers/github.py)."""
import json

import pytest

from servers import github_api, github_trim
from servers.shop import DOCKERFILE, GOLANG_1_22, GOLANG_1_23, RULES, offer, offer_newer
from servers.standin import TOKEN


@pytest.fixture(params=["github", "gitlab"])
def forge(request):
    server = request.getfixturevalue(request.param)
    server.name = request.param
    return server


class Stage:
    def __init__(self, upkeepd, forge, upstream):
        self.upkeepd, self.forge, self.upstream = upkeepd, forge, upstream
        self.number = 0

    def repository(self, act=None, rules=RULES):
        """A new one, brought to the point before the run that is looked at."""
        self.number += 1
        offer(self.upstream)
        repository = self.forge.repository(f"shop{self.number}", {".github/dependabot.yml": rules,
                                                                  "Dockerfile": DOCKERFILE})
        self.upkeepd.watch_on(self.forge.name, repository.url, TOKEN, self.forge.more)
        if act is not None:
            act(self, repository)
        self.forge.requests.clear()
        return repository

    def once(self, *words, **more):
        return self.upkeepd.once(*words, **more)


@pytest.fixture
def stage(upkeepd, forge, upstream):
    return Stage(upkeepd, forge, upstream)


def opened(stage, _):
    assert stage.once().status == 0


def newer(stage, repository):
    opened(stage, repository)
    offer_newer(stage.upstream)


def gone(stage, repository):
    opened(stage, repository)
    repository.commit({"Dockerfile": "FROM scratch\n"})


def moved(stage, repository):
    opened(stage, repository)
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n",
                       ".github/dependabot.yml": RULES + "    commit-message: { prefix: deps }\n"})


def test_one_is_opened_dressed_and_left_in_peace(stage, forge):
    repository = stage.repository(rules=RULES + "    assignees: [alice]\n    reviewers: [alice]\n")
    assert stage.once().outcomes == [("created", GOLANG_1_22)]
    (pull,) = repository.proposals
    assert pull["title"] == "Bump golang from 1.21.6-alpine to 1.22.4-alpine"
    assert (pull["head"], pull["base"], pull["labels"]) == (GOLANG_1_22, "main", ["dependencies", "docker"])
    assert len(pull["assignees"]) == len(pull["reviewers"]) == 1
    forge.requests.clear()
    assert stage.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert [method for method, _ in forge.requests if method != "GET"] == []
    asked = [path for _, path in forge.requests if "/personal_access_tokens/" not in path]  # when it ends
    assert len(asked) <= 2, forge.requests


def test_what_the_rules_leave_to_the_forge_is_merged_by_it(stage):
    repository = stage.repository(rules=RULES + "    x-upkeepd: { automerge: [minor], draft: true }\n")
    assert stage.once().outcomes == [("created", GOLANG_1_22)]
    (pull,) = repository.proposals
    assert pull["automerge"] and (pull["is_draft"] or pull["title"].startswith("Draft: Bump"))
    pull["automerge"] = None
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n"})
    assert stage.once().outcomes == [("updated", GOLANG_1_22)]
    assert pull["automerge"] and (pull["is_draft"] or pull["title"].startswith("Draft: Bump"))
    repository = stage.repository(rules=RULES + "    x-upkeepd: { automerge: [patch, major] }\n")
    assert stage.once().outcomes == [("created", GOLANG_1_22)]
    assert not repository.proposals[0]["automerge"]


def allowed(stage):
    status = json.loads(stage.upkeepd("status", "--json").stdout)
    return [one.get("merge_allowed_by") for one in status["proposals"]][-1]


GROUP = "    groups: {{ all: {{ patterns: ['*'], x-upkeepd: {{ automerge: [{}] }} }} }}\n"


@pytest.mark.parametrize("more, is_left", [
    (GROUP.format("minor"), True), (GROUP.format("patch"), False),
    (GROUP.format("patch") + "    x-upkeepd: { automerge: [minor] }\n", False)])
def test_a_group_says_for_itself_what_is_left_to_the_forge(stage, more, is_left):
    repository = stage.repository(rules=RULES + more)
    assert stage.once().status == 0
    assert bool(repository.proposals[0]["automerge"]) == is_left


def test_what_is_left_to_the_forge_has_been_out_for_some_days(stage):
    repository = stage.repository(
        rules=RULES + "    x-upkeepd: { automerge: [minor], automerge-age: 90 }\n")
    assert stage.once().outcomes == [("created", GOLANG_1_22)]  # which was out for 85
    assert not repository.proposals[0]["automerge"] and allowed(stage) is None
    assert stage.once(now="2026-09-01T06:00:00Z").outcomes == [("unchanged", GOLANG_1_22)]
    assert repository.proposals[0]["automerge"]
    assert allowed(stage) == "automerge of .github/dependabot.yml:3"
    repository.proposals[0]["automerge"] = None  # a person has second thoughts
    assert stage.once(now="2026-09-02T06:00:00Z").outcomes == [("unchanged", GOLANG_1_22)]
    assert not repository.proposals[0]["automerge"]


# What is open in the end, how many there ever were, what was said on the first.
ACTS = {
    "opening": (None, [GOLANG_1_22], 1, []),
    "superseding": (newer, [GOLANG_1_23], 2, ["Superseded by {sign}2."]),
    "closing": (gone, [], 1, ["The dependency is no longer in the manifest; this proposal is closed."]),
    "refreshing": (moved, [GOLANG_1_22], 1, []),
}


def is_as_it_should_be(stage, repository, name):
    _, heads, count, said = ACTS[name]
    sign = "#" if stage.forge.name == "github" else "!"
    pulls = repository.proposals
    assert [pull["head"] for pull in pulls if pull["state"] == "open"] == heads
    assert len(pulls) == count
    assert set(repository.branches()) == {"main", *heads}
    assert [one["body"].splitlines()[0] for one in repository.comments[1]] == \
        [text.format(sign=sign) for text in said]
    assert all(pull["labels"] == ["dependencies", "docker"] for pull in pulls)
    if name == "refreshing":
        assert pulls[0]["title"].startswith("deps: ")
        assert repository.read(GOLANG_1_22, "Dockerfile").endswith("CMD x\n")


@pytest.mark.parametrize("name", ACTS)
def test_its_life(stage, name):
    repository = stage.repository(ACTS[name][0])
    assert stage.once().status == 0
    is_as_it_should_be(stage, repository, name)


@pytest.mark.parametrize("method, path, query, body", [
    ("POST", "pulls", {}, {"head": "x", "base": "main", "boddy": ""}),
    ("POST", "pulls", {}, {"head": "x"}),
    ("POST", "labels", {}, {"name": 7}),
    ("GET", "pulls", {"sate": "open"}, None),
    ("GET", "pulls", {"state": "opened"}, None),
    ("DELETE", "pulls", {}, None)])
def test_what_github_does_not_describe_is_seen(github, method, path, query, body):
    github.examine(method, f"/repos/acme/shop/{path}", query, body)
    assert len(github.breaches) == 1
    github.clear()


@pytest.mark.parametrize("method, path, status, body", [
    ("GET", "labels", 200, [{"name": "a", "colour": "0366d6"}]),
    ("GET", "labels", 200, [{"name": 7}]),
    ("GET", "labels", 201, []),
    ("POST", "pulls", 201, {"merged_at": "yesterday", "state": "merged"})])
def test_what_github_never_answers_is_seen(github, method, path, status, body):
    github.dressed(method, f"/repos/acme/shop/{path}", status, body)
    assert len(github.breaches) == 1
    github.clear()


def test_the_description_is_cut_to_the_list():
    assert github_api.OPERATIONS.keys() == github_trim.OPERATIONS.keys()
