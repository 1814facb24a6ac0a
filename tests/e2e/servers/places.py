# SPDX-License-Identifier: MIT
"""Where things are: the build folder, the source, what lies beside it."""
import fcntl
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("UPKEEPD_BUILD", SOURCE / "build"))
SHARED = pathlib.Path(os.environ.get("UPKEEPD_SHARED", SOURCE.parent / "shared"))


def program(name):
    """A program by name; the test is skipped where it is not installed, but for CI, which
    has to install it."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"{name} is not installed")
    return path


def built(name):
    """A program of ours."""
    path = BUILD / name
    assert path.exists(), f"{path} is not built"
    return str(path)


def is_sanitized():
    """Whether our programs hold an address sanitizer, whose memory is no measure of theirs."""
    return b"__asan_init" in pathlib.Path(built("upkeepd-worker")).read_bytes()


def unpacked(name):
    """Where a server of the folder `shared` is: as UPKEEPD_SERVERS says, else unpacked once
    into the build folder. It need not exist."""
    if "UPKEEPD_SERVERS" in os.environ:
        return pathlib.Path(os.environ["UPKEEPD_SERVERS"]) / "bin" / name
    place = BUILD / "servers"
    path = place / "bin" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(place / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        packed = SHARED / "servers" / f"{name}.zst"
        if not path.exists() and packed.exists() and shutil.which("zstd"):
            part = path.with_suffix(".part")
            subprocess.run(["zstd", "-dqf", "--long=27", packed, "-o", part], check=True)
            part.chmod(0o755)
            part.rename(path)
    return path


@pytest.fixture(scope="session")
def in_memory(tmp_path_factory):
    """A folder whose writing nobody waits for, where there is room for one: databases that are
    safe on a disk take most of the time of a test there."""
    memory = pathlib.Path("/dev/shm")
    if not memory.is_dir() or not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < 1 << 30:
        yield tmp_path_factory.mktemp("memory")
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="upkeepd-", ignore_cleanup_errors=True) as folder:
        yield pathlib.Path(folder)
