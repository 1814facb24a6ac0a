# SPDX-License-Identifier: MIT
"""A way to the real Gitea that dies when it is told to (dying.py)."""
import http.client
import urllib.parse

import pytest

from . import dying

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Handler(dying.Handler):
    def answer(self):
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        body = self.content()
        self.server.log.append((self.command, self.path))
        fate = self.server.fate()
        if fate == "lost":
            self.let_down()
            return
        gitea = http.client.HTTPConnection(self.server.gitea.hostname, self.server.gitea.port)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        gitea.request(self.command, self.path, body, headers)
        reply = gitea.getresponse()
        text = reply.read()
        gitea.close()
        if fate == "unheard":
            self.let_down()
            return
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer


class Mortal(dying.Dying):
    def __init__(self, gitea):
        super().__init__(Handler)
        self.gitea = urllib.parse.urlsplit(gitea.url)
        self.start()

    def url_of(self, repository):
        return f"{self.url}/owner/{repository.name}.git"


@pytest.fixture(scope="session")
def mortal(gitea):
    mortal = Mortal(gitea)
    yield mortal
    mortal.stop()
