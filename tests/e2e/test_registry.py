# SPDX-License-Identifier: MIT
"""Debian's registry with tokens over TLS, asked by `check`."""
import base64
import json
import os
import subprocess

import pytest

from servers.places import built


RULES = """version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: daily }
    cooldown: { default-days: 0 }
"""
REPLACES_BASE = """    registries: [ours]
registries:
  ours:
    type: docker-registry
    url: https://%s
    username: bot
    password: ${{secrets.OURS}}
    replaces-base: true
"""


@pytest.fixture
def check(tmp_path, registry):
    """Checks one FROM, in each of `folders`; `credential` is user and password of the settings.
    The answer."""
    (tmp_path / "tree/.git").mkdir(parents=True)
    (tmp_path / "tree/.github").mkdir()

    def call(image, credential=None, rules="", folders=(".",), words=(), **environment):
        (tmp_path / "tree/.github/dependabot.yml").write_text(RULES + rules)
        for folder in folders:
            (tmp_path / "tree" / folder).mkdir(exist_ok=True)
            (tmp_path / "tree" / folder / "Dockerfile").write_text(f"FROM {image}\n")
        settings = {"repositories": [], "upstreams": {registry.host: {"registry": f"https://{registry.host}"}}}
        if credential:
            settings["credentials"] = [{"host": registry.host, "username": credential[0],
                                        "token": {"env": "REGISTRY_PASSWORD"}}]
            environment["REGISTRY_PASSWORD"] = credential[1]
        (tmp_path / "upkeepd.yml").write_text(json.dumps(settings))
        registry.tokens.asked.clear()
        run = subprocess.run([built("upkeepd-worker"), "check", str(tmp_path / "tree"), "--json", *words,
                              "--config", str(tmp_path / "upkeepd.yml")],
                             capture_output=True, text=True, timeout=30,
                             env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "UTC",
                                  "SSL_CERT_FILE": str(registry.authority.ca),
                                  "STATE_DIRECTORY": str(tmp_path / "state"),
                                  "CACHE_DIRECTORY": str(tmp_path / "cache"), **environment})
        assert "pa55word" not in run.stdout + run.stderr
        assert run.stdout, run.stderr
        return run.returncode, json.loads(run.stdout)
    return call


def test_a_public_image_is_read_as_anybody(check, registry, images):
    code, answer = check(f"{registry.host}/public/app:1.0")
    [found] = answer["dependencies"]
    assert (code, found["chosen"], found["name"]) == (0, "1.1", "public/app")
    assert registry.tokens.asked == [(None, ["repository:public/app:pull"])]


def test_a_private_image_is_read_with_its_credential(check, registry, images):
    code, answer = check(f"{registry.host}/private/app:1.0@{images['private/app:1.0']}", ("bot", "pa55word"))
    [found] = answer["dependencies"]
    assert (code, found["chosen"]) == (0, "1.1")
    assert found["chosen_digest"] == images["private/app:1.1"]
    assert registry.tokens.asked == [("bot", ["repository:private/app:pull"])]


@pytest.mark.parametrize("credential", [None, ("bot", "wrong")])
def test_a_private_image_is_not_shown_to_others(check, registry, images, credential):
    code, answer = check(f"{registry.host}/private/app:1.0", credential)
    assert (code, answer["dependencies"][0]["reason"]) == (1, "unresolved")
    assert "refuses to show 'private/app'" in answer["errors"][0]["text"]


def test_a_wrong_credential_never_becomes_none(check, registry, images):
    code, _ = check(f"{registry.host}/public/app:1.0", ("bot", "wrong"))
    assert code == 1
    assert {user for user, _ in registry.tokens.asked} == {"bot"}


def test_a_login_of_dockers_is_used(check, registry, images, tmp_path):
    (tmp_path / "docker").mkdir()
    login = base64.b64encode(b"bot:pa55word").decode()
    (tmp_path / "docker/config.json").write_text(json.dumps({"auths": {registry.host: {"auth": login}}}))
    code, answer = check(f"{registry.host}/private/app:1.0", DOCKER_CONFIG=str(tmp_path / "docker"))
    assert (code, answer["dependencies"][0]["chosen"]) == (0, "1.1")


def test_a_login_that_a_program_keeps_is_said_to_be_out_of_reach(check, registry, images, tmp_path):
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/config.json").write_text(json.dumps({"auths": {registry.host: {}}, "credsStore": "desktop"}))
    code, answer = check(f"{registry.host}/private/app:1.0", DOCKER_CONFIG=str(tmp_path / "docker"))
    assert (code, answer["errors"][0]["text"].split("; ", 1)[1]) == (
        1, "the login for it is kept by the program 'docker-credential-desktop', which is not run: "
           "put it under 'credentials' of the settings")
    assert check(f"{registry.host}/public/app:1.0", DOCKER_CONFIG=str(tmp_path / "docker"))[0] == 0


@pytest.mark.parametrize("token,code", [("1dent1ty-pa55word", 0), ("another", 1)])
def test_an_identity_token_is_exchanged(check, registry, images, tmp_path, token, code):
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/config.json").write_text(json.dumps(
        {"auths": {registry.host: {"auth": base64.b64encode(b"bot:").decode(), "identitytoken": token}}}))
    assert check(f"{registry.host}/private/app:1.0", DOCKER_CONFIG=str(tmp_path / "docker"))[0] == code
    assert {user for user, _ in registry.tokens.asked} == {"identity"}


def test_a_login_of_podmans_is_for_a_part_of_a_registry(check, registry, images, tmp_path):
    (tmp_path / "run/containers").mkdir(parents=True)
    login = base64.b64encode(b"bot:pa55word").decode()
    (tmp_path / "run/containers/auth.json").write_text(json.dumps({"auths": {
        f"{registry.host}/private": {"auth": login}, registry.host: {"auth": base64.b64encode(b"bot:no").decode()}}}))
    environment = {"XDG_RUNTIME_DIR": str(tmp_path / "run")}
    assert check(f"{registry.host}/private/app:1.0", **environment)[0] == 0
    assert check(f"{registry.host}/public/app:1.0", **environment)[0] == 1


def test_a_digest_of_one_platform_stays_one(check, registry, images):
    index = registry.folder / "layouts/public_app/1.0/blobs/sha256" / images["public/app:1.0"][7:]
    arm = json.loads(index.read_text())["manifests"][1]["digest"]
    new = registry.folder / "layouts/public_app/1.1/blobs/sha256" / images["public/app:1.1"][7:]
    code, answer = check(f"{registry.host}/public/app:1.0@{arm}")
    [found] = answer["dependencies"]
    assert (code, found["chosen"]) == (0, "1.1")
    assert found["chosen_digest"] == json.loads(new.read_text())["manifests"][1]["digest"]


@pytest.mark.parametrize("path, pushes", [
    ("private/app", {}),
    ("tool", {"tool": ["1.0", "1.1"]}),
    ("other", {"library/other": ["1.0", "1.1"]}),
    ("both", {"both": ["1.0", "1.1"], "library/both": ["1.0", "1.2"]}),
])
def test_a_registry_of_the_rules_replaces_docker_hub(check, registry, images, path, pushes):
    """It need not have library/, as Docker Hub has: what is written comes first."""
    for image, tags in pushes.items():
        for tag in tags:
            registry.push(image, tag)
    code, answer = check(f"{path}:1.0", rules=REPLACES_BASE % registry.host, UPKEEPD_SECRET_OURS="pa55word")
    [found] = answer["dependencies"]
    assert (code, found["chosen"], found["name"]) == (0, "1.1", path)


def test_a_secret_that_nobody_knows_is_said(check, registry, images):
    code, answer = check("private/app:1.0", rules=REPLACES_BASE % registry.host)
    assert code == 1
    assert any("OURS" in error["text"] for error in answer["errors"])


# Two registries of the rules at one host: what differs is who may see it.

OTHER_ENTRY = """  - package-ecosystem: docker
    directory: /%s
    schedule: { interval: daily }
    cooldown: { default-days: 0 }
"""
TWO_REGISTRIES = """registries:
  right: { type: docker-registry, url: "https://%s", username: bot, password: "${{secrets.RIGHT}}" }
  wrong: { type: docker-registry, url: "https://%s", username: bot, password: "${{secrets.WRONG}}" }
"""
SECRETS = {"UPKEEPD_SECRET_RIGHT": "pa55word", "UPKEEPD_SECRET_WRONG": "another"}


@pytest.fixture
def check_two(check, registry, images):
    """Checks a private image in the root and in b, for two entries with these lines more.
    What was found of it in each, None where nothing could be seen, and who asked."""
    def call(first, second, words=(), what="chosen"):
        _, answer = check(f"{registry.host}/private/app:1.0", folders=(".", "b"), words=words, rules=(
            first + OTHER_ENTRY % "b" + second + TWO_REGISTRIES % (registry.host, registry.host)), **SECRETS)
        found = {one["file"]: one[what] for one in answer["dependencies"]}
        return found["Dockerfile"], found["b/Dockerfile"], {user for user, _ in registry.tokens.asked}
    return call


RIGHT, WRONG, ANY, NONE = ("    registries: [right]\n", "    registries: [wrong]\n",
                           "    registries: '*'\n", "")


@pytest.mark.parametrize("first, second, expected", [
    (RIGHT, NONE, ("1.1", None, {"bot", None})),
    (NONE, RIGHT, (None, "1.1", {"bot", None})),
    (RIGHT, WRONG, ("1.1", None, {"bot"})),
    (WRONG, RIGHT, (None, "1.1", {"bot"})),
    (ANY, RIGHT, ("1.1", "1.1", {"bot"})),
    (NONE, NONE, (None, None, {None}))])
def test_an_entry_has_the_credentials_that_it_lists(check_two, first, second, expected):
    assert check_two(first, second) == expected
    # What one has seen is no answer for the other, in the next run neither.
    assert check_two(first, second) == expected
    assert check_two(second, first) == (expected[1], expected[0], expected[2])


def test_what_one_entry_has_seen_is_not_shown_to_another_offline(check_two):
    assert check_two(RIGHT, RIGHT, what="latest")[:2] == ("1.2", "1.2")
    assert check_two(RIGHT, NONE, ["--offline"], "latest")[:2] == ("1.2", None)
    assert check_two(WRONG, RIGHT, ["--offline"], "latest")[:2] == (None, "1.2")
