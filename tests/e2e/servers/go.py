# SPDX-License-Identifier: MIT
"""The real Go command, as the one who knows. It lies beside the source in the folder
`shared`; tests that want it are skipped without."""
import fcntl
import os
import pathlib
import shutil
import subprocess

import pytest

from .places import BUILD, SHARED


def unpacked_go():
    if "UPKEEPD_SERVERS" in os.environ:
        return pathlib.Path(os.environ["UPKEEPD_SERVERS"]) / "go" / "bin" / "go"
    place = BUILD / "servers"
    program = place / "go" / "bin" / "go"
    packed = SHARED / "servers" / "go-command.tar.zst"
    place.mkdir(parents=True, exist_ok=True)
    with open(place / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists() and packed.exists() and shutil.which("zstd"):
            with subprocess.Popen(["zstd", "-dcq", "--long=27", packed],
                                  stdout=subprocess.PIPE) as stream:
                subprocess.run(["tar", "-xf", "-", "-C", place], stdin=stream.stdout, check=True)
    return program


@pytest.fixture
def go(tmp_path):
    """go(folder, store, "mod", "tidy"): the command in `folder`, with modules from `store`;
    more of its environment by name."""
    program = unpacked_go()
    if not program.exists():
        pytest.skip("there is no Go command beside the source, nor in UPKEEPD_SERVERS")

    def call(folder, store, *words, **more):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "GOPROXY": f"file://{store}",
            "GOSUMDB": "off", "GOFLAGS": "-mod=mod -modcacherw", "GOTOOLCHAIN": "local",
            "GOWORK": "off", "GOPATH": str(tmp_path / "gopath"),
            # Indexes are remembered by the name of a folder: each test has its own.
            "GOMODCACHE": str(tmp_path / "modcache"), "GOCACHE": str(tmp_path / "gocache"),
            **more}
        return subprocess.run([program, *words], cwd=folder, env=environment, text=True,
                              capture_output=True)

    yield call
    for name in "gopath", "modcache", "gocache":  # thousands of small files
        shutil.rmtree(tmp_path / name, ignore_errors=True)
