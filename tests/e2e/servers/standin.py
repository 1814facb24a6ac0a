# SPDX-License-Identifier: MIT
"""What the stand-ins for GitHub and GitLab share: repositories on disk behind git's own
http-backend, a table of routes in front of them, and a memory.

    repository = github.repository("shop", {"Dockerfile": "FROM golang:1.21.6\\n"})
    github.requests                  # (method, path with its query) of the API since clear()
    github.breaches                  # what was asked against the forge's description
    github.die_at(3, is_done=True)   # as dying.py has it

    github.when_asked = call         # before each answer
"""
import base64
import collections
import json
import re
import subprocess
import time
import urllib.parse

from . import dying
from .git_server import ENVIRONMENT, Repository
from .places import program

TOKEN = "standin-T0KEN-that-is-nowhere"
NOW = "2026-08-25T06:00:00Z"


def clock(ahead=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + ahead))


class Refusal(Exception):
    def __init__(self, status, body, **headers):
        self.status, self.body, self.headers = status, body, headers


class Handler(dying.Handler):
    def handle_one(self):
        content = self.content()
        self.server.when_asked()
        self.server.log.append((self.command, self.path))
        fate = self.server.fate()
        if fate == "lost":
            self.let_down()
            return
        status, headers, body = self.server.answer(self.command, self.path, self.headers, content)
        if fate == "unheard":
            self.let_down()
            return
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_one


class StandIn(dying.Dying):
    """A subclass has `api`, the path its API lies at, and routes: methods called with the
    body (or None), the query, and what the groups of their pattern matched."""

    more = ""  # what else the settings of a repository say

    def __init__(self, folder):
        super().__init__(Handler)
        self.folder = folder
        self.routes = [(method, re.compile(pattern + "$"), call)
                       for method, pattern, call in self.table()]
        self.repositories = {}
        self.when_asked = lambda: None
        self.bearer = ""
        self.clear()
        self.start()

    def clear(self):
        self.requests, self.breaches = [], []

    def repository(self, name, files):
        path = self.folder / "acme" / f"{name}.git"
        path.parent.mkdir(exist_ok=True)
        repository = Repository(path, f"{self.url}{self.prefix}/acme/{name}.git")
        repository.configure(http_receivepack="true")
        repository.commit(files)
        repository.proposals, repository.issues, repository.labels = [], [], {}
        repository.comments = collections.defaultdict(list)
        repository.thumbs = set()  # (comment, what)
        repository.people = {}     # what each may do: "read", "write"
        repository.id = len(self.repositories) + 41
        self.repositories[name] = repository
        return repository

    # Answering.

    def answer(self, method, path, headers, content):
        if ".git/" in path:
            return self.git(method, path, headers, content)
        place, _, query = path.partition("?")
        if not self.is_let_in(headers):
            return self.encode(401, {"message": "Bad credentials"})
        with self.lock:
            self.requests.append((method, path))
            self.bearer = headers.get("Authorization", "").partition(" ")[2]
            body = json.loads(content) if content else None
            query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
            place = place.removeprefix(self.api)
            try:
                self.examine(method, place, query, body)
                status, body = self.route(method, place, body, query)
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
            status, headers, text = self.encode(status, self.dressed(method, place, status, body))
            return status, {**headers, **self.quota}, text

    def route(self, method, place, body, query):
        for wanted, pattern, call in self.routes:
            match = pattern.match(place)
            if wanted == method and match:
                groups = [urllib.parse.unquote(group) for group in match.groups()]
                result = call(body, query, *groups)
                return result if isinstance(result, tuple) else (200, result)
        raise Refusal(404, {"message": "Not Found"})

    @staticmethod
    def encode(status, body):
        text = b"" if body is None else json.dumps(body).encode()
        tag = f'"{abs(hash(text)):x}"'
        headers = {"Content-Type": "application/json"} if text else {}
        return status, {**headers, **({"ETag": tag} if status == 200 else {})}, text

    # As all forges with a limit tell how much of it is left: {header: value}.
    quota = {}

    def examine(self, method, place, query, body):
        """Appends to `breaches` what the forge's own description does not allow."""

    def dressed(self, method, place, status, body):
        """An answer with what else the forge would say."""
        return body

    # Git.

    token, user = TOKEN, None  # None: whoever

    def is_let_in(self, headers):
        given = headers.get("Authorization", "")
        if given.startswith("Basic "):
            user, token = base64.b64decode(given[6:]).decode().split(":", 1)
            return token == self.token and self.user in (None, user)
        return given == f"Bearer {self.token}" or headers.get("PRIVATE-TOKEN") == self.token

    def git(self, method, path, headers, content):
        place, _, query = path.partition("?")
        if not self.is_let_in(headers):
            return 401, {"WWW-Authenticate": 'Basic realm="git"'}, b""
        environment = {**ENVIRONMENT, "GIT_PROJECT_ROOT": str(self.folder), "GIT_HTTP_EXPORT_ALL": "",
                       "PATH_INFO": place.removeprefix(self.prefix), "QUERY_STRING": query,
                       "REQUEST_METHOD": method, "REMOTE_USER": "bot",
                       "CONTENT_TYPE": headers.get("Content-Type", ""),
                       "CONTENT_LENGTH": str(len(content)),
                       "HTTP_CONTENT_ENCODING": headers.get("Content-Encoding", ""),
                       "GIT_PROTOCOL": headers.get("Git-Protocol", "")}
        run = subprocess.run([program("git"), "http-backend"], input=content, env=environment,
                             capture_output=True)
        head, _, body = run.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
        status = int(fields.pop("Status", "200").split()[0])
        if place.endswith("/git-receive-pack"):
            with self.lock:
                self.note_push(self.repositories[place.split("/")[-2].removesuffix(".git")])
        return status, fields, body

    @staticmethod
    def note_push(repository):
        """Whose branch is gone is closed."""
        branches = repository.branches()
        for proposal in repository.proposals:
            if proposal["head"] not in branches and proposal["state"] == "open":
                proposal["state"] = "closed"

    # What the forges' routes are made of.

    def must_have(self, name):
        if name not in self.repositories:
            raise Refusal(404, {"message": "Not Found"})
        return self.repositories[name]

    @staticmethod
    def proposal(repository, number):
        for proposal in repository.proposals:
            if proposal["number"] == int(number):
                return proposal
        raise Refusal(404, {"message": "Not Found"})

    @staticmethod
    def make(repository, head, base, title, body):
        """An issue where there is no head."""
        issues = repository.issues
        proposal = {"number": len(repository.proposals) + len(issues) + 1, "state": "open", "head": head,
                    "base": base, "title": title, "body": body, "labels": [], "assignees": [],
                    "reviewers": [], "is_draft": False, "automerge": None, "changed_at": NOW}
        (repository.proposals if head else issues).append(proposal)
        return proposal

    @staticmethod
    def said(repository, number, text, author="bot"):
        """Comments have the time of the day: where upkeepd begins to listen has it too."""
        comment = {"id": sum(map(len, repository.comments.values())) + 1, "number": int(number),
                   "body": text, "author": author, "said_at": clock()}
        comment["changed_at"] = comment["said_at"]
        repository.comments[int(number)].append(comment)
        for one in repository.proposals:
            if one["number"] == int(number):
                one["changed_at"] = comment["said_at"]
        return comment

