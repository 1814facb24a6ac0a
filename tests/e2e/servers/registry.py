# SPDX-License-Identifier: MIT
"""Debian's docker-registry behind nginx, over TLS, with a token service of our own:
everybody may read public/…, only `bot` with the password `pa55word` private/… and write.
Images are made by hand and pushed by skopeo."""
import base64
import hashlib
import http.server
import json
import socket
import subprocess
import threading
import time
import urllib.parse

import pytest

from .nginx import Nginx
from .places import program
from .ports import free_port

SERVICE = ISSUER = "registry.test"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Tokens(http.server.ThreadingHTTPServer):
    """distribution's auth/token.md: signs what a caller may do."""
    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), TokenHandler)
        self.key, self.certificate = folder / "token.key", folder / "token.pem"
        subprocess.run([program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=tokens", "-keyout", str(self.key), "-out", str(self.certificate)],
                       check=True, capture_output=True)
        self.asked = []   # (user or None, scopes)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def sign(self, access, user):
        der = subprocess.run([program("openssl"), "x509", "-in", str(self.certificate), "-outform", "DER"],
                             check=True, capture_output=True).stdout
        now = int(time.time())
        parts = [{"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]},
                 {"iss": ISSUER, "sub": user or "", "aud": SERVICE, "iat": now, "nbf": now - 60, "exp": now + 300,
                  "jti": "1", "access": access}]
        text = ".".join(b64(json.dumps(part).encode()) for part in parts)
        signature = subprocess.run([program("openssl"), "dgst", "-sha256", "-sign", str(self.key)],
                                   input=text.encode(), check=True, capture_output=True).stdout
        return f"{text}.{b64(signature)}"


class TokenHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        kind, _, secret = self.headers.get("Authorization", "").partition(" ")
        given = base64.b64decode(secret).decode() if kind == "Basic" else None
        return self.give(query, given and given.partition(":")[0], given is not None, given == "bot:pa55word")

    def do_POST(self):
        """distribution's auth/oauth.md: an identity token for a token."""
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert (form["grant_type"], form["service"]) == (["refresh_token"], [SERVICE]) and form["client_id"]
        return self.give(form, "identity", True, form["refresh_token"] == ["1dent1ty-pa55word"])

    def give(self, query, name, is_given, is_known):
        user = "bot" if is_known else None
        self.server.asked.append((name, query.get("scope", [])))
        if is_given and not user:
            return self.reply(401, {"errors": [{"code": "UNAUTHORIZED"}]})
        access = []
        for scope in query.get("scope", []):
            sort, name, actions = scope.split(":")
            granted = [a for a in actions.split(",") if user or (a == "pull" and name.startswith("public/"))]
            access.append({"type": sort, "name": name, "actions": granted})
        return self.reply(200, {"token": self.server.sign(access, user), "expires_in": 300})

    def reply(self, code, body):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


class Registry:
    def __init__(self, folder, authority):
        self.folder, self.authority, self.tokens = folder, authority, Tokens(folder)
        self.port, inner = free_port(), free_port()
        self.host = f"localhost:{self.port}"
        configuration = folder / "registry.json"
        configuration.write_text(json.dumps({
            "version": 0.1, "log": {"level": "error", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
            "http": {"addr": f"127.0.0.1:{inner}", "relativeurls": True},
            "auth": {"token": {"realm": f"https://{self.host}/token", "service": SERVICE, "issuer": ISSUER,
                               "rootcertbundle": str(self.tokens.certificate)}}}))
        self.process = subprocess.Popen([program("docker-registry"), "serve", str(configuration)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.nginx = Nginx(folder, f"""
            server {{
                listen 127.0.0.1:{self.port} ssl http2;
                ssl_certificate {authority.certificate};
                ssl_certificate_key {authority.key};
                location /token {{ proxy_pass http://127.0.0.1:{self.tokens.server_address[1]}; }}
                location / {{ proxy_pass http://127.0.0.1:{inner}; proxy_set_header Host $http_host; }}
            }}""")
        self._wait_for(inner)
        (folder / "certs").mkdir()
        (folder / "certs/ca.crt").write_bytes(authority.ca.read_bytes())

    def _wait_for(self, port):
        deadline = time.monotonic() + 10
        while True:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return
            assert self.process.poll() is None and time.monotonic() < deadline, "docker-registry does not start"
            time.sleep(0.02)

    def stop(self):
        self.nginx.stop()
        self.process.terminate()
        self.process.wait()
        self.tokens.shutdown()
        self.tokens.server_close()

    def fill(self, path, digest, tags):
        """Thousands of tags for what is there, as the registry itself would keep them."""
        folder = self.folder / "data/docker/registry/v2/repositories" / path / "_manifests/tags"
        for tag in tags:
            (folder / tag / "current").mkdir(parents=True)
            (folder / tag / "current/link").write_text(digest)

    def push(self, path, tag, platforms=("linux/amd64", "linux/arm64")):
        """An image without layers; the digest of its index."""
        layout = self.folder / "layouts" / path.replace("/", "_") / tag
        (layout / "blobs/sha256").mkdir(parents=True)

        def keep(document):
            data = json.dumps(document).encode()
            name = hashlib.sha256(data).hexdigest()
            (layout / "blobs/sha256" / name).write_bytes(data)
            return {"digest": f"sha256:{name}", "size": len(data)}

        entries = []
        for platform in platforms:
            os, architecture = platform.split("/")
            config = keep({"os": os, "architecture": architecture, "config": {"Env": [f"OF={path}:{tag}"]},
                           "rootfs": {"type": "layers", "diff_ids": []}})
            manifest = keep({"schemaVersion": 2, "mediaType": MANIFEST, "layers": [],
                             "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config}})
            entries.append({"mediaType": MANIFEST, "platform": {"os": os, "architecture": architecture}, **manifest})
        index = keep({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
        (layout / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [
            {"mediaType": INDEX, "annotations": {"org.opencontainers.image.ref.name": tag}, **index}]}))
        subprocess.run([program("skopeo"), "--insecure-policy", "copy", "-q", "--all", "--preserve-digests",
                        "--dest-creds", "bot:pa55word", "--dest-cert-dir", str(self.folder / "certs"),
                        f"oci:{layout}:{tag}", f"docker://{self.host}/{path}:{tag}"],
                       check=True, capture_output=True)
        return index["digest"]


@pytest.fixture(scope="session")
def registry(tmp_path_factory, authority):
    server = Registry(tmp_path_factory.mktemp("registry"), authority)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def images(registry):
    """Digests by path:tag."""
    pushed = {}
    for path in ("public/app", "private/app"):
        for tag in ("1.0", "1.1"):
            pushed[f"{path}:{tag}"] = registry.push(path, tag)
        registry.push(path, "1.2", platforms=["linux/amd64"])
    return pushed
