# SPDX-License-Identifier: MIT
"""`update NAME@QUERY` beside `go get NAME@QUERY`: the same version, but that upkeepd goes down
only where the query itself asks for less."""
import os
import re
import subprocess

import pytest

from servers.go import go  # noqa: F401
from servers.places import built

A = "example.com/a"
RC = "v1.0.0 v1.1.0 v1.2.0-rc.1"
PSEUDO = "v0.0.0-20240102030405-abcdefabcdef"

# Versions of the module ("-": has no go.mod; "?": not in the list; "^": committed before the
# pseudo-version), what is required, the query, what Go makes of it (None: it refuses), and
# upkeepd if that is something else.
ROWS = {
    "S1 release before pre-release": (RC, "v1.0.0", "latest", "v1.1.0"),
    "S2 prefix": (RC, "v1.0.0", "v1", "v1.1.0"),
    "S3 prefix with pre-release only": (RC, "v1.0.0", "v1.2", None),
    "a prefix with a pre-release of a later patch": ("v1.0.0 v1.2.1-rc.1", "v1.0.0", "v1.2",
                                                     "v1.2.1-rc.1"),
    "S4 below": (RC, "v1.0.0", "<v1.1.0", "v1.0.0"),
    "below, and that is less than what is required": (RC, "v1.1.0", "<v1.1.0", "v1.0.0"),
    "at most": (RC, "v1.0.0", "<=v1.1.0", "v1.1.0"),
    "S5 at least: nearest": ("v1.0.0 v1.0.2 v1.0.5", "v1.0.0", ">=v1.0.1", "v1.0.2"),
    "at least: itself": ("v1.0.0 v1.0.2 v1.0.5", "v1.0.0", ">=v1.0.2", "v1.0.2"),
    "S6 above: pre-release when nothing else": (RC, "v1.0.0", ">v1.1.0", "v1.2.0-rc.1"),
    "S7 patch": ("v1.0.0 v1.0.3 v1.1.0", "v1.0.0", "patch", "v1.0.3"),
    "patch with nothing newer": ("v1.0.0 v1.1.0", "v1.0.0", "patch", "v1.0.0"),
    "S8 upgrade from rc without newer release": (RC, "v1.2.0-rc.1", "upgrade", "v1.2.0-rc.1"),
    "S9 latest from rc": (RC, "v1.2.0-rc.1", "latest", "v1.1.0", "v1.2.0-rc.1"),
    "S10 pre-releases only": ("v1.0.0-rc.1 v1.0.0-rc.2", "v1.0.0-rc.1", "latest", "v1.0.0-rc.2"),
    "S11 incompatible without go.mod": ("-v1.0.0 -v2.0.0+incompatible -v3.1.0+incompatible", "v1.0.0",
                                        "latest", "v3.1.0+incompatible"),
    "S12 incompatible, v1 has go.mod": ("v1.0.0 -v2.0.0+incompatible", "v1.0.0", "latest", "v1.0.0"),
    "a prefix of an incompatible version": ("v1.0.0 -v2.0.0+incompatible -v2.1.0+incompatible",
                                            "v1.0.0", "v2", "v2.1.0+incompatible"),
    "S13 explicit major without suffix": ("-v1.0.0 -v2.0.0+incompatible", "v1.0.0", "v2.0.0", None),
    "S14 latest retracts itself": ("v1.0.0 v1.1.0[v1.1.0]", "v1.0.0", "latest", "v1.0.0"),
    "S15 explicit retracted version": ("v1.0.0 v1.1.0[v1.1.0]", "v1.0.0", "v1.1.0", "v1.1.0"),
    "S16 on a retracted version": ("v1.0.0 v1.1.0[v1.1.0]", "v1.1.0", "upgrade", "v1.1.0"),
    "S17 latest on a retracted version": ("v1.0.0 v1.1.0[v1.1.0]", "v1.1.0", "latest", "v1.0.0",
                                          "v1.1.0"),
    "S18 retraction by a pre-release": ("v1.0.0 v1.1.0 v1.2.0-rc.1[v1.1.0]", "v1.0.0", "latest",
                                        "v1.1.0"),
    "S19 retracted range and self": ("v1.0.0 v1.1.0 v1.2.0 v1.3.0[[v1.1.0, v1.3.0]]", "v1.0.0",
                                     "latest", "v1.0.0"),
    "S20 all retracted": ("v1.0.0 v1.1.0[[v1.0.0, v1.1.0]]", "v1.0.0", "latest", None),
    "S21 excluded latest": ("v1.0.0 !v1.1.0", "v1.0.0", "latest", "v1.0.0"),
    "S22 explicit excluded version": ("v1.0.0 !v1.1.0", "v1.0.0", "v1.1.0", None),
    "a prefix of an excluded version": ("v1.0.0 v1.0.1 !v1.1.0", "v1.0.0", "v1", "v1.0.1"),
    "S23 pseudo only": (PSEUDO, PSEUDO, "latest", PSEUDO),
    "S25 exact unlisted version": ("v1.0.0 ?v1.1.0", "v1.0.0", "v1.1.0", "v1.1.0"),
    "S26 latest ignores unlisted": ("v1.0.0 ?v1.1.0", "v1.0.0", "latest", "v1.0.0"),
    "S27 a release older than the commit": (f"^v0.9.0 ?{PSEUDO}", PSEUDO, "upgrade", PSEUDO),
    "S28 a release newer than the commit": (f"v0.9.0 ?{PSEUDO}", PSEUDO, "upgrade", "v0.9.0"),
    "S29 incompatible stays so": ("-v1.0.0 -v2.0.0+incompatible -v2.1.0+incompatible",
                                  "v2.0.0+incompatible", "upgrade", "v2.1.0+incompatible"),
    "S30 incompatible after a go.mod": ("-v1.0.0 v1.1.0 -v2.0.0+incompatible -v2.1.0+incompatible",
                                        "v2.0.0+incompatible", "upgrade", "v2.1.0+incompatible"),
    "S31 build metadata": ("v1.0.0 v1.1.0", "v1.0.0", "v1.1.0+meta", "v1.1.0"),
    "S32 numeric order": ("v1.9.0 v1.10.0", "v1.9.0", "latest", "v1.10.0"),
    "S33 rc order by text": ("v1.0.0-rc2 v1.0.0-rc10", "v1.0.0-rc10", "latest", "v1.0.0-rc2"),
    "nothing above": (RC, "v1.0.0", ">v1.2.0", None),
    "no version at all": (RC, "v1.0.0", ">x", None),
}


def fill(store, versions):
    """The module in `store`; gives the lines that exclude what is marked with "!"."""
    excluded = ""
    for word in re.findall(r"[^\s\[]+(?:\[+[^\]]*\]+)?", versions):
        mark, version, retracted = re.fullmatch(r"([-?^!]?)([^\[]+)(?:\[(.*)\])?", word).groups()
        gomod = f"module {A}\n" + ("" if mark == "-" else "\ngo 1.21\n")
        gomod += f"\n// spoilt\nretract {retracted}\n" if retracted else ""
        store.add(A, version, gomod=gomod, listed=mark != "?",
                  at="2023-01-01T00:00:00Z" if mark == "^" else "2025-01-01T00:00:00Z")
        excluded += f"\nexclude {A} {version}\n" if mark == "!" else ""
    return excluded


def required(folder):
    return re.search(rf"{A} (v\S+)", (folder / "go.mod").read_text())[1]


@pytest.mark.parametrize("name", ROWS)
def test_a_query_means_what_it_means_to_go(tmp_path, store, go, name):  # noqa: F811
    versions, current, query, theirs, *other = ROWS[name]
    excluded = fill(store, versions)
    folders = [tmp_path / "theirs", tmp_path / "ours"]
    for folder in folders:
        folder.mkdir()
        (folder / "go.mod").write_text(
            f"module main.test/m\n\ngo 1.21\n\nrequire {A} {current}\n{excluded}")
        (folder / "m.go").write_text(f'package m\n\nimport _ "{A}"\n')
    run = go(folders[0], store.path, "get", f"{A}@{query}")
    assert (required(folders[0]) if run.returncode == 0 else None) == theirs, run.stderr
    environment = {"PATH": os.environ["PATH"], "GOPROXY": f"file://{store.path}", "GOSUMDB": "off",
                   "HOME": str(tmp_path), "G_DEBUG": "fatal-criticals",
                   "CACHE_DIRECTORY": str(tmp_path / "cache"),
                   "STATE_DIRECTORY": str(tmp_path / "state")}
    run = subprocess.run([built("upkeepd-worker"), "update", ".", f"{A}@{query}"], cwd=folders[1],
                         text=True, env=environment, capture_output=True, timeout=60)
    print(run.stdout + run.stderr)
    assert run.returncode == (0 if theirs else 1)
    assert required(folders[1]) == (other or [theirs or current])[0]
