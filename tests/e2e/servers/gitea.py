# SPDX-License-Identifier: MIT
"""A real Gitea, where the folder `shared` with its program lies beside the source. Tests
that want it are skipped without."""
import base64
import json
import os
import shutil
import signal
import subprocess
import urllib.request

import pytest

from .places import SHARED, unpacked
from .ports import free_port


class GiteaRepository:
    def __init__(self, gitea, name):
        self.gitea = gitea
        self.name = name
        self.path = f"repos/owner/{name}"
        self.url = f"{gitea.url}/owner/{name}.git"

    def branches(self):
        return {branch["name"]: branch["commit"]["id"]
                for branch in self.gitea.call("GET", f"{self.path}/branches")}

    def protect(self, pattern):
        self.gitea.call("POST", f"{self.path}/branch_protections",
                        {"rule_name": pattern, "enable_push": False})


class Gitea:
    def __init__(self, program, folder):
        run = subprocess.run([str(SHARED / "servers" / "gitea-up"), str(program), str(folder),
                              str(free_port())], check=True, stdout=subprocess.PIPE, text=True)
        values = dict(line.split("=", 1) for line in run.stdout.splitlines())
        self.url, self.pid = values["URL"], int(values["PID"])
        self.owner_token, self.bot_token = values["OWNER_TOKEN"], values["BOT_TOKEN"]

    def call(self, method, path, body=None, token=None):
        """The API as the owner; the answer's JSON."""
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", method=method)
        request.add_header("Authorization", f"token {token or self.owner_token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def repository(self, name, files, private=False, invites_bot=True):
        """A repository of `owner` with one commit of regular files on main."""
        self.call("POST", "user/repos", {"name": name, "private": private,
                                         "default_branch": "main"})
        repository = GiteaRepository(self, name)
        changes = [{"operation": "create", "path": path,
                    "content": base64.b64encode(text.encode()).decode()}
                   for path, text in files.items() if path[-1] not in "*@"]
        self.call("POST", f"{repository.path}/contents",
                  {"branch": "main", "message": "first", "files": changes})
        if invites_bot:
            self.call("PUT", f"{repository.path}/collaborators/bot", {"permission": "write"})
        return repository

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)


@pytest.fixture(scope="session")
def gitea(tmp_path_factory):
    program = unpacked("gitea")
    if not program.exists() or not (SHARED / "servers" / "gitea-up").exists():
        pytest.skip("there is no Gitea beside the source, nor in UPKEEPD_SERVERS")
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    server = Gitea(program, tmp_path_factory.mktemp("gitea"))
    yield server
    server.stop()
