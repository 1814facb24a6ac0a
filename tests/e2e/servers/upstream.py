# SPDX-License-Identifier: MIT
"""config/example/upstream.py in this process: registries, a module proxy and a checksum
database that have what the test puts there, and remember what they were asked.

    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")
    upstream.module("example.org/a", "v1.0.0", "2026-01-01T00:00:00Z", {"go.mod": "module example.org/a\n"})
    upstream.spoil("/tags/list", 503)                     # a status
    upstream.spoil("@v/list", 200, b"<html>", times=1)    # once, then as it should be
    upstream.spoil("/manifests/", None)                   # hangs up without a word
    upstream.spoil("/manifests/", STALL)                  # never answers
"""
import hashlib
import importlib.util
import json
import re
import threading

import pytest

from .places import SOURCE

STALL = "stall"


def load():
    spec = importlib.util.spec_from_file_location("example_upstream",
                                                  SOURCE / "config" / "example" / "upstream.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


example = load()


class Spoilt:
    def __init__(self, pattern, status, body, headers, times):
        self.pattern, self.status, self.body = re.compile(pattern), status, body
        self.headers, self.times = headers, times


class Handler(example.Handler):
    def do_GET(self):
        for pattern, call in list(self.server.meanwhiles):
            if re.search(pattern, self.path):
                self.server.meanwhiles.remove((pattern, call))
                call()
        for spoilt in self.server.spoilt:
            if spoilt.pattern.search(self.path) and spoilt.times != 0:
                spoilt.times -= 1
                self.spoil(spoilt)
                return
        super().do_GET()

    do_HEAD = do_GET

    def spoil(self, spoilt):
        if spoilt.status is None or spoilt.status == STALL:
            self.server.requests.append((self.command, self.path, spoilt.status))
            if spoilt.status == STALL:
                self.server.is_over.wait()
            self.close_connection = True
            return
        self.answer(spoilt.status, spoilt.body, **spoilt.headers)


class Upstream(example.Upstream):
    def __init__(self):
        super().__init__()
        self.RequestHandlerClass = Handler
        self.spoilt, self.meanwhiles = [], []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def tags(self, repository, *tags, pushed="2026-06-01T00:00:00Z", content=None,
             platforms=("linux/amd64", "linux/arm64")):
        """Tags with contents of their own, or all with the same."""
        for tag in tags:
            self.image(repository).put(tag, pushed, content or tag, platforms)

    def digest(self, repository, tag):
        return self.images[repository].tags[tag][0]

    def annotate(self, repository, tag, annotations):
        """The tag's index says that of itself; its digest from now on."""
        image = self.images[repository]
        digest, pushed, manifests = image.tags[tag]
        text = json.dumps({**json.loads(image.bodies[digest]), "annotations": annotations}).encode()
        digest = f"sha256:{hashlib.sha256(text).hexdigest()}"
        image.bodies[digest], image.tags[tag] = text, (digest, pushed, manifests)
        return digest

    def lookup(self, path, version):
        """Puts the sums of a module into the database, as somebody's question would."""
        module = self.modules[path][version]
        return self.log.add(path, version, module.sums())

    def fork(self):
        """The database tells another history from now on, under the same key."""
        self.log = example.Log(self.signer)
        for n in range(10):
            self.log.add(f"example.org/other{n}", "v1.0.0", f"example.org/other{n} v1.0.0 h1:x=\n")

    def spoil(self, pattern, status, body=b"", times=-1, **headers):
        self.spoilt.append(Spoilt(pattern, status, body, headers, times))

    def meanwhile(self, pattern, call):
        """Calls when such a request comes, once, before it is answered."""
        self.meanwhiles.append((pattern, call))

    def heal(self):
        self.spoilt.clear()

    def take_requests(self):
        """What was asked since the last call: (method, path, status)."""
        taken, self.requests = self.requests, []
        return taken

    @property
    def settings(self):
        """As it stands in upkeepd.yml. Modules are another host than images."""
        modules = self.url.replace("127.0.0.1", "localhost")
        return (f'upstreams:\n'
                f'  docker.io: {{ registry: "{self.url}", tags: "{self.url}" }}\n'
                f'  gcr.io: {{ registry: "{self.url}" }}\n'
                f'  goproxy: "{modules}"\n'
                f'  gosumdb: "{self.gosumdb.replace(self.url, modules)}"\n')

    def stop(self):
        self.is_over.set()
        self.shutdown()
        self.thread.join()
        self.server_close()


@pytest.fixture
def upstream():
    server = Upstream()
    yield server
    server.stop()
