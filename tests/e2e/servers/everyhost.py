# SPDX-License-Identifier: MIT
"""Every host of the world, for those who take it for their HTTP proxy: pages that tell where
modules are kept, and git http-backend for the repositories below /git/.

    everyhost.page("example.test/a", "example.test/a git http://example.test/git/a")
    everyhost.repository("a")     # git_server.Repository
    everyhost.requests            # (method, URL, user of Basic or None), in their order

Below /git/private/ only `bot` with the password `secret` gets in. CONNECT is refused, so that
https leads nowhere, until everyhost.speak_tls(authority).
"""
import base64
import html
import http.server
import os
import ssl
import subprocess
import threading
import urllib.parse

import pytest

from .git_server import ENVIRONMENT, Repository
from .places import program


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_CONNECT(self):
        if not self.server.host.tls:
            self.answer(403, "text/plain", b"no TLS here")
            self.close_connection = True
            return
        self.send_response(200)
        self.end_headers()
        self.origin = "https://" + self.path.removesuffix(":443")
        self.connection = self.server.host.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)

    def do_GET(self):
        self.serve()

    def do_POST(self):
        self.serve()

    def user(self):
        kind, _, text = self.headers.get("Authorization", "").partition(" ")
        return base64.b64decode(text).decode() if kind == "Basic" else None

    def serve(self):
        if self.path.startswith("/"):
            self.path = self.origin + self.path
        url = urllib.parse.urlsplit(self.path)
        body = self.read_body()
        self.server.host.requests.append((self.command, self.path, self.user()))
        if url.path.startswith("/git/private/") and self.user() != "bot:secret":
            self.answer(401, "text/plain", b"who?", {"WWW-Authenticate": "Basic realm=private"})
        elif url.path.startswith("/git/"):
            self.run_backend(url, body)
        else:
            self.answer(*self.server.host.page_of(url.netloc + url.path.rstrip("/")))

    def read_body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def run_backend(self, url, body):
        environment = {
            **ENVIRONMENT, "GIT_PROJECT_ROOT": str(self.server.host.root),
            "GIT_HTTP_EXPORT_ALL": "", "PATH_INFO": url.path.removeprefix("/git"),
            "QUERY_STRING": url.query, "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "127.0.0.1",
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
        run = subprocess.run([program("git"), "http-backend"], input=body, env=environment,
                             capture_output=True)
        head, _, rest = run.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
        status = int(headers.pop("Status", "200").split()[0])
        self.answer(status, headers.pop("Content-Type", "text/plain"), rest, headers)

    def answer(self, status, kind, body, headers=None):
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)),
                            **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class EveryHost:
    def __init__(self, folder):
        self.root = folder / "repositories"
        (self.root / "private").mkdir(parents=True)
        self.pages, self.requests, self.tls = {}, [], None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.host = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.environment = {name: self.url for name in
                            ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def speak_tls(self, authority):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(authority.certificate, authority.key)
        self.environment.update(SSL_CERT_FILE=str(authority.ca), GIT_SSL_CAINFO=str(authority.ca))

    def page(self, path, *contents, status=200):
        """What is at http://PATH?go-get=1, and below: a go-import tag for each of `contents`."""
        tags = "".join(f'<meta name="go-import" content="{html.escape(c)}">\n' for c in contents)
        self.pages[path] = (status, f"<html><head>\n{tags}</head><body>{path}</body></html>")

    def page_of(self, path):
        while path not in self.pages and "/" in path:
            path = path.rpartition("/")[0]
        status, text = self.pages.get(path, (404, "nothing here"))
        return status, "text/html; charset=utf-8", text.encode()

    def repository(self, name, host="example.test"):
        return Repository(self.root / f"{name}.git", f"http://{host}/git/{name}")

    def module(self, name, host="example.test"):
        """A repository, and the page of the module HOST/NAME that tells of it."""
        repository = self.repository(name, host)
        self.page(f"{host}/{name}", f"{host}/{name} git {repository.url}")
        return repository

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def everyhost(tmp_path):
    program("git")
    server = EveryHost(tmp_path / "everyhost")
    yield server
    server.stop()
