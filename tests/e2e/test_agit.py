# SPDX-License-Identifier: MIT
"""The life of proposals on a real Gitea, behind nginx with TLS, where the bot may only read
the repository: they have no branches."""
import itertools
import subprocess

import pytest

from servers.shop import DOCKERFILE, FILES, GOLANG_1_22, GOLANG_1_23, RULES, offer, offer_newer

SCOPES = "write:repository", "write:issue", "read:user"
names = (f"agit{n}" for n in itertools.count())


@pytest.fixture(autouse=True)
def golang(upstream):
    offer(upstream)


@pytest.fixture
def repository(gitea):
    """The bot is no collaborator, and no stranger may write."""
    return gitea.repository(next(names), FILES, invites_bot=False)


@pytest.fixture(scope="module")
def token(gitea):
    return gitea.token(*SCOPES)[1]


@pytest.fixture
def watch(upkeepd, front, token):
    def start(repository, with_token=None):
        upkeepd.watch_on("agit", front.url_of(repository), with_token or token)
        return upkeepd
    return start


@pytest.fixture
def bot(watch, repository, front):
    bot = watch(repository)
    front.take_requests()
    return bot


def states(repository):
    return [(pull["number"], pull["state"]) for pull in repository.proposals()]


def read(repository, pull, path):
    return repository.read(pull["head"]["sha"], path)


# One is opened, and kept.

def test_one_is_opened_by_who_may_only_read(bot, repository, front):
    run = bot.once()
    assert (run.status, run.outcomes, run.errors) == (0, [("created", GOLANG_1_22)], []), run.stderr
    (pull,) = repository.proposals()
    assert pull["title"] == "Bump golang from 1.21.6-alpine to 1.22.4-alpine"
    assert pull["body"].startswith("Bumps [golang](https://go.dev/doc/devel/release) from 1.21.6-alpine to 1.22.4-alpine.\n")
    assert pull["body"].strip().splitlines()[-1].startswith("<!-- upkeepd:v1 ")
    assert (pull["state"], pull["base"]["ref"], pull["user"]["login"]) == ("open", "main", "bot")
    assert run.named("outcome")[0]["proposal_url"].endswith(f"/owner/{repository.name}/pulls/1")
    assert read(repository, pull, "Dockerfile") == DOCKERFILE.replace("1.21.6", "1.22.4")
    assert set(repository.branches()) == {"main"}
    print(front.take_requests())


def test_a_second_run_is_quiet(bot, repository, front):
    bot.once()
    before = repository.proposal(1)
    front.take_requests()
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    asked = front.take_requests()
    print(asked)
    assert [path for method, path, _ in asked
            if method != "GET" and not path.endswith("git-upload-pack")] == []
    assert repository.proposal(1)["updated_at"] == before["updated_at"]


def test_a_dry_run_knows_what_is_open(bot, repository):
    assert bot.once("--dry-run").outcomes == [("dry-run", GOLANG_1_22)]
    assert repository.proposals() == []
    bot.once()
    assert bot.once("--dry-run").outcomes == [("unchanged", GOLANG_1_22)]


def test_what_who_may_only_read_cannot_set_is_said_once(bot, repository):
    repository.commit({".github/dependabot.yml": RULES + "    labels: [a]\n    milestone: 4\n"})
    words = "labels and assignees, milestone of the rules cannot be set by 'forge: agit'"
    run = bot.once()
    assert words in run.stdout + run.stderr and run.outcomes == [("created", GOLANG_1_22)]
    run = bot.once()
    assert words not in run.stdout + run.stderr


# It is kept current.

def test_a_moved_base_refreshes_it_in_place(bot, repository):
    bot.once()
    before = repository.proposal(1)
    base = repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n",
                              ".github/dependabot.yml": RULES + "    commit-message: { prefix: deps }\n"})
    run = bot.once()
    assert (run.outcomes, run.errors) == ([("updated", GOLANG_1_22)], [])
    (pull,) = repository.proposals()
    assert pull["number"] == 1 and pull["head"]["sha"] != before["head"]["sha"]
    assert pull["title"] == "deps: bump golang from 1.21.6-alpine to 1.22.4-alpine"
    commit = repository.call("GET", f"/git/commits/{pull['head']['sha']}")
    assert [parent["sha"] for parent in commit["parents"]] == [base]


def test_a_newer_version_supersedes_it_with_a_link(bot, repository, upstream):
    bot.once()
    offer_newer(upstream)
    assert set(bot.once().outcomes) == {("created", GOLANG_1_23), ("superseded", GOLANG_1_22)}
    assert states(repository) == [(1, "closed"), (2, "open")]
    ((who, text),) = repository.comments(1)
    assert who == "bot" and "#2" in text
    assert bot.once().outcomes == [("unchanged", GOLANG_1_23)]
    assert states(repository) == [(1, "closed"), (2, "open")]


def test_it_is_closed_when_it_is_up_to_date(bot, repository):
    bot.once()
    repository.commit({"Dockerfile": DOCKERFILE.replace("1.21.6", "1.22.4")})
    assert bot.once().outcomes == [("closed", GOLANG_1_22, "up_to_date")]
    assert states(repository) == [(1, "closed")]
    assert len(repository.comments(1)) == 1
    assert bot.once().outcomes == []


def test_the_limit_counts_what_is_open(bot, repository, upstream):
    upstream.tags("library/alpine", "3.18", "3.19")
    repository.commit({".github/dependabot.yml": RULES + "    open-pull-requests-limit: 1\n",
                       "Dockerfile": DOCKERFILE + "FROM alpine:3.18\n"})
    for _ in range(2):
        outcomes = bot.once().outcomes
        assert sorted(outcome[0] for outcome in outcomes) in (["created", "skipped"],
                                                              ["skipped", "unchanged"]), outcomes
        assert [outcome[2] for outcome in outcomes if outcome[0] == "skipped"] == ["limited"]
    assert states(repository) == [(1, "open")]


# What people do to it.

def test_one_that_a_person_closed_is_not_offered_again_until_they_reopen_it(bot, repository):
    bot.once()
    repository.close(1)
    for _ in range(2):
        assert bot.once().outcomes == [("skipped", GOLANG_1_22, "closed_by_person")]
    repository.reopen(1)
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert states(repository) == [(1, "open")]


def test_one_that_a_person_merged_is_done(bot, repository):
    bot.once()
    repository.merge(1)
    assert repository.merged(1)
    assert bot.once().outcomes == []
    assert states(repository) == [(1, "closed")]
    assert repository.comments(1) == []


def test_a_persons_words_stay_and_it_is_still_known(bot, repository):
    bot.once()
    repository.call("PATCH", "/pulls/1", {"title": "Mine", "body": "my words"})
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n"})
    run = bot.once()
    assert (run.outcomes, run.errors) == ([("updated", GOLANG_1_22)], [])
    pull = repository.proposal(1)
    assert (pull["title"], pull["body"]) == ("Mine", "my words")
    assert states(repository) == [(1, "open")]


def test_an_order_is_obeyed(bot, repository):
    bot.once()
    repository.say(1, "@upkeepd ignore this minor version")
    run = bot.once()
    assert run.errors == [] and states(repository) == [(1, "closed")], run.stderr
    assert [who for who, _ in repository.comments(1)] == ["owner", "bot"]


def test_a_stranger_cannot_take_the_place_of_one(bot, repository, gitea):
    """Everybody can open a pull request with our marks in it."""
    bot.once()
    pull = repository.proposal(1)
    repository.close(1)
    repository.call("POST", "/branches", {"new_branch_name": "theirs", "old_branch_name": "main"})
    repository.commit({"x": "y"}, branch="theirs", message="x\n\nUpkeepd-Update-Id: x " + "0" * 32,
                      author={"name": "upkeepd", "email": "upkeepd@localhost"})
    repository.call("POST", "/pulls", {"base": "main", "head": "theirs", "title": "x", "body": pull["body"]})
    repository.reopen(1)
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    assert states(repository) == [(1, "open"), (2, "open")]


def test_a_commit_of_somebody_else_by_our_account_is_left_alone(bot, repository, token, tmp_path):
    """Nobody but that account can push to what it opened."""
    bot.once()
    url = repository.url.replace("://", f"://bot:{token}@")

    def git(*words):
        return subprocess.run(["git", "-c", "user.name=Eve", "-c", "user.email=eve@example.org", *words],
                              cwd=tmp_path / "x", check=True, capture_output=True, text=True).stdout

    (tmp_path / "x").mkdir()
    git("clone", "-q", url, ".")
    git("fetch", "-q", "origin", "refs/pull/1/head")
    git("checkout", "-q", "FETCH_HEAD")
    git("commit", "-q", "--allow-empty", "-m", "mine")
    git("push", "-q", "origin", "HEAD:refs/for/main", "-o", f"topic={GOLANG_1_22}")
    tip = git("rev-parse", "HEAD").strip()
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n"})
    for _ in range(2):
        assert bot.once().outcomes == [("skipped", GOLANG_1_22, "edited")]
    assert repository.proposal(1)["head"]["sha"] == tip
    ((who, text),) = repository.comments(1)
    assert who == "bot" and "Somebody else has pushed" in text


# What is remembered may be lost.

def test_without_a_database_it_is_known_again(bot, repository, upstream):
    bot.once()
    bot.lose_state()
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    bot.lose_state()
    offer_newer(upstream)
    assert set(bot.once().outcomes) == {("created", GOLANG_1_23), ("superseded", GOLANG_1_22)}
    repository.close(2)
    bot.lose_state()
    assert bot.once().outcomes == [("skipped", GOLANG_1_23, "closed_by_person")]
    assert states(repository) == [(1, "closed"), (2, "closed")]


def test_a_second_upkeepd_of_the_same_account_sees_what_the_first_opened(bot, repository, upstream, tmp_path):
    bot.once()
    bot.state.rename(tmp_path / "first")
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]
    offer_newer(upstream)
    bot.once()
    bot.state.rename(tmp_path / "second")
    (tmp_path / "first").rename(bot.state)
    assert bot.once().outcomes == [("unchanged", GOLANG_1_23)]
    assert states(repository) == [(1, "closed"), (2, "open")]


def test_what_was_pushed_before_is_no_failure(bot, repository):
    """Without memory or mark it is the same commit, and becomes the same pull request."""
    bot.once()
    repository.call("PATCH", "/pulls/1", {"body": "my words"})
    bot.lose_state()
    run = bot.once()
    assert (run.outcomes, run.errors) == ([("created", GOLANG_1_22)], [])
    assert states(repository) == [(1, "open")]
    assert repository.proposal(1)["body"] == "my words"
    assert bot.once().outcomes == [("unchanged", GOLANG_1_22)]


def test_orders_and_a_dashboard_take_no_more(watch, repository):
    bot = watch(repository)
    bot.config.write_text(bot.config.read_text().replace("forge: agit", "forge: agit, dashboard: true"))
    bot.once()
    (issue,) = repository.call("GET", "/issues?state=open&type=issues")
    assert issue["user"]["login"] == "bot" and "golang" in issue["body"]
    pull, = repository.proposals()
    before = pull["head"]["sha"]
    repository.commit({"other": "x"})
    repository.say(pull["number"], "@upkeepd rebase")
    assert ("updated", GOLANG_1_22) in bot.once().outcomes
    assert repository.proposal(pull["number"])["head"]["sha"] != before


def test_the_repositories_of_an_owner_that_may_be_read(watch, repository, upkeepd):
    watch(repository)
    settings = upkeepd.config.read_text().replace(f"/{repository.name}.git", "") \
        .replace("forge: agit", f"forge: agit, discover: true, include: [{repository.name}]")
    upkeepd.config.write_text(settings)
    run = upkeepd.once()
    assert run.outcomes == [("created", GOLANG_1_22)], run.stderr
    assert states(repository) == [(1, "open")]


# What the token may do.

def test_a_private_repository_needs_no_more_than_reading(watch, gitea):
    repository = gitea.repository(next(names), FILES, private=True, invites_bot=False)
    gitea.call("PUT", f"{repository.path}/collaborators/bot", {"permission": "read"})
    assert watch(repository).once().outcomes == [("created", GOLANG_1_22)]
    assert states(repository) == [(1, "open")]


def test_auth_check_says_which_scopes_are_missing(watch, repository, gitea, token):
    good = watch(repository)("auth", "check")
    assert good.status == 0, good.stdout + good.stderr
    assert "as bot" in good.stdout and "(agit)" in good.stdout
    poor = watch(repository, gitea.token("write:repository")[1])("auth", "check")
    assert poor.status == 1
    assert "write:repository, write:issue and read:user" in poor.stdout
    assert "know its own pull requests" in poor.stdout and "comment" in poor.stdout
    print(good.stdout, poor.stdout)


def test_a_token_that_does_not_say_whose_it_is_opens_nothing(watch, repository, gitea):
    run = watch(repository, gitea.token("write:repository", "write:issue")[1]).once()
    assert run.status == 1 and "read:user" in run.stdout
    assert repository.proposals() == []
