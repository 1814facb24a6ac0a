# SPDX-License-Identifier: MIT
"""A GitLab whose API is closed to the token: merge requests are opened, reworded and closed
by what is pushed. A hook plays GitLab's part (servers/push_options.py)."""
import itertools
import json
import pathlib

import pytest

from servers import push_options, shop
from servers.shop import DOCKERFILE, GOLANG_1_22, GOLANG_1_23
from servers.standin import TOKEN

RULES = shop.RULES + "    assignees: [alice]\n"

class Stage:
    def __init__(self, upkeepd, forge, upstream, folder):
        self.upkeepd, self.forge, self.upstream = upkeepd, forge, upstream
        shop.offer(upstream)
        self.repository = forge.repository(folder.name, {".github/dependabot.yml": RULES,
                                                         "Dockerfile": DOCKERFILE})
        push_options.install(self.repository)
        upkeepd.watch_on("gitlab-push", self.repository.url, TOKEN)
        forge.requests.clear()

    def once(self):
        run = self.upkeepd.once()
        assert self.forge.requests == [], "the API was asked"
        return run

    def requests(self):
        return push_options.requests(self.repository)


@pytest.fixture
def stage(upkeepd, gitlab, upstream, tmp_path):
    return Stage(upkeepd, gitlab, upstream, tmp_path)


def test_one_is_opened_by_the_push_and_left_in_peace(stage):
    run = stage.once()
    assert run.outcomes == [("created", GOLANG_1_22)]
    request, = stage.requests()
    assert request["branch"] == GOLANG_1_22 and request["target"] == ["main"]
    assert request["title"] == ["Bump golang from 1.21.6-alpine to 1.22.4-alpine"]
    body, = request["description"]
    assert body.startswith("Bumps [golang](https://go.dev/doc/devel/release) from 1.21.6-alpine to 1.22.4-alpine.\n\n")
    assert body.splitlines()[-1].startswith("<!-- upkeepd:v1 ")
    assert request["label"] == ["dependencies", "docker"] and request["assign"] == ["alice"]
    assert request["remove_source_branch"] == [""]
    assert stage.repository.url.removesuffix(".git") + "/-/merge_requests/1" in run.stdout
    assert stage.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert stage.requests() == [request]


def test_what_options_cannot_say_is_said_once(stage):
    stage.repository.commit({".github/dependabot.yml": RULES + "    milestone: 4\n    reviewers: [bob]\n"})
    words = f"branch '{GOLANG_1_22}': reviewers of the rules cannot be set by 'forge: gitlab-push'"
    run = stage.once()
    assert words in run.stdout + run.stderr and run.outcomes == [("created", GOLANG_1_22)]
    run = stage.once()
    assert words not in run.stdout + run.stderr


def test_a_newer_version_takes_its_place(stage):
    stage.once()
    stage.upstream.tags("library/golang", "1.23.1-alpine")
    assert set(stage.once().outcomes) == {("created", GOLANG_1_23), ("superseded", GOLANG_1_22)}
    assert [(one["branch"], one["state"]) for one in stage.requests()] == \
        [(GOLANG_1_22, "closed"), (GOLANG_1_23, "open")]
    assert set(stage.repository.branches()) == {"main", GOLANG_1_23}


def test_what_should_take_its_place_comes_before_it_goes(stage):
    stage.once()
    stage.upstream.tags("library/golang", "1.23.1-alpine")
    stage.repository.hook("update", 'case "$1" in *1.23*) exit 1;; esac\n')
    assert {outcome[:2] for outcome in stage.once().outcomes} == \
        {("failed", GOLANG_1_23), ("skipped", GOLANG_1_22)}
    assert set(stage.repository.branches()) == {"main", GOLANG_1_22}
    assert [one["state"] for one in stage.requests()] == ["open"]


def move(stage):
    stage.repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n",
                             ".github/dependabot.yml": RULES + "    commit-message: { prefix: deps }\n"})


def test_it_is_reworded_with_its_branch(stage):
    stage.once()
    move(stage)
    assert stage.once().outcomes == [("updated", GOLANG_1_22)]
    request, = stage.requests()
    assert request["title"] == ["deps: bump golang from 1.21.6-alpine to 1.22.4-alpine"]
    assert request["state"] == "open"
    assert stage.repository.read(GOLANG_1_22, "Dockerfile").endswith("CMD x\n")


def test_what_the_rules_leave_to_the_forge_is_left_to_it_with_every_push(stage):
    stage.repository.commit({".github/dependabot.yml": RULES + "    x-upkeepd: { automerge: [minor] }\n"})
    stage.once()
    request, = stage.requests()
    assert request.pop("auto_merge") == [""]
    (pathlib.Path(stage.repository.path) / "requests.json").write_text(json.dumps([request]))
    stage.repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n"})
    assert stage.once().outcomes == [("updated", GOLANG_1_22)]
    request, = stage.requests()
    assert request["auto_merge"] == [""]


def test_without_a_database_it_is_left_in_peace_and_replaced_all_the_same(stage):
    stage.once()
    before = stage.requests()
    stage.upkeepd.lose_state()
    assert stage.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert stage.requests() == before
    stage.upkeepd.lose_state()
    stage.upstream.tags("library/golang", "1.23.1-alpine")
    assert set(stage.once().outcomes) == {("created", GOLANG_1_23), ("superseded", GOLANG_1_22)}
    assert [one["state"] for one in stage.requests()] == ["closed", "open"]


def test_one_that_a_person_closed_is_not_opened_again(stage):
    stage.once()
    closed = stage.requests()
    closed[0]["state"] = "closed"
    (pathlib.Path(stage.repository.path) / "requests.json").write_text(json.dumps(closed))
    move(stage)
    run = stage.once()
    assert run.outcomes == [("updated", GOLANG_1_22)]
    assert stage.requests() == closed
    assert "A merge_request.create push option is required" in run.stdout + run.stderr


def test_one_whose_branch_a_person_deleted_is_not_offered_again(stage):
    stage.once()
    stage.repository.git("update-ref", "-d", f"refs/heads/{GOLANG_1_22}")
    assert stage.once().outcomes == [("skipped", GOLANG_1_22, "closed_by_person")]
    assert len(stage.requests()) == 1


def test_c31_a_server_that_takes_no_options_still_gets_the_branch(stage):
    stage.repository.configure(receive_advertisePushOptions="false")
    run = stage.once()
    assert run.outcomes == [("created", GOLANG_1_22)]
    assert set(stage.repository.branches()) == {"main", GOLANG_1_22}
    assert "has to be opened by hand" in run.stdout + run.stderr
    assert stage.once().outcomes == [("unchanged", GOLANG_1_22)]
    words = f"the server takes no push options: what branch '{GOLANG_1_22}' proposes has to be opened by hand"
    assert f"({GOLANG_1_22}): {words}\n" in stage.upkeepd("status").stdout
    proposal, = json.loads(stage.upkeepd("status", "--json").stdout)["proposals"]
    assert proposal["reason"] == words


def test_the_token_of_a_job_goes_with_the_name_that_it_needs(stage):
    stage.forge.token, stage.forge.user = "glcbt-64_7ob-t0ken", "gitlab-ci-token"
    stage.upkeepd.secret(stage.forge.token)
    assert stage.once().outcomes == [("created", GOLANG_1_22)]


@pytest.mark.parametrize("is_open", [False, True])
def test_what_went_with_a_push_that_nobody_answered_is_said_again(stage, is_open):
    if is_open:
        stage.once()
        move(stage)
    push_options.ignore(stage.repository)
    stage.forge.log.clear()
    for number in itertools.count(1):
        stage.forge.die_at(number, is_done=True)
        assert stage.once().status == 1
        if any(method == "POST" and path.endswith("/git-receive-pack") for method, path in stage.forge.log):
            break
    stage.forge.revive()
    assert [one["title"] for one in stage.requests()] == ([["Bump golang from 1.21.6-alpine to 1.22.4-alpine"]]
                                                          if is_open else [])
    assert stage.once().outcomes == [("updated", GOLANG_1_22)]
    request, = stage.requests()
    prefix = "deps: bump" if is_open else "Bump"
    assert request["title"] == [f"{prefix} golang from 1.21.6-alpine to 1.22.4-alpine"]
    assert request["state"] == "open" and ("<summary>" in request["description"][0])
    assert stage.once().outcomes == [("unchanged", GOLANG_1_22)]


def test_a_branch_is_proposed_once_its_server_takes_options(stage):
    stage.repository.configure(receive_advertisePushOptions="false")
    stage.once()
    assert stage.once().outcomes == [("unchanged", GOLANG_1_22)] and stage.requests() == []
    stage.repository.configure(receive_advertisePushOptions="true")
    tomorrow = "2026-08-26T07:00:00Z"  # what it offers is asked once a day
    assert stage.upkeepd.once(now=tomorrow).outcomes == [("updated", GOLANG_1_22)]
    request, = stage.requests()
    assert request["branch"] == GOLANG_1_22 and request["state"] == "open"
    assert "by hand" not in stage.upkeepd("status").stdout
    assert stage.upkeepd.once(now=tomorrow).outcomes == [("unchanged", GOLANG_1_22)]


def test_auth_check_says_what_it_takes_and_what_is_not_there(stage):
    good = stage.upkeepd("auth", "check")
    assert good.status == 0 and "yes  push branches" in good.stdout
    assert "note: comments, orders and reviewers take the API" in good.stdout
    stage.upkeepd.secret("another")
    poor = stage.upkeepd("auth", "check")
    assert poor.status == 1, poor.stdout
    assert stage.forge.requests == []
