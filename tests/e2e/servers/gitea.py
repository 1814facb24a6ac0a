# SPDX-License-Identifier: MIT
"""A real Gitea, where the folder `shared` with its program lies beside the source. Tests
that want it are skipped without."""
import base64
import itertools
import json
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest

from .places import SHARED, unpacked
from .ports import free_port


class GiteaRepository:
    """A repository as its owner acts on it."""

    def __init__(self, gitea, name):
        self.gitea = gitea
        self.name = name
        self.path = f"repos/owner/{name}"
        self.url = f"{gitea.url}/owner/{name}.git"

    def call(self, method, path="", body=None, **more):
        return self.gitea.call(method, self.path + path, body, **more)

    def branches(self):
        return {branch["name"]: branch["commit"]["id"]
                for branch in self.call("GET", "/branches")}

    def commit(self, files, branch="main", message="change", author=None):
        """Changes files (path → text; None deletes) in one commit on a branch."""
        changes = []
        for path, text in files.items():
            at = self._there(path, branch)
            change = {"path": path, "operation": "delete" if text is None else
                      "update" if at else "create"}
            if at:
                change["sha"] = at
            if text is not None:
                change["content"] = base64.b64encode(text.encode()).decode()
            changes.append(change)
        body = {"branch": branch, "message": message, "files": changes}
        if author:
            body["author"] = body["committer"] = author
        return self.call("POST", "/contents", body)["commit"]["sha"]

    def _there(self, path, branch):
        try:
            return self.call("GET", f"/contents/{path}?ref={branch}")["sha"]
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return None

    def read(self, branch, path):
        file = self.call("GET", f"/contents/{path}?ref={branch}")
        return base64.b64decode(file["content"]).decode()

    def delete_branch(self, branch):
        self.call("DELETE", f"/branches/{urllib.parse.quote(branch, safe='')}")

    def proposals(self, state="all"):
        """The pull requests, oldest first."""
        return sorted(self.call("GET", f"/pulls?state={state}&limit=50"),
                      key=lambda pull: pull["number"])

    def proposal(self, number):
        return self.call("GET", f"/pulls/{number}")

    def merged(self, number):
        """Whether it is merged, now or in a moment: Gitea does that beside."""
        for _ in range(200):
            if self.proposal(number)["merged"]:
                return True
        return False

    def comments(self, number):
        """(who, what) in order."""
        return [(comment["user"]["login"], comment["body"])
                for comment in self.call("GET", f"/issues/{number}/comments")]

    def say(self, number, text, token=None):
        return self.call("POST", f"/issues/{number}/comments", {"body": text}, token=token)["id"]

    def close(self, number):
        self.call("PATCH", f"/pulls/{number}", {"state": "closed"})

    def reopen(self, number):
        self.call("PATCH", f"/pulls/{number}", {"state": "open"})

    def merge(self, number, how="merge"):
        self.call("POST", f"/pulls/{number}/merge", {"Do": how})

    def protect(self, pattern):
        self.gitea.call("POST", f"{self.path}/branch_protections",
                        {"rule_name": pattern, "enable_push": False})


class Gitea:
    def __init__(self, program, folder):
        run = subprocess.run([str(SHARED / "servers" / "gitea-up"), str(program), str(folder),
                              str(free_port())], check=True, stdout=subprocess.PIPE, text=True)
        values = dict(line.split("=", 1) for line in run.stdout.splitlines())
        self.command = [str(program), "--config", str(folder / "custom" / "conf" / "app.ini")]
        self.url, self.pid = values["URL"], int(values["PID"])
        self.owner_token, self.bot_token = values["OWNER_TOKEN"], values["BOT_TOKEN"]
        self.numbers = itertools.count()
        self.second = None

    def settle(self):
        """Waits until it has done what it does behind pushes: it closes the proposals of a
        branch that went away, late enough to hit a new one of the same name."""
        subprocess.run([*self.command, "manager", "flush-queues", "--timeout", "60s"], check=True,
                       capture_output=True)

    def call(self, method, path, body=None, token=None, password_of=None):
        """The API as the owner; the answer's JSON. What it does behind pushes may hold what is
        to be changed: it answers 500 then, and is asked again when that is done."""
        try:
            return self.call_once(method, path, body, token, password_of)
        except urllib.error.HTTPError as error:
            if error.code != 500 or method == "POST":
                raise
        self.settle()
        return self.call_once(method, path, body, token, password_of)

    def call_once(self, method, path, body, token, password_of):
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", method=method)
        request.add_header("Authorization", f"token {token or self.owner_token}")
        if password_of:
            pair = base64.b64encode(f"{password_of}:password-1".encode()).decode()
            request.remove_header("Authorization")
            request.add_header("Authorization", f"Basic {pair}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def token(self, *scopes, user="bot"):
        """A new token with these scopes alone: (its name, the token)."""
        name = f"t{next(self.numbers)}"
        made = self.call("POST", f"users/{user}/tokens", {"name": name, "scopes": scopes},
                         password_of=user)
        return name, made["sha1"]

    def revoke(self, name, user="bot"):
        self.call("DELETE", f"users/{user}/tokens/{name}", password_of=user)

    def user(self, name):
        """A person, with a token for all they may do."""
        self.call("POST", "admin/users", {"username": name, "email": f"{name}@example.org",
                                          "password": "password-1", "must_change_password": False})
        return self.token("all", user=name)[1]

    def second_token(self):
        """Of another account than the bot's, always the same."""
        if self.second is None:
            self.second = self.user("second")
        return self.second

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
def gitea(in_memory):
    program = unpacked("gitea")
    if not program.exists() or not (SHARED / "servers" / "gitea-up").exists():
        pytest.skip("there is no Gitea beside the source, nor in UPKEEPD_SERVERS")
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    server = Gitea(program, in_memory / "gitea")
    yield server
    server.stop()
