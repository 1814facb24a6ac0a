# SPDX-License-Identifier: MIT
"""A registry with Docker Hub's tag records, in memory: what is pushed is served at
once. Digests are those of real bytes, so what is fetched can be held against them."""
import collections
import hashlib
import http.server
import json
import re
import threading
import urllib.parse

import pytest

INDEX = "application/vnd.oci.image.index.v1+json"
LONG_AGO = "2026-01-01T00:00:00Z"


class Hub(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server_address[1]
        self.tags = collections.defaultdict(dict)   # path: {tag: (digest, pushed at)}
        self.blobs = {}                             # digest: bytes
        self.asked = []                             # "METHOD path?query", in order
        self.has_records = True
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def push(self, path, *tags, at=LONG_AGO, content=None, platforms=("linux/amd64", "linux/arm64")):
        """Points tags to one index, made from `content` (the first tag's name); its digest."""
        content = content or tags[0]
        entries = []
        for platform in platforms:
            os, architecture = platform.split("/")[:2]
            digest = self._keep(f"{path} {content} {platform}".encode())
            entries.append({"digest": digest, "size": 1, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                            "platform": {"os": os, "architecture": architecture}})
        index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries,
                            "annotations": {"of": f"{path} {content}"}})
        digest = self._keep(index.encode())
        for tag in tags:
            self.tags[path][tag] = (digest, at)
        return digest

    def _keep(self, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return digest

    def settings(self, path, **more):
        """upkeepd.yml that puts this in the place of the public registries."""
        path.write_text(json.dumps({"repositories": [], "upstreams": {
            "docker.io": {"registry": self.url, "tags": self.url},
            "registry.test": {"registry": self.url}}, **more}))
        return path

    @property
    def pulls(self):
        return [line for line in self.asked if line.startswith("GET ") and "/manifests/" in line]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self, code, data, **headers):
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        lines = [f"HTTP/1.1 {code} Fine", f"Content-Length: {len(data)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        self.wfile.write(head if self.command == "HEAD" else head + data)

    def record(self, path, tag):
        digest, at = self.server.tags[path][tag]
        entries = json.loads(self.server.blobs[digest])["manifests"]
        images = [{"os": e["platform"]["os"], "architecture": e["platform"]["architecture"],
                   "digest": e["digest"]} for e in entries]
        return {"name": tag, "digest": digest, "last_updated": at, "tag_last_pushed": at, "images": images}

    def do_GET(self):
        hub = self.server
        hub.asked.append(f"{self.command} {self.path}")
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        match = re.fullmatch(r"/v2/namespaces/([^/]+)/repositories/([^/]+)/tags(?:/(.+))?", url.path)
        if match:
            path, tag = f"{match[1]}/{match[2]}", match[3]
            if not hub.has_records or path not in hub.tags or (tag and tag not in hub.tags[path]):
                return self.answer(404 if hub.has_records else 403, {})
            if tag:
                return self.answer(200, self.record(path, tag))
            names = sorted(hub.tags[path], key=lambda t: (hub.tags[path][t][1], t), reverse=True)
            size, page = int(query["page_size"][0]), int(query.get("page", ["1"])[0])
            part = names[(page - 1) * size:page * size]
            return self.answer(200, {"count": len(names), "next": "more" if names[page * size:] else None,
                                     "results": [self.record(path, t) for t in part]})
        match = re.fullmatch(r"/v2/(.+)/tags/list", url.path)
        if match and match[1] in hub.tags:
            return self.answer(200, {"name": match[1], "tags": sorted(hub.tags[match[1]])})
        match = re.fullmatch(r"/v2/(.+)/manifests/(.+)", url.path)
        if match and match[1] in hub.tags:
            digest = hub.tags[match[1]].get(match[2], (match[2],))[0]
            if digest in hub.blobs:
                return self.answer(200, hub.blobs[digest], Content_Type=INDEX, Docker_Content_Digest=digest)
        return self.answer(404, {"errors": [{"code": "NAME_UNKNOWN"}]})

    do_HEAD = do_GET

    def log_message(self, *arguments):
        pass


@pytest.fixture
def hub():
    server = Hub()
    yield server
    server.shutdown()
    server.server_close()
