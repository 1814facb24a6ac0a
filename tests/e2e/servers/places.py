# SPDX-License-Identifier: MIT
"""Where things are: the build folder, the source, what lies beside it."""
import os
import pathlib
import shutil

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("UPKEEPD_BUILD", SOURCE / "build"))
SHARED = pathlib.Path(os.environ.get("UPKEEPD_SHARED", SOURCE.parent / "shared"))


def program(name):
    """A program by name; the test is skipped where it is not installed."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def built(name):
    """A program of ours; the test is skipped where it is not built."""
    path = BUILD / name
    if not path.exists():
        pytest.skip(f"{path} is not built")
    return str(path)
