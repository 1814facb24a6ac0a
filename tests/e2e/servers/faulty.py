# SPDX-License-Identifier: MIT
"""A proxy with TLS before the real registry that can be told to spoil what comes through.

    faulty.spoil["tags/list"] = reset         # every request whose target has that in it
    faulty.spoil["tags/list"] = once(reset)   # the first one only

A spoiler gets the handler, and what the registry answered as status, headers and body, if
it is one of those that `need` it; it sends something itself. faulty.asked holds (method,
target, authorization) of all requests.
"""
import gzip
import http.client
import http.server
import json
import socket
import ssl
import struct
import threading
import urllib.parse
import zlib

import pytest


def needing(spoiler):
    """It is called with the real answer; only once that is a good one."""
    spoiler.needs = True
    return spoiler


def send(handler, status, headers, body, length=None):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def reset(handler, *_):
    """Not a word, and an RST."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.shutdown_now = True


@needing
def cut(handler, status, headers, body):
    """Half of what was promised, then the connection ends."""
    send(handler, status, headers, body[:len(body) // 2], len(body))
    handler.close_connection = True


@needing
def stall(handler, status, headers, body):
    """Half of what was promised, then nothing, for as long as the other side waits."""
    send(handler, status, headers, body[:len(body) // 2], len(body))
    handler.wfile.flush()
    handler.server.is_over.wait(20)
    handler.close_connection = True


@needing
def truncate(handler, status, headers, body):
    """A whole answer whose JSON is not."""
    send(handler, status, headers, body[:len(body) // 2])


def answer(status, headers=None, body=b"{}"):
    return lambda handler, *_: send(handler, status, headers or {}, body)


@needing
def flip(handler, status, headers, body):
    """Other bytes of the same length: what does not hash to its digest."""
    send(handler, status, headers, body.replace(b"linux", b"plan9"))


def bomb(handler, *_):
    """A gigabyte of blanks that is a megabyte on the way."""
    send(handler, 200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, handler.server.bomb)


@needing
def paged(handler, status, headers, body):
    """The list in pages of 1000, as this registry does not make them, oldest first."""
    tags = json.loads(body)["tags"]
    tags.sort(key=lambda tag: int(tag.partition(".")[2]))
    last = urllib.parse.parse_qs(urllib.parse.urlsplit(handler.path).query).get("last")
    begin = tags.index(last[0]) + 1 if last else 0
    page = tags[begin:begin + 1000]
    if begin + 1000 < len(tags):
        headers["Link"] = f'<{handler.path.split("?")[0]}?last={page[-1]}&n=1000>; rel="next"'
    send(handler, status, headers, json.dumps({"tags": page}).encode())


def endless(handler, *_):
    """Pages without end, each with a tag that no other has."""
    handler.server.pages += 1
    number = handler.server.pages
    send(handler, 200, {"Content-Type": "application/json",
                        "Link": f'<{handler.path.split("?")[0]}?n=1000&last={number}>; rel="next"'},
         json.dumps({"tags": [f"0.{number}"]}).encode())


def once(spoiler):
    left = [spoiler]
    return needing(lambda *arguments: (left.pop() if left else send)(*arguments))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do(self):
        server = self.server
        server.asked.append((self.command, self.path, self.headers.get("Authorization")))
        spoiler = next((spoiler for part, spoiler in server.spoil.items() if part in self.path), None)
        if spoiler and not hasattr(spoiler, "needs"):
            return spoiler(self)
        upstream = http.client.HTTPSConnection("localhost", server.registry.port, context=server.client)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding")}
        upstream.request(self.command, self.path, headers=headers)
        answered = upstream.getresponse()
        body = answered.read()
        back = {name: value.replace(server.registry.host, server.host) for name, value in answered.getheaders()
                if name.lower() in ("content-type", "link", "www-authenticate", "docker-content-digest", "etag")}
        upstream.close()
        if spoiler and answered.status == 200:
            return spoiler(self, answered.status, back, body)
        return send(self, answered.status, back, body)

    do_GET = do_HEAD = do

    def finish(self):
        if getattr(self.connection, "shutdown_now", False):
            return self.connection.close()
        return super().finish()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Clients that leave in the middle are what this is for."""


def packed():
    """A gigabyte as gzip: one block, again and again, for none refers to what was before."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = pack.compress(b" " * (1 << 20)) + pack.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + block * 1024


@pytest.fixture
def faulty(registry, authority):
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate, authority.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.client = ssl.create_default_context(cafile=str(authority.ca))
    server.registry, server.bomb, server.pages = registry, packed(), 0
    server.host = f"localhost:{server.server_address[1]}"
    server.spoil, server.asked, server.is_over = {}, [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()
