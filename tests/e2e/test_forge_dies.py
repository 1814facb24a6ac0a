# SPDX-License-Identifier: MIT
"""A real Gitea that dies between any two requests, or with an answer on its lips, or
kills us: the next run ends where an undisturbed one does."""
import itertools
import re
import signal
import subprocess

import pytest

from servers.dying import sample
from servers.shop import DOCKERFILE, FILES, GOLANG_1_22, GOLANG_1_23, RULES, offer, offer_newer

ALPINE = "upkeepd/docker/alpine-3.20.0"
IMPATIENT = {"UPKEEPD_BACKOFF_MS": "1"}
names = (f"mortal{n}" for n in itertools.count())


class Stage:
    """One repository after one more, each with a state and cache of its own."""

    forge = "gitea"

    def __init__(self, upkeepd, gitea, mortal, upstream):
        self.upkeepd, self.gitea, self.mortal, self.upstream = upkeepd, gitea, mortal, upstream

    def repository(self, act):
        """A new one, brought to the point before the run that is disturbed."""
        offer(self.upstream)
        repository = self.gitea.repository(next(names), FILES, invites_bot=self.forge != "agit")
        self.upkeepd.watch_on(self.forge, self.mortal.url_of(repository), self.gitea.bot_token, "dashboard: true,")
        self.mortal.revive()
        act(self, repository)
        return repository

    def once(self):
        return self.upkeepd.once(environment=IMPATIENT)

    def start(self):
        return subprocess.Popen(self.upkeepd.words("--run-once", "--json"), env=self.upkeepd.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @staticmethod
    def boards(repository):
        return [issue for issue in repository.call("GET", "/issues?type=issues&state=all")
                if issue["body"].endswith("<!-- upkeepd:dashboard -->")]

    def requests(self, act):
        self.repository(act)
        self.mortal.revive()
        assert self.once().status == 0
        return self.mortal.count


@pytest.fixture
def stage(upkeepd, gitea, mortal, upstream):
    yield Stage(upkeepd, gitea, mortal, upstream)
    mortal.revive()


def begin(_, __):
    pass


def newer(stage, _):
    stage.once()
    offer_newer(stage.upstream)


def gone(stage, repository):
    stage.once()
    repository.commit({"Dockerfile": "FROM scratch\n"})


def moved(stage, repository):
    stage.once()
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n",
                       ".github/dependabot.yml": RULES + "    commit-message: { prefix: deps }\n"})


def ordered(stage, repository):
    stage.once()
    repository.say(1, "@upkeepd close")


def boxed(stage, repository):
    """Of two updates one is beyond the limit, and asked for on the dashboard."""
    stage.upstream.tags("library/alpine", "3.19.0", "3.20.0")
    repository.commit({"Dockerfile": DOCKERFILE + "FROM alpine:3.19.0\n",
                       ".github/dependabot.yml": RULES + "    open-pull-requests-limit: 1\n"})
    stage.once()
    (board,) = stage.boards(repository)
    assert "- [ ]" in board["body"]
    repository.call("PATCH", f"/issues/{board['number']}", {"body": board["body"].replace("- [ ]", "- [x]")})


# What is open in the end, how many there ever were, what was said on the first. The
# dashboard is counted with them.
ACTS = {
    "opening": (begin, [GOLANG_1_22], 1, []),
    "superseding": (newer, [GOLANG_1_23], 2, ["Superseded by #3."]),
    "closing": (gone, [], 1, ["The dependency is no longer in the manifest; this proposal is closed."]),
    "refreshing": (moved, [GOLANG_1_22], 1, []),
    "obeying": (ordered, [], 1, ["@upkeepd close", "This proposal is closed"]),
    "opening what was asked for": (boxed, [ALPINE, GOLANG_1_22], 2, []),
}


def is_as_it_should_be(stage, repository, name, step):
    _, heads, count, said = ACTS[name]
    run = stage.once()
    while run.end["busy_elsewhere"]:  # a worker that was killed is still dying
        run = stage.once()
    assert run.status == 0, (step, run.events, run.stderr)
    pulls = repository.proposals()
    assert sorted(pull["head"]["ref"] for pull in pulls if pull["state"] == "open") == heads, step
    assert len(pulls) == count and len(stage.boards(repository)) == 1, step
    kept = [GOLANG_1_22] if name == "obeying" else heads  # it may be opened again
    assert set(repository.branches()) == {"main", *kept}, step
    # Who hears an order again finds it done.
    found = [re.sub("^Closed: .*", "This proposal is closed", what.splitlines()[0].removesuffix(" already."))
             for _, what in repository.comments(1 if count == 1 else min(pull["number"] for pull in pulls))]
    assert found == said, step
    for pull in pulls:
        assert [label["name"] for label in pull["labels"]] == ["dependencies", "docker"], step
    if name == "refreshing":
        assert pulls[0]["title"].startswith("deps: "), step
        assert repository.read(GOLANG_1_22, "Dockerfile").endswith("CMD x\n"), step
    again = stage.once()
    assert {action for action, *_ in again.outcomes} <= {"unchanged", "skipped"}, step
    assert len(repository.proposals()) == count, step


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ACTS)
def test_a_forge_that_dies(stage, name, is_done):
    act = ACTS[name][0]
    for step in sample(stage.requests(act), 1):
        repository = stage.repository(act)
        stage.mortal.die_at(step, is_done)
        stage.once()
        assert stage.mortal.count >= step
        stage.mortal.revive()
        is_as_it_should_be(stage, repository, name, step)


@pytest.mark.parametrize("name", ACTS)
def test_who_is_killed_at_a_request(stage, name):
    """kill -9 of all of it, as a request arrives or after it was carried out."""
    act = ACTS[name][0]
    for step in sample(stage.requests(act), 1):
        repository = stage.repository(act)
        with stage.mortal.lock:  # it does not get far before its end is arranged
            process = stage.start()
            stage.mortal.kill_at(step, process, is_done=(step + len(name)) % 2 == 1)
        assert process.wait() == -signal.SIGKILL, step
        stage.mortal.revive()
        is_as_it_should_be(stage, repository, name, step)
