# SPDX-License-Identifier: MIT
"""git http-backend behind a server that can be told to spoil an answer, on plain HTTP.

    flaky.spoil["git-receive-pack"] = lambda reply: reply[:10]

takes what the service would have answered (bytes) and gives what is sent instead: bytes,
None to hang up without a word, or (status, bytes). The service has done its work by then.
"""
import http.server
import subprocess
import threading
import urllib.parse

import pytest

from .git_server import ENVIRONMENT
from .places import program


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self):
        where = urllib.parse.urlsplit(self.path)
        service = where.path.rsplit("/", 1)[1]
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.server.requests.append((service, body))
        run = subprocess.run([program("git"), "http-backend"], input=body, capture_output=True,
                             env={**ENVIRONMENT, "GIT_PROJECT_ROOT": str(self.server.root),
                                  "GIT_HTTP_EXPORT_ALL": "", "PATH_INFO": where.path,
                                  "QUERY_STRING": where.query, "REQUEST_METHOD": self.command,
                                  "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                                  "CONTENT_LENGTH": str(length), "REMOTE_USER": "bot",
                                  "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")})
        head, _, reply = run.stdout.partition(b"\r\n\r\n")
        status = 200
        if service in self.server.spoil:
            reply = self.server.spoil[service](reply)
        if reply is None:
            self.close_connection = True
            return
        if isinstance(reply, tuple):
            status, reply = reply
        self.send_response(status)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_GET = do_POST = answer


@pytest.fixture
def flaky(git_server):
    """Serves the repositories of git_server: flaky.url(repository)."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.root = git_server.root
    server.spoil = {}
    server.requests = []
    server.url = lambda repository: (f"http://127.0.0.1:{server.server_address[1]}/"
                                     f"{repository.path.name}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
