# SPDX-License-Identifier: MIT
"""The dashboard on a real Gitea: one issue, and boxes that ask for an update."""
import itertools

import pytest

from servers.shop import RULES

LIMITED = RULES + "    open-pull-requests-limit: 1\n"
DOCKERFILE = "FROM golang:1.21.6-alpine\nFROM alpine:3.19.0\n"
names = (f"board{n}" for n in itertools.count())


@pytest.fixture(autouse=True)
def images(upstream):
    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")
    upstream.tags("library/alpine", "3.19.0", "3.20.0")


@pytest.fixture
def make(gitea, upkeepd, front):
    """make(rules): a repository with a dashboard, and upkeepd that watches it."""
    def start(rules, dashboard="true"):
        repository = gitea.repository(next(names), {".github/dependabot.yml": rules, "Dockerfile": DOCKERFILE})
        upkeepd.watch_on("gitea", front.url_of(repository), gitea.bot_token, f"dashboard: {dashboard},")
        return repository, upkeepd
    return start


def boards(repository, state="open"):
    return [issue for issue in repository.call("GET", f"/issues?type=issues&state={state}")
            if issue["body"].endswith("<!-- upkeepd:dashboard -->")]


def part(repository, heading):
    (board,) = boards(repository)
    parts = board["body"].split("\n### ")
    return [line for part in parts if part.startswith(heading) for line in part.splitlines()
            if line.startswith("- ")]


def check_all(repository):
    (board,) = boards(repository)
    repository.call("PATCH", f"/issues/{board['number']}",
                    {"body": board["body"].replace("- [ ]", "- [x]")})


def test_one_issue_lists_what_is_open_and_limited_and_a_box_opens_the_rest(make, front):
    repository, bot = make(LIMITED)
    run = bot.once()
    assert sorted(action for action, *_ in run.outcomes) == ["created", "skipped"], run.stderr
    (opened,) = part(repository, "Open")
    (limited,) = part(repository, "Limited")
    assert "](https://" in opened
    assert limited.startswith("- [ ] <!-- key=docker|/||")
    (before,) = boards(repository)
    front.take_requests()
    bot.once()
    assert not any(method == "PATCH" for method, *_ in front.take_requests())
    check_all(repository)
    run = bot.once("--due", now="2026-08-25T06:06:00Z")
    assert ("created" in [action for action, *_ in run.outcomes]), run.stderr
    assert len(repository.proposals("open")) == 2
    assert part(repository, "Limited") == []
    (after,) = boards(repository)
    assert after["number"] == before["number"] and "- [x]" not in after["body"]
    run = bot.once()
    assert [action for action, *_ in run.outcomes] == ["unchanged", "unchanged"]


def test_a_box_is_seen_before_the_base_is_looked_at_again(make, front):
    repository, bot = make(RULES + "    cooldown: { default-days: 90 }\n")
    bot.once()
    front.take_requests()
    bot.once("--due", now="2026-08-25T06:06:00Z")
    asked = [path for _, path, _ in front.take_requests()]
    assert asked and not any(".git/" in path for path in asked)
    check_all(repository)
    run = bot.once("--due", now="2026-08-25T06:11:00Z")
    assert [action for action, *_ in run.outcomes] == ["created", "created"], run.stderr


def test_what_waits_for_its_cooldown_can_be_had_now(make, upstream):
    repository, bot = make(RULES + "    cooldown: { default-days: 90 }\n")
    assert bot.once().outcomes == []
    held = part(repository, "Held")
    assert len(held) == 2 and any("golang 1.22.4-alpine in /, until 20" in line for line in held)
    check_all(repository)
    assert [action for action, *_ in bot.once().outcomes] == ["created", "created"]
    assert len(repository.proposals("open")) == 2


def test_a_box_stands_for_what_it_names_and_nothing_else(make):
    repository, bot = make(RULES + "    cooldown: { default-days: 90 }\n")
    bot.once()
    (board,) = boards(repository)
    keys = ["docker|/||*", "docker|/||gol*", "docker|/||golang,alpine", "docker|/other||golang", "docker|/|x|golang",
            "docker|/||group:x", "*|*||group:*", "docker|/||%2A", "||*", "|"]
    repository.call("PATCH", f"/issues/{board['number']}", {
        "body": board["body"] + "".join(f"\n- [x] <!-- key={key} --> x" for key in keys)})
    assert bot.once().outcomes == []
    repository.call("PATCH", f"/issues/{board['number']}", {
        "body": board["body"].replace("- [ ] <!-- key=docker|/||golang", "- [x] <!-- key=docker|/||golang")})
    assert bot.once().outcomes == [("created", "upkeepd/docker/golang-1.22.4-alpine")]


def test_a_group_is_asked_for_as_a_whole(make):
    repository, bot = make(RULES + "    cooldown: { default-days: 90 }\n    groups: { all: { patterns: ['*'] } }\n")
    assert bot.once().outcomes == []
    held = part(repository, "Held")
    assert len(held) == 2 and all("key=docker|/||group:all -->" in line for line in held)
    check_all(repository)
    assert [action for action, *_ in bot.once().outcomes] == ["created"]
    (pull,) = repository.proposals("open")
    assert "2 updates" in pull["title"]


def test_it_is_found_again_when_the_database_is_lost(make):
    repository, bot = make(RULES)
    bot.once()
    bot.lose_state()
    bot.once()
    assert len(boards(repository, "all")) == 1


def test_one_that_a_person_closed_stays_closed(make):
    repository, bot = make(RULES)
    bot.once()
    (board,) = boards(repository)
    repository.call("PATCH", f"/issues/{board['number']}", {"state": "closed"})
    bot.once()
    assert boards(repository) == [] and len(boards(repository, "all")) == 1


def test_a_strangers_issue_is_none(make, gitea):
    repository, bot = make(RULES)
    number = repository.call("POST", "/issues", {
        "title": "x", "body": "- [x] <!-- key=docker|/||golang --> x\n<!-- upkeepd:dashboard -->"})["number"]
    bot.once()
    assert repository.call("GET", f"/issues/{number}")["body"].startswith("- [x]")
    assert len(boards(repository)) == 2


def test_there_is_none_where_nobody_wants_one(make, front):
    repository, bot = make(RULES, dashboard="false")
    front.take_requests()
    bot.once()
    assert boards(repository, "all") == []
    assert not any("/issues?" in path for _, path, _ in front.take_requests())
