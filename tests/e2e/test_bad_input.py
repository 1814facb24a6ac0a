# SPDX-License-Identifier: MIT
"""What is wrong elsewhere: each mistake is said once and in its place, nothing is lost, and
everything else goes on."""
import itertools
import os
import resource
import sqlite3
import subprocess
import threading

import pytest

from servers.git_server import Repository
from servers.upstream import STALL

RULES = """\
version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: weekly }
  - package-ecosystem: gomod
    directory: /
    schedule: { interval: weekly }
"""
DOCKERFILE = "FROM golang:1.21.6-alpine\n"
GOMOD = "module example.org/app\n\ngo 1.21\n\nrequire example.org/text v1.0.0\n"
MAIN = 'package main\n\nimport _ "example.org/text"\n\nfunc main() {}\n'
GOLANG = "upkeepd/docker/golang-1.22.4-alpine"
TEXT = "upkeepd/go_modules/example.org/text-1.1.0"
names = (f"bad{n}" for n in itertools.count())
BOTH = [("created", GOLANG), ("created", TEXT)]


@pytest.fixture(autouse=True)
def releases(upstream):
    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")
    for version in ("v1.0.0", "v1.1.0"):
        upstream.module("example.org/text", version, "2026-06-01T00:00:00Z",
                        {"go.mod": "module example.org/text\n", "text.go": "package text\n"})


@pytest.fixture
def sums(upstream):
    return upstream.modules["example.org/text"]["v1.0.0"].sums()


@pytest.fixture
def repository(tmp_path, sums):
    repository = Repository(tmp_path / "app.git", str(tmp_path / "app.git"))
    repository.commit({".github/dependabot.yml": RULES, "Dockerfile": DOCKERFILE, "go.mod": GOMOD,
                       "go.sum": sums, "main.go": MAIN})
    return repository


@pytest.fixture
def other(tmp_path):
    """A repository with nothing wrong."""
    other = Repository(tmp_path / "other.git", str(tmp_path / "other.git"))
    other.commit({".github/dependabot.yml": RULES, "Dockerfile": DOCKERFILE})
    return other


@pytest.fixture
def upkeepd(upkeepd, repository, other):
    upkeepd.watch(repository, other, more="http: { timeout: 300ms }\n")
    upkeepd.environment["UPKEEPD_BACKOFF_MS"] = "1"
    return upkeepd


def outcomes(run, repository):
    return sorted((one["action"], one["branch"]) for one in run.named("outcome")
                  if one["repository"] == repository.url)


def test_nothing_is_wrong(upkeepd, repository, other):
    run = upkeepd.once()
    assert (run.status, run.errors, run.stderr) == (0, [], "")
    assert outcomes(run, repository) == BOTH
    assert outcomes(run, other) == [("created", GOLANG)]


# Files of the repository.

FILES = {
    "a stage without a name": (
        {"Dockerfile": "FROM golang:1.21.6-alpine AS\n"}, "Dockerfile:1:", [TEXT]),
    "a heredoc without an end": (
        {"Dockerfile": "FROM golang:1.21.6-alpine\nRUN <<EOF\necho\n"}, "Dockerfile:2:", [TEXT]),
    "a conflict in a Dockerfile": (
        {"Dockerfile": "<<<<<<< ours\n" + DOCKERFILE + "=======\n" + DOCKERFILE + ">>>>>>> theirs\n"},
        "Dockerfile:1:1: the file holds a merge conflict", [TEXT]),
    "a conflict in go.mod": (
        {"go.mod": GOMOD.replace("require", "<<<<<<< ours\nrequire").replace(
            "v1.0.0\n", "v1.0.0\n=======\n>>>>>>> theirs\n")}, "go.mod:5:1: ", [GOLANG]),
    "a word that begins no directive": (
        {"go.mod": GOMOD + "?? example.org/x v1.0.0\n"}, "go.mod:6:1: ", [GOLANG]),
    "a Dockerfile that is too large": (
        {"Dockerfile": DOCKERFILE + "#" * 80 + "\n" + ("#" * 79 + "\n") * 14000}, "Dockerfile: ",
        [TEXT]),
    "rules that are no YAML": (
        {".github/dependabot.yml": RULES + "  x: [\n"}, ".github/dependabot.yml:", []),
    "rules of another version": (
        {".github/dependabot.yml": RULES.replace("version: 2", "version: 1")},
        ".github/dependabot.yml:1:10: ", []),
    "an entry without a schedule": (
        {".github/dependabot.yml": RULES.replace("    schedule: { interval: weekly }\n", "", 1)},
        ".github/dependabot.yml:3:5: ", [TEXT]),
    "an interval that is none": (
        {".github/dependabot.yml": RULES.replace("weekly", "often", 1)},
        ".github/dependabot.yml:5:27: ", [TEXT]),
    "no rules": ({".github/dependabot.yml": None}, "the repository has no .github/dependabot.yml", []),
}


@pytest.mark.parametrize("name", FILES)
def test_a_mistake_in_a_file(upkeepd, repository, other, name):
    files, error, branches = FILES[name]
    repository.commit(files)
    run = upkeepd.once()
    assert len(run.errors) == 1 and run.errors[0].startswith(error), run.events
    assert outcomes(run, repository) == [("created", branch) for branch in branches]
    assert outcomes(run, other) == [("created", GOLANG)]
    assert (run.status, run.stderr) == (3, "")


def test_a_file_that_broke_keeps_its_branch(upkeepd, repository):
    upkeepd.once()
    tips = repository.tip(GOLANG), repository.tip(TEXT)
    for files in FILES.values():
        repository.commit({**files[0], "compose.yaml": f"# {files[1]}\n"})
        run = upkeepd.once()
        assert len(run.errors) >= 1
        assert {action for action, _ in outcomes(run, repository)} <= {"unchanged"}, files
    assert (repository.tip(GOLANG), repository.tip(TEXT)) == tips


@pytest.mark.parametrize("before, after", [
    (DOCKERFILE.replace("\n", "\r\n") + "RUN x\r\n", "FROM golang:1.22.4-alpine\r\nRUN x\r\n"),
    ("\ufeff" + DOCKERFILE, "\ufeffFROM golang:1.22.4-alpine\n"),
    ("FROM golang:1.21.6-alpine", "FROM golang:1.22.4-alpine")], ids=["CRLF", "BOM", "no last line end"])
def test_the_bytes_around_an_image_stay(upkeepd, repository, before, after):
    repository.commit({"Dockerfile": before})
    upkeepd.once()
    assert repository.git("show", f"{GOLANG}:Dockerfile", raw=True) == after.encode()


def test_the_line_ends_of_a_go_mod_stay(upkeepd, repository):
    repository.commit({"go.mod": GOMOD.replace("\n", "\r\n")})
    upkeepd.once()
    assert repository.git("show", f"{TEXT}:go.mod", raw=True) == (
        GOMOD.replace("v1.0.0", "v1.1.0").replace("\n", "\r\n").encode())


def test_a_directive_of_a_later_go_is_warned_of(upkeepd, repository):
    repository.commit({"go.mod": GOMOD + "later example.org/x\n"})
    run = upkeepd.once()
    assert (run.status, run.errors, outcomes(run, repository)) == (0, [], BOTH)
    assert run.stderr == f"upkeepd: {repository.url}: go.mod:6:1: unknown directive: later\n"
    assert "  go.mod:6:1: warning: unknown directive: later\n" in upkeepd("--run-once").stdout


# Upstreams.

HUGE = b"[" + b"1," * (9 << 20) + b"1]"
ANSWERS = {
    "401": (401, b""), "403": (403, b""), "404": (404, b""), "410": (410, b"gone"),
    "429": (429, b"", {"Retry_After": "3600"}), "500": (500, b"oops"), "503": (503, b""),
    "hangs up": (None, b""), "stalls": (STALL, b""), "a page": (200, b"<html>sign in</html>"),
    "cut off": (200, b'{"name": "library/golang", "tags": ["1.21'), "binary": (200, bytes(range(256))),
    "deep": (200, b"[" * 100000), "huge": (200, HUGE), "nothing": (200, b""),
    "a loop": (302, b"", {"Location": "/v2/library/golang/tags/list"}),
}


def spoil(upstream, pattern, name):
    status, body, *headers = ANSWERS[name]
    upstream.spoil(pattern, status, body, **(headers[0] if headers else {}))


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_registry_that_answers(upkeepd, repository, upstream, answer):
    upkeepd.watch(repository, more="http: { timeout: 300ms }\n")
    spoil(upstream, "^/v2/", answer)
    run = upkeepd.once()
    assert len(run.errors) == 1 and run.errors[0].startswith("Dockerfile:1:6: "), run.errors
    assert outcomes(run, repository) == [("created", TEXT)]
    assert (run.status, run.stderr) == (1, "")
    upstream.heal()
    tomorrow = upkeepd.once(now="2026-08-26T12:00:00Z")
    assert outcomes(tomorrow, repository) == [("created", GOLANG), ("unchanged", TEXT)]


# An empty list is one.
@pytest.mark.parametrize("answer", [a for a in ANSWERS if a not in ("nothing", "404", "410")])
def test_a_module_proxy_that_answers(upkeepd, repository, upstream, answer):
    upkeepd.watch(repository, more="http: { timeout: 300ms }\n")
    spoil(upstream, "/@v/list", answer)
    run = upkeepd.once()
    assert len(run.errors) == 1 and run.errors[0].startswith("go.mod:5:"), run.events
    assert outcomes(run, repository) == [("created", GOLANG)]
    assert (run.status, run.stderr) == (1, "")
    upstream.heal()
    tomorrow = upkeepd.once(now="2026-08-26T12:00:00Z")
    assert outcomes(tomorrow, repository) == [("created", TEXT), ("unchanged", GOLANG)]


# What is fetched for the go.sum of a newer version: without it there is no branch.
@pytest.mark.parametrize("pattern", [r"/@v/v1\.1\.0\.zip", r"/@v/v1\.1\.0\.mod", "/lookup/", "/tile/"])
@pytest.mark.parametrize("answer", ["404", "500", "a page", "huge"])
def test_a_checksum_that_cannot_be_had(upkeepd, repository, upstream, pattern, answer):
    upkeepd.watch(repository, more="http: { timeout: 300ms }\n")
    spoil(upstream, pattern, answer)
    run = upkeepd.once()
    wrong = [one for one in run.named("outcome") if one["action"] == "failed"]
    # A tile is of the whole log; which module it was wanted for, the branch says.
    named = "/tile/" if pattern == "/tile/" else "example.org/text"
    assert len(wrong) == 1 and named in wrong[0]["error"] and TEXT == wrong[0]["branch"]
    assert (run.status, run.errors, run.stderr) == (1, [], "")
    assert outcomes(run, repository) == [("created", GOLANG), ("failed", TEXT)]
    upstream.heal()
    assert outcomes(upkeepd.once(), repository) == [("created", TEXT), ("unchanged", GOLANG)]


def test_a_module_that_is_not_what_the_database_says(upkeepd, repository, upstream):
    sums = upstream.modules["example.org/text"]["v1.1.0"].sums()
    upstream.module("example.org/text", "v1.1.0", "2026-06-01T00:00:00Z",
                    {"go.mod": "module example.org/text\n", "text.go": "package text // evil\n"})
    upstream.modules["example.org/text"]["v1.1.0"].sums = lambda: sums
    run = upkeepd.once("app")
    (wrong,) = [one for one in run.named("outcome") if one["action"] == "failed"]
    assert wrong["branch"] == TEXT and "checksum mismatch" in wrong["error"]
    assert TEXT not in repository.branches()


def test_a_sum_of_the_repository_that_is_wrong(upkeepd, repository, upstream, sums):
    upstream.module("example.org/kept", "v1.0.0", "2026-06-01T00:00:00Z",
                    {"go.mod": "module example.org/kept\n", "kept.go": "package kept\n"})
    kept = upstream.modules["example.org/kept"]["v1.0.0"].sums()
    repository.commit({"go.mod": GOMOD + "require example.org/kept v1.0.0\n",
                       "main.go": MAIN.replace("\n\nfunc", '\nimport _ "example.org/kept"\n\nfunc'),
                       "go.sum": kept.replace("v1.0.0 h1:", "v1.0.0 h1:AAAA")[:-4] + "=\n" + sums})
    run = upkeepd.once("app")
    (wrong,) = [one for one in run.named("outcome") if one["action"] == "failed"]
    assert wrong["branch"] == TEXT and "checksum mismatch" in wrong["error"]
    assert run.status == 1 and TEXT not in repository.branches()


def test_a_database_with_another_history(upkeepd, repository, upstream):
    assert upkeepd.once("app").status == 0
    upstream.fork()
    upstream.module("example.org/text", "v1.2.0", "2026-06-01T00:00:00Z",
                    {"go.mod": "module example.org/text\n", "text.go": "package text\n"})
    run = upkeepd.once("app")
    (wrong,) = [one for one in run.named("outcome") if one["action"] == "failed"]
    assert "example.org/text-1.2.0" in wrong["branch"] and "contradicts itself" in wrong["error"]
    assert (run.status, sorted(repository.branches())) == (1, ["main", GOLANG, TEXT])


# Remotes.

@pytest.fixture
def distant(git_server, sums):
    """A repository behind nginx with TLS and HTTP/2."""
    distant = git_server.repository(next(names)).configure(
        http_receivepack="true", uploadpack_allowFilter="true", uploadpack_allowAnySHA1InWant="true")
    distant.commit({".github/dependabot.yml": RULES, "Dockerfile": DOCKERFILE, "go.mod": GOMOD,
                    "go.sum": sums, "main.go": MAIN})
    return distant


def failures(run):
    return [(one["branch"], one["error"]) for one in run.named("outcome") if one["action"] == "failed"]


@pytest.mark.parametrize("hook, script, refused", [
    ("pre-receive", "echo no robots >&2; exit 1", [GOLANG, TEXT]),
    ("update", 'case $1 in *golang*) echo no robots >&2; exit 1;; esac', [GOLANG])])
def test_a_push_that_is_rejected(upkeepd, distant, other, hook, script, refused):
    distant.hook(hook, script)
    upkeepd.watch(distant, other)
    run = upkeepd.once()
    assert sorted(branch for branch, _ in failures(run)) == refused
    assert all("declined" in error for _, error in failures(run)), failures(run)
    assert (run.status, run.errors, run.stderr) == (3, [], "")
    assert set(distant.branches()) == {"main", GOLANG, TEXT} - set(refused)
    assert outcomes(run, other) == [("created", GOLANG)]
    distant.hook(hook, "exit 0")
    later = upkeepd.once(now="2026-08-25T18:00:00Z")
    assert later.status == 0 and set(distant.branches()) == {"main", GOLANG, TEXT}
    assert distant.git("log", "-1", "--format=%ct", GOLANG) == "1787637600"


def test_a_remote_to_read_only(upkeepd, distant, other):
    distant.configure(http_receivepack="false")
    upkeepd.watch(distant, other)
    run = upkeepd.once()
    assert sorted(branch for branch, _ in failures(run)) == [GOLANG, TEXT]
    assert all("403" in error for _, error in failures(run)), failures(run)
    assert (run.status, run.errors, run.stderr) == (3, [], "")
    assert outcomes(run, other) == [("created", GOLANG)]


@pytest.mark.parametrize("place, text", [
    ("private", "401"), ("broken", "500"), ("page", ""), ("busy", ""), ("nowhere", "404")])
def test_a_remote_that_cannot_be_read(upkeepd, git_server, distant, other, place, text):
    url = distant.url.replace("/open/", f"/{place}/")
    upkeepd.watch(f"url: {url}", other)
    run = upkeepd.once()
    assert len(run.errors) == 1 and url in run.errors[0] and text in run.errors[0], run.errors
    assert (run.status, run.stderr) == (3, "")
    assert outcomes(run, other) == [("created", GOLANG)]


def test_a_push_whose_answer_is_lost(upkeepd, distant, flaky):
    upkeepd.watch(f"url: {flaky.url(distant)}")
    flaky.spoil["git-receive-pack"] = lambda reply: None
    run = upkeepd.once()
    assert outcomes(run, type("", (), {"url": flaky.url(distant)})) == BOTH
    assert set(distant.branches()) == {"main", GOLANG, TEXT}


# This machine.

def small_files(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def said_once(run):
    """Each process says what is wrong once, and what to do about it; where only the workers
    find no room, the service adds that it gave them up."""
    lines = {line for line in run.stderr.splitlines() if "workers in a row" not in line}
    return len(lines) == 2 and any("hint: check free space" in line for line in lines)


@pytest.mark.parametrize("size", [0, 40000, 150000, 210000, 260000])
def test_a_file_that_may_not_grow(upkeepd, repository, other, size):
    run = upkeepd.once(preexec_fn=small_files(size))
    assert run.status == 1 and said_once(run), run.stderr
    again = upkeepd.once()
    assert (again.status, again.stderr) == (0, "")
    assert set(repository.branches()) == {"main", GOLANG, TEXT}
    assert set(other.branches()) == {"main", GOLANG}


@pytest.fixture
def small_disk():
    """A function that makes a directory with so many KiB."""
    mounted = []

    def make(folder, kib):
        folder.mkdir(mode=0o700, parents=True)
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k,mode=0700", "tmpfs",
                                folder], capture_output=True)
        if mount.returncode != 0:
            pytest.skip("no file system can be mounted here")
        mounted.append(folder)
    yield make
    for folder in mounted:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("kib", [40, 120, 200, 280])
def test_a_full_disk(upkeepd, repository, other, small_disk, kib):
    small_disk(upkeepd.state, kib)
    run = upkeepd.once()
    assert run.status == 1 and said_once(run), run.stderr
    subprocess.run(["mount", "-o", "remount,size=8m", upkeepd.state], check=True)
    again = upkeepd.once()
    assert (again.status, again.stderr) == (0, "")
    assert set(repository.branches()) == {"main", GOLANG, TEXT}
    assert set(other.branches()) == {"main", GOLANG}


@pytest.mark.parametrize("kib", [4, 16, 24, 32, 40, 48, 64])
def test_a_full_cache(upkeepd, distant, other, small_disk, kib):
    small_disk(upkeepd.cache, kib)
    upkeepd.watch(distant, other)
    run = upkeepd.once()
    assert outcomes(run, other) == [("created", GOLANG)]
    said = run.errors + [why for _, why in failures(run)]
    assert run.status == (3 if said else 0), run.stderr
    assert all("No space left" in text for text in said), said
    assert said if kib < 32 else True
    subprocess.run(["mount", "-o", "remount,size=8m", upkeepd.cache], check=True)
    again = upkeepd.once()
    assert (again.status, again.stderr) == (0, "")
    assert set(distant.branches()) == {"main", GOLANG, TEXT}


@pytest.mark.parametrize("size, option, text", [(4096, "remount,ro", "Read-only"), (64, "remount", "No space left")])
def test_a_repository_on_a_disk_that_takes_nothing(upkeepd, other, small_disk, tmp_path, size, option, text):
    small_disk(tmp_path / "disk", 4096)
    repository = Repository(tmp_path / "disk" / "app.git", str(tmp_path / "disk" / "app.git"))
    repository.commit({".github/dependabot.yml": RULES, "Dockerfile": DOCKERFILE})
    if size < 4096:
        (tmp_path / "disk" / "filler").write_bytes(bytes(4096 * 1024 - size * 1024 - 400 * 1024))
        with pytest.raises(OSError), open(tmp_path / "disk" / "more", "wb", 0) as more:
            while more.write(bytes(4096)):
                pass
    subprocess.run(["mount", "-o", option, tmp_path / "disk"], check=True)
    upkeepd.watch(repository, other)
    run = upkeepd.once()
    (failure,) = failures(run)
    assert failure[0] == GOLANG and text in failure[1]
    assert (run.status, run.errors, run.stderr) == (3, [], "")
    assert outcomes(run, other) == [("created", GOLANG)]
    assert list(repository.branches()) == ["main"]


@pytest.fixture
def lock(upkeepd, repository, upstream):
    """Lets somebody take the database, while the registry is asked, for so many seconds."""
    upkeepd.watch(repository)
    locks = []

    def take():
        locks.append(sqlite3.connect(upkeepd.state / "upkeepd.db", isolation_level=None,
                                     check_same_thread=False))
        locks[0].execute("BEGIN IMMEDIATE")

    def lock(seconds=None):
        upstream.meanwhile("/v2/", take)
        if seconds:
            upstream.meanwhile("/v2/", lambda: threading.Timer(seconds, locks[0].close).start())
    yield lock
    for one in locks:
        one.close()


def test_a_database_that_is_locked_for_a_moment(upkeepd, repository, lock):
    lock(seconds=0.5)
    run = upkeepd.once()
    assert (run.status, outcomes(run, repository), run.stderr) == (0, BOTH, "")


@pytest.mark.skipif(not os.environ.get("UPKEEPD_THOROUGH"), reason="waits half a minute")
def test_a_database_that_is_locked(upkeepd, repository, lock):
    lock()
    run = upkeepd.once()
    assert run.status == 1
    assert {line for line in run.stderr.splitlines() if "locked" not in line} == {
        "upkeepd: hint: check free space, permissions, and what else is using it"}, run.stderr
