# SPDX-License-Identifier: MIT
"""A token appears nowhere but on its way to its host: looked for everywhere after runs
that do all that upkeepd does, at the most talkative."""
import base64
import pathlib
import subprocess

import pytest

from servers.standin import TOKEN

RULES = """\
version: 2
updates:
  - { package-ecosystem: docker, directory: /, schedule: { interval: daily } }
"""
FORMS = [TOKEN, base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode(),
         base64.b64encode(f"oauth2:{TOKEN}".encode()).decode(), TOKEN.encode().hex()]


def is_in(content):
    return any(form.encode() in content for form in FORMS)


class Watcher:
    """Reads what every process of this user shows of itself while a run goes on."""

    def __init__(self):
        self.seen, self.workers = set(), 0

    def look(self):
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if not b"upkeepd" in (process / "cmdline").read_bytes():
                    continue
                for name in ("cmdline", "environ", "comm"):
                    if is_in((process / name).read_bytes()):
                        self.seen.add(f"{name} of {(process / 'comm').read_text()}")
                is_worker = "upkeepd-worker" in (process / "comm").read_text()
                if is_worker and "Max core file size        0 " not in (process / "limits").read_text():
                    self.seen.add("core dumps of the worker")
                self.workers += is_worker
            except OSError:
                continue


@pytest.fixture(params=["github", "gitlab"])
def forge(request):
    server = request.getfixturevalue(request.param)
    server.name = request.param
    return server


def test_a_token_is_nowhere(upkeepd, upstream, forge, tmp_path, tmp_path_factory):
    secret = tmp_path_factory.mktemp("secret") / "token"
    secret.write_text(TOKEN)
    secret.chmod(0o600)
    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")
    repository = forge.repository("shop", {".github/dependabot.yml": RULES,
                                           "Dockerfile": "FROM golang:1.21.6-alpine\n"})
    upkeepd.watch(f"{{ url: '{repository.url}', forge: {forge.name}, {forge.more} token: {{ file: '{secret}' }} }}")
    upkeepd.environment.update(G_MESSAGES_DEBUG="all", UPKEEPD_RECORD=str(tmp_path / "record"))
    (tmp_path / "record").mkdir()
    watcher = Watcher()
    forge.when_asked = watcher.look
    output = []

    def run(*words):
        done = subprocess.run(upkeepd.words(*words), env=upkeepd.environment, capture_output=True)
        output.append(done.stdout + done.stderr)
    run("--run-once", "--json")
    upstream.tags("library/golang", "1.23.1-alpine")
    run("--run-once")
    repository.commit({"Dockerfile": "FROM scratch\n"})
    run("--run-once", "--json")
    run("auth", "check", "--json")
    run("status", "--json")
    upkeepd("--run-once", "--dry-run")
    assert [one["state"] for one in repository.proposals] == ["closed", "closed"]
    assert watcher.seen == set() and watcher.workers > 0
    assert not any(is_in(text) for text in output)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("record" in path.parts for path in kept) and any(path.suffix == ".db" for path in kept)
    assert [str(path) for path in kept if is_in(path.read_bytes())] == []
    assert not any(is_in(path.encode()) for _, path in forge.requests)
    said = str([repository.proposals, dict(repository.comments), repository.git("log", "--all", "-p")])
    assert not is_in(said.encode())
    # The search would find it: it is where it belongs.
    assert is_in(secret.read_bytes()) and forge.requests
