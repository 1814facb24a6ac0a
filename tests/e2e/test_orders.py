# SPDX-License-Identifier: MIT
"""What people order in comments, on a real Gitea: obeyed and answered once."""
import itertools
import re

import pytest

from servers.shop import AT_FIVE, DOCKERFILE, FILES, GOLANG_1_22, offer

RULES = AT_FIVE
GOLANG_2_0 = "upkeepd/docker/golang-2.0.0-alpine"
LATER = "2026-12-20T09:00:00Z"
names = (f"orders{n}" for n in itertools.count())


@pytest.fixture(autouse=True)
def golang(upstream):
    offer(upstream)


@pytest.fixture
def repository(gitea):
    return gitea.repository(next(names), {**FILES, ".github/dependabot.yml": RULES})


@pytest.fixture
def bot(upkeepd, repository, front, gitea):
    """upkeepd, which has opened its proposal."""
    upkeepd.watch_on("gitea", front.url_of(repository), gitea.bot_token)
    upkeepd.once()
    front.take_requests()
    # What is closed is listened to once an hour.
    hours = itertools.count(7)
    upkeepd.listen = lambda: upkeepd.once("--due", now=f"2026-08-25T{next(hours):02}:01:00Z")
    return upkeepd


def heads(repository, state="open"):
    return [pull["head"]["ref"] for pull in repository.proposals(state)]


def answers(repository, number=1):
    """What the bot answered, with the comment it answers."""
    found = []
    for who, what in repository.comments(number):
        mark = re.search(r"<!-- upkeepd:reply (\d+) -->$", what)
        if who == "bot" and mark:
            found.append((what[:mark.start()].strip(), int(mark[1])))
    return found


def order(bot, repository, text, number=1):
    """Says it, lets the bot hear it, and gives what the run did and what was answered."""
    comment = repository.say(number, text)
    run = bot.listen()
    assert run.status == 0, run.stderr
    said = [what for what, id in answers(repository, number) if id == comment]
    assert len(said) == 1, repository.comments(number)
    return run.outcomes, said[0]


def thumbs(repository, comment):
    found = repository.call("GET", f"/issues/comments/{comment}/reactions") or []
    return [(one["user"]["login"], one["content"]) for one in found]


def test_an_order_is_answered_once_and_has_a_thumb(bot, repository, front):
    comment = repository.say(1, "@upkeepd rebase")
    for _ in range(3):
        assert bot.listen().status == 0
    assert answers(repository) == [("The branch is current: nothing was to be done.", comment)]
    assert thumbs(repository, comment) == [("bot", "+1")]
    bot.lose_state()
    for _ in range(3):
        bot.once()
    assert len(answers(repository)) == 1
    front.take_requests()
    bot.listen()
    asked = front.take_requests()
    assert len(asked) == 2, asked


def test_between_two_looks_at_the_base_people_alone_are_listened_to(bot, repository, front):
    def look(minute):
        front.take_requests()
        assert bot.once("--due", now=f"2026-08-25T07:{minute:02}:00Z").status == 0
        return sorted({"git" if ".git/" in path else "API" for _, path, _ in front.take_requests()})
    bot.listen()
    repository.commit({"README.md": "The base moves.\n"})
    assert [look(minute) for minute in (6, 11, 16, 21)] == [["API"], ["API"], ["API", "git"], ["API"]]
    comment = repository.say(1, "@upkeepd close")
    assert look(26) == ["API", "git"]
    assert [id for _, id in answers(repository)] == [comment] and heads(repository) == []


def test_what_others_say_to_each_other_is_read_once(bot, repository, front, upstream):
    """In a busy repository the mark moves on though nobody speaks to us."""
    upstream.tags("library/alpine", "3.19.0", "3.20.0")
    repository.commit({"Dockerfile": DOCKERFILE + "FROM alpine:3.19.0\n"})
    bot.once()
    assert len(heads(repository)) == 2
    issue = repository.call("POST", "/issues", {"title": "Something else"})["number"]

    def since():
        front.take_requests()
        bot.listen()
        (asked,) = [path for _, path, _ in front.take_requests() if "/issues/comments?since=" in path]
        return re.search("since=([^&]*)", asked)[1]
    bot.listen()
    before = since()
    repository.say(issue, "Hello?")
    assert since() == before
    assert since() > before


def test_an_order_from_before_the_database_was_lost_is_heard(bot, repository):
    comment = repository.say(1, "@upkeepd close")
    bot.lose_state()
    bot.once()
    bot.listen()
    ((_, id),) = answers(repository)
    assert id == comment and heads(repository) == []


@pytest.mark.parametrize("text", ["> @upkeepd close", "```\n@upkeepd close\n```", "please @upkeepd close",
                                  "@dependabot merge", "@ann close", "closed?"])
def test_what_is_no_order_is_not_answered(bot, repository, text):
    repository.say(1, text)
    bot.listen()
    assert answers(repository) == [] and heads(repository) == [GOLANG_1_22]


def test_who_may_not_push_is_told_so(bot, repository, gitea, front):
    token = gitea.user("stranger" + repository.name)
    comment = repository.say(1, "@upkeepd close", token=token)
    front.take_requests()
    bot.listen()
    refusal = ("Only who may push to this repository can order something here.", comment)
    assert answers(repository) == [refusal] and heads(repository) == [GOLANG_1_22]
    assert thumbs(repository, comment) == []
    assert any("/permission" in path for _, path, _ in front.take_requests())
    bot.listen()
    assert not any("/permission" in path for _, path, _ in front.take_requests())
    assert answers(repository) == [refusal]


def test_neither_ourselves_nor_what_was_edited_is_heard(bot, repository, gitea):
    repository.say(1, "@upkeepd close", token=gitea.bot_token)
    comment = repository.say(1, "nothing")
    for number in itertools.count():  # Gitea counts in seconds
        edited = repository.call("PATCH", f"/issues/comments/{comment}",
                                 {"body": f"{number}\n@upkeepd close"})
        if edited["created_at"] != edited["updated_at"]:
            break
    bot.listen()
    assert heads(repository) == [GOLANG_1_22]
    assert [what for what, id in answers(repository) if id != comment] == []


def test_a_pasted_mark_of_a_stranger_is_no_answer(bot, repository, gitea):
    token = gitea.user("forger" + repository.name)
    comment = repository.say(1, "@upkeepd rebase")
    repository.say(1, f"<!-- upkeepd:reply {comment} -->", token=token)
    bot.listen()
    assert [id for _, id in answers(repository)] == [comment]


def test_rebase(bot, repository):
    base = repository.commit({"README": "more\n"})
    bot.listen()
    outcomes, said = order(bot, repository, "@upkeepd rebase")
    assert outcomes == [("updated", GOLANG_1_22)] and said.startswith("Done: the branch is rebuilt")
    commit = repository.call("GET", f"/git/commits/{repository.proposal(1)['head']['sha']}")
    assert [parent["sha"] for parent in commit["parents"]] == [base]


def test_rebase_where_the_rules_switch_it_off(bot, repository):
    repository.commit({".github/dependabot.yml": RULES + "    rebase-strategy: disabled\n",
                       "Dockerfile": DOCKERFILE + "CMD x\n"})
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22, "rebase_disabled")]
    assert order(bot, repository, "@upkeepd rebase")[0] == [("updated", GOLANG_1_22)]


def test_an_edited_branch_is_recreated_by_order_alone(bot, repository):
    repository.commit({"README": "mine\n"}, branch=GOLANG_1_22)
    outcomes, said = order(bot, repository, "@upkeepd rebase")
    assert outcomes == [("skipped", GOLANG_1_22, "edited")] and "`recreate`" in said
    outcomes, said = order(bot, repository, "@upkeepd recreate")
    assert outcomes == [("updated", GOLANG_1_22)] and said.startswith("Done")
    assert len(repository.call("GET", "/pulls/1/commits")) == 1
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]


def test_close_and_reopen(bot, repository):
    _, said = order(bot, repository, "@upkeepd close")
    assert said.startswith("Closed") and heads(repository) == []
    assert bot.once().outcomes == [("skipped", GOLANG_1_22, "closed_by_person")]
    _, said = order(bot, repository, "@upkeepd rebase")
    assert said == "This proposal is closed; `reopen` has it offered again."
    _, said = order(bot, repository, "@upkeepd reopen")
    assert heads(repository) == [GOLANG_1_22] and "/pulls/2" in said
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]


def test_ignore_this_dependency_until_it_is_taken_back(bot, repository, upstream):
    outcomes, said = order(bot, repository, "@upkeepd ignore this dependency")
    assert said == "`golang` is left alone from now on."
    assert heads(repository) == [] and set(repository.branches()) == {"main"}
    upstream.tags("library/golang", "1.23.1-alpine")
    assert bot.once().outcomes == []
    _, said = order(bot, repository, "@upkeepd show golang ignore conditions")
    assert "| `golang` | `all` | `owner` | #1 | for ever |" in said
    outcomes, said = order(bot, repository, "@upkeepd unignore golang")
    assert said == "Taken back: 1 of what was ignored."
    assert outcomes == [("created", "upkeepd/docker/golang-1.23.1-alpine")]
    _, said = order(bot, repository, "@upkeepd unignore golang")
    assert said == "Nothing of the kind was ignored."


def test_ignore_and_have_the_rules_say_so(bot, repository):
    outcomes, said = order(bot, repository, "@upkeepd ignore this dependency --commit")
    branch = "upkeepd/docker/ignore-golang-all"
    assert said.startswith("`golang` is left alone from now on. That the rules say so is proposed: ")
    assert ("created", branch) in outcomes and heads(repository) == [branch]
    assert bot.once().outcomes == [("unchanged", branch)]
    (pull,) = repository.proposals("open")
    assert any(repository.proposal(pull["number"])["mergeable"] for _ in range(200))
    repository.call("POST", f"/pulls/{pull['number']}/merge", {"Do": "squash", "delete_branch_after_merge": True})
    assert bot.once().outcomes == []
    _, said = order(bot, repository, "@upkeepd unignore golang")
    assert said.startswith("Nothing of the kind was ignored by order. `.github/dependabot.yml` says so of `golang` in line 7")


def test_ignore_this_major_version(bot, repository, upstream):
    upstream.tags("library/golang", "2.0.0-alpine")
    bot.once()
    repository.gitea.settle()
    assert heads(repository) == [GOLANG_2_0]
    outcomes, said = order(bot, repository, "@upkeepd ignore this major version", number=2)
    assert said == "Versions `>= 2.a, < 3` of `golang` are left alone from now on."
    assert heads(repository) == [GOLANG_1_22]
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]


def test_hold_for_some_days(bot, repository):
    _, said = order(bot, repository, "@upkeepd hold 14d")
    assert re.fullmatch(r"`golang` is left alone until 20\d\d-\d\d-\d\d\.", said)
    assert heads(repository) == [] and bot.once().outcomes == []
    assert bot.once("--due", now=LATER).outcomes == [("created", GOLANG_1_22)]


def test_ignore_one_of_a_group(bot, repository, upstream):
    upstream.tags("library/alpine", "3.19.0", "3.20.0")
    repository.commit({".github/dependabot.yml": RULES + "    groups: { all: { patterns: ['*'] } }\n",
                       "Dockerfile": DOCKERFILE + "FROM alpine:3.19.0\n"})
    bot.once()
    (first,) = [pull["number"] for pull in repository.proposals("open")]
    _, said = order(bot, repository, "@upkeepd ignore this dependency", number=first)
    assert "name one" in said
    _, said = order(bot, repository, "@upkeepd ignore busybox", number=first)
    assert said == "There is no such dependency in this proposal."
    outcomes, said = order(bot, repository, "@upkeepd ignore alpine minor version", number=first)
    assert [action for action, *_ in outcomes] == ["created", "superseded"]
    (second,) = repository.proposals("open")
    assert "golang" in second["title"] and "alpine:" not in second["body"]
    outcomes, _ = order(bot, repository, "@upkeepd unignore *", number=second["number"])
    repository.gitea.settle()
    outcomes, _ = order(bot, repository, "@upkeepd unignore alpine", number=second["number"])
    assert [action for action, *_ in outcomes] == ["created", "superseded"]
    (third,) = repository.proposals("open")
    assert "2 updates" in third["title"]


def test_explain_and_several_orders_in_one_comment(bot, repository):
    _, said = order(bot, repository, "Hello.\n@upkeepd explain\n@upkeepd fly away")
    assert "`explain`: `golang`" in said and "| `1.22.4-alpine` | chosen |" in said
    assert "`fly away`: I do not understand that." in said


def test_merge_when_green(bot, repository, gitea):
    gitea.call("POST", f"{repository.path}/branch_protections", {
        "rule_name": "main", "enable_status_check": True, "status_check_contexts": ["ci"],
        "enable_merge_whitelist": False})
    # Gitea looks beside whether it can be merged, and takes no wish before.
    assert any(repository.proposal(1)["mergeable"] for _ in range(200))
    _, said = order(bot, repository, "@upkeepd merge when green")
    assert said.startswith("The forge merges it as soon as everything passes that its base requires.")
    _, said = order(bot, repository, "@upkeepd cancel merge")
    assert said.startswith("The forge does not merge it by itself")
    _, said = order(bot, repository, "@upkeepd cancel merge")
    assert said.startswith("The forge does not merge it by itself")
    assert repository.proposal(1)["state"] == "open"
    assert order(bot, repository, "@upkeepd merge when green")[1].startswith("The forge merges it")
    (pull,) = repository.proposals()
    assert pull["state"] == "open"
    repository.call("POST", f"/statuses/{pull['head']['sha']}", {"state": "success", "context": "ci"})
    assert repository.merged(1)


def test_an_order_that_the_forge_refuses_is_answered_like_any_other(bot, repository, front):
    front.forbid_merges(repository)
    _, said = order(bot, repository, "@upkeepd merge when green")
    assert said.startswith("The forge does not take that: `the token may not do this")
    front.heal()
    _, said = order(bot, repository, "@upkeepd rebase")
    assert said == "The branch is current: nothing was to be done."
    assert len(answers(repository)) == 2


def test_what_somebody_pushed_on_top_is_not_merged(bot, repository):
    repository.commit({"README": "mine\n"}, branch=GOLANG_1_22)
    _, said = order(bot, repository, "@upkeepd merge when green")
    assert said.startswith("Somebody else has pushed to this branch")
    assert heads(repository) == [GOLANG_1_22]


def test_it_may_have_a_name_of_its_own(bot, repository):
    with bot.config.open("a") as settings:
        settings.write("defaults: { mention: deps-please }\n")
    _, said = order(bot, repository, "@deps-please show ignore conditions")
    assert said == "Nothing is ignored but what the rules say."


def test_a_locked_conversation_is_no_failure(bot, repository):
    repository.say(1, "@upkeepd ignore this dependency")
    repository.call("PUT", "/issues/1/lock", {"lock_reason": "Too heated"})
    run = bot.listen()
    assert run.status == 0, run.stderr
    assert heads(repository) == []
