# SPDX-License-Identifier: MIT
"""The page, the metrics and webhooks: upkeepd-listen beside the service, with a worker
that does as it is told."""
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import socket
import subprocess

import pytest

from servers.places import built
from servers.ports import free_port
from test_service import Daemon, wait_for

SECRET = "It's a Secret to Everybody"
PUSH = json.dumps({"ref": "refs/heads/main", "repository": {
    "full_name": "Acme/Shop", "default_branch": "main"},
    "commits": [{"added": [], "modified": ["go.mod"], "removed": []}]}).encode()


class Page:
    def __init__(self, daemon, port):
        self.daemon, self.port = daemon, port

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())

    def is_there(self):
        with contextlib.suppress(OSError):
            return self.ask("GET", "/")[0] == 200

    def hook(self, body, secret=SECRET, event="push", delivery=None):
        sign = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-GitHub-Event": event, "X-Hub-Signature-256": f"sha256={sign}"}
        if delivery:
            headers["X-GitHub-Delivery"] = delivery
        return self.ask("POST", "/webhook", body, headers)[0]

    def next_at(self, name):
        return self.daemon.sql("SELECT next_at FROM repository WHERE name LIKE ?", f"%{name}")[0][0]


@pytest.fixture
def daemon(tmp_path):
    daemon = Daemon(tmp_path)
    (tmp_path / "upkeepd-listen").symlink_to(built("upkeepd-listen"))
    yield daemon
    daemon.close()


@pytest.fixture
def page(daemon, tmp_path):
    port = free_port()
    secret = tmp_path / "secret"
    secret.write_text(f"an old one\n{SECRET}\n")
    secret.chmod(0o600)
    daemon.watch("acme/shop.git", "acme/<b>&.git")
    with daemon.config.open("a") as config:
        config.write(f"status: {{ listen: '127.0.0.1:{port}', webhook-secret: {{ file: '{secret}' }} }}\n")
    daemon.start()
    page = Page(daemon, port)
    wait_for(page.is_there)
    wait_for(lambda: daemon.sql("SELECT count(*) FROM repository WHERE run = 0 AND succeeded_at > 0") == [(2,)])
    return page


def test_the_page_says_how_things_stand(page):
    status, text, headers = page.ask("GET", "/")
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "https://git.test/acme/shop.git" in text
    assert "<b>&" not in text and "&lt;b&gt;&amp;" in text
    assert page.ask("HEAD", "/")[:2] == (200, "")


def test_metrics_are_as_prometheus_reads_them(page):
    status, text, headers = page.ask("GET", "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4")
    samples = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, number = line.rsplit(" ", 1)
            assert name not in samples
            samples[name] = float(number)
    assert samples['upkeepd_repositories{state="ok"}'] == 2
    assert samples['upkeepd_repository_failures{repository="https://git.test/acme/shop.git"}'] == 0
    assert samples["upkeepd_last_run_visits"] == 2
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")]
    assert len(names) == len(set(names)) and {name.split("{")[0] for name in samples} <= set(names)


def test_a_hook_wakes_its_repository_and_no_other(page):
    before, other = page.next_at("shop.git"), page.next_at("&.git")
    assert page.hook(PUSH, delivery="a-1") == 202
    assert page.next_at("shop.git") < before and page.next_at("&.git") == other
    page.daemon.sql("UPDATE repository SET next_at = ?", before)
    assert page.hook(PUSH, delivery="a-1") == 202
    assert page.next_at("shop.git") == before
    assert page.hook(PUSH, delivery="a-2") == 202
    assert page.next_at("shop.git") < before


def test_what_is_not_signed_does_nothing(page):
    before = page.next_at("shop.git")
    assert page.hook(PUSH, secret="a guess") == 401
    assert page.ask("POST", "/webhook", PUSH, {"X-GitHub-Event": "push"})[0] == 401
    assert page.ask("POST", "/webhook", PUSH)[0] == 401
    assert page.next_at("shop.git") == before


def test_who_sends_a_form_is_told_what_is_wanted(page):
    form = b"payload=%7B%22ref%22%3A%22refs%2Fheads%2Fmain%22%7D"
    sign = hmac.new(SECRET.encode(), form, hashlib.sha256).hexdigest()
    status, text, _ = page.ask("POST", "/webhook", form, {
        "X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={sign}",
        "Content-Type": "application/x-www-form-urlencoded"})
    assert (status, text) == (400, "its content type has to be application/json\n")


def test_what_does_not_matter_does_nothing(page):
    before = page.next_at("shop.git")
    assert page.hook(b'{"action":"created"}', event="star") == 204
    assert page.hook(b"{", event="push") == 400
    assert page.next_at("shop.git") == before


def test_other_paths_and_methods(page):
    assert page.ask("GET", "/else")[0] == 404
    assert page.ask("GET", "/../upkeepd.db")[0] == 404
    assert page.ask("POST", "/")[0] == 405
    assert page.ask("DELETE", "/metrics")[0] == 405


def test_too_much_is_refused_before_it_is_received(page):
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as connection:
        connection.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\nX-GitHub-Event: push\r\n"
                           b"Content-Length: 31457280\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100000 + b"\r\n\r\n")
        assert connection.recv(100)[9:12] in (b"431", b"413", b"414", b"")
    assert page.is_there()


def test_the_page_ends_with_the_service_and_follows_its_settings(page):
    (service,) = page.daemon.processes
    page.daemon.watch("acme/shop.git")
    service.send_signal(1)
    wait_for(lambda: not page.is_there())
    service.terminate()
    assert service.wait(timeout=10) == 0


def test_a_socket_of_the_manager_is_taken(page, tmp_path):
    """As systemd hands one over: descriptor 3."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        os.dup2(server.fileno(), 3)
        words = [str(built("upkeepd-listen")), "--config", str(page.daemon.config), "--state",
                 str(page.daemon.state)]
        listener = subprocess.Popen(["/bin/sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", *words],
                                    pass_fds=[3])
    try:
        wait_for(Page(page.daemon, port).is_there)
    finally:
        listener.terminate()
        listener.wait()
