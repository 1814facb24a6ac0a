# SPDX-License-Identifier: MIT
"""src/git against git http-backend, driven through the git-drive_test program."""
import itertools
import json
import os
import subprocess
import sys

import pytest

from servers.places import built

names = (f"r{n}" for n in itertools.count())
FILES = {"Dockerfile": "FROM golang:1.21\n", "bin/run*": "x\n", "docs/link@": "../Dockerfile",
         "src/go.mod": "module a\n"}


class Failed(Exception):
    def __init__(self, answer):
        super().__init__(answer["error"])
        self.kind = answer["kind"]


class Remote:
    """One process that has one repository open."""

    def __init__(self, environment):
        self.process = subprocess.Popen([built("git-drive_test"), "drive"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=environment)

    def __call__(self, *words):
        try:
            self.process.stdin.write(" ".join(words) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it could not open, and says why
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise Failed(answer)
        return answer

    def change(self, base, **files):
        for path, text in files.items():
            self("change", path, text)
        return self("build", base)["id"]

    def push(self, *words, how="each"):
        return [(update["result"], update.get("reason"))
                for update in self("push", how, *words)["updates"]]

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0
        self.process.stdout.close()


@pytest.fixture
def remote(git_server, tmp_path):
    """remote(repository): opens it; the cache is the test's own."""
    opened = []

    def open_one(where, server=git_server, **settings):
        environment = {**os.environ, **getattr(server, "environment", {}), "REMOTE_CACHE": str(tmp_path / "cache"),
                       "SSL_CERT_FILE": str(git_server.authority.ca), "G_DEBUG": "fatal-warnings",
                       **{f"REMOTE_{name.upper()}": value for name, value in settings.items()}}
        environment["REMOTE"] = where if isinstance(where, str) else where.url
        opened.append(Remote(environment))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def repository(git_server):
    """A repository that can be read with filters and pushed to, with one commit."""
    repository = git_server.repository(next(names)).configure(
        http_receivepack="true", uploadpack_allowFilter="true")
    repository.commit(FILES)
    return repository


def test_reads_builds_and_pushes(repository, remote):
    r = remote(repository)
    learnt = r("learn")
    base = repository.tip("main")
    assert learnt == {"head": base, "default_branch": "main", "tips": {"main": base}}
    files = r("files", base)
    assert list(files) == ["Dockerfile", "bin/run", "src/go.mod"]
    r("fetch", *files.values())
    assert r("read", files["Dockerfile"])["text"] == FILES["Dockerfile"]
    new = r.change(base, Dockerfile="FROM_golang:1.22")
    assert r.push("upkeepd/x", "-", new) == [("ok", None)]
    assert repository.tip("upkeepd/x") == new
    assert repository.read("upkeepd/x", "Dockerfile") == "FROM_golang:1.22\n"
    assert repository.git("diff", "--stat", base, new).endswith("1 insertion(+), 1 deletion(-)")
    repository.git("fsck", "--strict")


def test_a_source_fetches_what_it_reads(repository, remote):
    r = remote(repository)
    base = r("learn")["head"]
    assert r("source", base, "src/go.mod")["text"] == "module a\n"
    assert r("source", base, "src/go.mod")["text"] == "module a\n"
    assert r("count")["requests"] == 4
    with pytest.raises(Failed) as failed:
        r("source", base, "docs/link")
    assert failed.value.kind == "absent"


def test_an_unchanged_repository_costs_one_small_request(git_server, repository, remote):
    first = remote(repository)
    first("learn")
    assert first("count")["requests"] == 2  # what the server offers, once a day
    again = remote(repository)
    again("learn")
    count = again("count")
    assert count["requests"] == 1
    assert git_server.requests()[-1][1] <= 90
    assert count["bytes"] < 500  # headers included


def test_what_a_server_offers_is_asked_anew_after_a_day(repository, remote):
    remote(repository)("learn")
    tomorrow = remote(repository, now="1700100000")
    tomorrow("learn")
    assert tomorrow("count")["requests"] == 2


@pytest.mark.parametrize("has_filter", ["true", "false"])
def test_files_come_in_one_request_or_with_the_folders(git_server, repository, remote, has_filter):
    repository.configure(uploadpack_allowFilter=has_filter)
    repository.commit({"large": "".join(f"{n * 7919 % 65537}\n" for n in range(30000))})
    r = remote(repository)
    r("learn")
    files = r("files", repository.tip("main"))
    size = git_server.requests()[-1][1]
    assert size < 2000 if has_filter == "true" else size > 50000
    r("fetch", files["Dockerfile"], files["src/go.mod"])
    assert r("read", files["src/go.mod"])["text"] == "module a\n"
    assert r("count")["requests"] == (4 if has_filter == "true" else 3)


def test_a_moved_tip_sends_only_what_is_new(git_server, repository, remote):
    repository.commit({f"d{n}/e{n}/f{n}": f"{n}" for n in range(300)})
    r = remote(repository)
    r("learn")
    r("files", repository.tip("main"))
    whole = git_server.requests()[-1][1]
    repository.commit({"Dockerfile": "FROM golang:1.22\n"})
    r = remote(repository)
    r("learn")
    files = r("files", repository.tip("main"))
    assert git_server.requests()[-1][1] < whole / 20
    assert len(files) == 303
    r("fetch", files["Dockerfile"])
    assert r("read", files["Dockerfile"])["text"] == "FROM golang:1.22\n"
    assert r.push("upkeepd/x", "-", r.change(repository.tip("main"), Dockerfile="x")) == [("ok", None)]
    repository.git("fsck", "--strict")


def test_a_moved_tip_without_filters_sends_only_what_is_new(git_server, repository, remote):
    repository.configure(uploadpack_allowFilter="false")
    repository.commit({"large": "".join(f"{n * 7919 % 65537}\n" for n in range(30000))})
    r = remote(repository)
    r("learn")
    r("files", repository.tip("main"))
    repository.commit({"Dockerfile": "FROM golang:1.22\n"})
    r = remote(repository)
    r("learn")
    files = r("files", repository.tip("main"))
    assert git_server.requests()[-1][1] < 1000
    r("fetch", *files.values())
    assert r("read", files["Dockerfile"])["text"] == "FROM golang:1.22\n"


def test_a_base_that_was_forced_elsewhere_is_read_all_the_same(repository, remote):
    r = remote(repository)
    r("learn")
    r("files", repository.tip("main"))
    repository.set("main", None)
    repository.commit({"other": "x"})
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "-q", "--prune=now")
    r = remote(repository)
    r("learn")
    assert list(r("files", repository.tip("main"))) == ["other"]


def test_a_lost_cache_is_filled_again(repository, remote, tmp_path):
    r = remote(repository)
    r("learn")
    r("files", repository.tip("main"))
    for pack in tmp_path.glob("cache/repositories/*/objects/pack/pack-*"):
        pack.unlink()
    r = remote(repository)
    r("learn")
    assert len(r("files", repository.tip("main"))) == 3


def test_history_is_told_without_folders(git_server, repository, remote):
    repository.commit_all({"files": {"x": f"{n}"}, "message": f"feat: {n}\n",
                           "at": 1600000000 + n, "author": f"P{n} <p{n}@example.org>"}
                          for n in range(120))
    r = remote(repository)
    r("learn")
    commits = r("history", repository.tip("main"))["commits"]
    assert len(commits) == 100
    assert (commits[0]["message"], commits[0]["author"]) == ("feat: 119\n", "p119@example.org")
    assert commits[99]["message"] == "feat: 20\n"
    assert git_server.requests()[-1][1] < 40000
    before = r("count")["requests"]
    r("history", repository.tip("main"))
    assert r("count")["requests"] == before


def test_heads_of_branches_are_told_from_those_of_people(repository, remote):
    base = repository.tip("main")
    repository.commit({"a": "1"}, branch="upkeepd/a", parent=base, author="Bot <bot@example.org>")
    repository.commit({"b": "1"}, branch="upkeepd/b", parent=base)
    r = remote(repository)
    tips = r("learn")["tips"]
    assert sorted(tips) == ["main", "upkeepd/a", "upkeepd/b"]
    commits = r("commits", tips["upkeepd/a"], tips["upkeepd/b"])["commits"]
    assert [c["author"] for c in commits] == ["bot@example.org", "ann@example.org"]
    assert r("count")["requests"] == 3
    r("commits", tips["upkeepd/a"])
    assert r("count")["requests"] == 3


def test_other_base_branches_are_learnt_when_asked_for(repository, remote):
    repository.commit({"a": "1"}, branch="release", parent=repository.tip("main"))
    repository.commit({"a": "2"}, branch="release-2", parent=repository.tip("main"))
    r = remote(repository)
    assert list(r("learn")["tips"]) == ["main"]
    r("watch", "release")
    assert list(r("learn")["tips"]) == ["main", "release"]
    r("files", repository.tip("main"))
    new = r.change(repository.tip("main"), x="1")
    with pytest.raises(Failed, match="not a branch of ours") as failed:
        r.push("release", repository.tip("release"), new)
    assert failed.value.kind == "config"


def test_fifty_thousand_refs_are_not_listed(git_server, repository, remote):
    base = repository.tip("main")
    rows = "".join(f"{base} refs/heads/people/{n}\n" for n in range(50000))
    (repository.path / "packed-refs").write_text("# pack-refs with: sorted\n" + rows)
    r = remote(repository)
    assert list(r("learn")["tips"]) == ["main"]
    assert git_server.requests()[-1][1] <= 90


def test_a_new_default_branch_is_noticed(repository, remote):
    remote(repository)("learn")
    repository.commit({"a": "1"}, branch="trunk")
    repository.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    assert remote(repository)("learn")["default_branch"] == "trunk"


# What a push meets. upkeepd/a is at main, upkeepd/b is not there.

PUSHES = {
    "creates": ("b", None, "new", "ok", "new"),
    "updates": ("a", "base", "new", "ok", "new"),
    "deletes": ("a", "base", None, "ok", None),
    "sees_that_it_is_done": ("a", "new", "base", "ok", "base"),
    "does_not_create_over_another": ("a", None, "new", "moved", "base"),
    "does_not_update_what_moved": ("a", "other", "new", "moved", "base"),
    "does_not_recreate_what_was_deleted": ("b", "base", "new", "moved", None),
    "does_not_delete_what_moved": ("a", "other", None, "moved", "base"),
    "cannot_go_below_a_branch": ("a/sub", None, "new", "rejected", None),
}


@pytest.mark.parametrize("name", PUSHES)
def test_a_push(repository, remote, name):
    branch, expected, wanted, result, then = PUSHES[name]
    base = repository.tip("main")
    repository.set("upkeepd/a", base)
    r = remote(repository)
    r("learn")
    r("files", base)
    ids = {"base": base, "new": r.change(base, a="1"), "other": r.change(base, a="2"), None: None}
    assert r.push(f"upkeepd/{branch}", ids[expected] or "-", ids[wanted] or "-")[0][0] == result
    assert repository.tip(f"upkeepd/{branch}") == ids[then]
    repository.git("fsck", "--strict")


@pytest.mark.parametrize("how, results", [("all", ["rejected", "moved"]), ("each", ["ok", "moved"])])
def test_two_branches_at_once(repository, remote, how, results):
    base = repository.tip("main")
    repository.set("upkeepd/a", base)
    r = remote(repository)
    r("learn")
    r("files", base)
    new = r.change(base, a="1")
    pushed = r.push("upkeepd/b", "-", new, "upkeepd/a", "-", new, how=how)
    assert [result for result, _ in pushed] == results
    assert repository.tip("upkeepd/b") == (new if how == "each" else None)


def test_a_hooks_words_are_the_reason(repository, remote):
    repository.hook("pre-receive", "printf 'not \\033[31mon\\033[0m Fridays\\n' >&2; exit 1\n")
    base = repository.tip("main")
    r = remote(repository)
    r("learn")
    r("files", base)
    result, reason = r.push("upkeepd/a", "-", r.change(base, a="1"))[0]
    assert result == "rejected"
    assert "pre-receive hook declined" in reason and "Fridays" in reason
    assert "\033" not in reason


def test_a_server_that_keeps_branches_says_so(repository, remote):
    repository.configure(receive_denyDeletes="true")
    base = repository.tip("main")
    repository.set("upkeepd/a", base)
    r = remote(repository)
    r("learn")
    result, reason = r.push("upkeepd/a", base, "-")[0]
    assert result == "rejected" and "deletion" in reason
    assert repository.tip("upkeepd/a") == base


def test_nothing_is_pushed_to_other_branches(repository, remote):
    base = repository.tip("main")
    r = remote(repository)
    r("learn")
    r("files", base)
    new = r.change(base, a="1")
    before = r("count")["requests"]
    for branch in ["main", "other", "upkeepd/../main", "upkeepd"]:
        with pytest.raises(Failed) as failed:
            r.push("upkeepd/ok", "-", new, branch, base, new)
        assert failed.value.kind == "config"
    assert r("count")["requests"] == before
    assert repository.tip("main") == base and repository.tip("upkeepd/ok") is None


def test_a_repository_to_read_only(repository, remote):
    repository.configure(http_receivepack="false")
    base = repository.tip("main")
    r = remote(repository)
    r("learn")
    r("files", base)
    with pytest.raises(Failed, match="writing is not allowed") as failed:
        r.push("upkeepd/a", "-", r.change(base, a="1"))
    assert failed.value.kind == "denied"


# Remotes that are not as they should be.

def test_an_empty_repository_has_no_branches(git_server, remote):
    r = remote(git_server.repository(next(names)))
    assert r("learn") == {"head": None, "default_branch": None, "tips": {}}


def test_sha256_is_refused_politely(git_server, remote):
    repository = git_server.repository(next(names), object_format="sha256")
    with pytest.raises(Failed, match="SHA-256") as failed:
        remote(repository)("learn")
    assert failed.value.kind == "config"


@pytest.mark.parametrize("path, kind, text", [
    ("page/x.git", "net", "protocol"),
    ("open/missing.git", "absent", "no such repository"),
    ("private/missing.git", "denied", "without a credential"),
    ("busy/x.git", "busy", "limits requests"),
    ("broken/x.git", "net", "status 500"),
])
def test_a_remote_that_is_none(git_server, remote, path, kind, text):
    with pytest.raises(Failed, match=text) as failed:
        remote(f"{git_server.origin}/{path}")("learn")
    assert failed.value.kind == kind


def test_a_repository_that_has_moved_to_another_server_is_not_followed(repository, remote):
    with pytest.raises(Failed, match="has moved to 'https://127.0.0.1") as failed:
        remote(repository.url.replace("/open/", "/away/"))("learn")
    assert failed.value.kind == "config"


def test_a_repository_that_has_moved_within_its_server_is_followed(repository, remote):
    moved = repository.url.replace("/open/", "/moved/")
    r = remote(moved)
    assert r("learn")["head"] == repository.tip("main")
    r("files", repository.tip("main"))
    assert r.push("upkeepd/a", "-", r.change(repository.tip("main"), a="1")) == [("ok", None)]
    again = remote(moved)
    again("learn")
    assert again("count")["requests"] == 1


def test_a_repository_is_looked_for_where_it_is_configured_to_be(repository, remote, tmp_path):
    remote(repository)("learn")
    [state] = tmp_path.glob("cache/repositories/*/remote.json")
    remembered = json.loads(state.read_text())
    gone = {"url": repository.url.replace("/open/", "/open/gone-"), "reading": {"offers": 0, "asked_at": 0}}
    state.write_text(json.dumps({**remembered, **gone}))
    assert remote(repository)("learn")["head"] == repository.tip("main")
    assert json.loads(state.read_text())["url"] is None


def test_a_credential_goes_to_its_host_alone(git_server, remote):
    repository = git_server.repository(next(names), place="private")
    base = repository.commit(FILES)
    r = remote(repository, user="bot", secret="secret")
    assert r("learn")["head"] == base
    r("files", base)
    assert r.push("upkeepd/a", "-", r.change(base, a="1")) == [("ok", None)]
    with pytest.raises(Failed, match="not allowed with this credential") as failed:
        remote(repository, user="bot", secret="wrong")("learn")
    assert failed.value.kind == "denied"


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "example.org"])
def test_a_credential_for_another_host_is_not_sent(flaky, git_server, repository, remote, host):
    with pytest.raises(Failed, match=f"is for '{host}'") as failed:
        remote(flaky.url(repository), secret="x", host=host)("learn")
    assert failed.value.kind == "config"
    assert flaky.requests == []


def test_what_was_learnt_is_there_offline(repository, remote):
    base = repository.tip("main")
    with pytest.raises(Failed):
        remote(repository, offline="1")("learn")
    r = remote(repository)
    r("learn")
    files = r("files", base)
    r("fetch", files["Dockerfile"])
    r = remote(repository, offline="1")
    assert r("learn")["head"] == base
    assert r("files", base) == files
    assert r("read", files["Dockerfile"])["text"] == FILES["Dockerfile"]
    assert r("count")["requests"] == 0
    with pytest.raises(Failed):
        r("fetch", files["src/go.mod"])
    with pytest.raises(Failed, match="nothing is pushed offline"):
        r.push("upkeepd/a", "-", r.change(base, Dockerfile="x"))
    assert remote(repository, offline="1", now="1800000000")("learn")["head"] == base


def test_what_a_server_takes_is_asked_once_a_day_too(repository, remote):
    base = repository.tip("main")
    r = remote(repository)
    r("learn")
    r("files", base)
    one, two = r.change(base, a="1"), r.change(base, a="2")
    assert r.push("upkeepd/a", "-", one) == [("ok", None)]
    r = remote(repository)
    r("learn")
    assert r.push("upkeepd/a", one, r.change(base, a="2")) == [("ok", None)]
    assert repository.tip("upkeepd/a") == two
    assert r("count")["requests"] == 2


# libgit2's own transports.

def old(repository):
    return repository.url.replace("/open/", "/old/")


def test_a_server_without_version_2_is_mirrored(git_server, repository, remote):
    base = repository.tip("main")
    r = remote(old(repository))
    assert r("learn") == {"head": base, "default_branch": "main", "tips": {"main": base}}
    files = r("files", base)
    assert list(files) == ["Dockerfile", "bin/run", "src/go.mod"]
    assert r("read", files["Dockerfile"])["text"] == FILES["Dockerfile"]
    new = r.change(base, Dockerfile="x")
    assert r.push("upkeepd/x", "-", new) == [("ok", None)]
    assert repository.tip("upkeepd/x") == new
    assert r.push("upkeepd/x", new, "-") == [("ok", None)]
    repository.commit({"Dockerfile": "FROM golang:1.22\n"})
    r = remote(old(repository))
    base = r("learn")["head"]
    assert r("source", base, "Dockerfile")["text"] == "FROM golang:1.22\n"
    assert len(r("history", base)["commits"]) == 2


def test_a_mirror_may_need_a_credential(repository, remote):
    url = repository.url.replace("/open/", "/old-private/")
    r = remote(url, user="bot", secret="secret")
    base = r("learn")["head"]
    assert len(r("files", base)) == 3
    assert r.push("upkeepd/a", "-", r.change(base, a="1")) == [("ok", None)]


def test_of_a_long_list_of_refs_an_old_server_shows_the_first_alone(repository, remote):
    base = repository.tip("main")
    rows = "".join(f"{base} refs/heads/people/{n}\n" for n in range(50000))
    (repository.path / "packed-refs").write_text("# pack-refs with: sorted\n" + rows)
    r = remote(repository)
    r("learn")
    r("files", base)
    before = r("count")["bytes"]
    assert r.push("upkeepd/x", "-", r.change(base, a="1")) == [("ok", None)]
    assert r("count")["bytes"] - before < 200_000  # of 3 MB


TELLS = """
echo "pushed $GIT_PUSH_OPTION_COUNT:$GIT_PUSH_OPTION_0:$GIT_PUSH_OPTION_1:"
cat
"""


def test_options_go_with_the_push_of_each_branch(repository, remote):
    r = remote(repository.configure(receive_advertisePushOptions="true").hook("post-receive", TELLS))
    base = r("learn")["head"]
    r("files", base)
    one, two = r.change(base, Dockerfile="1"), r.change(base, Dockerfile="2")
    assert r.push("upkeepd/old", "-", one) == [("ok", None)]
    r("option", "mr.create")
    r("option", "mr.title=Bump it, 100%")
    updates = r("push", "each", "upkeepd/a", "-", one, "upkeepd/old", one, "-",
                "upkeepd/b", "-", two)["updates"]
    for update, name, commit in (updates[0], "a", one), (updates[2], "b", two):
        assert update["result"] == "ok" and not update["are_options_lost"]
        said = update["said"]
        assert said.startswith("pushed 2:mr.create:mr.title=Bump it, 100%:")
        assert said.count("refs/heads/") == 1 and f"{commit} refs/heads/upkeepd/{name}" in said
    assert updates[1]["result"] == "ok" and updates[1]["said"] is None
    assert repository.branches() == {"main": base, "upkeepd/a": one, "upkeepd/b": two}
    with pytest.raises(Failed) as failed:
        r.push("upkeepd/c", "-", one, how="all")
    assert failed.value.kind == "config"


def test_a_server_without_options_is_pushed_to_without(repository, remote):
    r = remote(repository.hook("post-receive", TELLS))
    base = r("learn")["head"]
    r("files", base)
    r("option", "mr.create")
    new = r.change(base, Dockerfile="1")
    update, = r("push", "each", "upkeepd/a", "-", new)["updates"]
    assert update["result"] == "ok" and update["are_options_lost"]
    assert repository.tip("upkeepd/a") == new
    # What is remembered of it is asked again: an administrator may have allowed them.
    repository.configure(receive_advertisePushOptions="true")
    again = remote(repository)
    again("learn")
    again("files", base)
    again("option", "mr.create")
    update, = again("push", "each", "upkeepd/b", "-", again.change(base, Dockerfile="2"))["updates"]
    assert update["said"].startswith("pushed 1:mr.create:") and not update["are_options_lost"]


def test_an_option_is_a_line(repository, remote):
    r = remote(repository.configure(receive_advertisePushOptions="true"))
    base = r("learn")["head"]
    r("files", base)
    r("option", "x" * 65001)
    with pytest.raises(Failed) as failed:
        r.push("upkeepd/a", "-", r.change(base, Dockerfile="1"))
    assert failed.value.kind == "config"


# Gitea's server has this hook: what is pushed to refs/for/ becomes the head of a proposal.
PROPOSES = """exec {python} - 3<&0 4>&1 1>&2 <<'END'
import os, subprocess
def read():
    size = int(os.read(3, 4), 16)
    return os.read(3, size - 4).decode().rstrip("\\n") if size else None
def write(text):
    os.write(4, b"%04x%s" % (len(text) + 4, text.encode()) if text else b"0000")
while read(): pass
write("version=1\\0push-options")
write("")
commands, options = list(iter(read, None)), list(iter(read, None))
for command in commands:
    _, new, ref = command.split()
    if "topic=x" not in options or ref == "refs/for/locked":
        write(f"ng {{ref}} topic unset")
        continue
    subprocess.run(["git", "update-ref", "refs/pull/1/head", new], check=True)
    print("Visit the existing pull request:\\n  http://inside.example/acme/x/pulls/1")
    write(f"ok {{ref}}")
    write("option refname refs/pull/1/head")
write("")
END
"""


@pytest.fixture
def proposing(repository):
    return repository.configure(receive_advertisePushOptions="true", receive_procReceiveRefs="refs/for") \
        .hook("proc-receive", PROPOSES.format(python=sys.executable))


def test_what_is_pushed_to_a_word_becomes_no_branch(proposing, remote):
    r = remote(proposing)
    base = r("learn")["head"]
    r("files", base)
    new = r.change(base, Dockerfile="1")
    r("option", "topic=x")
    update, = r("push", "each", "upkeepd/a@refs/for/main", "-", new)["updates"]
    assert update["result"] == "ok" and "/acme/x/pulls/1" in update["said"]
    assert proposing.branches() == {"main": base}
    assert proposing.git("rev-parse", "refs/pull/1/head").strip() == new


def test_such_a_push_is_refused_with_the_servers_words(proposing, remote):
    r = remote(proposing)
    base = r("learn")["head"]
    r("files", base)
    r("option", "topic=y")
    update, = r("push", "each", "upkeepd/a@refs/for/main", "-", r.change(base, Dockerfile="1"))["updates"]
    assert update["result"] == "rejected" and update["reason"].startswith("topic unset")
    assert "refs/" not in proposing.git("for-each-ref", "refs/pull", "refs/for")


def test_one_that_is_refused_takes_nothing_from_the_others(proposing, remote):
    r = remote(proposing)
    base = r("learn")["head"]
    r("files", base)
    new = r.change(base, Dockerfile="1")
    r("option", "topic=x")
    words = [word for ref in ("main", "locked", "next") for word in (f"upkeepd/{ref}@refs/for/{ref}", "-", new)]
    updates = r("push", "each", *words)["updates"]
    assert [update["result"] for update in updates] == ["ok", "rejected", "ok"]
    assert all("/acme/x/pulls/1" in update["said"] for update in updates if update["result"] == "ok")


def test_without_options_there_is_no_such_push(repository, remote):
    r = remote(repository)
    base = r("learn")["head"]
    r("files", base)
    r("option", "topic=x")
    update, = r("push", "each", "upkeepd/a@refs/for/main", "-", r.change(base, Dockerfile="1"))["updates"]
    assert (update["result"], update["reason"]) == ("rejected", "the server takes no push options")
    assert "refs/" not in repository.git("for-each-ref", "refs/pull", "refs/for")


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/tags/x", "refs/for/", "refs/for/../heads/main"])
def test_nothing_else_than_a_branch_is_pushed_to_but_by_such_a_word(proposing, remote, ref):
    r = remote(proposing)
    base = r("learn")["head"]
    r("files", base)
    r("option", "topic=x")
    with pytest.raises(Failed) as failed:
        r.push(f"upkeepd/a@{ref}", "-", r.change(base, Dockerfile="1"))
    assert failed.value.kind == "config"


@pytest.mark.parametrize("name", PUSHES)
def test_a_push_over_ssh(ssh_server, repository, remote, name):
    branch, expected, wanted, result, then = PUSHES[name]
    base = repository.tip("main")
    repository.set("upkeepd/a", base)
    r = remote(ssh_server.url(repository), ssh_server, **ssh_server.settings)
    r("learn")
    assert len(r("files", base)) == 3
    ids = {"base": base, "new": r.change(base, a="1"), "other": r.change(base, a="2"), None: None}
    assert r.push(f"upkeepd/{branch}", ids[expected] or "-", ids[wanted] or "-")[0][0] == result
    assert repository.tip(f"upkeepd/{branch}") == ids[then]
    repository.git("fsck", "--strict")


def test_a_hooks_words_over_ssh(ssh_server, repository, remote):
    repository.hook("pre-receive", "echo no Fridays >&2; exit 1\n")
    r = remote(ssh_server.url(repository), ssh_server, **ssh_server.settings)
    base = r("learn")["head"]
    result, reason = r.push("upkeepd/a", "-", r.change(base, a="1"))[0]
    assert result == "rejected" and "pre-receive hook declined" in reason


@pytest.mark.parametrize("settings, kind, text", [
    ({"known_hosts": "/dev/null"}, "config", "host key is not in"),
    ({"secret": "no key"}, "denied", ""),
])
def test_over_ssh_both_sides_must_be_known(ssh_server, repository, remote, settings, kind, text):
    with pytest.raises(Failed, match=text) as failed:
        remote(ssh_server.url(repository), ssh_server,
               **{**ssh_server.settings, **settings})("learn")
    assert failed.value.kind == kind


def test_a_key_that_is_not_taken_is_shown_once(ssh_server, repository, remote):
    settings = {**ssh_server.settings, "secret": ssh_server.strange_key}
    with pytest.raises(Failed, match="not accepted") as failed:
        remote(ssh_server.url(repository), ssh_server, **settings)("learn")
    assert failed.value.kind == "denied"


@pytest.mark.parametrize("url", ["ssh://h/a;b", "git@h:--x", "file:///x", "git://h/x", "x"])
def test_addresses_of_no_use(git_server, remote, url):
    with pytest.raises(Failed) as failed:
        remote(url)("learn")
    assert failed.value.kind == "config"


# Answers that are not as they should be.

GARBAGE = {
    "nothing": lambda reply: b"",
    "html": lambda reply: b"<html>Please sign in</html>",
    "zeros": lambda reply: b"\0" * 1000,
    "cut_off": lambda reply: reply[:len(reply) // 2],
    "no_end": lambda reply: reply[:-4],
    "more": lambda reply: reply + b"0009hello",
    "a_word_of_error": lambda reply: b"0012ERR not today!",
    "hanging_up": lambda reply: None,
    "half_a_body": lambda reply: (200, reply[:20]),
    "an_error": lambda reply: (500, b"<html>"),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_for_branches(flaky, repository, remote, name):
    flaky.spoil["git-upload-pack"] = GARBAGE[name]
    with pytest.raises(Failed) as failed:
        remote(flaky.url(repository))("learn")
    assert failed.value.kind == "net"


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_for_a_pack(flaky, repository, remote, tmp_path, name):
    r = remote(flaky.url(repository))
    base = r("learn")["head"]
    flaky.spoil["git-upload-pack"] = GARBAGE[name]
    with pytest.raises(Failed) as failed:
        r("files", base)
    assert failed.value.kind == "net"
    assert list(tmp_path.glob("cache/repositories/*/objects/pack/*")) == []
    flaky.spoil.clear()
    assert len(r("files", base)) == 3


def test_a_pack_without_what_was_asked_for(flaky, repository, remote):
    r = remote(flaky.url(repository))
    base = r("learn")["head"]
    other = repository.commit({"x": "1"})
    kept = []
    flaky.spoil["git-upload-pack"] = lambda reply: kept.append(reply) or reply
    r("files", other)
    flaky.spoil["git-upload-pack"] = lambda reply: kept[0]
    with pytest.raises(Failed, match="has not sent") as failed:
        r("files", base)
    assert failed.value.kind == "net"


@pytest.mark.parametrize("name", GARBAGE)
def test_after_an_answer_that_is_lost_the_branch_tells(flaky, repository, remote, name):
    r = remote(flaky.url(repository))
    base = r("learn")["head"]
    r("files", base)
    new = r.change(base, a="1")
    flaky.spoil["git-receive-pack"] = GARBAGE[name]
    assert r.push("upkeepd/a", "-", new) == [("ok", None)]
    assert repository.tip("upkeepd/a") == new
    assert len([s for s, _ in flaky.requests if s == "git-receive-pack"]) == 1


@pytest.mark.parametrize("name", [name for name in GARBAGE if name != "no_end"])
def test_a_push_that_did_not_arrive_may_be_tried_again(flaky, repository, remote, name):
    r = remote(flaky.url(repository))
    base = r("learn")["head"]
    r("files", base)
    new = r.change(base, a="1")

    def undo(reply):
        repository.set("upkeepd/a", None)
        return GARBAGE[name](reply)

    flaky.spoil["git-receive-pack"] = undo
    with pytest.raises(Failed) as failed:
        r.push("upkeepd/a", "-", new)
    assert failed.value.kind == "net"
    flaky.spoil.clear()
    assert r.push("upkeepd/a", "-", new) == [("ok", None)]


def test_offers_that_no_longer_hold_are_asked_for_again(flaky, repository, remote):
    remote(flaky.url(repository))("learn")
    broken = iter([True])
    flaky.spoil["git-upload-pack"] = lambda reply: b"?" if next(broken, False) else reply
    r = remote(flaky.url(repository))
    assert r("learn")["head"] == repository.tip("main")
    assert [service for service, _ in flaky.requests[-3:]] == ["git-upload-pack", "refs",
                                                              "git-upload-pack"]


def test_a_moved_branch_is_not_even_sent(flaky, repository, remote):
    base = repository.tip("main")
    r = remote(flaky.url(repository))
    r("learn")
    r("files", base)
    repository.set("upkeepd/a", base)
    r("learn")
    assert r.push("upkeepd/a", "-", r.change(base, a="1"))[0][0] == "moved"
    assert "git-receive-pack" not in [service for service, _ in flaky.requests]


def test_nothing_secret_is_said(flaky, repository, remote):
    flaky.spoil["refs"] = lambda reply: (401, b"no")
    with pytest.raises(Failed) as failed:
        remote(flaky.url(repository), user="bot", secret="hunter2")("learn")
    assert failed.value.kind == "denied" and "hunter2" not in str(failed.value)


# A real forge.

def test_a_real_gitea(gitea, remote):
    repository = gitea.repository(next(names), FILES)
    r = remote(repository.url, secret=gitea.bot_token)
    learnt = r("learn")
    base = learnt["head"]
    assert learnt["default_branch"] == "main"
    files = r("files", base)
    assert sorted(files) == ["Dockerfile", "src/go.mod"]
    r("fetch", *files.values())
    assert r("count")["requests"] == 4
    assert r("read", files["Dockerfile"])["text"] == FILES["Dockerfile"]
    new = r.change(base, Dockerfile="x")
    assert r.push("upkeepd/x", "-", new) == [("ok", None)]
    assert repository.branches() == {"main": base, "upkeepd/x": new}
    newer = r.change(base, Dockerfile="y")
    assert r.push("upkeepd/x", new, newer, "upkeepd/y", "-", newer, how="all") == [("ok", None)] * 2
    assert r.push("upkeepd/x", new, "-")[0][0] == "moved"
    assert r.push("upkeepd/x", newer, "-") == [("ok", None)]
    repository.protect("upkeepd/*")
    result, reason = r.push("upkeepd/y", newer, new)[0]
    assert result == "rejected" and "pre-receive hook declined" in reason
    again = remote(repository.url, secret=gitea.bot_token)
    again("learn")
    assert again("count")["requests"] == 1


def test_a_real_gitea_refuses_strangers(gitea, remote):
    repository = gitea.repository(next(names), FILES, private=True, invites_bot=False)
    for settings in [{}, {"secret": "wrong"}, {"secret": gitea.bot_token}]:
        with pytest.raises(Failed) as failed:
            remote(repository.url, **settings)("learn")
        assert failed.value.kind == ("absent" if settings.get("secret") == gitea.bot_token
                                     else "denied")


def test_a_real_gitea_lets_some_only_read(gitea, remote):
    repository = gitea.repository(next(names), FILES, invites_bot=False)
    r = remote(repository.url, secret=gitea.bot_token)
    base = r("learn")["head"]
    r("files", base)
    # It lets readers push, for its way of proposing without a branch, and looks then.
    result, reason = r.push("upkeepd/x", "-", r.change(base, Dockerfile="x"))[0]
    assert result == "rejected" and "permission denied" in reason
