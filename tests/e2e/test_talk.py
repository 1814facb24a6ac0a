# SPDX-License-Identifier: MIT
"""What people say to upkeepd on GitHub and GitLab, in comments and on its dashboard, by the
stand-ins that remember. On a real Gitea: test_orders.py, test_dashboard.py."""
import contextlib
import hashlib
import hmac
import http.client
import itertools
import json
import re
import subprocess

import pytest

from servers.places import built
from servers.ports import free_port
from servers.shop import AT_FIVE, DOCKERFILE, GOLANG_1_22, offer
from servers.standin import TOKEN, clock

BOTH = DOCKERFILE + "FROM alpine:3.19.0\n"
SECRET = "It's a Secret to Everybody"
names = (f"talk{n}" for n in itertools.count())


@pytest.fixture(params=["github", "gitlab"])
def forge(request):
    server = request.getfixturevalue(request.param)
    server.name = request.param
    return server


class Stage:
    """A repository in which alice may push, and upkeepd that watches it."""

    def __init__(self, upkeepd, forge, upstream, rules=AT_FIVE, dockerfile=DOCKERFILE, more="", secret=None):
        self.upkeepd, self.forge = upkeepd, forge
        offer(upstream)
        upstream.tags("library/alpine", "3.19.0", "3.20.0")
        self.repository = forge.repository(next(names), {".github/dependabot.yml": rules, "Dockerfile": dockerfile})
        self.repository.people.update(alice="write", bob="read")
        if secret is None:
            secret = f"file: '{upkeepd.secret(TOKEN)}'"
        upkeepd.watch(f"{{ url: '{self.repository.url}', forge: {forge.name}, {forge.more} dashboard: true, "
                      f"token: {{ {secret} }} }}", more=more)
        self.hours = itertools.count(7)
        self.once()

    def once(self):
        run = self.upkeepd.once()
        assert run.status == 0, run.stderr
        return run

    def listen(self):
        """The next look: what is closed is listened to once an hour."""
        days, hour = divmod(next(self.hours), 24)
        run = self.upkeepd.once("--due", now=f"2026-08-{25 + days}T{hour:02}:{days + 1:02}:00Z")
        assert run.status == 0, run.stderr
        return run

    def say(self, text, who="alice", number=None, **other):
        with self.forge.lock:
            said = self.forge.said(self.repository, number or self.newest["number"], text, author=who)
            said.update(other)
            return said["id"]

    @property
    def newest(self):
        return self.repository.proposals[-1]

    @property
    def open(self):
        return [pull["head"] for pull in self.repository.proposals if pull["state"] == "open"]

    def answers(self):
        """{comment: what was answered, all of it}."""
        found = {}
        for said in self.repository.comments.values():
            for one in said:
                mark = re.search(r"<!-- upkeepd:reply (\d+) -->$", one["body"])
                if one["author"] == "bot" and mark:
                    found.setdefault(int(mark[1]), []).append(one["body"][:mark.start()].strip())
        return found

    def order(self, text):
        comment = self.say(text)
        self.listen()
        (answer,) = self.answers().get(comment, [f"nothing to: {text}"])
        return answer

    @property
    def thumbs(self):
        return [comment for comment, _ in sorted(self.repository.thumbs)]


@pytest.fixture
def make(upkeepd, forge, upstream):
    return lambda **more: Stage(upkeepd, forge, upstream, **more)


# What is said on the newest proposal, what is answered, and whether one is open then.
STORY = [
    ("@upkeepd rebase", r"The branch is current: nothing was to be done\.", True),
    ("@dependabot recreate", r"The branch is current: nothing was to be done\.", True),
    ("@bot explain", r"`golang`.*\| `1\.22\.4-alpine` \| chosen \|", True),
    ("@upkeepd fly away", r"I do not understand that\. I know `rebase`", True),
    ("@upkeepd cancel merge", r"The forge does not merge it by itself, whatever the rules say;", True),
    ("@upkeepd show golang ignore conditions", r"Nothing is ignored but what the rules say\.", True),
    ("@upkeepd hold 14d", r"`golang` is left alone until 20\d\d-\d\d-\d\d\.", False),
    ("@upkeepd rebase", r"This proposal is closed; `reopen` has it offered again\.", False),
    ("@upkeepd unignore golang", r"Taken back: 1 of what was ignored\.", True),
    ("@upkeepd ignore this patch version", r"Versions `.*` of `golang` are left alone from now on\.", False),
    ("@upkeepd show golang ignore conditions", r".*\| `golang` \| `= 1\.22\.4` \| `alice` \| [#!]\d+ \| for ever \|", False),
    ("@upkeepd unignore *", r"Taken back: 1 of what was ignored\.", True),
    ("@upkeepd ignore this minor version", r"Versions `>= 1\.22\.a, < 1\.23` of `golang` are left alone", False),
    ("@upkeepd unignore golang [= 1.22.4]", r"Nothing of the kind was ignored\.", False),
    ("@upkeepd unignore golang [>= 1.22.a, < 1.23]", r"Taken back: 1 of what was ignored\.", True),
    ("@upkeepd ignore this major version", r"Versions `>= 1\.a, < 2` of `golang` are left alone", False),
    ("@upkeepd unignore golang", r"Taken back: 1 of what was ignored\.", True),
    ("@upkeepd ignore this dependency", r"`golang` is left alone from now on\.", False),
    ("@upkeepd unignore golang", r"Taken back: 1 of what was ignored\.", True),
    ("@upkeepd unignore golang", r"Nothing of the kind was ignored\.", True),
    ("@upkeepd close", r"Closed: this version is not offered again", False),
    ("@upkeepd close", r"This proposal is closed already\.", False),
    ("@upkeepd reopen", r"Offered again: http.*/\d+", True),
    ("Hello.\n@upkeepd reopen\n@upkeepd close", r"`reopen`: This proposal is open\.\s+`close`: Closed", False),
]


def test_every_order(make):
    stage = make()
    for text, answer, is_open in STORY:
        assert re.match(answer, stage.order(text), re.DOTALL), (text, stage.answers())
        assert stage.open == ([GOLANG_1_22] if is_open else []), text
    assert len(stage.thumbs) == len(STORY)


def test_what_is_left_to_the_forge_is_taken_back_for_good(make):
    stage = make(rules=AT_FIVE + "    x-upkeepd: { automerge: [minor] }\n")
    assert stage.newest["automerge"]
    assert stage.order("@upkeepd cancel merge").startswith("The forge does not merge it by itself")
    assert not stage.newest["automerge"]
    assert stage.order("@upkeepd cancel merge").startswith("The forge does not merge it by itself")

    def move_the_base(text):
        base = stage.repository.commit({"README": text})
        stage.order("@upkeepd rebase")
        assert stage.repository.tip(f"{GOLANG_1_22}^") == base
    move_the_base("more\n")
    assert not stage.newest["automerge"]
    stage.upkeepd.lose_state()
    stage.once()
    assert not stage.newest["automerge"]
    assert stage.order("@upkeepd merge when green").startswith("The forge merges it as soon as")
    assert stage.newest["automerge"]


def test_who_is_ordered_to_merge_goes_on_to_do_so_after_a_rebuild(make):
    stage = make()
    assert stage.order("@upkeepd merge when green").startswith("The forge merges it as soon as")
    for is_lost in (False, True):
        stage.newest["automerge"] = None  # as GitLab does when somebody pushes
        stage.repository.commit({"README": f"{is_lost}\n"})
        if is_lost:
            stage.upkeepd.lose_state()
            stage.once()
        else:
            stage.order("@upkeepd rebase")
        assert stage.newest["automerge"], is_lost


def test_the_base_moves_and_people_push(make):
    stage = make()
    base = stage.repository.commit({"README": "more\n"})
    assert stage.order("@upkeepd rebase").startswith("Done: the branch is rebuilt")
    assert stage.repository.tip(f"{GOLANG_1_22}^") == base
    stage.repository.commit({"README": "mine\n"}, branch=GOLANG_1_22)
    assert "`recreate` rebuilds it" in stage.order("@upkeepd rebase")
    assert stage.order("@upkeepd recreate").startswith("Done: the branch is rebuilt")
    assert stage.repository.tip(f"{GOLANG_1_22}^") == base


def test_one_of_a_group(make):
    stage = make(rules=AT_FIVE + "    groups: { all: { patterns: ['*'] } }\n", dockerfile=BOTH)
    assert "name one, as in" in stage.order("@upkeepd ignore this dependency")
    assert stage.order("@upkeepd ignore busybox") == "There is no such dependency in this proposal."
    assert stage.order("@upkeepd ignore alpine minor version").startswith("Versions `>= 3.20.a, < 3.21` of `alpine`")
    assert len(stage.open) == 1 and "golang" in stage.newest["title"]
    assert stage.order("@upkeepd unignore alpine") == "Taken back: 1 of what was ignored."
    assert len(stage.open) == 1 and "2 updates" in stage.newest["title"]


def test_who_may_not_push_is_told_so_and_no_more(make):
    stage = make()
    for who in ("mallory", "bob", "bot", "project_1_bot_x" if stage.forge.name == "gitlab" else "other[bot]"):
        stage.repository.people.setdefault("project_1_bot_x", "write")
        for _ in range(2):
            stage.say("@upkeepd close", who=who)
    stage.say("@upkeepd thanks", who="carol")
    edited = stage.say("@upkeepd close")
    for one in stage.repository.comments[1]:
        if one["id"] == edited:
            one["changed_at"] = clock(60)
    stage.forge.requests.clear()
    stage.listen()
    asked = [path for _, path in stage.forge.requests if "/permission" in path or "/members/" in path]
    assert len(asked) == 3, asked  # of mallory, bob and carol, once
    refusal = ["Only who may push to this repository can order something here."]
    assert list(stage.answers().values()) == [refusal, refusal] and stage.thumbs == [] and stage.open == [GOLANG_1_22]
    stage.forge.requests.clear()
    stage.listen()
    assert not any("/permission" in path or "/members/" in path for _, path in stage.forge.requests)
    assert len(stage.answers()) == 2


def test_what_is_listed_late_is_heard(make):
    stage = make()
    stage.listen()
    late = stage.say("@upkeepd rebase")
    hidden = stage.repository.comments[1].pop()
    newer = stage.say("@upkeepd explain", id=1000)
    stage.listen()
    assert list(stage.answers()) == [newer]
    stage.repository.comments[1].insert(0, hidden)
    stage.listen()
    assert sorted(stage.answers()) == [late, newer]
    stage.listen()
    assert [len(answers) for answers in stage.answers().values()] == [1, 1]


@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_said_while_other_lists_are_read_is_heard(make, forge, is_first):
    """The last list tells of what is newer than the first list."""
    if forge.name == "github" and not is_first:
        pytest.skip("one list has all that was said since the first time")
    stage = make(dockerfile=BOTH)
    if not is_first:
        stage.listen()
    stage.say("Hello?", number=2, said_at=clock(600), changed_at=clock(600))
    stage.listen()
    comment = stage.say("@upkeepd rebase", number=1, said_at=clock(300), changed_at=clock(300))
    stage.listen()
    assert list(stage.answers()) == [comment]


def test_an_answer_is_given_once_whatever_is_lost(make):
    stage = make()
    comment = stage.say("@upkeepd rebase")
    stage.listen()
    stage.upkeepd.lose_state()
    for _ in range(3):
        stage.once()
    stage.say(f"<!-- upkeepd:reply {comment + 5} -->", who="mallory")
    stage.listen()
    assert [len(answers) for answers in stage.answers().values()] == [1] and comment in stage.answers()


def test_what_an_order_closed_is_answered_by_the_next_run(make):
    stage = make()
    del stage.forge.log[:]
    assert stage.order("@upkeepd ignore this dependency") and stage.open == []
    answer = next(at for at, (method, path) in enumerate(stage.forge.log, 1)
                  if method == "POST" and re.search("/(comments|notes)$", path))
    stage = make()
    comment = stage.say("@upkeepd ignore this dependency")
    stage.forge.die_at(answer)
    stage.upkeepd.once("--due", now="2026-08-25T07:01:00Z")
    assert stage.open == [] and stage.answers() == {}
    stage.forge.revive()
    stage.once()
    assert list(stage.answers()) == [comment]


def test_what_others_say_to_each_other_is_read_once(make):
    stage = make(dockerfile=BOTH)
    assert len(stage.open) == 2
    stage.listen()
    stage.repository.comments[99].append({
        "id": 99, "number": 99, "body": "Hello?", "author": "bob", "said_at": clock(), "changed_at": clock()})
    stage.repository.proposals.append({**stage.newest, "number": 99, "head": "feature", "changed_at": clock(),
                                       "state": "closed", "body": ""})

    def since():
        stage.forge.requests.clear()
        stage.listen()
        (asked,) = [path for _, path in stage.forge.requests if re.search("since=|updated_after=", path)]
        return re.search("(?:since|updated_after)=([^&]*)", asked)[1]
    assert since() < since()


def test_a_box_opens_what_is_limited_and_one_dashboard_is_kept(make):
    stage = make(rules=AT_FIVE + "    open-pull-requests-limit: 1\n", dockerfile=BOTH)
    assert len(stage.open) == 1
    (board,) = stage.repository.issues
    board["body"] += "\n- [x] <!-- key=docker|/||* --> x"
    stage.listen()
    assert len(stage.open) == 1
    board["body"] = board["body"].replace("- [ ]", "- [x]")
    stage.listen()
    assert len(stage.open) == 2 and "- [x]" not in board["body"]
    stage.upkeepd.lose_state()
    stage.once()
    assert len(stage.repository.issues) == 1
    board["state"] = "closed"
    body = board["body"] = board["body"].replace("Open", "Shut")
    stage.once()
    assert len(stage.repository.issues) == 1 and board["body"] == body


def test_a_dashboard_whose_answer_got_lost_is_not_doubled(make):
    stage = make()
    (board,) = stage.repository.issues
    stage.upkeepd.lose_state()
    stage.forge.clear()
    stage.once()
    number = next(at for at, (method, path) in enumerate(stage.forge.log, 1)
                  if method == "POST" and path.endswith("/issues"))
    stage.repository.issues.clear()
    stage.upkeepd.lose_state()
    del stage.forge.log[:]
    stage.forge.die_at(number, is_done=True)
    stage.upkeepd.once()
    stage.forge.revive()
    stage.once()
    assert len(stage.repository.issues) == 1 and board["number"]


def test_an_app_finds_its_dashboard_again(upkeepd, github, upstream):
    """It has no user to ask for."""
    github.name = "github"
    stage = Stage(upkeepd, github, upstream, secret=f"app: {github.app}, file: '{github.make_key()}'")
    assert len(stage.repository.issues) == 1
    upkeepd.lose_state()
    stage.once()
    assert len(stage.repository.issues) == 1


class Listener:
    """upkeepd-listen by itself, beside the same database."""

    def __init__(self, stage, port):
        self.stage, self.port = stage, port
        upkeepd = stage.upkeepd
        self.process = subprocess.Popen([built("upkeepd-listen"), "--config", str(upkeepd.config), "--state",
                                         str(upkeepd.state)], env=upkeepd.environment)

    def post(self, body, headers):
        for _ in range(600):
            with contextlib.suppress(ConnectionRefusedError):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                with contextlib.closing(connection):
                    connection.request("POST", "/webhook", body, headers)
                    return connection.getresponse().status
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
        raise AssertionError("nobody listens")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def github_hook(stage, comment, secret):
    body = json.dumps({"action": "created", "issue": {"number": 1, "pull_request": {}},
                       "comment": {"id": comment, "body": "@upkeepd close"},
                       "repository": {"full_name": f"acme/{stage.repository.path.stem}"}}).encode()
    sign = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-GitHub-Event": "issue_comment", "X-Hub-Signature-256": f"sha256={sign}",
                  "X-GitHub-Delivery": "1"}


def gitlab_hook(stage, comment, secret):
    body = json.dumps({"object_kind": "note", "object_attributes": {"id": comment, "note": "@upkeepd close",
                                                                    "noteable_type": "MergeRequest"},
                       "project": {"path_with_namespace": f"acme/{stage.repository.path.stem}"}}).encode()
    return body, {"X-Gitlab-Event": "Note Hook", "X-Gitlab-Token": secret}


def test_two_weeks_before_a_token_ends_people_are_told(make):
    stage = make()

    def ends(day):
        stage.forge.expires_at = day
        stage.forge.quota = {"GitHub-Authentication-Token-Expiration": f"{day} 10:00:00 UTC"}
        run = stage.once()
        status = stage.upkeepd("status")
        shown = json.loads(stage.upkeepd("status", "--json").stdout)["repositories"][0]
        assert shown["token_expires_at"] == f"{day}T00:00:00Z"
        assert ("its token ends on" in status.stdout) == ("the token ends on" in run.stderr)
        return "the token ends on" in run.stderr
    assert "token_expires_at" not in stage.upkeepd("status", "--json").stdout
    assert [ends(day) for day in ("2026-09-09", "2026-09-08", "2026-08-25")] == [False, True, True]


def test_comments_wait_while_few_requests_are_left(make):
    """The rest is for what is open; orders are obeyed when there are enough again."""
    stage = make()
    stage.listen()
    stage.forge.quota = {"RateLimit-Limit": "5000", "RateLimit-Remaining": "499", "RateLimit-Reset": "9000"}
    stage.once()  # at 06:00
    comment = stage.say("@upkeepd close")
    stage.forge.clear()
    assert "error" not in [event["event"] for event in stage.listen().events]
    assert not any("comments" in path or "notes" in path for _, path in stage.forge.requests)
    assert stage.answers() == {} and stage.open == [GOLANG_1_22]
    stage.forge.quota = {}
    for _ in range(3):
        stage.listen()
    assert list(stage.answers()) == [comment] and stage.open == []


def test_a_hook_has_an_order_heard_at_once(make, upkeepd):
    port = free_port()
    secret = upkeepd.secret(SECRET, "secret")
    stage = make(more=f"status: {{ listen: '127.0.0.1:{port}', webhook-secret: {{ file: '{secret}' }} }}\n")
    stage.upkeepd.once(now=clock())  # hooks have the time of the day too
    comment = stage.say("@upkeepd close")

    def look():
        assert stage.upkeepd.once("--due", now=clock(90)).status == 0
    listener = Listener(stage, port)
    hook = {"github": github_hook, "gitlab": gitlab_hook}[stage.forge.name]
    try:
        assert listener.post(*hook(stage, comment, "a guess")) == 401
        look()
        assert stage.answers() == {} and stage.open == [GOLANG_1_22]
        assert listener.post(*hook(stage, comment, SECRET)) == 202
        look()
        assert list(stage.answers()) == [comment] and stage.open == []
    finally:
        listener.stop()
