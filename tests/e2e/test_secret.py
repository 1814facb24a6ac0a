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


class Secrets:
    """What must be found nowhere: the token, or an App's key and all tokens that were made for it."""

    def __init__(self, forge, path):
        self.forge, self.key = forge, path.read_text()

    def forms(self):
        for secret in [self.key.strip(), *getattr(self.forge, "tokens", [])]:
            yield from (secret, secret.encode().hex())
            for user in "x-access-token", "oauth2":
                yield base64.b64encode(f"{user}:{secret}".encode()).decode()
        yield from (line for line in self.key.splitlines()[1:-1])  # of a key

    def are_in(self, content):
        return any(form.encode() in content for form in self.forms())


class Watcher:
    """Reads what every process of this user shows of itself while a run goes on."""

    def __init__(self, secrets):
        self.secrets, self.seen, self.workers = secrets, set(), 0

    def look(self):
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if not b"upkeepd" in (process / "cmdline").read_bytes():
                    continue
                for name in ("cmdline", "environ", "comm"):
                    if self.secrets.are_in((process / name).read_bytes()):
                        self.seen.add(f"{name} of {(process / 'comm').read_text()}")
                is_worker = "upkeepd-worker" in (process / "comm").read_text()
                if is_worker and "Max core file size        0 " not in (process / "limits").read_text():
                    self.seen.add("core dumps of the worker")
                self.workers += is_worker
            except OSError:
                continue


@pytest.fixture(params=["github", "app", "gitlab"])
def forge(request, tmp_path_factory):
    """With `secret`, a file, and what the settings say of it, `told`."""
    server = request.getfixturevalue("gitlab" if request.param == "gitlab" else "github")
    server.name = "gitlab" if request.param == "gitlab" else "github"
    if request.param == "app":
        server.secret = server.make_key()
        server.told = f"app: {server.app}, file: '{server.secret}'"
    else:
        server.secret = tmp_path_factory.mktemp("secret") / "token"
        server.secret.write_text(TOKEN)
        server.secret.chmod(0o600)
        server.told = f"file: '{server.secret}'"
    return server


def test_a_token_is_nowhere(upkeepd, upstream, forge, tmp_path):
    secrets = Secrets(forge, forge.secret)
    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")
    repository = forge.repository("shop", {".github/dependabot.yml": RULES,
                                           "Dockerfile": "FROM golang:1.21.6-alpine\n"})
    upkeepd.watch(f"{{ url: '{repository.url}', forge: {forge.name}, {forge.more} token: {{ {forge.told} }} }}")
    upkeepd.environment.update(G_MESSAGES_DEBUG="all", UPKEEPD_RECORD=str(tmp_path / "record"))
    (tmp_path / "record").mkdir()
    watcher = Watcher(secrets)
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
    assert not any(secrets.are_in(text) for text in output)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path != forge.secret]
    assert any("record" in path.parts for path in kept) and any(path.suffix == ".db" for path in kept)
    assert [str(path) for path in kept if secrets.are_in(path.read_bytes())] == []
    assert not any(secrets.are_in(path.encode()) for _, path in forge.requests)
    said = str([repository.proposals, dict(repository.comments), repository.git("log", "--all", "-p")])
    assert not secrets.are_in(said.encode())
    # The search would find it: it is where it belongs.
    assert secrets.are_in(forge.secret.read_bytes()) and forge.requests
