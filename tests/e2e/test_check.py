# SPDX-License-Identifier: MIT
"""`check` and `explain` as people and their scripts call them."""
import json
import os
import signal
import subprocess

import pytest

from servers.places import built, program

NOW = "2026-06-01T00:00:00Z"
EVERYTHING = """version: 2
updates:
  - package-ecosystem: docker
    directories: ["**/*"]
    schedule: { interval: daily }
"""


@pytest.fixture
def tree(tmp_path):
    """A checkout: files by name, with `__` for a slash; `rules` is dependabot.yml."""
    root = tmp_path / "tree"
    (root / ".git").mkdir(parents=True)

    def write(rules=None, **files):
        if rules is not None:
            files[".github__dependabot.yml"] = rules
        for name, text in files.items():
            path = root / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return root
    return write


@pytest.fixture
def upkeepd(tmp_path, hub):
    settings = hub.settings(tmp_path / "upkeepd.yml")

    def call(*arguments, now=NOW, **environment):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "UTC",
                       "STATE_DIRECTORY": str(tmp_path / "state"),
                       "CACHE_DIRECTORY": str(tmp_path / "cache"), **environment}
        return subprocess.run([built("upkeepd-worker"), *map(str, arguments), "--config", str(settings),
                               "--now", now], text=True, capture_output=True, env=environment, timeout=20)
    return call


@pytest.fixture
def check(upkeepd):
    """The dependencies that `check --json` tells of, one after the other."""
    def call(place, *arguments, **more):
        run = upkeepd("check", place, "--json", *arguments, **more)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)["dependencies"]
    return call


def test_what_is_outdated_is_said_in_the_shape_of_the_contract(check, tree, hub):
    hub.push("library/golang", "1.21.6-alpine", at="2025-01-01T00:00:00Z")
    hub.push("library/golang", "1.22.0-alpine", at="2026-02-03T04:05:06Z")
    root = tree(Dockerfile="# one\nFROM golang:1.21.6-alpine\n")
    [found] = check(root)
    assert found == {
        "ecosystem": "docker", "directory": "/", "file": "Dockerfile", "line": 2, "name": "golang",
        "current": "1.21.6-alpine", "current_digest": None, "latest": "1.22.0-alpine",
        "chosen": "1.22.0-alpine", "chosen_digest": None, "kind": "minor",
        "published_at": "2026-02-03T04:05:06Z", "held": None, "direct": True, "reason": None,
        "text": None, "rule": None}


def test_what_else_an_argument_is_for_is_said(check, tree, hub):
    hub.push("library/golang", "1.21.6-alpine")
    hub.push("library/golang", "1.22.0-alpine")
    root = tree(Dockerfile="ARG GO=1.21.6\nFROM golang:${GO}-alpine\nARG GO\nRUN curl go${GO}\n")
    [found] = check(root)
    assert (found["chosen"], found["text"]) == ("1.22.0-alpine", "'GO' is used in a stage too, from line 3 on")


def test_without_rules_every_folder_and_file_is_looked_at(check, tree, hub):
    hub.push("library/golang", "1.21")
    hub.push("library/redis", "7.0")
    root = tree(a__b__Dockerfile="FROM golang:1.21\n", **{"compose.yaml": "services: {r: {image: redis:7.0}}\n"})
    assert [(d["ecosystem"], d["directory"], d["file"], d["reason"]) for d in check(root)] == [
        ("docker", "/a/b", "a/b/Dockerfile", "up-to-date"),
        ("docker-compose", "/", "compose.yaml", "up-to-date")]


@pytest.mark.parametrize("entries, expected", [
    (("docker", "docker-compose"), [("docker-compose", 2)]),
    (("docker-compose", "docker"), [("docker-compose", 2)]),
    (("docker",), [("docker", 2)]),
    ((), [("docker-compose", 2)]),
], ids=["both", "in another order", "docker alone", "no rules"])
def test_a_file_that_may_be_of_two_kinds_is_of_one(check, tree, hub, entries, expected):
    """By its name it is both of Helm's values and a compose file."""
    hub.push("library/redis", "7.0")
    head, entry = EVERYTHING.split("  - ", 1)
    rules = head + "".join("  - " + entry.replace("docker", name, 1) for name in entries) if entries else None
    root = tree(rules=rules, **{"compose-values.yaml": "services:\n  r: {image: redis:7.0}\n"})
    assert [(d["ecosystem"], d["line"]) for d in check(root)] == expected


def test_a_reference_that_no_entry_covers_is_left_out(check, tree, hub):
    hub.push("library/golang", "1.21")
    root = tree(rules=EVERYTHING.replace('directories: ["**/*"]', "directory: /a"),
                a__Dockerfile="FROM golang:1.21\n", b__Dockerfile="FROM golang:1.21\n")
    assert [d["file"] for d in check(root)] == ["a/Dockerfile"]


def test_a_folder_of_a_checkout_stands_for_what_lies_below(check, tree, hub):
    hub.push("library/golang", "1.21")
    root = tree(a__Dockerfile="FROM golang:1.21\n", Dockerfile="FROM golang:1.21\n")
    assert [d["file"] for d in check(root / "a")] == ["a/Dockerfile"]


def test_young_releases_are_held_and_the_next_lower_chosen(check, tree, hub):
    hub.push("library/golang", "1.26.6")
    hub.push("library/golang", "1.26.7", at="2026-05-20T00:00:00Z")
    hub.push("library/golang", "1.27.0", at="2026-05-31T00:00:00Z")
    [found] = check(tree(Dockerfile="FROM golang:1.26.6\n"))
    assert (found["chosen"], found["latest"], found["reason"], found["held"]) == (
        "1.26.7", "1.27.0", "cooldown", "2026-06-03T00:00:00Z")


def test_images_of_one_argument_wait_for_the_youngest(check, tree, hub):
    hub.push("library/golang", "1.26.6", "1.26.6-alpine")
    hub.push("library/golang", "1.26.7", at="2026-05-20T00:00:00Z")
    hub.push("library/golang", "1.26.7-alpine", at="2026-05-31T00:00:00Z")
    root = tree(Dockerfile="ARG GO=1.26.6\nFROM golang:${GO}\nFROM golang:${GO}-alpine\n")
    assert [(d["chosen"], d["reason"], d["held"], d["text"]) for d in check(root)] == [
        (None, "cooldown", "2026-06-03T00:00:00Z", "3 days by default for 'golang' on line 3"),
        (None, "cooldown", "2026-06-03T00:00:00Z", "3 days by default")]


@pytest.mark.parametrize("rule, chosen, text", [
    ("ignore: [{ dependency-name: team/b, versions: ['>= 3'] }]", "2.0", None),
    ("ignore: [{ dependency-name: team/b }]", None, "'team/b' on line 3 is ignored: all versions"),
    ("allow: [{ dependency-name: team/a }]", None, "'team/b' on line 3 is not allowed"),
], ids=["versions", "ignored", "not-allowed"])
def test_images_of_one_argument_obey_the_rules_of_each(check, tree, hub, rule, chosen, text):
    for image in ("team/a", "team/b"):
        for version in ("1.0", "2.0", "3.0"):
            hub.push(image, version, at="2026-01-01T00:00:00Z")
    root = tree(rules=EVERYTHING + f"    {rule}\n",
                Dockerfile="ARG V=1.0\nFROM team/a:${V}\nFROM team/b:${V}\n")
    found = check(root)[0]
    assert (found["chosen"], found["text"]) == (chosen, text)


def test_the_table_says_what_is_waited_for(upkeepd, tree, hub):
    hub.push("library/golang", "1.26.6", "1.26.7")
    hub.push("library/golang", "1.26.7", content="other")
    hub.push("library/golang", "1.27.0", at="2026-05-31T00:00:00Z")
    run = upkeepd("check", tree(Dockerfile="FROM golang:1.26.6\n"))
    assert run.stdout.splitlines()[1] == (
        "Dockerfile:1  golang  1.26.6   1.26.7  patch  1.27.0: cooldown until 2026-06-03T00:00:00Z: 3 days by default")


def test_without_dates_the_first_sight_counts(check, tree, hub):
    hub.push("team/app", "1.0", "1.1")
    hub.push("team/app", "1.1", content="other")
    root = tree(Dockerfile="FROM registry.test/team/app:1.0\n")
    assert check(root)[0]["held"] == "2026-06-04T00:00:00Z"
    assert check(root, now="2026-06-03T00:00:00Z")[0]["reason"] == "cooldown"
    assert check(root, now="2026-06-04T00:00:00Z")[0]["chosen"] == "1.1"


def test_tag_and_digest_move_together(check, tree, hub):
    old, new = hub.push("library/golang", "1.21"), hub.push("library/golang", "1.22")
    [found] = check(tree(Dockerfile=f"FROM golang:1.21@{old}\n"))
    assert (found["chosen"], found["current_digest"], found["chosen_digest"]) == ("1.22", old, new)


def test_a_digest_that_moved_is_refreshed_without_a_pull_where_it_was_seen(check, tree, hub):
    old = hub.push("library/golang", "1.21", content="old")
    root = tree(Dockerfile=f"FROM golang:1.21@{old}\n")
    assert check(root)[0]["reason"] == "up-to-date"
    new = hub.push("library/golang", "1.21", at="2026-06-10T00:00:00Z", content="new")
    assert check(root, now="2026-06-10T12:00:00Z")[0]["reason"] == "settling"
    [found] = check(root, now="2026-06-20T00:00:00Z")
    assert (found["kind"], found["chosen"], found["chosen_digest"]) == ("digest", "1.21", new)
    assert hub.pulls == []


def test_a_digest_alone_follows_its_tag(check, tree, hub):
    old = hub.push("library/golang", "1.21-alpine")
    root = tree(Dockerfile=f"FROM golang@{old}\n")
    new = hub.push("library/golang", "1.22-alpine")
    [found] = check(root)
    assert (found["chosen"], found["chosen_digest"], found["kind"]) == (None, new, "digest")


def test_other_registries_are_asked_for_platforms(check, tree, hub):
    hub.push("team/app", "1.0", at=None)
    hub.push("team/app", "1.1", platforms=["linux/amd64"])
    root = tree(rules=EVERYTHING + "    cooldown: { default-days: 0 }\n",
                Dockerfile="FROM registry.test/team/app:1.0\n")
    assert check(root)[0]["reason"] == "platform"
    only = tree(Dockerfile="FROM --platform=linux/amd64 registry.test/team/app:1.0\n")
    assert check(only)[0]["chosen"] == "1.1"


def test_an_unchanged_image_costs_one_request(check, tree, hub):
    for minor in range(150):
        hub.push("library/golang", f"1.{minor}.0", at=f"2025-{minor % 12 + 1:02}-01T00:00:00Z")
    root = tree(Dockerfile="FROM golang:1.2.0\n", a__Dockerfile="FROM golang:1.3.0\n")
    first = check(root)
    assert len(hub.asked) <= 6
    hub.asked.clear()
    assert check(root) == first
    assert len(hub.asked) == 1
    assert hub.pulls == []


def test_records_that_are_refused_are_done_without(check, tree, hub):
    hub.push("library/golang", "1.21")
    hub.push("library/golang", "1.22")
    hub.has_records = False
    root = tree(rules=EVERYTHING + "    cooldown: { default-days: 0 }\n", Dockerfile="FROM golang:1.21\n")
    assert check(root)[0]["chosen"] == "1.22"


def test_what_cannot_be_looked_up_does_not_stop_the_rest(upkeepd, tree, hub):
    hub.push("library/golang", "1.21")
    hub.push("library/golang", "1.22")
    root = tree(Dockerfile="FROM golang:1.21\nFROM nobody/nothing:1.0\n")
    run = upkeepd("check", root, "--json")
    found = json.loads(run.stdout)
    assert run.returncode == 1
    assert [(d["chosen"], d["reason"]) for d in found["dependencies"]] == [("1.22", None), (None, "unresolved")]
    assert found["errors"] == [{"file": "Dockerfile", "line": 2,
                                "text": "docker.io has no 'nobody/nothing', or does not show it to us"}]


def test_the_table_shows_what_a_person_can_do(upkeepd, tree, hub):
    hub.push("library/golang", "1.21")
    hub.push("library/golang", "1.22")
    hub.push("library/redis", "7.0")
    root = tree(Dockerfile="FROM golang:1.21\nFROM redis:7.0\n")
    run = upkeepd("check", root)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == ("WHERE         NAME    CURRENT  UPDATE  KIND   NOTE\n"
                          "Dockerfile:1  golang  1.21     1.22    minor\n\n1 of 2 can be updated\n")
    assert upkeepd("check", root, "--exit-code").returncode == 1
    assert "\033[33mminor\033[0m" in upkeepd("check", root, "--color=always").stdout


def test_a_bare_repository_is_looked_at_where_its_head_is(check, tree, hub, tmp_path):
    hub.push("library/golang", "1.21")
    work, bare = tmp_path / "work", tmp_path / "bare.git"
    git = [program("git"), "-c", "user.name=a", "-c", "user.email=a@test", "-C"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "x"]):
        work.mkdir(exist_ok=True)
        (work / "Dockerfile").write_text("FROM golang:1.21\n")
        subprocess.run([*git, str(work), *command], check=True)
    subprocess.run([program("git"), "clone", "-q", "--bare", str(work), str(bare)], check=True)
    assert [d["file"] for d in check(bare)] == ["Dockerfile"]


def test_a_remote_is_looked_at_where_its_default_branch_is(check, hub, git_server):
    hub.push("library/golang", "1.21")
    repository = git_server.repository("checked")
    commit = repository.commit({"Dockerfile": "FROM golang:1.21\n", ".github/dependabot.yml": EVERYTHING})
    [found] = check(repository.url, SSL_CERT_FILE=str(git_server.authority.ca))
    assert (found["file"], found["reason"]) == ("Dockerfile", "up-to-date")


def test_explain_shows_every_release_and_its_rule(upkeepd, tree, hub):
    for tag in ("1.21.6", "1.21.7", "1.22.0", "1.22rc1", "2.0.0", "1.22.0-alpine"):
        hub.push("library/golang", tag)
    root = tree(rules=EVERYTHING + "    ignore:\n      - dependency-name: golang\n"
                "        update-types: [version-update:semver-major]\n", Dockerfile="FROM golang:1.21.6\n")
    run = upkeepd("explain", root, "golang")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0] == "Dockerfile:1: golang 1.21.6 -> 1.22.0 (minor)"
    assert [line.split()[0] for line in lines[1:-1]] == ["2.0.0", "1.22.0", "1.22rc1", "1.21.7", "1.21.6"]
    assert lines[1].endswith("ignored: semver-major (.github/dependabot.yml:7:9)")
    assert [line.split()[2] for line in lines[2:-1]] == ["chosen", "prerelease", "lower", "up-to-date"]
    assert lines[-1] == "  and 1 of other lines"


def test_explain_tells_what_of_each_rule_decided(upkeepd, tree, hub):
    for tag in ("1.21.6", "1.21.7", "1.22.0", "1.23.0", "2.0.0"):
        hub.push("library/golang", tag)
    hub.push("library/golang", "1.24.0", at="2026-05-30T00:00:00Z")
    root = tree(rules=EVERYTHING + """\
    allow:
      - { dependency-name: golang, update-types: ["version-update:semver-minor", "version-update:semver-patch"] }
    ignore:
      - { dependency-name: "go*", versions: ["~> 1.23.0"] }
    cooldown: { default-days: 5 }
    groups:
      small: { update-types: [patch] }
""", Dockerfile="FROM golang:1.21.6\n")
    run = upkeepd("explain", root, "golang")
    first, second = (dict(line.split(None, 1) for line in block.splitlines()[1:])
                     for block in run.stdout.split("\n\n"))
    where = ".github/dependabot.yml:"
    assert first.pop("let") == second.pop("let") == f"in by 'allow' ({where}7:9)"
    assert {tag: text.split(None, 1)[1] for tag, text in first.items()} == {
        "2.0.0": f"not-allowed: 'allow' permits semver-minor, semver-patch ({where}7:9)",
        "1.24.0": f"cooldown until 2026-06-04T00:00:00Z: 5 days ({where}10:15)",
        "1.23.0": f"ignored: versions '~> 1.23.0' ({where}9:9)",
        "1.22.0": "chosen", "1.21.7": "lower", "1.21.6": "up-to-date"}
    assert second["goes"] == f"into group 'small' ({where}12:7)"
    assert second["1.22.0"].endswith(f"not-allowed: the group takes semver-patch ({where}12:7)")
    assert second["1.21.7"].endswith("chosen")
    choices = json.loads(upkeepd("check", root, "--json").stdout)["dependencies"]
    assert [one["chosen"] for one in choices] == ["1.22.0"]
    upkeepd("update", root)
    assert (root / "Dockerfile").read_text() == "FROM golang:1.22.0\n"


NAMED_DOCKERFILE = "FROM golang:1.21.6 AS a\nFROM golang:1.21.6-alpine\n"


@pytest.mark.parametrize("names, status, after, said", [
    (["golang"], 0, ["1.22.0", "1.22.0-alpine"], []),
    (["golang@1.21.7"], 0, ["1.21.7", "1.21.6-alpine"],
     ["Dockerfile:2: '1.21.6-alpine' stays: 'golang' has no '1.21.7' of its kind"]),
    (["golang@9"], 1, ["1.21.6", "1.21.6-alpine"], ["there is no version '9' of 'golang'"]),
    (["redis", "golang@1.22.0"], 1, ["1.22.0", "1.22.0-alpine"], ["nothing here is called 'redis'"]),
    (["golang@1.21.6"], 0, ["1.21.6", "1.21.6-alpine"], ["Dockerfile:1: 'golang' stays: up-to-date"]),
    (["golang@2.0.0"], 0, ["2.0.0", "1.21.6-alpine"],
     ["Dockerfile:1: 'golang' is updated against the rules: ignored: semver-major (.github/dependabot.yml:7:9)"]),
])
def test_a_named_update_goes_where_it_was_told_and_nowhere_else(upkeepd, tree, hub, names, status, after, said):
    for tag in ("1.21.6", "1.21.7", "1.22.0", "2.0.0", "1.21.6-alpine", "1.22.0-alpine"):
        hub.push("library/golang", tag)
    root = tree(rules=EVERYTHING + """\
    ignore:
      - { dependency-name: golang, update-types: ["version-update:semver-major"] }
""", Dockerfile=NAMED_DOCKERFILE)
    run = upkeepd("update", root, *names)
    assert run.returncode == status, run.stderr
    tags = [line.split()[1].split(":")[1] for line in (root / "Dockerfile").read_text().splitlines()]
    assert tags == after
    for sentence in said:
        assert sentence in run.stderr
    assert "null" not in run.stderr


def test_explain_tells_what_let_it_in(upkeepd, tree, hub):
    hub.push("library/golang", "1.21.6")
    hub.push("library/golang", "1.22.0")
    root = tree(rules=EVERYTHING + "    allow:\n      - dependency-name: redis\n      - dependency-name: 'go*'\n",
                Dockerfile="FROM golang:1.21.6\n")
    assert "\n  let in by 'allow' (.github/dependabot.yml:8:9)\n" in upkeepd("explain", root, "golang").stdout
    found, = json.loads(upkeepd("explain", root, "golang", "--json").stdout)["dependencies"]
    assert found["allow_rule"] == ".github/dependabot.yml:8:9"


def test_explain_tells_programs_the_same(upkeepd, tree, hub):
    hub.push("library/golang", "1.21.6", "1.22.0")
    root = tree(Dockerfile="FROM golang:1.21.6\n")
    run = upkeepd("explain", root, "docker.io/library/golang", "--json")
    [found] = json.loads(run.stdout)["dependencies"]
    assert found["reason"] == "same-content"
    assert [(r["version"], r["verdict"], r["reason"]) for r in found["releases"]] == [
        ("1.22.0", "reject", "same-content"), ("1.21.6", "reject", "up-to-date")]


def test_explain_of_a_name_that_is_not_there_is_an_error(upkeepd, tree, hub):
    run = upkeepd("explain", tree(Dockerfile="FROM golang:1.21\n"), "redis")
    assert run.returncode == 1
    assert "is called 'redis'" in run.stderr


@pytest.mark.parametrize("arguments", [("check", "a", "b"), ("explain",), ("explain", "no-such-folder", "x"),
                                       ("tidy", ".", "x")])
def test_misuse_is_said(upkeepd, arguments):
    assert upkeepd(*arguments).returncode == 2


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_says_so(number, tmp_path):
    process = subprocess.Popen([built("upkeepd-worker"), "inspect", "dockerfile", "-"], stdin=subprocess.PIPE,
                               env={"HOME": str(tmp_path)})
    process.stdin.write(b"#" * 1_000_000)  # more than a pipe holds: it is reading by now
    process.send_signal(number)
    assert process.wait(10) == 4
    process.stdin.close()


def test_offline_the_last_answers_hold(check, upkeepd, tree, hub):
    hub.push("library/golang", "1.21")
    hub.push("library/golang", "1.22")
    root = tree(Dockerfile="FROM golang:1.21\n")
    first = check(root)
    hub.asked.clear()
    assert check(root, "--offline") == first
    assert hub.asked == []
