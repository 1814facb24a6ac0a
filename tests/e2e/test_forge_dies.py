# SPDX-License-Identifier: MIT
"""A real Gitea that dies between any two requests, or with an answer on its lips: the
next run ends where an undisturbed one does."""
import itertools

import pytest

from servers.dying import sample

RULES = """\
version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: daily }
"""
DOCKERFILE = "FROM golang:1.21.6-alpine\n"
GOLANG_1_22 = "upkeepd/docker/golang-1.22.4-alpine"
GOLANG_1_23 = "upkeepd/docker/golang-1.23.1-alpine"
IMPATIENT = {"UPKEEPD_BACKOFF_MS": "1"}
names = (f"mortal{n}" for n in itertools.count())


class Stage:
    """One repository after one more, each with a state and cache of its own."""

    forge = "gitea"

    def __init__(self, upkeepd, gitea, mortal, upstream, folder):
        self.upkeepd, self.gitea, self.mortal, self.upstream = upkeepd, gitea, mortal, upstream
        self.token = folder / "token"
        self.token.write_text(gitea.bot_token)
        self.token.chmod(0o600)
        upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")

    def repository(self, act):
        """A new one, brought to the point before the run that is disturbed."""
        self.upstream.images["library/golang"].tags.pop("1.23.1-alpine", None)
        repository = self.gitea.repository(next(names), {".github/dependabot.yml": RULES,
                                                         "Dockerfile": DOCKERFILE},
                                           invites_bot=self.forge != "agit")
        self.upkeepd.watch(f"{{ url: '{self.mortal.url_of(repository)}', forge: {self.forge}, "
                           f"token: {{ file: '{self.token}' }} }}")
        self.mortal.revive()
        act(self, repository)
        return repository

    def once(self):
        return self.upkeepd.once(environment=IMPATIENT)

    def requests(self, act):
        self.repository(act)
        self.mortal.revive()
        assert self.once().status == 0
        return self.mortal.count


@pytest.fixture
def stage(upkeepd, gitea, mortal, upstream, tmp_path):
    yield Stage(upkeepd, gitea, mortal, upstream, tmp_path)
    mortal.revive()


def begin(_, __):
    pass


def newer(stage, _):
    stage.once()
    stage.upstream.tags("library/golang", "1.23.1-alpine")


def gone(stage, repository):
    stage.once()
    repository.commit({"Dockerfile": "FROM scratch\n"})


def moved(stage, repository):
    stage.once()
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n",
                       ".github/dependabot.yml": RULES + "    commit-message: { prefix: deps }\n"})


# What is open in the end, how many there ever were, what was said on the first.
ACTS = {
    "opening": (begin, [GOLANG_1_22], 1, []),
    "superseding": (newer, [GOLANG_1_23], 2, ["Superseded by #2."]),
    "closing": (gone, [], 1, ["The dependency is no longer in the manifest; this proposal is closed."]),
    "refreshing": (moved, [GOLANG_1_22], 1, []),
}


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ACTS)
def test_a_forge_that_dies(stage, name, is_done):
    act, heads, count, said = ACTS[name]
    for step in sample(stage.requests(act), 3):
        repository = stage.repository(act)
        stage.mortal.die_at(step, is_done)
        stage.once()
        assert stage.mortal.count >= step
        stage.mortal.revive()
        run = stage.once()
        assert run.status == 0, (step, run.events, run.stderr)
        pulls = repository.proposals()
        assert [pull["head"]["ref"] for pull in pulls if pull["state"] == "open"] == heads, step
        assert len(pulls) == count, step
        assert set(repository.branches()) == {"main", *heads}, step
        assert [what.splitlines()[0] for _, what in repository.comments(1)] == said, step
        for pull in pulls:
            assert [label["name"] for label in pull["labels"]] == ["dependencies", "docker"], step
        if name == "refreshing":
            assert pulls[0]["title"].startswith("deps: "), step
            assert repository.read(GOLANG_1_22, "Dockerfile").endswith("CMD x\n"), step
        again = stage.once()
        assert [action for action, *_ in again.outcomes] == ["unchanged"] * len(heads), step


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ACTS)
def test_a_forge_that_dies_on_who_may_only_read(stage, name, is_done):
    stage.forge = "agit"
    act, heads, count, said = ACTS[name]
    for step in sample(stage.requests(act), 3):
        repository = stage.repository(act)
        stage.mortal.die_at(step, is_done)
        stage.once()
        assert stage.mortal.count >= step
        stage.mortal.revive()
        run = stage.once()
        assert run.status == 0, (step, run.events, run.stderr)
        pulls = repository.proposals()
        opened = [pull for pull in pulls if pull["state"] == "open"]
        assert len(pulls) == count and len(opened) == len(heads), step
        assert set(repository.branches()) == {"main"}, step
        assert [what.splitlines()[0] for _, what in repository.comments(1)] == said, step
        for pull, head in zip(opened, heads):
            assert pull["title"].endswith(head.removeprefix("upkeepd/docker/golang-")), step
            assert pull["body"].startswith("Bumps golang"), step
        if name == "refreshing":
            assert pulls[0]["title"].startswith("deps: "), step
            assert repository.read(pulls[0]["head"]["sha"], "Dockerfile").endswith("CMD x\n"), step
        again = stage.once()
        assert [action for action, *_ in again.outcomes] == ["unchanged"] * len(heads), step
