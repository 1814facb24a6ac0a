# SPDX-License-Identifier: MIT
"""A real registry with tokens and thousands of tags, over TLS, and a proxy before it that
spoils the answers: each fault has one clear outcome, within bounded time and memory."""
import http.server
import json
import os
import resource
import ssl
import subprocess
import threading
import time

import pytest

from servers.faulty import answer, bomb, cut, endless, flip, once, paged, reset, stall, truncate
from servers.places import built, is_sanitized

TAGS = 5000
RULES = """version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: daily }
    cooldown: { default-days: 0 }
"""
MEMORY = 192 << 20   # of all that a worker may have of its own; it aborts beyond


def bound_memory():
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


@pytest.fixture(scope="session")
def many(registry):
    """public/many with 0.0 to 0.4999; the digest of all of them but the last."""
    digest = registry.push("public/many", "0.0")
    registry.fill("public/many", digest, [f"0.{number}" for number in range(1, TAGS - 1)])
    registry.push("public/many", f"0.{TAGS - 1}")
    return digest


@pytest.fixture
def check(tmp_path, registry, authority, faulty, many):
    """Checks the FROM lines; the exit code, the answer, and how long it took."""
    (tmp_path / "tree/.git").mkdir(parents=True)
    (tmp_path / "tree/.github").mkdir()
    (tmp_path / "tree/.github/dependabot.yml").write_text(RULES)

    def call(*images, credential=None):
        (tmp_path / "tree/Dockerfile").write_text("".join(f"FROM {faulty.host}/{image}\n" for image in images))
        settings = {"repositories": [], "http": {"timeout": "1s"},
                    "upstreams": {faulty.host: {"registry": f"https://{faulty.host}"}}}
        if credential:
            settings["credentials"] = [{"host": faulty.host, "username": "bot", "token": {"env": "PASSWORD"}}]
        (tmp_path / "upkeepd.yml").write_text(json.dumps(settings))
        faulty.asked.clear()
        begun = time.monotonic()
        run = subprocess.run([built("upkeepd-worker"), "check", str(tmp_path / "tree"), "--json",
                              "--config", str(tmp_path / "upkeepd.yml")],
                             capture_output=True, text=True, timeout=60,
                             preexec_fn=None if is_sanitized() else bound_memory,
                             env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "UTC",
                                  "SSL_CERT_FILE": str(authority.ca), "UPKEEPD_BACKOFF_MS": "1",
                                  "PASSWORD": credential or "", "STATE_DIRECTORY": str(tmp_path / "state"),
                                  "CACHE_DIRECTORY": str(tmp_path / "cache")})
        assert run.stdout, run.stderr
        assert "pa55word" not in run.stdout + run.stderr
        return run.returncode, json.loads(run.stdout), time.monotonic() - begun
    return call


def test_thousands_of_tags_are_read_page_by_page(check, faulty, many):
    faulty.spoil["tags/list"] = paged
    code, found, _ = check("public/many:0.7")
    assert (code, found["dependencies"][0]["chosen"]) == (0, f"0.{TAGS - 1}")
    # The first is refused, for want of a token.
    assert len([target for _, target, _ in faulty.asked if "tags/list" in target]) == 1 + TAGS // 1000


@pytest.mark.parametrize("part", ["tags/list", "/token", "manifests/"])
@pytest.mark.parametrize("spoiler", [reset, cut, answer(503), answer(429, {"Retry-After": "0"})],
                         ids=["reset", "cut", "503", "429"])
def test_what_passes_is_tried_again(check, faulty, part, spoiler):
    faulty.spoil[part] = once(spoiler)
    code, found, _ = check("public/many:0.7")
    assert (code, found["dependencies"][0]["chosen"]) == (0, f"0.{TAGS - 1}"), found["errors"]


LASTING = {
    "reset": (reset, "reset by peer"),
    "cut": (cut, "bytes remaining to read"),
    "stall": (stall, "timed out after 1"),
    "503": (answer(503), "answers 503"),
    "a page for people": (answer(200, {"Content-Type": "text/html"}, b"<html>sign in"), "the answer is not JSON"),
    "truncated": (truncate, "the answer is not JSON"),
    "deep": (answer(200, {}, b"[" * 100000), "nested more than 200 deep"),
    "wide": (answer(200, {}, b'{"tags":[' + b"0," * 8000000 + b"0]}"), "more than 1000000 values"),
    "another document": (answer(200, {}, b'{"tags":{"1":2}}'), "no list of tags"),
    "bomb": (bomb, "more than 16777216 bytes"),
    "endless": (endless, "more than 1000 pages"),
    "more tags than anybody has": (answer(200, {}, json.dumps(
        {"tags": [f"1.{n}" for n in range(250000)]}).encode()), "200000 tags"),
    "a header of a megabyte": (answer(200, {"X-Long": "x" * (1 << 20)}), "the head of the answer is too long"),
    "404": (answer(404), "has no 'public/many'"),
    "403": (answer(403), "refuses to show 'public/many'"),
    "to itself": (lambda handler: answer(307, {"Location": handler.path})(handler), "redirects too often"),
    "to plain http": (answer(307, {"Location": "http://localhost:1/"}), "plain http"),
}


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_said(check, faulty, name):
    spoiler, text = LASTING[name]
    faulty.spoil["tags/list"] = spoiler
    code, found, seconds = check("public/many:0.7")
    [error] = found["errors"]
    assert (code, found["dependencies"][0]["reason"]) == (1, "unresolved")
    assert text in error["text"]
    assert seconds < 15


def test_a_storm_of_refusals_is_waited_out_elsewhere(check, faulty):
    """What limits is asked no more, by this run or the next, until it said."""
    faulty.spoil["tags/list"] = answer(429, {"Retry-After": "3600"})
    code, found, seconds = check("public/many:0.7", "public/app:1.0")
    assert code == 1 and seconds < 5
    assert {one["reason"] for one in found["dependencies"]} == {"unresolved"}
    assert all("limit" in error["text"] for error in found["errors"])
    assert len(faulty.asked) <= 2
    faulty.spoil.clear()
    assert check("public/many:0.7")[0] == 1
    assert faulty.asked == []


@pytest.mark.parametrize("token", [b"<html>", b"{}", b'{"token":7}', b'{"token":""}', b'{"token":"' + b"x" * 100000 + b'"}',
                                   b'{"token":"a\\r\\nX-Injected: 1"}'], ids=["html", "none", "number", "empty", "long", "lines"])
def test_a_token_service_that_gives_none_leaves_a_refusal(check, faulty, token):
    faulty.spoil["/token"] = answer(200, {}, token)
    code, found, _ = check("public/many:0.7")
    assert (code, found["dependencies"][0]["reason"]) == (1, "unresolved")
    assert "refuses to show 'public/many'" in found["errors"][0]["text"]


def test_what_does_not_hash_to_its_digest_is_not_believed(check, faulty, registry, images):
    """Another platform in the index of a digest that is pinned."""
    image = f"public/app:1.0@{images['public/app:1.0']}"
    faulty.spoil["manifests/sha256"] = flip
    code, found, _ = check(image)
    [one] = found["dependencies"]
    assert (one["chosen"], one["reason"]) == (None, "unresolved")
    assert "is something else" in one["text"]
    faulty.spoil.clear()
    code, found, _ = check(image)
    assert (code, found["dependencies"][0]["chosen"]) == (0, "1.1")


class Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.headers.get("Authorization"))
        data = b'{"tags":["9.9"],"token":"x"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere(authority):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate, authority.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.url, server.asked = f"https://localhost:{server.server_address[1]}", []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("part", ["tags/list", "manifests/", "/token"])
def test_nothing_of_ours_follows_a_redirect_elsewhere(check, faulty, elsewhere, registry, images, part):
    faulty.spoil[part] = answer(307, {"Location": f"{elsewhere.url}/x"})
    check("private/app:1.0", credential="pa55word")
    assert set(elsewhere.asked) <= {None}
    assert any(authorization for _, _, authorization in faulty.asked)


def test_a_token_service_elsewhere_sees_nothing(check, faulty, elsewhere, registry, images):
    challenge = f'Bearer realm="{elsewhere.url}/token",service="s",scope="repository:private/app:pull"'
    faulty.spoil["tags/list"] = answer(401, {"WWW-Authenticate": challenge})
    code, found, _ = check("private/app:1.0", credential="pa55word")
    assert (code, found["dependencies"][0]["reason"]) == (1, "unresolved")
    assert set(elsewhere.asked) <= {None}
