# SPDX-License-Identifier: MIT
"""`validate` and `inspect dependabot` as people and their scripts call them."""
import json
import os
import re
import subprocess

import pytest

from servers.places import built

GOOD = """version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: weekly, day: tuesday, time: "07:45", timezone: Europe/Berlin }
"""
BAD = GOOD + "    labls: [x]\n    reviewers: [me]\n"
SETTINGS = "repositories: []\nworker: 2\n"


@pytest.fixture
def upkeepd(tmp_path):
    def call(*arguments, stdin="", cwd=tmp_path, **environment):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "UTC", **environment}
        return subprocess.run([built("upkeepd-worker"), *map(str, arguments)], input=stdin, text=True,
                              capture_output=True, env=environment, cwd=cwd, timeout=20)
    return call


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_good_file_is_passed_over_in_silence(upkeepd, tmp_path):
    run = upkeepd("validate", write(tmp_path / "dependabot.yml", GOOD))
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_all_mistakes_are_said_as_compilers_do(upkeepd, tmp_path):
    path = write(tmp_path / "x.yml", BAD)
    run = upkeepd("validate", path)
    assert run.returncode == 2
    first, second = run.stdout.splitlines()
    assert first == f"{path}:6:5: error: unknown key 'labls' in an entry of 'updates'; did you mean 'labels'?"
    assert re.fullmatch(re.escape(str(path)) + r":7:5: warning: 'reviewers' .*", second)


def test_quiet_leaves_the_warnings_out(upkeepd, tmp_path):
    run = upkeepd("-q", "validate", write(tmp_path / "x.yml", BAD))
    assert [": error: " in line for line in run.stdout.splitlines()] == [True]


def test_warnings_alone_are_no_failure(upkeepd, tmp_path):
    run = upkeepd("validate", write(tmp_path / "x.yml", GOOD + "    reviewers: [me]\n"))
    assert run.returncode == 0
    assert "warning" in run.stdout


def test_one_json_document_for_all_files(upkeepd, tmp_path):
    bad, settings = write(tmp_path / "x.yml", BAD), write(tmp_path / "y.yml", SETTINGS)
    run = upkeepd("validate", "--json", bad, settings)
    answer = json.loads(run.stdout)
    assert run.returncode == 2
    assert (answer["files"], answer["errors"], answer["warnings"]) == (2, 1, 2)
    assert [(p["file"], p["line"], p["column"], p["severity"]) for p in answer["problems"]] == [
        (str(bad), 6, 5, "error"), (str(bad), 7, 5, "warning"), (str(settings), 2, 1, "warning")]


def test_settings_are_told_from_rules_by_what_they_speak_of(upkeepd, tmp_path):
    run = upkeepd("validate", write(tmp_path / "anything", SETTINGS))
    assert "did you mean 'workers'?" in run.stdout


def test_standard_input_is_a_file(upkeepd):
    run = upkeepd("validate", "-", stdin=BAD)
    assert run.stdout.startswith("-:6:5: error: ")


def test_without_a_file_it_is_the_rules_here_and_the_settings(upkeepd, tmp_path):
    write(tmp_path / ".github/dependabot.yml", BAD)
    settings = write(tmp_path / "set/upkeepd.yml", SETTINGS)
    run = upkeepd("validate", UPKEEPD_CONFIG=str(settings))
    assert run.stdout.splitlines()[0].startswith(".github/dependabot.yml:6:5: error: ")
    assert run.stdout.splitlines()[2].startswith(f"{settings}:2:1: warning: ")


def test_nothing_to_validate_is_misuse(upkeepd):
    run = upkeepd("validate")
    assert run.returncode == 2
    assert "no .github/dependabot.yml here" in run.stderr


def test_a_file_that_is_not_there_leaves_the_others(upkeepd, tmp_path):
    run = upkeepd("validate", tmp_path / "absent", write(tmp_path / "x.yml", GOOD))
    assert run.returncode == 1
    assert "absent" in run.stderr


def test_a_checkout_is_held_against_its_files(upkeepd, tmp_path):
    overlap = GOOD.replace("directory: /", "directories: [/a, /b*]") + GOOD[GOOD.index("  - "):].replace(
        "directory: /", "directory: /b1")
    write(tmp_path / "co/.github/dependabot.yml", overlap)
    write(tmp_path / "co/b1/Dockerfile", "FROM scratch\n")
    run = upkeepd("validate", tmp_path / "co")
    assert run.returncode == 2
    assert "the entry on line 3 takes in '/b1' for 'docker' too" in run.stdout


def test_effective_rules_are_shown_with_their_due_times(upkeepd, tmp_path):
    run = upkeepd("inspect", "dependabot", write(tmp_path / "x.yml", GOOD), "--json",
                  "--now", "2027-03-20T00:00:00Z")
    assert (run.returncode, run.stderr) == (0, "")
    entry, = json.loads(run.stdout)["updates"]
    assert entry["package_ecosystem"] == "docker"
    assert entry["open_pull_requests_limit"] == 5
    assert entry["labels"] == ["dependencies", "docker"]
    assert entry["cooldown"]["default_days"] == 3
    assert entry["next_due"] == ["2027-03-23T06:45:00Z", "2027-03-30T05:45:00Z", "2027-04-06T05:45:00Z",
                                 "2027-04-13T05:45:00Z", "2027-04-20T05:45:00Z"]


def test_what_could_be_read_is_shown_in_spite_of_mistakes(upkeepd, tmp_path):
    path = write(tmp_path / "x.yml", BAD + GOOD[GOOD.index("  - "):].replace("directory: /", "directory: /b")
                 .replace("07:45", "7:45"))
    run = upkeepd("inspect", "dependabot", path, "--now", "2027-03-20T00:00:00Z")
    assert run.returncode == 2
    assert f"{path}:6:5: error: " in run.stderr
    first, second = json.loads(run.stdout)["updates"]
    assert len(first["next_due"]) == 5
    assert second["next_due"] == []


def test_no_secret_is_shown(upkeepd, tmp_path):
    path = write(tmp_path / "x.yml", GOOD + "    registries: [r]\nregistries:\n  r: { type: git, "
                 "url: https://a.example, password: hunter2, token: \"${{secrets.T}}\" }\n")
    run = upkeepd("inspect", "dependabot", path)
    assert "hunter2" not in run.stdout + run.stderr
    assert "${{secrets.T}}" in run.stdout
