# SPDX-License-Identifier: MIT
"""The stand-in for GitHub behind Prism, which reads GitHub's description for itself:

    upkeepd → this → Prism → this again, where it answers

What Prism finds wrong with a request or an answer is a breach like any other. Git and
GraphQL are not in the description and go around Prism; GraphQL's documents are held against
GitHub's published schema by graphql.js. Both are skipped where tests/e2e/prism/install has
not been run.
"""
import http.client
import json
import shutil
import subprocess
import time
import urllib.parse

import pytest

from .github import GitHub
from .places import BUILD, SOURCE
from .ports import free_port

FOLDER = SOURCE / "tests" / "e2e" / "prism"
INSTALLED = BUILD / "prism"
BEHIND = "/behind"
PATIENCE = 60  # seconds for its start; four, if nothing else runs
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


def node():
    """Node, where all that it is to run is installed."""
    path = shutil.which("node")
    if path is None or not (INSTALLED / "installed").exists():
        pytest.skip(f"Prism is not installed: run {FOLDER / 'install'} {INSTALLED}, which needs npm")
    return path


class Prism:
    def __init__(self, folder, document, upstream):
        self.port = free_port()
        self.log = open(folder / "prism.log", "wb")
        self.process = subprocess.Popen(
            [node(), INSTALLED / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js", "proxy",
             "--port", str(self.port), "--cors", "false", "--verboseLevel", "error", document, upstream],
            stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + PATIENCE
        while not self.is_up():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.name
            time.sleep(0.1)

    def is_up(self):
        try:
            self.ask("GET", "/", {}, b"")
        except OSError:
            return False
        return True

    def ask(self, method, path, headers, content):
        """(status, headers, body, what Prism found)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        kept = {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}
        connection.request(method, path, body=content or None, headers=kept)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
        return answer.status, kept, body, json.loads(kept.pop("sl-violations", "[]"))

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


class Proxied(GitHub):
    def __init__(self, folder):
        super().__init__(folder)
        try:
            self.prism = Prism(folder, FOLDER.parent / "servers" / "github_api.json",
                               f"{self.url}{BEHIND}{self.api}")
        except BaseException:
            super().stop()
            raise

    def stop(self):
        self.prism.stop()
        super().stop()

    def answer(self, method, path, headers, content):
        if path.startswith(BEHIND):
            return super().answer(method, path.removeprefix(BEHIND), headers, content)
        if not path.startswith(f"{self.api}/") or self.moved_to(path):  # Prism goes there by itself
            return super().answer(method, path, headers, content)
        place = self.by_name(path).removeprefix(self.api)
        status, headers, body, found = self.prism.ask(method, place, headers, content)
        is_probe = content and self.is_probe(method, json.loads(content)) and status == 422
        with self.lock:
            self.breaches += [f"Prism: {method} {place}: {'/'.join(one['location'])}: {one['message']}"
                              for one in found if not (is_probe and one["location"][0] == "request")]
        return status, headers, body


def graphql_errors(documents):
    """What GitHub's published schema has against documents with their variables."""
    run = subprocess.run([node(), FOLDER / "graphql.js", INSTALLED], input=json.dumps(documents), text=True,
                         capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def prism_alone(tmp_path_factory):
    node()
    server = Proxied(tmp_path_factory.mktemp("prism"))
    yield server
    server.stop()


@pytest.fixture
def prism(prism_alone):
    prism_alone.clear()
    yield prism_alone
    assert prism_alone.breaches == [], "\n".join(prism_alone.breaches)
