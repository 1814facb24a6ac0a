# SPDX-License-Identifier: MIT
"""A way to the real Gitea that dies when it is told to, in the middle of a run.

    mortal.die_at(3)                   # the third request from now never arrives
    mortal.die_at(3, is_done=True)     # it is carried out, but nobody hears of it
    mortal.revive()

Once dead it hangs up on everybody until it is revived. `mortal.count` is how many
requests came since the last of these calls.
"""
import http.client
import http.server
import threading
import urllib.parse

import pytest

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while length := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(length))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def answer(self):
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        body = self.body()
        self.server.log.append((self.command, self.path))
        fate = self.server.fate()
        if fate == "lost":
            self.close_connection = True
            return
        gitea = http.client.HTTPConnection(self.server.gitea.hostname, self.server.gitea.port)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        gitea.request(self.command, self.path, body, headers)
        reply = gitea.getresponse()
        text = reply.read()
        gitea.close()
        if fate == "unheard":
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer


class Mortal(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, gitea):
        super().__init__(("127.0.0.1", 0), Handler)
        self.gitea = urllib.parse.urlsplit(gitea.url)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.lock = threading.Lock()
        self.log = []  # (method, path)
        self.revive()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def url_of(self, repository):
        return f"{self.url}/owner/{repository.name}.git"

    def die_at(self, number, is_done=False):
        with self.lock:
            self.count, self.last, self.is_done = 0, number, is_done

    def revive(self):
        self.die_at(None)

    def fate(self):
        with self.lock:
            self.count += 1
            if self.last is None or self.count < self.last:
                return "heard"
            return "unheard" if self.count == self.last and self.is_done else "lost"

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


@pytest.fixture(scope="session")
def mortal(gitea):
    mortal = Mortal(gitea)
    yield mortal
    mortal.stop()
