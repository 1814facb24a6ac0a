# SPDX-License-Identifier: MIT
"""What `update --json` and `tidy --json` print: one object a line, as the manual has it."""
import json

import pytest

APP = {"Dockerfile": "FROM redis:7.0.1\n",
       "go.mod": "module example.org/app\n\ngo 1.21\n\nrequire example.org/a v1.0.0\n",
       "main.go": 'package main\n\nimport _ "example.org/a"\n\nfunc main() {}\n'}


@pytest.fixture
def checkout(tmp_path, upkeepd, upstream):
    upstream.tags("library/redis", "7.0.1", "7.0.9")
    for version, needs in ("v1.0.0", ""), ("v1.3.0", "\nrequire example.org/i v1.0.7\n"):
        upstream.module("example.org/a", version, "2026-01-01T00:00:00Z", {
            "go.mod": f"module example.org/a\n\ngo 1.21\n{needs}",
            "a.go": "package a\n" + ('\nimport _ "example.org/i"\n' if needs else "")})
    upstream.module("example.org/i", "v1.0.7", "2026-01-01T00:00:00Z", {
        "go.mod": "module example.org/i\n\ngo 1.21\n", "i.go": "package i\n"})
    upkeepd.config.write_text("repositories: []\n" + upkeepd.settings)
    folder = tmp_path / "app"
    folder.mkdir()
    for path, text in APP.items():
        (folder / path).write_text(text)
    return folder


def stream(upkeepd, *words):
    run = upkeepd("--json", *words)
    events = [json.loads(line) for line in run.stdout.splitlines()]
    assert all(next(iter(event)) == "event" for event in events)
    assert events[-1] == {"event": "end", "status": run.status}
    return run.status, events[:-1]


def moves(events):
    return [(one["file"], one["name"], one["from"], one["to"]) for one in events if one["event"] == "move"]


def files(events):
    return {one["path"]: one["diff"] for one in events if one["event"] == "file"}


def test_update(upkeepd, checkout):
    status, events = stream(upkeepd, "update", str(checkout))
    assert status == 0
    assert events[0] == {
        "event": "update", "ecosystem": "docker", "file": "Dockerfile", "line": 1, "name": "redis",
        "current": "7.0.1", "current_digest": None, "chosen": "7.0.9", "chosen_digest": None,
        "kind": "patch"}
    assert moves(events) == [("go.mod", "example.org/a", "v1.0.0", "v1.3.0"),
                             ("go.mod", "example.org/i", None, "v1.0.7")]
    assert list(files(events)) == ["Dockerfile", "go.mod", "go.sum"]
    assert "\n-FROM redis:7.0.1\n+FROM redis:7.0.9\n" in files(events)["Dockerfile"]
    assert (checkout / "Dockerfile").read_text() == "FROM redis:7.0.9\n"
    assert stream(upkeepd, "update", str(checkout)) == (0, [])


def test_update_of_what_is_not_there(upkeepd, checkout):
    assert stream(upkeepd, "update", str(checkout), "nothing") == (
        1, [{"event": "error", "text": "nothing here is called 'nothing'"}])


def test_update_diff_leaves_the_files_alone(upkeepd, checkout):
    status, events = stream(upkeepd, "update", "--diff", str(checkout), "redis")
    assert (status, list(files(events))) == (0, ["Dockerfile"])
    assert (checkout / "Dockerfile").read_text() == APP["Dockerfile"]


def test_tidy(upkeepd, checkout):
    stream(upkeepd, "update", str(checkout))
    (checkout / "main.go").write_text("package main\n\nfunc main() {}\n")
    for words, expected in (["--diff"], 0), (["--check"], 1), ([], 0):
        status, events = stream(upkeepd, "tidy", *words, str(checkout))
        assert status == expected
        assert moves(events) == [("go.mod", "example.org/a", "v1.3.0", None),
                                 ("go.mod", "example.org/i", "v1.0.7", None)]
        assert list(files(events)) == ["go.mod", "go.sum"]
    assert (checkout / "go.mod").read_text() == "module example.org/app\n\ngo 1.21\n"
    assert stream(upkeepd, "tidy", str(checkout)) == (0, [])


def test_tidy_of_what_cannot_be_read(upkeepd, checkout):
    (checkout / "go.mod").write_text("modul x\n")
    assert stream(upkeepd, "tidy", str(checkout)) == (
        1, [{"event": "error", "text": "'go.mod' has no module line"}])
