# SPDX-License-Identifier: MIT
"""Module data from somebody who means harm, or does not care: the outcome is clear, and costs
little time and memory."""
import os
import subprocess
import time
import zipfile

import pytest

from servers.moduled import AT
from servers.places import built

MAIN = "module example.test/main\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n"
BUMPED = MAIN.replace("v1.0.0", "v1.1.0")


@pytest.fixture
def checkout(tmp_path, store):
    store.add("example.com/a", "v1.0.0").add("example.com/a", "v1.1.0")
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "m.go").write_text('package main\n\nimport _ "example.com/a"\n')
    (folder / "go.mod").write_text(MAIN)
    return folder


@pytest.fixture
def update(tmp_path, store, checkout):
    """Sets example.com/a to v1.1.0; gives what was said, and what it took."""
    def call():
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GOSUMDB": "off",
                       "GOPROXY": f"file://{store.path}", "G_DEBUG": "fatal-criticals",
                       "CACHE_DIRECTORY": str(tmp_path / "cache"),
                       "STATE_DIRECTORY": str(tmp_path / "state")}
        began = time.monotonic()
        process = subprocess.Popen([built("upkeepd-worker"), "update", ".", "example.com/a@v1.1.0"],
                                   text=True, cwd=checkout, env=environment, stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        print(f"{time.monotonic() - began:.2f} s, CPU {usage.ru_utime + usage.ru_stime:.2f} s, "
              f"{usage.ru_maxrss} KiB\n{said}")
        assert usage.ru_utime + usage.ru_stime < 20
        return process.returncode, said, usage.ru_maxrss
    return call


def pack(store, entries, version="v1.1.0"):
    """The zip of example.com/a, entry by entry (name → bytes), below its prefix unless the name
    begins with one."""
    path = store.path / "example.com" / "a" / "@v" / f"{version}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            name = name if ":" in name else f"example.com/a@{version}/{name}"
            archive.writestr(zipfile.ZipInfo(name.removeprefix(":")), content, zipfile.ZIP_DEFLATED)


def claim(store, size, real):
    """The directory of the zip claims another size for its one Go file."""
    pack(store, {"go.mod": "module example.com/a\n", "a.go": bytes(real)})
    path = store.path / "example.com" / "a" / "@v" / "v1.1.0.zip"
    path.write_bytes(path.read_bytes().replace(real.to_bytes(4, "little"), size.to_bytes(4, "little")))


def of(gomod):
    def write(store):
        store.add("example.com/a", "v1.1.0", gomod=gomod)
    return write


def many_requirements(store):
    lines = "".join(f"\texample.com/m{n} v1.0.0\n" for n in range(100000))
    of(f"module example.com/a\n\ngo 1.21\n\nrequire (\n{lines})\n")(store)


# What a module is, and what a person is told.
REFUSED = {
    "a bomb": (lambda store: claim(store, 600 << 20, 1 << 20), "have more than 524288000 bytes"),
    "a bomb that lies": (lambda store: claim(store, 10, 30 << 20), "the zip of 'example.com/a@v1.1.0'"),
    "a name that climbs out": (
        lambda store: pack(store, {"../../../../etc/passwd": "x"}), "'example.com/a@v1.1.0'"),
    "a name from the root": (lambda store: pack(store, {":/etc/passwd": "x"}), "'example.com/a@v1.1.0'"),
    "a name of another module": (
        lambda store: pack(store, {":example.com/b@v1.1.0/b.go": "x"}), "'example.com/a@v1.1.0'"),
    "two names that differ by case": (
        lambda store: pack(store, {"a.go": "package a\n", "A.go": "package a\n"}),
        "differs from another only by case"),
    "a go.mod in a folder": (
        lambda store: pack(store, {"a.go": "package a\n", "x/go.mod": "module x\n"}), "x/go.mod"),
    "nothing in it": (lambda store: pack(store, {}), "does not contain package example.com/a"),
    "another module's go.mod": (of("module example.com/b\n"), "example.com/b"),
    "no module line": (of("go 1.21\n"), "has no module line"),
    "no go.mod": (of("\x00\x01\x02"), "example.com/a@v1.1.0"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_module_is_refused(update, store, checkout, kind):
    spoil, text = REFUSED[kind]
    spoil(store)
    status, said, peak = update()
    assert status == 1
    assert text in said and "example.com/a" in said
    assert peak < 150 * 1024
    assert (checkout / "go.mod").read_text() == MAIN
    assert sorted(path.name for path in checkout.iterdir()) == ["go.mod", "m.go"]


def cycles(store):
    """Everybody requires the next one's newest version, round and round, and so do the old ones."""
    ring = [f"example.com/r{n}" for n in range(50)]
    for n, path in enumerate(ring):
        for version in "v1.0.0", "v1.1.0":
            store.add(path, version, [f"{ring[(n + 1) % 50]} v1.1.0", "example.com/a v1.1.0"],
                      {"r.go": f'package r\n\nimport _ "{ring[(n + 1) % 50]}"\n'})
    store.add("example.com/a", "v1.1.0", [f"{ring[0]} v1.0.0", "example.com/a v1.0.0"],
              {"a.go": f'package a\n\nimport _ "{ring[0]}"\n'})


ACCEPTED = {
    "requirements in a circle": cycles,
    "many requirements": many_requirements,
    "directives of a later Go": of("module example.com/a\n\ngo 1.21\n\nfuture (\n\tx => y\n)\n\nlater 7\n"),
    "a hundred thousand versions": lambda store: (
        store.path / "example.com" / "a" / "@v" / "list").write_text(
            "".join(f"v1.{n % 300}.{n // 300}\n" for n in range(100000))),
    "text between the versions": lambda store: (
        store.path / "example.com" / "a" / "@v" / "list").write_text(
            "v1.0.0\n\nv1\nnonsense\nv1.1.0 yesterday\nv99999999999999999999.0.0-rc\n" + "x" * 100000),
}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_a_module_does_no_harm(update, store, checkout, kind):
    ACCEPTED[kind](store)
    status, said, peak = update()
    assert status == 0, said
    assert "example.com/a v1.1.0" in (checkout / "go.mod").read_text()
    assert peak < 400 * 1024


def test_the_newest_of_a_hundred_thousand_versions_is_found(update, store, checkout, tmp_path):
    ACCEPTED["a hundred thousand versions"](store)
    for version in ["v1.299.332"]:
        store.add("example.com/a", version, at=AT, listed=False)
    run = subprocess.run([built("upkeepd-worker"), "check", "."], cwd=checkout, text=True, timeout=120,
                         capture_output=True, env={
                             "PATH": os.environ["PATH"], "HOME": str(tmp_path), "GOSUMDB": "off",
                             "GOPROXY": f"file://{store.path}", "CACHE_DIRECTORY": str(tmp_path / "c"),
                             "STATE_DIRECTORY": str(tmp_path / "s")})
    assert "v1.299.332" in run.stdout, run.stdout + run.stderr
