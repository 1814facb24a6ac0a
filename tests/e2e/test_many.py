# SPDX-License-Identifier: MIT
"""A thousand watched repositories on loopback, one of ten in trouble: what that costs in
memory and requests, and that it costs the others no time."""
import collections
import json

import pytest

from servers.crowd import GARBAGE, HANG, HANG_UP
from servers.places import is_sanitized

MANY = 1000
TROUBLES = [404, 500, HANG_UP, GARBAGE]
RULES = ("version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n"
         "    schedule: { interval: daily, time: '06:00' }\n")
BRANCH = "refs/heads/upkeepd/docker/golang-1.22.4-alpine"
SOON = {"UPKEEPD_BACKOFF_MS": "1"}

# Bounds, with a third to spare.
WORKER_KIB = 24 * 1024
FIRST_REQUESTS, LATER_REQUESTS = 7, 1  # to git, of a repository that is well
TRIES = 5  # of one in trouble: four, and what it was asked on another way
JOBS_PER_WORKER = 20  # each worker looks at an image once


def numbers(run, status):
    return {int(one["repository"].split("/")[-1].removesuffix(".git"))
            for one in run.named("repository-end") if one["status"] == status}


def most_requests(crowd, among):
    counts = collections.Counter(number for number, _ in crowd.take_requests())
    return max(counts[number] for number in among)


@pytest.fixture
def upkeepd(upkeepd, upstream, crowd):
    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")
    crowd.fill({".github/dependabot.yml": RULES, "Dockerfile": "FROM golang:1.21.6-alpine\n"})
    return upkeepd


def test_a_thousand_repositories_one_of_ten_in_trouble(upkeepd, upstream, crowd):
    upkeepd.watch(*map(crowd.url, range(MANY)), more="http: { timeout: 1s }\nworkers: 2\n")
    ill = set(range(7, MANY, 10))
    well = set(range(MANY)) - ill
    crowd.trouble = {number: TROUBLES[number // 10 % 4] for number in ill}
    for action, requests in ("created", FIRST_REQUESTS), ("unchanged", LATER_REQUESTS):
        run = upkeepd.once(environment=SOON)
        assert (run.status, numbers(run, "done"), numbers(run, "failed")) == (3, well, ill)
        assert run.end["actions"] == {action: len(well)}
        assert run.end["peak_resident_kib"] <= WORKER_KIB or is_sanitized()
        assert len(upstream.take_requests()) <= 2 * (MANY / JOBS_PER_WORKER + 2)
        asked = crowd.requests
        assert most_requests(crowd, well) <= requests
        crowd.requests = asked
        assert most_requests(crowd, ill) <= TRIES
    assert set(crowd.pushed) == well
    assert {tuple(refs) for refs in crowd.pushed.values()} == {(BRANCH,)}
    # Who has recovered is as well as the others.
    crowd.trouble = {}
    run = upkeepd.once(*(crowd.url(number) for number in sorted(ill)[:10]), environment=SOON)
    assert (run.status, run.end["actions"]) == (0, {"created": 10})


def test_those_that_hang_keep_nobody_waiting(upkeepd, crowd):
    """Known from the last time, they have one worker between them, after all others."""
    few = 40
    upkeepd.watch(*map(crowd.url, range(few)), more="http: { timeout: 1s }\nworkers: 2\n")
    ill = {3, 4, 5}
    crowd.trouble = dict.fromkeys(ill, HANG)
    upkeepd.once(environment=SOON)
    run = upkeepd.once(environment=SOON)
    ended = [(one["repository"], one["seconds"]) for one in run.named("repository-end")]
    assert {name for name, _ in ended[-len(ill):]} == set(map(crowd.url, ill))
    assert sum(seconds for _, seconds in ended[:-len(ill)]) < 5
    assert [(one["repository"], one["state"]) for one in json.loads(
        upkeepd("status", "--json").stdout)["repositories"] if one["state"] != "ok"] == [
        (crowd.url(number), "failed") for number in sorted(ill)]


def test_a_remote_that_is_gone_for_a_day_is_asked_less_and_less(upkeepd, upstream, crowd):
    """And makes up for its one missed time when it is back, with nothing lost."""
    upkeepd.watch(crowd.url(0))
    assert upkeepd.once("--due", now="2026-08-25T06:00:00Z").end["actions"] == {"created": 1}
    upstream.tags("library/golang", "1.23.1-alpine")
    crowd.trouble[0] = HANG_UP
    crowd.take_requests()
    upstream.take_requests()
    failed = []
    for quarter in range(4, 4 * 26):  # a quarter of an hour each
        now = f"2026-08-{25 + (24 + quarter) // 96}T{(6 + quarter // 4) % 24:02}:{quarter % 4 * 15:02}:00Z"
        run = upkeepd.once("--due", now=now, environment=SOON)
        assert run.outcomes == []
        failed += [now] if run.status else []
    assert 5 <= len(failed) <= 10 and failed[0] == "2026-08-25T07:00:00Z", failed
    # Each time four tries, and four more to see whether it is another server now.
    assert len(crowd.take_requests()) <= len(failed) * 8 and upstream.take_requests() == []
    assert list(crowd.pushed[0]) == [BRANCH]
    crowd.trouble.clear()
    run = upkeepd.once("--due", now="2026-08-26T16:00:00Z")
    assert [action for action, _ in run.outcomes] == ["created", "superseded"], run.stderr
    assert list(crowd.pushed[0]) == [BRANCH.replace("1.22.4", "1.23.1")]
    assert upkeepd.once("--due", now="2026-08-26T17:30:00Z").outcomes == []
