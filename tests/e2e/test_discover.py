# SPDX-License-Identifier: MIT
"""Owners: every repository below one that has a dependabot.yml, on a real Gitea."""
import json
import os
import subprocess
import sys

import pytest

from servers.places import SOURCE, built

RULES = """version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: daily }
"""
FILES = {"Dockerfile": "FROM golang:1.21.6\n", ".github/dependabot.yml": RULES}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    folder = tmp_path_factory.mktemp("upstream")
    (folder / "images.tsv").write_text("".join(
        f"library/golang\t{tag}\t2026-01-01T00:00:00Z\t{tag}\tlinux/amd64\n" for tag in ("1.21.6", "1.22.4")))
    (folder / "modules.txt").write_text("")
    process = subprocess.Popen([sys.executable, SOURCE / "config" / "example" / "upstream.py", folder],
                               stdout=subprocess.PIPE, text=True)
    yield process.stdout.readline().strip().split("=", 1)[1]
    process.kill()
    process.wait()


def test_the_repositories_of_an_owner_are_visited_in_the_same_run(tmp_path, gitea, upstream):
    shop, tool = (gitea.repository(name, FILES) for name in ("shop-web", "shop-archive"))
    bare = gitea.repository("shop-bare", {"README": "nothing to update\n"})
    token = tmp_path / "token"
    token.write_text(gitea.bot_token)
    token.chmod(0o600)
    config = tmp_path / "upkeepd.yml"
    config.write_text(f"""repositories:
  - url: {gitea.url}/owner
    forge: gitea
    discover: true
    include: ["shop-*"]
    exclude: ["*-archive"]
    token: {{ file: "{token}" }}
upstreams:
  docker.io: {{ registry: "{upstream}", tags: "{upstream}" }}
""")

    def upkeepd(*words):
        return subprocess.run([built("upkeepd"), "--config", config, "--state", tmp_path / "state",
                               "--now", "2026-08-21T12:00:00Z", *words], text=True,
                              env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    run = upkeepd("--run-once", "--json")
    assert run.returncode == 0, run.stdout + run.stderr
    assert set(shop.branches()) == {"main", "upkeepd/docker/golang-1.22.4"}
    assert set(tool.branches()) == {"main"}
    assert set(bare.branches()) == {"main"}
    status = json.loads(upkeepd("status", "--json").stdout)
    assert f"{gitea.url}/owner/shop-web.git" in [one["repository"] for one in status["repositories"]]
    assert upkeepd("--run-once", "owner/shop-web").returncode == 0
