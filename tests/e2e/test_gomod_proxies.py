# SPDX-License-Identifier: MIT
"""Module proxies as they are: some list pseudo-versions, refuse what they do not have, know no
newest version, offer nothing to revalidate by, or serve zips of hundreds of megabytes. Each
leads to a right result, or to one clear sentence."""
import http.server
import json
import os
import pathlib
import subprocess
import threading
import urllib.parse
import zipfile

import pytest

from servers.moduled import AT, escaped
from servers.places import built

MAIN = "module example.test/main\n\ngo 1.21\n\nrequire example.com/A v1.0.0\n"
PSEUDO = "v0.0.0-20240102030405-abcdefabcdef"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        path = urllib.parse.unquote(self.path)
        self.server.asked.append(path)
        file = self.server.store / path.lstrip("/")
        if self.server.broken and path.startswith(self.server.broken):
            self.answer(400, b"not now\n")
        elif not file.is_file():
            self.answer(self.server.absent, b"no such module here\n")
        elif file.suffix == ".zip":
            self.send_pieces(file)
        else:
            self.answer(200, file.read_bytes())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_pieces(self, file):
        self.send_response(200)
        self.send_header("Content-Length", str(file.stat().st_size))
        self.end_headers()
        try:
            with file.open("rb") as source:
                while piece := source.read(1 << 20):
                    self.wfile.write(piece)
        except OSError:  # whoever asked has had enough
            self.close_connection = True

    def log_message(self, *words):
        pass


@pytest.fixture
def proxy(store):
    """A server over `store` without validators; `absent` is what it answers for what it lacks."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.store, server.absent, server.asked, server.broken = store.path, 404, [], None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def checkout(tmp_path, store):
    for version in "v1.0.0", "v1.1.0":
        store.add("example.com/A", version, files={"a.go": "package a\n", "x/x.go": "package x\n"})
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "m.go").write_text('package main\n\nimport _ "example.com/A"\n')
    (folder / "go.mod").write_text(MAIN)
    return folder


@pytest.fixture
def upkeepd(tmp_path, checkout, proxy):
    def call(*words):
        port = proxy.server_address[1]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GOSUMDB": "off",
                       "GOPROXY": f"http://127.0.0.1:{port}", "G_DEBUG": "fatal-criticals",
                       "CACHE_DIRECTORY": str(tmp_path / "cache"),
                       "STATE_DIRECTORY": str(tmp_path / "state")}
        process = subprocess.Popen([built("upkeepd-worker"), *words], cwd=checkout, text=True,
                                   env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, error = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        print(out + error)
        return process.returncode, out, error, usage.ru_maxrss
    return call


def chosen(out, name="example.com/A"):
    return {one["name"]: one["chosen"] for one in json.loads(out)["dependencies"]}[name]


def relist(store, path, *lines):
    (store.path / escaped(path) / "@v" / "list").write_text("".join(f"{line}\n" for line in lines))


def test_a_pseudo_version_in_a_list_is_no_release(upkeepd, store):
    store.add("example.com/A", "v1.2.0-0.20300102030405-abcdefabcdef")
    relist(store, "example.com/A", "v1.2.0-0.20300102030405-abcdefabcdef 2030-01-02T03:04:05Z",
           f"v1.1.0 {AT}", "v1.0.0")
    assert chosen(upkeepd("check", "--json")[1]) == "v1.1.0"


def test_it_stands_for_the_newest_where_there_is_nothing_else(upkeepd, store, checkout, proxy):
    """No tags, and no @latest: the newest of the list, by time."""
    for version in PSEUDO, PSEUDO.replace("2024", "2025"):
        store.add("example.com/P", version)
    (checkout / "p.go").write_text('package main\n\nimport _ "example.com/P"\n')
    assert upkeepd("tidy")[0] == 0
    assert f"example.com/P {PSEUDO.replace('2024', '2025')}" in (checkout / "go.mod").read_text()


GO = "golang.org/toolchain"


@pytest.mark.parametrize("line, status", [("1.22", 0), ("1.22.3", 1), ("1.23rc1", 0), ("1.999", 1)])
@pytest.mark.parametrize("has_go", [True, False], ids=["with Go", "without Go"])
def test_a_go_line_is_raised_to_no_go_that_was_not_released(upkeepd, store, checkout, proxy, line,
                                                            status, has_go):
    for version in ("1.21.0", "1.22.0", "1.23rc1") if has_go else ():
        store.add(GO, f"v0.0.1-go{version}.linux-amd64", listed=False)
    store.add("example.com/A", "v1.1.0", gomod=f"module example.com/A\n\ngo {line}\n")
    found, _, error, _ = upkeepd("update", "example.com/A")
    assert found == (status if has_go else 0), error
    if found == 1:
        assert f"go.mod: 'example.com/A@v1.1.0' asks for go {line}, of which there is no release" \
            in error
        assert (checkout / "go.mod").read_text() == MAIN
    else:
        assert f"go {line}\n" in (checkout / "go.mod").read_text()
    assert len([path for path in proxy.asked if path.startswith(f"/{GO}/")]) <= 2


def test_a_proxy_that_is_busy_when_asked_for_go_is_asked_again(upkeepd, store, proxy, checkout):
    store.add("example.com/A", "v1.1.0", gomod="module example.com/A\n\ngo 1.22\n")
    store.add(GO, "v0.0.1-go1.21.0.linux-amd64")
    proxy.broken = f"/{GO}/"
    status, _, error, _ = upkeepd("update", "example.com/A")
    assert status == 1
    assert "answers 400 when asked for 'golang.org/toolchain@v0.0.1-go1.22.0.linux-amd64'" in error
    assert (checkout / "go.mod").read_text() == MAIN


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_bump_needs_nothing_that_a_proxy_lacks(upkeepd, proxy, checkout, status):
    proxy.absent = status
    status, _, error, _ = upkeepd("update", "example.com/A")
    assert status == 0, error
    assert "example.com/A v1.1.0" in (checkout / "go.mod").read_text()


def test_what_is_forbidden_is_not_taken_for_absent(upkeepd, proxy, checkout, store):
    """The longest path that may hold a package decides; behind 403 there may be a module."""
    store.add("example.com/B", "v1.0.0", files={"x/x.go": "package x\n"})
    (checkout / "b.go").write_text('package main\n\nimport _ "example.com/B/x"\n')
    proxy.absent = 403
    status, _, error, _ = upkeepd("tidy")
    assert status == 1
    assert "403" in error and "example.com/B/x" in error and error.count("\n") <= 2
    assert (checkout / "go.mod").read_text() == MAIN
    proxy.absent = 404
    assert upkeepd("tidy")[0] == 0
    assert "example.com/B v1.0.0" in (checkout / "go.mod").read_text()


def test_without_anything_newest_a_module_is_up_to_date(upkeepd, store, checkout, proxy):
    store.add("example.com/A", PSEUDO, listed=False)
    relist(store, "example.com/A")
    (checkout / "go.mod").write_text(MAIN.replace("v1.0.0", PSEUDO))
    assert chosen(upkeepd("check", "--json")[1]) is None
    assert upkeepd("tidy")[0] == 0


def test_without_validators_only_lists_are_asked_for_again(upkeepd, proxy):
    assert upkeepd("update", "example.com/A")[0] == 0
    proxy.asked.clear()
    assert upkeepd("update", "example.com/A")[0] == 0
    assert upkeepd("tidy", "--check")[0] == 0
    assert all(path.endswith(("/@v/list", "/@latest")) for path in proxy.asked), proxy.asked


def enlarge(store, mebibytes):
    """Fills the zip of v1.1.0 with noise, which no compression makes small."""
    path = store.path / escaped("example.com/A") / "@v" / "v1.1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {"go.mod": "module example.com/A\n", "a.go": "package a\n"}.items():
            archive.writestr(zipfile.ZipInfo(f"example.com/A@v1.1.0/{name}"), text)
        with archive.open(zipfile.ZipInfo("example.com/A@v1.1.0/data"), "w", force_zip64=True) as data:
            noise = os.urandom(1 << 20)
            for _ in range(mebibytes):
                data.write(noise)
    mod = pathlib.Path(str(path).replace(".zip", ".mod"))
    mod.write_text("module example.com/A\n")


def test_a_zip_of_hundreds_of_megabytes_is_never_held_in_memory(upkeepd, proxy, store, checkout,
                                                                tmp_path):
    enlarge(store, 200)
    status, _, error, peak = upkeepd("update", "example.com/A")
    assert status == 0, error
    assert "example.com/A v1.1.0 h1:" in (checkout / "go.sum").read_text()
    assert peak < 80 * 1024
    kept = sum(path.stat().st_size for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert kept < 1 << 20


def test_a_zip_beyond_the_ceiling_is_said_to_be_so(upkeepd, proxy, store, checkout):
    enlarge(store, 1)
    path = store.path / escaped("example.com/A") / "@v" / "v1.1.0.zip"
    with path.open("r+b") as file:
        file.truncate(501 << 20)  # a hole: nothing on disk
    status, _, error, _ = upkeepd("update", "example.com/A")
    assert status == 1
    assert "more than 524288000 bytes" in error and "example.com/" in error
    assert (checkout / "go.mod").read_text() == MAIN
