# SPDX-License-Identifier: MIT
"""The words that random worlds are made of."""
import re

MAIN = "example.com/main"
NAME = re.compile(r'["`]([\w.]+/[^"`\n]*)["`]')
GO = ["", "1.11", "1.15", "1.16", "1.17", "1.18", "1.20", "1.21", "1.21.3", "1.22", "1.22rc1",
      "1.23.0", "1.24", "1.25", "1.26"]
FOLDERS = ["x", "sub", "x/y", "internal/z", "testdata/t", "_u"]
PSEUDO = "v0.0.0-20200101000000-abcdefabcdef"
VERSIONS = {
    "": ["v0.1.0", "v1.0.0", "v1.1.0", "v1.2.0", "v1.10.0", "v1.11.0-rc.1", PSEUDO,
         "v1.1.1-0.20210101000000-abcdefabcdef"],
    "/v2": ["v2.0.0", "v2.1.0", "v2.2.0-rc.1", "v2.0.0-20200101000000-abcdefabcdef"],
    "/v3": ["v3.0.0-alpha.1", "v3.0.0-alpha.10", "v3.0.0-alpha.9"],
    ".v1": ["v1.0.0", "v1.0.1", PSEUDO]}


def major(path):
    """The end of a module path that says its major version."""
    return next((end for end in VERSIONS if end and path.endswith(end)), "")


def is_pseudo(version):
    return re.search(r"[-.]\d{14}-", version) is not None


def order(version):
    """The order of the versions above; `+incompatible` counts for nothing."""
    core, _, prerelease = version[1:].partition("+")[0].partition("-")
    numbers = [int(number) for number in core.split(".")]
    parts = [(not part.isdigit(), int(part) if part.isdigit() else 0, part)
             for part in prerelease.split(".")]
    return numbers, prerelease == "", parts


def imported(files):
    return {name for text in files.values() for name in NAME.findall(text)}


def gomod(path, go, requires, lines):
    """A go.mod as the Go command lays it out."""
    text = f"module {path}\n" + (f"\ngo {go}\n" if go else "")
    if requires:
        text += "\nrequire (\n" + "".join(f"\t{one}\n" for one in requires) + ")\n"
    return text + "".join(f"\n{line}\n" for line in lines)
