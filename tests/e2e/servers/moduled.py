# SPDX-License-Identifier: MIT
"""A module proxy with a checksum database beside it, made by Go's own library, that can
be told to lie. It lies beside the source in the folder `shared`; tests that want it
are skipped without."""
import json
import pathlib
import subprocess
import urllib.request
import zipfile

import pytest

from .places import unpacked

AT = "2024-01-02T03:04:05Z"


def escaped(text):
    return "".join("!" + c.lower() if c.isupper() else c for c in text)


class Store:
    """A folder in the layout of the GOPROXY protocol."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def add(self, module, version, requires=(), files=None, gomod=None, at=AT, listed=True):
        """One version: `requires` are "PATH VERSION", `files` beside go.mod (path → text)."""
        if gomod is None:
            lines = "".join(f"\t{line}\n" for line in requires)
            gomod = f"module {module}\n\ngo 1.21\n" + (f"\nrequire (\n{lines})\n" if lines else "")
        folder = self.path / escaped(module) / "@v"
        folder.mkdir(parents=True, exist_ok=True)
        base = str(folder / escaped(version))
        pathlib.Path(base + ".mod").write_text(gomod)
        pathlib.Path(base + ".info").write_text(json.dumps({"Version": version, "Time": at}))
        with zipfile.ZipFile(base + ".zip", "w") as archive:
            for path, text in {"go.mod": gomod, **(files or {"a.go": "package a\n"})}.items():
                archive.writestr(zipfile.ZipInfo(f"{module}@{version}/{path}"), text)
        versions = folder / "list"
        known = versions.read_text() if versions.exists() else ""
        versions.write_text(known + (f"{version}\n" if listed else ""))
        return self


class Moduled:
    def __init__(self, program, store, evil=None, at=1, seed="tests"):
        self.process = subprocess.Popen(
            [str(program), "-store", str(store.path), "-seed", seed, "-at", str(at)] +
            (["-evil", evil] if evil else []), stdout=subprocess.PIPE, text=True)
        self.environment = dict(self.process.stdout.readline().strip().split("=", 1)
                                for _ in range(2))
        self.url = self.environment["GOPROXY"]

    def stats(self):
        with urllib.request.urlopen(f"{self.url}/-/stats") as answer:
            return json.load(answer)

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def moduled(store):
    """Starts servers over `store`; each with a way to misbehave, or none."""
    program = unpacked("moduled")
    if not program.exists():
        pytest.skip("there is no moduled beside the source, nor in UPKEEPD_SERVERS")
    servers = []

    def start(**options):
        servers.append(Moduled(program, store, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
