# SPDX-License-Identifier: MIT
"""`auth check` against a real Gitea, git over HTTP, and registries."""
import itertools
import json

import pytest

names = (f"auth{n}" for n in itertools.count())
ALL = ["fetch", "push branches", "read the repository", "write to the repository",
       "open and close pull requests", "label and comment"]


@pytest.fixture
def repository(gitea):
    return gitea.repository(next(names), {"Dockerfile": "FROM scratch\n"})


@pytest.fixture
def secret(tmp_path):
    """secret(text): a file with it."""
    numbers = itertools.count()

    def write(text):
        file = tmp_path / f"secret{next(numbers)}"
        file.write_text(text)
        file.chmod(0o600)
        return file
    return write


@pytest.fixture
def ask(upkeepd, front, secret):
    """ask(repository, token): what `auth check` says of it, and how it ends."""
    def check(repository, token, *words, more=""):
        upkeepd.watch(f"{{ url: '{front.url_of(repository)}', forge: gitea, "
                      f"token: {{ file: '{secret(token)}' }} }}", more=more)
        run = upkeepd("auth", "check", "--json", *words)
        assert token not in run.stdout + run.stderr
        return json.loads(run.stdout)["credentials"], run
    return check


def rights(subject):
    return {right["right"]: right["granted"] for right in subject["rights"]}


def test_a_token_that_may_all_that_is_needed(ask, gitea, repository):
    (subject,), run = ask(repository, gitea.token("write:repository", "write:issue")[1])
    assert (run.status, subject["works"], subject["kind"]) == (0, True, "gitea")
    assert rights(subject) == dict.fromkeys(ALL, True)
    assert repository.proposals() == [] and repository.call("GET", "/labels") == []


def test_whose_it_is_where_the_token_may_tell(ask, gitea, repository):
    (subject,), run = ask(repository, gitea.bot_token)
    assert (run.status, subject["account"]) == (0, "bot")


@pytest.mark.parametrize("scopes, missing", [
    (["write:repository"], ["label and comment"]),
    (["read:repository", "write:issue"], ["push branches", "open and close pull requests"]),
    (["read:repository"], ["push branches", "open and close pull requests", "label and comment"]),
])
def test_what_a_token_lacks(ask, gitea, repository, scopes, missing):
    (subject,), run = ask(repository, gitea.token(*scopes)[1])
    assert (run.status, subject["works"]) == (1, False)
    assert [right for right, granted in rights(subject).items() if not granted] == missing
    assert "write:repository and write:issue" in subject["hint"]
    for right in subject["rights"]:
        assert right["granted"] or right["why"]


def test_a_person_without_rights(ask, gitea, repository):
    token = gitea.user(next(names))
    (subject,), run = ask(repository, token)
    assert run.status == 1
    assert rights(subject)["fetch"] and not rights(subject)["write to the repository"]


def test_a_token_that_is_revoked(ask, gitea, repository):
    name, token = gitea.token("write:repository", "write:issue")
    gitea.revoke(name)
    (subject,), run = ask(repository, token)
    assert run.status == 1
    assert rights(subject) == {"fetch": False}


def test_a_repository_that_is_hidden(ask, gitea):
    hidden = gitea.repository(next(names), {"a": "b\n"}, private=True, invites_bot=False)
    (subject,), run = ask(hidden, gitea.bot_token)
    assert (run.status, rights(subject)) == (1, {"fetch": False, "read the repository": False})


def test_an_owner(upkeepd, gitea, front, secret):
    upkeepd.watch(f"{{ url: '{front.url}/owner', discover: true, forge: gitea, "
                  f"token: {{ file: '{secret(gitea.bot_token)}' }} }}")
    run = upkeepd("auth", "check")
    assert run.status == 0, run.stdout
    assert run.stdout.startswith(f"{front.url}/owner (gitea) as bot\n  yes  list repositories\n")


def test_only_the_host_that_is_asked_about(ask, gitea, repository, front):
    subjects, run = ask(repository, gitea.bot_token, f"localhost:{front.port}",
                        more="credentials: [{ host: other.example.org, token: { env: HOME } }]\n")
    assert [subject["host"] for subject in subjects] == [f"localhost:{front.port}"]


def test_a_host_of_which_nothing_is_known(upkeepd, repository):
    upkeepd.watch("https://git.example.org/a/b.git")
    run = upkeepd("auth", "check", "nowhere.example.org")
    assert (run.status, run.stdout) == (2, "")
    assert "nothing is configured for 'nowhere.example.org'" in run.stderr


@pytest.mark.parametrize("words", [[], ["login"], ["check", "a", "b"]])
def test_words_that_make_no_sense(upkeepd, words):
    assert upkeepd("auth", *words).status == 2


@pytest.mark.parametrize("status, granted", [(401, False), (403, False), (404, True), (200, True)])
def test_a_host_that_is_no_registry(upkeepd, upstream, secret, status, granted):
    host = upstream.url.removeprefix("http://")
    upstream.spoil("^/v2/$", 404)
    upstream.spoil("^/$", status)
    upkeepd.settings = f'upstreams: {{ "{host}": {{ registry: "{upstream.url}" }}, goproxy: "{upstream.url}/" }}\n'
    upkeepd.watch("https://git.example.org/a/b.git", more=(
        f"credentials: [{{ host: '{host}', username: me, token: {{ file: '{secret('s3cr3t-w0rd')}' }} }}]\n"))
    run = upkeepd("auth", "check", "--json", host)
    (subject,) = json.loads(run.stdout)["credentials"]
    assert (subject["kind"], subject["account"]) == ("host", "me")
    assert rights(subject) == {"be let in": granted}
    assert run.status == (0 if granted else 1)
    assert "s3cr3t-w0rd" not in run.stdout + run.stderr
