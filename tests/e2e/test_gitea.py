# SPDX-License-Identifier: MIT
"""The life of proposals on a real Gitea, behind nginx with TLS."""
import itertools
import subprocess

import pytest

from servers.shop import DOCKERFILE, FILES, GOLANG_1_22, GOLANG_1_23, RULES, offer, offer_newer

names = (f"life{n}" for n in itertools.count())


@pytest.fixture(autouse=True)
def golang(upstream):
    offer(upstream)


@pytest.fixture
def repository(gitea):
    return gitea.repository(next(names), FILES)


@pytest.fixture
def watch(upkeepd, front, gitea):
    """watch(repository, token=…): makes upkeepd watch it, with the bot's token."""
    def start(repository, token=None):
        upkeepd.watch_on("gitea", front.url_of(repository), token or gitea.bot_token)
        return upkeepd
    return start


@pytest.fixture
def bot(watch, repository, front):
    bot = watch(repository)
    front.take_requests()
    return bot


def heads(repository, state="open"):
    return [pull["head"]["ref"] for pull in repository.proposals(state)]


# One is opened, and kept.

def test_a_proposal_is_opened_once_with_labels(bot, repository, front):
    run = bot.once()
    assert (run.status, run.outcomes, run.errors) == (0, [("created", GOLANG_1_22)], []), run.stderr
    (pull,) = repository.proposals()
    assert pull["title"] == "Bump golang from 1.21.6-alpine to 1.22.4-alpine"
    assert pull["body"].startswith("Bumps [golang](https://go.dev/doc/devel/release) from 1.21.6-alpine to 1.22.4-alpine.\n")
    assert (pull["state"], pull["head"]["ref"], pull["base"]["ref"]) == ("open", GOLANG_1_22, "main")
    assert pull["user"]["login"] == "bot"
    assert [label["name"] for label in pull["labels"]] == ["dependencies", "docker"]
    assert run.named("outcome")[0]["proposal_url"].endswith(f"/owner/{repository.name}/pulls/1")
    assert repository.read(GOLANG_1_22, "Dockerfile") == DOCKERFILE.replace("1.21.6", "1.22.4")
    print(front.take_requests())


def as_seen(pulls):
    """Without the times, which Gitea sets when it gets round to looking at a push."""
    return [(*(pull[key] for key in ("number", "state", "title", "body", "comments", "labels")),
             pull["head"]["sha"]) for pull in pulls]


def test_a_second_run_is_quiet(bot, repository, front):
    bot.once()
    first = front.take_requests()
    before = as_seen(repository.proposals())
    run = bot.once()
    assert run.outcomes == [("unchanged", GOLANG_1_22)]
    asked = front.take_requests()
    print(len(first), first, asked)
    assert [method for method, *_ in asked if method not in ("GET", "POST")] == []
    assert as_seen(repository.proposals()) == before


def commands(asked):
    """What was asked that changes something."""
    return [(method, path) for method, path, _ in asked
            if method != "GET" and not path.endswith("git-upload-pack")]


def test_assignees_reviewers_and_labels_of_the_rules(bot, repository, gitea):
    gitea.call("PUT", f"{repository.path}/collaborators/bot", {"permission": "write"})
    repository.call("POST", "/labels", {"name": "Images", "color": "#ff0000"})
    repository.commit({".github/dependabot.yml": RULES + '    labels: ["images", "new one"]\n'
                       '    assignees: ["owner", "nobody-at-all"]\n'})
    run = bot.once()
    assert (run.status, run.outcomes) == (0, [("created", GOLANG_1_22)]), run.stderr
    (pull,) = repository.proposals()
    assert [label["name"] for label in pull["labels"]] == ["Images", "new one"]
    assert [person["login"] for person in pull["assignees"]] == ["owner"]
    assert "nobody-at-all" in run.stderr


def test_a_team_is_asked_for_a_review(bot, repository, gitea, watch):
    organisation = f"teams-of-{repository.name}"
    gitea.call("POST", "orgs", {"username": organisation})
    team = gitea.call("POST", f"orgs/{organisation}/teams", {
        "name": "Reviewers", "permission": "write", "units": ["repo.code", "repo.pulls"]})["id"]
    repository.call("POST", "/transfer", {"new_owner": organisation})
    repository.path = f"repos/{organisation}/{repository.name}"
    gitea.call("PUT", f"teams/{team}/repos/{organisation}/{repository.name}")
    gitea.call("PUT", f"{repository.path}/collaborators/bot", {"permission": "write"})
    repository.commit({".github/dependabot.yml": RULES + f'    reviewers: ["owner", "{organisation}/reviewers", '
                       f'"{organisation}/nobody"]\n'})
    run = bot.once()
    assert (run.status, run.outcomes) == (0, [("created", GOLANG_1_22)]), run.stderr
    (pull,) = repository.proposals()
    pull = repository.proposal(pull["number"])
    assert [person["login"] for person in pull["requested_reviewers"]] == ["owner"]
    assert [team["name"] for team in pull["requested_reviewers_teams"]] == ["Reviewers"]
    assert f"'{organisation}/nobody' cannot be asked here" in run.stdout + run.stderr


def test_the_labels_of_all_members_of_a_multi_ecosystem_group(bot, repository, upstream):
    number = repository.call("POST", "/milestones", {"title": "soon"})["id"]
    repository.commit({".github/dependabot.yml": f"""\
version: 2
multi-ecosystem-groups:
  all: {{ schedule: {{ interval: daily }}, labels: [deps], milestone: {number} }}
updates:
  - {{ package-ecosystem: docker, directory: /, multi-ecosystem-group: all, patterns: ["*"], labels: [images] }}
  - {{ package-ecosystem: docker-compose, directory: /, multi-ecosystem-group: all, patterns: ["*"],
       labels: [services], assignees: [owner] }}
""", "compose.yml": "services: { a: { image: golang:1.21.6-alpine } }\n"})
    (action, branch), = bot.once().outcomes
    (pull,) = repository.proposals()
    assert (action, pull["head"]["ref"]) == ("created", branch)
    assert sorted(label["name"] for label in pull["labels"]) == ["deps", "images", "services"]
    assert [person["login"] for person in pull["assignees"]] == ["owner"]
    assert pull["milestone"]["id"] == number


def test_what_people_change_about_its_dress_and_words_stays(bot, repository):
    bot.once()
    repository.call("DELETE", "/issues/1/labels")
    repository.call("PATCH", "/pulls/1", {"title": "Mine", "body": "my words"})
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    repository.commit({"Dockerfile": "# syntax=docker/dockerfile:1\n" + DOCKERFILE})
    assert bot.once().outcomes == [("updated", GOLANG_1_22)]
    pull = repository.proposal(1)
    assert (pull["title"], pull["body"], pull["labels"]) == ("Mine", "my words", [])


def test_the_forge_merges_what_the_rules_leave_to_it_once_all_checks_pass(bot, repository, gitea):
    repository.commit({".github/dependabot.yml": RULES + "    x-upkeepd: { automerge: [minor] }\n"})
    gitea.call("POST", f"{repository.path}/branch_protections", {
        "rule_name": "main", "enable_status_check": True, "status_check_contexts": ["ci"],
        "enable_merge_whitelist": False})
    run = bot.once()
    assert (run.status, run.outcomes) == (0, [("created", GOLANG_1_22)]), run.stderr
    (pull,) = repository.proposals()
    assert pull["state"] == "open"
    repository.call("POST", f"/statuses/{pull['head']['sha']}", {"state": "success", "context": "ci"})
    assert repository.merged(1)
    assert bot.once().outcomes in ([("closed", GOLANG_1_22, "up_to_date")], [])
    assert set(repository.branches()) == {"main"}


def test_the_forge_merges_at_once_what_has_to_pass_nothing(bot, repository):
    repository.commit({".github/dependabot.yml": RULES + "    x-upkeepd: { automerge: [minor] }\n"})
    run = bot.once()
    assert (run.status, run.outcomes) == (0, [("created", GOLANG_1_22)]), run.stderr
    assert repository.merged(1)
    assert "1.22.4" in repository.read("main", "Dockerfile")


# It is kept current.

def test_a_moved_base_refreshes_it_in_place(bot, repository, front):
    bot.once()
    tip = repository.branches()[GOLANG_1_22]
    base = repository.commit({"Dockerfile": "# syntax=docker/dockerfile:1\n" + DOCKERFILE})
    front.take_requests()
    assert bot.once().outcomes == [("updated", GOLANG_1_22)]
    assert commands(front.take_requests()) == [("POST", f"/owner/{repository.name}.git/git-receive-pack")]
    (pull,) = repository.proposals()
    assert pull["number"] == 1 and pull["head"]["sha"] != tip
    commit = repository.call("GET", f"/git/commits/{pull['head']['sha']}")
    assert [parent["sha"] for parent in commit["parents"]] == [base]


def test_a_rewritten_base_rebuilds_it(bot, repository, gitea, tmp_path):
    """Else it would show what was taken out of the base as its own."""
    repository.commit({"secret": "x\n"})
    bot.once()
    url = repository.url.replace("://", f"://owner:{gitea.owner_token}@")

    def git(*words):
        subprocess.run(["git", "-C", tmp_path / "clone", *words], check=True, capture_output=True)

    (tmp_path / "clone").mkdir()
    git("clone", "-q", url, ".")
    git("reset", "-q", "--hard", "HEAD^")
    git("push", "-q", "--force", "origin", "HEAD:main")
    assert bot.once().outcomes == [("updated", GOLANG_1_22)]
    gitea.settle()
    assert repository.proposal(1)["changed_files"] == 1
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]


def test_a_changed_title_is_changed_in_place(bot, repository):
    bot.once()
    repository.commit({".github/dependabot.yml": RULES + "    commit-message: { prefix: deps }\n",
                       "Dockerfile": DOCKERFILE + "CMD x\n"})
    assert bot.once().outcomes == [("updated", GOLANG_1_22)]
    (pull,) = repository.proposals()
    assert pull["title"] == "deps: bump golang from 1.21.6-alpine to 1.22.4-alpine"


def test_what_a_person_made_a_draft_stays_one(bot, repository):
    bot.once()
    title = repository.proposal(1)["title"]
    repository.call("PATCH", "/pulls/1", {"title": f"WIP: {title}"})
    repository.commit({".github/dependabot.yml": RULES + "    commit-message: { prefix: deps }\n",
                       "Dockerfile": DOCKERFILE + "CMD x\n"})
    assert bot.once().outcomes == [("updated", GOLANG_1_22)]
    assert repository.proposal(1)["title"] == "WIP: deps: bump golang from 1.21.6-alpine to 1.22.4-alpine"


def test_a_newer_version_supersedes_it_with_a_link(bot, repository, upstream):
    bot.once()
    offer_newer(upstream)
    run = bot.once()
    assert run.outcomes == [("created", GOLANG_1_23), ("superseded", GOLANG_1_22)]
    old, new = repository.proposals()
    assert (old["state"], old["merged"], new["state"], new["head"]["ref"]) == (
        "closed", False, "open", GOLANG_1_23)
    ((who, what),) = repository.comments(1)
    assert (who, what.splitlines()[0]) == ("bot", "Superseded by #2.")
    assert set(repository.branches()) == {"main", GOLANG_1_23}
    assert bot.once().outcomes == [("unchanged", GOLANG_1_23)]


@pytest.mark.parametrize("dockerfile, more, why, words", [
    (DOCKERFILE.replace("1.21.6", "1.22.4"), "", "up_to_date", "reached some other way"),
    ("FROM scratch\n", "", "dependency_removed", "no longer in the manifest"),
    (DOCKERFILE, "    ignore: [{ dependency-name: golang }]\n", "up_to_date", "some other way")])
def test_it_is_closed_with_the_reason(bot, repository, dockerfile, more, why, words):
    bot.once()
    repository.commit({"Dockerfile": dockerfile, ".github/dependabot.yml": RULES + more}
                      if more or dockerfile != DOCKERFILE else {})
    assert bot.once().outcomes == [("closed", GOLANG_1_22, why)]
    (pull,) = repository.proposals()
    assert pull["state"] == "closed"
    ((_, what),) = repository.comments(1)
    assert words in what
    assert set(repository.branches()) == {"main"}
    assert bot.once().outcomes == []


@pytest.mark.parametrize("is_lost", [False, True])
def test_the_default_branch_may_become_another(bot, repository, is_lost):
    bot.once()
    repository.call("POST", "/branches", {"new_branch_name": "trunk", "old_branch_name": "main"})
    repository.call("PATCH", "", {"default_branch": "trunk"})
    if is_lost:
        bot.lose_state()
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    (pull,) = repository.proposals()
    assert (pull["state"], pull["base"]["ref"]) == ("open", "trunk")


# What people do counts.

def test_a_persons_commit_makes_the_branch_theirs(bot, repository, upstream):
    bot.once()
    edited = repository.commit({"README": "more\n"}, branch=GOLANG_1_22)
    repository.commit({"Dockerfile": "# syntax=docker/dockerfile:1\n" + DOCKERFILE})
    for _ in range(2):
        assert bot.once().outcomes == [("skipped", GOLANG_1_22, "edited")]
    ((_, what),) = repository.comments(1)
    assert "leaves it alone" in what
    offer_newer(upstream)
    assert bot.once().outcomes == [("created", GOLANG_1_23), ("skipped", GOLANG_1_22, "edited")]
    assert heads(repository) == [GOLANG_1_22, GOLANG_1_23]
    assert repository.branches()[GOLANG_1_22] == edited


def test_the_button_that_merges_the_base_makes_it_nobodys(bot, repository):
    repository.commit({"Dockerfile": DOCKERFILE + "RUN go version\n"})
    bot.once()
    repository.commit({"Dockerfile": DOCKERFILE + "RUN go version\nCMD x\n"})
    repository.call("POST", "/pulls/1/update?style=merge")
    merged = repository.branches()[GOLANG_1_22]
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert repository.branches()[GOLANG_1_22] == merged and repository.comments(1) == []
    repository.commit({"Dockerfile": "# syntax=docker/dockerfile:1\n" + DOCKERFILE})
    assert bot.once().outcomes == [("updated", GOLANG_1_22)]


@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("is_deleted", [False, True])
def test_what_a_person_closed_is_not_offered_again(bot, repository, upstream, is_lost, is_deleted):
    bot.once()
    # A stranger who says in our words that we close it changes nothing.
    repository.say(1, "<!-- upkeepd:closed reason=superseded -->")
    repository.close(1)
    if is_deleted:
        repository.delete_branch(GOLANG_1_22)
    if is_lost:
        bot.lose_state()
    for _ in range(2):
        assert bot.once().outcomes == [("skipped", GOLANG_1_22, "closed_by_person")]
    assert heads(repository) == []
    offer_newer(upstream)
    assert bot.once().outcomes == [("created", GOLANG_1_23)] + (
        [] if is_deleted else [("superseded", GOLANG_1_22)])
    assert heads(repository) == [GOLANG_1_23]
    assert set(repository.branches()) == {"main", GOLANG_1_23}
    (_, _), (who, what) = repository.comments(1)
    assert who == "bot" and "not proposed again" in what and "reopen" in what


def test_what_a_person_opens_again_is_wanted_again(bot, repository):
    bot.once()
    repository.close(1)
    assert bot.once().outcomes == [("skipped", GOLANG_1_22, "closed_by_person")]
    repository.reopen(1)
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n"})
    assert bot.once().outcomes == [("updated", GOLANG_1_22)]
    assert heads(repository, "all") == [GOLANG_1_22]


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_a_proposal_merged_by_hand_is_done(bot, repository, how):
    bot.once()
    repository.merge(1, how)
    run = bot.once()
    assert (run.status, run.outcomes) == (0, [("closed", GOLANG_1_22, "up_to_date")])
    assert repository.comments(1) == []
    assert set(repository.branches()) == {"main"}
    assert bot.once().outcomes == []


def test_what_was_merged_and_taken_back_is_offered_again(bot, repository):
    bot.once()
    repository.merge(1)
    bot.once()
    repository.commit({"Dockerfile": DOCKERFILE})
    assert bot.once().outcomes == [("created", GOLANG_1_22)]
    assert heads(repository) == [GOLANG_1_22]


def test_a_closed_proposal_leaves_room_below_the_limit(bot, repository, upstream):
    upstream.tags("library/alpine", "3.19.0", "3.20.0")
    repository.commit({".github/dependabot.yml": RULES + "    open-pull-requests-limit: 1\n",
                       "Dockerfile": DOCKERFILE + "FROM alpine:3.19.0\n"})
    run = bot.once()
    assert sorted(action for action, *_ in run.outcomes) == ["created", "skipped"]
    first, = heads(repository)
    repository.close(1)
    run = bot.once()
    assert sorted(action for action, *_ in run.outcomes) == ["created", "skipped"]
    second, = heads(repository)
    assert first != second


def test_a_proposal_that_somebody_deleted_is_opened_anew(bot, repository):
    bot.once()
    repository.call("DELETE", "/issues/1")
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert heads(repository) == [GOLANG_1_22]


# Forgetting, and being several.

def test_a_lost_database_is_rebuilt_from_the_forge(bot, repository, upstream, front):
    bot.once()
    repository.call("DELETE", f"/issues/1/labels/{repository.proposal(1)['labels'][0]['id']}")
    before = as_seen(repository.proposals())
    bot.lose_state()
    front.take_requests()
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert commands(front.take_requests()) == []
    assert as_seen(repository.proposals()) == before
    bot.lose_state()
    offer_newer(upstream)
    assert bot.once().outcomes == [("created", GOLANG_1_23), ("superseded", GOLANG_1_22)]
    assert repository.comments(1)[0][1].startswith("Superseded by #2.")


def test_what_was_closed_by_us_is_no_refusal_for_who_forgot(bot, repository, upstream):
    bot.once()
    repository.commit({"Dockerfile": "FROM scratch\n"})
    bot.once()
    bot.lose_state()
    repository.commit({"Dockerfile": DOCKERFILE})
    assert bot.once().outcomes == [("created", GOLANG_1_22)]
    assert heads(repository, "all") == [GOLANG_1_22, GOLANG_1_22]


@pytest.mark.parametrize("has_own_account", [False, True])
def test_two_on_one_repository_do_no_harm(bot, repository, gitea, upstream, tmp_path, has_own_account):
    """They may open two proposals in the same moment: then the younger is closed."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "upkeepd.yml").write_text(bot.config.read_text().replace(str(tmp_path / "token"), str(other / "token")))
    (other / "token").write_text(gitea.second_token() if has_own_account else gitea.bot_token)
    (other / "token").chmod(0o600)
    if has_own_account:
        gitea.call("PUT", f"{repository.path}/collaborators/second", {"permission": "write"})

    def start(state, cache):
        words = bot.words("--run-once", "--json")
        words[words.index("--state") + 1] = str(state)
        if state != bot.state:
            words[words.index("--config") + 1] = str(other / "upkeepd.yml")
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env={**bot.environment, "XDG_CACHE_HOME": str(cache)})

    def both():
        for run in [start(bot.state, bot.cache), start(other / "state", other / "cache")]:
            print(*run.communicate())

    both()
    assert heads(repository) == [GOLANG_1_22]
    count = len(repository.proposals())
    both()
    assert heads(repository) == [GOLANG_1_22] and len(repository.proposals()) == count
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n"})
    both(), both()
    assert heads(repository) == [GOLANG_1_22] and len(repository.proposals()) == count
    assert repository.read(GOLANG_1_22, "Dockerfile") == DOCKERFILE.replace("1.21.6", "1.22.4") + "CMD x\n"
    offer_newer(upstream)
    both(), both()
    assert heads(repository) == [GOLANG_1_23]
    assert set(repository.branches()) == {"main", GOLANG_1_23}


def test_a_proposal_that_is_there_twice_is_closed_once(bot, repository, gitea):
    bot.once()
    (pull,) = repository.proposals()
    repository.close(1)
    repository.call("POST", "/pulls", {"head": GOLANG_1_22, "base": "main", "title": "x",
                                       "body": pull["body"]}, token=gitea.bot_token)
    repository.reopen(1)
    assert heads(repository) == [GOLANG_1_22, GOLANG_1_22]
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert [pull["number"] for pull in repository.proposals("open")] == [1]
    assert repository.comments(2)[0][1].startswith("The same is proposed by #1;")


# Rights.

def test_a_protected_branch_is_said(bot, repository):
    repository.protect("upkeepd/**")
    run = bot.once()
    assert run.status == 1
    ((action, branch, why),) = run.outcomes
    assert (action, branch) == ("failed", GOLANG_1_22) and "protected" in why, why
    assert heads(repository, "all") == []


def test_a_branch_that_may_not_be_rewritten_stays_as_it_is(bot, repository, gitea, upstream):
    """Whoever may push to a protected branch may neither rewrite nor delete it."""
    bot.once()
    tip = repository.branches()[GOLANG_1_22]
    gitea.call("POST", f"{repository.path}/branch_protections", {"rule_name": "upkeepd/**", "enable_push": True})
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n"})
    for _ in range(2):
        run = bot.once()
        ((action, branch, why),) = run.outcomes
        assert (action, branch, run.status) == ("failed", GOLANG_1_22, 1) and "force push" in why, why
    assert repository.branches()[GOLANG_1_22] == tip and heads(repository) == [GOLANG_1_22]
    offer_newer(upstream)
    assert [outcome[:2] for outcome in bot.once().outcomes] == [("created", GOLANG_1_23), ("failed", GOLANG_1_22)]
    assert heads(repository) == [GOLANG_1_23]
    ((action, branch, why),) = [outcome for outcome in bot.once().outcomes if outcome[0] != "unchanged"]
    assert (action, branch) == ("failed", GOLANG_1_22) and "protected from deletion" in why
    assert len(repository.comments(1)) == 1


def test_a_protected_base_takes_proposals_and_no_push(bot, repository, gitea):
    gitea.call("POST", f"{repository.path}/branch_protections", {
        "rule_name": "main", "enable_push": False, "required_approvals": 1, "block_on_rejected_reviews": True})
    assert bot.once().outcomes == [("created", GOLANG_1_22)]
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert heads(repository) == [GOLANG_1_22]


def test_a_revoked_token_is_said(watch, gitea, repository):
    name, token = gitea.token("write:repository", "write:issue")
    bot = watch(repository, token)
    assert bot.once().outcomes == [("created", GOLANG_1_22)]
    gitea.revoke(name)
    run = bot.once()
    assert (run.status, run.outcomes) == (1, [])
    assert len(run.errors) == 1 and "not allowed with this credential" in run.errors[0]
    assert token not in run.stdout + run.stderr


def test_a_token_that_may_only_read_is_said(watch, gitea, repository):
    _, token = gitea.token("read:repository")
    bot = watch(repository, token)
    run = bot.once()
    assert run.status == 1
    ((action, branch, why),) = run.outcomes
    assert (action, branch) == ("failed", GOLANG_1_22)
    assert "writing is not allowed" in why, why
    assert set(repository.branches()) == {"main"}


def test_a_token_without_issues_opens_what_it_cannot_dress(watch, gitea, repository, front):
    _, token = gitea.token("write:repository")
    bot = watch(repository, token)
    run = bot.once()
    assert (run.status, run.outcomes) == (1, [("created", GOLANG_1_22)])
    assert len(run.errors) == 1 and "required=[read:issue]" in run.errors[0], run.errors
    watch(repository)
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    (pull,) = repository.proposals()
    assert [label["name"] for label in pull["labels"]] == ["dependencies", "docker"]


MAY_DO_ALL = "write:repository", "write:issue", "read:user", "read:organization"


@pytest.mark.parametrize("scopes, account, is_private, words", [
    (MAY_DO_ALL, "write", True, None),
    (["all"], "admin", True, None),
    (["write:repository", "write:issue"], "write", False, None),
    (MAY_DO_ALL, "read", True, "permission denied for writing"),
    (MAY_DO_ALL, None, False, "permission denied for writing"),
    (MAY_DO_ALL, None, True, "hidden from us"),
    (["write:issue"], "write", True, "not allowed with this credential"),
    (["read:repository", "write:issue"], "write", True, "writing is not allowed"),
    (["public-only", *MAY_DO_ALL], "write", True, "reading is not allowed"),
    (["public-only", *MAY_DO_ALL], "write", False, None),
], ids=str)
def test_what_each_right_is_good_for(watch, gitea, scopes, account, is_private, words):
    repository = gitea.repository(next(names), FILES,
                                  private=is_private, invites_bot=False)
    if account:
        gitea.call("PUT", f"{repository.path}/collaborators/bot", {"permission": account})
    _, token = gitea.token(*scopes)
    bot = watch(repository, token)
    run = bot.once()
    checked = bot("auth", "check")
    if words is None:
        assert (run.status, run.outcomes, run.errors) == (0, [("created", GOLANG_1_22)], []), run.events
        assert checked.status == 0, checked.stdout
    else:
        assert run.status == 1 and words in run.stdout, run.events
        assert heads(repository, "all") == [] and set(repository.branches()) == {"main"}
        assert checked.status == 1 and "  no   " in checked.stdout, checked.stdout
        assert "hint: the token needs the scopes write:repository and write:issue" in checked.stdout
    assert token not in run.stdout + run.stderr + checked.stdout + checked.stderr


def test_a_hidden_repository_is_said(watch, gitea):
    repository = gitea.repository(next(names), {"Dockerfile": DOCKERFILE}, private=True, invites_bot=False)
    run = watch(repository).once()
    assert run.status == 1 and len(run.errors) == 1


def test_an_archived_repository_is_left_alone(bot, repository):
    bot.once()
    repository.call("PATCH", "", {"archived": True})
    before = as_seen(repository.proposals())
    run = bot.once()
    assert run.outcomes == [("unchanged", GOLANG_1_22)]
    assert as_seen(repository.proposals()) == before


@pytest.mark.parametrize("how", ["renamed", "transferred"])
def test_a_repository_that_has_another_name_is_found(bot, repository, gitea, upstream, how):
    bot.once()
    if how == "renamed":
        repository.call("PATCH", "", {"name": repository.name + "-renamed"})
    else:
        owner = f"new-owner-of-{repository.name}"
        gitea.call("POST", "orgs", {"username": owner})
        repository.call("POST", "/transfer", {"new_owner": owner})
        repository.path = f"repos/{owner}/{repository.name}"
        gitea.call("PUT", f"{repository.path}/collaborators/bot", {"permission": "write"})
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    offer_newer(upstream)
    run = bot.once()
    assert run.outcomes == [("created", GOLANG_1_23), ("superseded", GOLANG_1_22)], run.events
    assert heads(repository) == [GOLANG_1_23]
    assert repository.comments(1)[0][1].startswith("Superseded by #2.")
    bot.lose_state()
    assert bot.once().outcomes == [("unchanged", GOLANG_1_23)]
