# SPDX-License-Identifier: MIT
"""`ignore … --commit`: what people order to leave alone is proposed for the rules, by the
stand-ins that remember. On a real Gitea: test_orders.py."""
import re

import pytest
import yaml

from servers.shop import AT_FIVE as RULES, GOLANG_1_22 as GOLANG
from test_talk import BOTH, forge, make  # noqa: F401

WRITES = "upkeepd/docker/ignore-golang-1.22.x"
COMMENTED = RULES + "    # ours\n    labels: [ 'bumps' ] # these\n"
PROPOSED = r"Versions `>= 1\.22\.a, < 1\.23` of `golang` are left alone from now on\. That the rules say so is proposed: (\S+)"


def rules_of(stage, branch="main"):
    return stage.repository.read(branch, ".github/dependabot.yml")


def ordered(stage, text="@upkeepd ignore this minor version --commit"):
    answer = stage.order(text)
    assert re.fullmatch(PROPOSED, answer), answer
    return stage.newest


def merge(stage, branch):
    stage.repository.set("main", stage.repository.tip(branch))
    (pull,) = [pull for pull in stage.repository.proposals if pull["head"] == branch and pull["state"] == "open"]
    pull["state"] = "merged"
    stage.repository.git("update-ref", "-d", f"refs/heads/{branch}")


def test_it_is_proposed_once_and_holds_meanwhile(make):
    stage = make(rules=COMMENTED)
    pull = ordered(stage)
    assert stage.open == [WRITES] and pull["base"] == "main"
    assert pull["title"] == "Ignore golang 1.22.x" and pull["labels"] == ["bumps"]
    assert "`alice` ordered on " in pull["body"] and "@upkeepd unignore golang" in pull["body"]
    assert rules_of(stage, WRITES) == COMMENTED + (
        "    ignore:\n      - dependency-name: golang\n        versions: [\">= 1.22.a, < 1.23\"]\n")
    message = stage.repository.git("log", "-1", "--format=%B", WRITES)
    assert "\nUpkeepd-Update-Id: rules|/||" in message and "updated-dependencies" not in message
    for _ in range(2):
        run = stage.once()
        assert run.outcomes == [("unchanged", WRITES)]
    merge(stage, WRITES)
    stage.once()
    assert stage.open == [] and set(stage.repository.branches()) == {"main"}
    stage.upkeepd.lose_state()
    stage.once()
    assert stage.open == []


def test_what_the_rules_say_is_taken_back_there(make):
    stage = make()
    ordered(stage)
    merge(stage, WRITES)
    stage.once()
    line = rules_of(stage).splitlines().index("      - dependency-name: golang") + 1
    comment = stage.say("@upkeepd show golang ignore conditions", number=1)
    stage.listen()
    assert stage.answers()[comment] == ["Nothing is ignored but what the rules say.\n\n"
                                        f"`.github/dependabot.yml` says so of `golang` in line {line}."]
    comment = stage.say("@upkeepd unignore golang", number=1)
    stage.listen()
    assert stage.answers()[comment] == [
        "Nothing of the kind was ignored by order. `.github/dependabot.yml` says so of `golang` in "
        f"line {line}: that is to be taken out there."]


def test_unignore_closes_it(make):
    stage = make()
    ordered(stage)
    assert stage.order("@upkeepd unignore this dependency").startswith("Taken back: 1 of what was ignored.")
    assert stage.open == [GOLANG]
    assert any("is no longer wanted" in one["body"] for said in stage.repository.comments.values() for one in said)


def test_a_moved_base_refreshes_it_in_place(make):
    stage = make()
    pull = ordered(stage)
    stage.repository.commit({".github/dependabot.yml": RULES + "    labels: [ a ]\n"})
    assert ("updated", WRITES) in stage.once().outcomes
    assert rules_of(stage, WRITES).startswith(RULES + "    labels: [ a ]\n    ignore:\n") and stage.newest is pull
    stage.repository.commit({"README": "x\n"})
    assert stage.once().outcomes == [("unchanged", WRITES)]


def test_written_by_hand_it_is_closed(make):
    stage = make()
    ordered(stage)
    stage.repository.commit({".github/dependabot.yml": RULES + "    ignore: [{ dependency-name: golang }]\n"})
    assert ("closed", WRITES, "written") in stage.once().outcomes
    assert stage.open == [] and stage.once().outcomes == []
    stage.repository.commit({".github/dependabot.yml": RULES})
    assert stage.once().outcomes == [("created", GOLANG)]


def test_closed_by_a_person_it_stays_away_and_what_is_ignored_stays_so(make):
    stage = make()
    pull = ordered(stage)
    pull["state"] = "closed"
    assert stage.once().outcomes == [("skipped", WRITES, "closed_by_person")]
    assert stage.open == []
    answer = stage.order("@upkeepd ignore this minor version --commit")
    assert answer.startswith("This proposal moves no dependency"), answer
    comment = stage.say("@upkeepd ignore this minor version --commit", number=1)
    stage.listen()
    assert re.fullmatch(PROPOSED, stage.answers()[comment][0]) and stage.open == [WRITES]
    assert stage.once().outcomes == [("unchanged", WRITES)]


def test_a_lost_database_keeps_it(make):
    stage = make()
    ordered(stage)
    stage.upkeepd.lose_state()
    stage.once()
    assert WRITES in stage.open
    stage.once()
    assert stage.open == [WRITES] and len([one for one in stage.repository.proposals if one["head"] == WRITES]) == 1


def test_one_of_a_group_and_no_limit_counts(make):
    stage = make(rules=RULES + "    open-pull-requests-limit: 1\n    groups: { all: { patterns: ['*'] } }\n", dockerfile=BOTH)
    answer = stage.order("@upkeepd ignore golang --commit")
    assert answer.startswith("`golang` is left alone from now on. That the rules say so is proposed: http")
    assert sorted(head.split("/")[-1].split("-")[0] for head in stage.open) == ["all", "ignore"]
    assert stage.once().outcomes and len(stage.open) == 2
    rules = yaml.safe_load(rules_of(stage, "upkeepd/docker/ignore-golang-all"))
    assert rules["updates"][0]["ignore"] == [{"dependency-name": "golang"}]


def test_only_the_entries_that_feed_it_say_so(make):
    other = RULES.replace("version: 2\nupdates:\n", "").replace("docker", "gomod")
    stage = make(rules=RULES + other + RULES.replace("version: 2\nupdates:\n", "").replace("directory: /", "directory: /b"))
    ordered(stage)
    rules = yaml.safe_load(rules_of(stage, WRITES))
    assert ["ignore" in entry for entry in rules["updates"]] == [True, False, False]


REFUSED = [("@upkeepd hold 14d --commit", RULES, "What is held is left alone for some days", True),
           ("@upkeepd ignore this dependency --commit", RULES.replace("directory: /", "directory: /\n    ignore: &x [{ dependency-name: a }]"),
            "`golang` is left alone from now on. It cannot be written into `.github/dependabot.yml`: its 'ignore' is not a list of its own.", False)]


@pytest.mark.parametrize("text, rules, answer, is_open", REFUSED)
def test_what_cannot_be_written_is_said(make, text, rules, answer, is_open):
    stage = make(rules=rules)
    assert stage.order(text).startswith(answer)
    assert stage.open == ([GOLANG] if is_open else [])


SEVERAL = """\
version: 2
multi-ecosystem-groups:
  all: { schedule: { interval: daily } }
updates:
  - { package-ecosystem: docker, directory: /, multi-ecosystem-group: all, patterns: ["*"] }
  - { package-ecosystem: docker-compose, directory: /, multi-ecosystem-group: all, patterns: ["*"] }
"""


def test_of_a_group_across_ecosystems_only_the_one_that_it_is_of(make):
    stage = make(rules=SEVERAL, dockerfile=BOTH)
    answer = stage.order("@upkeepd ignore golang --commit")
    assert answer.startswith("`golang` is left alone from now on. That the rules say so is proposed: http"), answer
    (branch,) = [head for head in stage.open if "ignore" in head]
    assert rules_of(stage, branch) == SEVERAL.replace(
        'docker, directory: /, multi-ecosystem-group: all, patterns: ["*"] }',
        'docker, directory: /, multi-ecosystem-group: all, patterns: ["*"], ignore: [{ dependency-name: golang }] }')
