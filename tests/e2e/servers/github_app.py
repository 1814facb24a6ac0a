# SPDX-License-Identifier: MIT
"""The part of the stand-in for GitHub that knows Apps: one is installed on `acme`, and what
its tokens may do is what they were asked for, and held against github_trim.OPERATIONS.

    github.app                       # its id
    github.key                       # a file, its private key
    github.granted["issues"] = None  # by those who installed it
"""
import base64
import itertools
import json
import subprocess

from .github_trim import OPERATIONS
from .places import program
from .standin import Refusal

LEVELS = {"read": ("read", "write"), "write": ("write",)}
INSTALLATION = 99


def openssl(*words, **more):
    return subprocess.run([program("openssl"), *map(str, words)], capture_output=True, **more)


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Apps:
    app = 4711

    def begin_apps(self):
        self.key = self.folder / "app.pem"
        self.granted = {"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write"}
        self.tokens = {}  # of installations: what each may do
        self.numbers = itertools.count(1)

    def make_key(self):
        openssl("genrsa", "-out", self.key, "2048", check=True)
        openssl("rsa", "-in", self.key, "-pubout", "-out", self.folder / "app.pub", check=True)
        self.key.chmod(0o600)
        return self.key

    def app_routes(self):
        return [
            ("GET", "/repos/acme/([^/]+)/installation", lambda _, __, name: self.installation(self.must_have(name))),
            ("GET", "/orgs/([^/]+)/installation", self.no_organisation),
            ("GET", "/users/([^/]+)/installation", lambda _, __, name: self.installation(name)),
            ("POST", f"/app/installations/{INSTALLATION}/access_tokens", self.make_token),
            ("GET", "/installation/repositories", self.list_installed),
            ("DELETE", "/installation/token", self.drop_token),
        ]

    def is_app(self, bearer):
        """Whether this is the App itself: a token that its key has signed."""
        if bearer.count(".") != 2 or not self.key.exists():
            return False
        message, _, signature = bearer.rpartition(".")
        file = self.folder / "signature"
        file.write_bytes(decoded(signature))
        run = openssl("dgst", "-sha256", "-verify", self.folder / "app.pub", "-signature", file,
                      input=message.encode())
        claims = json.loads(decoded(message.split(".")[1]))
        return (run.returncode, str(claims["iss"])) == (0, str(self.app)) and claims["exp"] - claims["iat"] <= 660

    def judge(self, name, bearer):
        """Whether a token may do that."""
        if bearer not in self.tokens or OPERATIONS[name] == "anybody":
            return
        names, _, level = OPERATIONS[name].partition(": ")
        rights = self.tokens[bearer]["permissions"]
        if not any(rights.get(one) in LEVELS.get(level, ()) for one in names.split(" or ")):
            self.breaches.append(f"{name} needs {OPERATIONS[name]}, and there is {rights}")
            raise Refusal(403, {"message": "Resource not accessible by integration"})

    def installation(self, _):
        return {"id": INSTALLATION, "app_id": self.app, "permissions": self.granted, "target_type": "User"}

    @staticmethod
    def no_organisation(*_):
        raise Refusal(404, {"message": "Not Found"})

    def make_token(self, body, _):
        for right, level in body["permissions"].items():
            if self.granted.get(right) not in LEVELS[level]:
                raise Refusal(422, {"message": "The permissions requested are not granted to this installation."})
        known = {key: one for name, one in self.repositories.items() for key in (name, one.id)}
        wanted = body.get("repositories", []) + body.get("repository_ids", [])
        if any(one not in known for one in wanted):
            raise Refusal(422, {"message": "There is at least one repository that does not exist."})
        token = f"ghs_{next(self.numbers)}-T0KEN-that-is-nowhere"
        self.tokens[token] = {"permissions": body["permissions"],
                              "repositories": [known[one] for one in wanted]}
        return 201, {"token": token, "expires_at": "2026-08-26T07:00:00Z", "permissions": body["permissions"]}

    def list_installed(self, *_):
        return {"total_count": len(self.repositories), "repositories": self.list_repositories()}

    def drop_token(self, *_):
        del self.tokens[self.bearer]
        return 204, None
