# SPDX-License-Identifier: MIT
"""The real worker, killed before each step by which it changes the world, and run
again: the end is always the same (operations.md 8). The steps are found, not
listed: see servers/killer.c."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from servers.dying import sample
from servers.places import SOURCE, built, program

NOW = "2026-08-21T12:00:00Z"
RULES = """version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: daily }
"""
IMAGES = "".join(f"library/{name}\t{tag}\t2026-01-01T00:00:00Z\t{name}-{tag}\tlinux/amd64\n"
                 for name, tags in {"golang": ["1.21.6", "1.22.4"], "alpine": ["3.19", "3.20"]}.items()
                 for tag in tags)
FILES = {
    "Dockerfile": "FROM golang:1.21.6 AS build\nFROM alpine:3.19\n",
    ".github/dependabot.yml": RULES,
}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    """A registry with a newer tag of each image, served by the example's stand-in."""
    folder = tmp_path_factory.mktemp("upstream")
    (folder / "images.tsv").write_text(IMAGES)
    (folder / "modules.txt").write_text("")
    process = subprocess.Popen([sys.executable, SOURCE / "config" / "example" / "upstream.py", folder],
                               stdout=subprocess.PIPE, text=True)
    url = process.stdout.readline().strip().split("=", 1)[1]
    yield url
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def killer(tmp_path_factory):
    library = tmp_path_factory.mktemp("killer") / "killer.so"
    subprocess.run([program("cc"), "-shared", "-fPIC", "-o", library,
                    pathlib.Path(__file__).parent / "servers" / "killer.c", "-ldl"], check=True)
    return library


class World:
    """One repository, one state directory, and upkeepd on them."""

    def __init__(self, folder, upstream, killer, repository, more=""):
        self.folder = folder
        self.killer = killer
        self.config = folder / "upkeepd.yml"
        self.config.write_text(f"repositories:\n  - {repository}\nupstreams:\n  docker.io: "
                               f"{{ registry: '{upstream}', tags: '{upstream}' }}\n{more}")

    def run(self, *words, kill_at=None, count=None):
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        environment.pop("G_DEBUG", None)
        if kill_at is not None or count is not None:
            environment.update(LD_PRELOAD=str(self.killer), KILL_MARK=str(self.folder / "state" / "killed"))
            # In a build with gcc's address sanitizer, whose library wants to be the first.
            environment["ASAN_OPTIONS"] = "verify_asan_link_order=0:" + environment.get("ASAN_OPTIONS", "")
        if kill_at is not None:
            environment["KILL_AT"] = str(kill_at)
        if count is not None:
            environment["KILL_COUNT"] = str(count)
        return subprocess.run([built("upkeepd"), "--config", self.config, "--state",
                               self.folder / "state", "--now", NOW, *words], env=environment,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def outcomes(self, run):
        events = [json.loads(line) for line in run.stdout.splitlines()]
        return sorted((event["branch"], event["action"]) for event in events
                      if event["event"] == "outcome")

    def was_killed(self):
        return (self.folder / "state" / "killed").exists()

    def states(self):
        status = json.loads(self.run("status", "--json").stdout)
        return {plan["branch"]: plan["state"] for plan in status["proposals"]}


# On a repository of this disk: branches and nothing else.

@pytest.fixture(scope="module")
def seed(tmp_path_factory):
    """A bare repository whose commits never change."""
    folder = tmp_path_factory.mktemp("seed")
    work = folder / "work"
    for path, text in FILES.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "a"), ("EMAIL", "a@example.org"), ("DATE", NOW))}
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", work, *words], check=True, env={**os.environ, **who})
    subprocess.run(["git", "clone", "-q", "--bare", work, folder / "seed.git"], check=True)
    return folder / "seed.git"


def heads(repository):
    run = subprocess.run(["git", "-C", repository, "for-each-ref", "--format=%(refname:short) %(objectname)",
                          "refs/heads"], check=True, stdout=subprocess.PIPE, text=True)
    return dict(line.split() for line in run.stdout.splitlines())


def age_locks(repository):
    """Locks that the dead left behind are broken when they are old, as git's own are by hand."""
    locks = list(repository.glob("refs/**/*.lock"))
    for lock in locks:
        os.utime(lock, (0, 0))
    return locks


def local(folder, seed, upstream, killer):
    folder.mkdir()
    shutil.copytree(seed, folder / "r.git")
    return World(folder, upstream, killer, f"path: {folder / 'r.git'}")


def test_a_worker_killed_at_any_step_leaves_the_same_branches(tmp_path, seed, upstream, killer):
    calm = local(tmp_path / "calm", seed, upstream, killer)
    run = calm.run("--run-once", "--json", count=calm.folder / "state" / "count")
    assert run.returncode == 0, run.stderr
    expected = heads(tmp_path / "calm" / "r.git")
    assert len(expected) == 3
    steps = int((calm.folder / "state" / "count").read_text())
    for step in sample(steps, 13):
        world = local(tmp_path / str(step), seed, upstream, killer)
        run = world.run("--run-once", kill_at=step)
        assert world.was_killed(), step
        if age_locks(tmp_path / str(step) / "r.git"):
            run = world.run("--run-once")
        assert run.returncode == 0, (step, run.stdout, run.stderr)
        assert heads(tmp_path / str(step) / "r.git") == expected, step
        assert set(world.states().values()) == {"done"}, step
        again = world.run("--run-once", "--json")
        assert {action for _, action in world.outcomes(again)} == {"unchanged"}, step
        assert heads(tmp_path / str(step) / "r.git") == expected, step
        shutil.rmtree(tmp_path / str(step))


# On a forge: one proposal for each branch, whenever it died.

def on_gitea(folder, gitea, name, upstream, killer):
    folder.mkdir()
    token = folder / "token"
    token.write_text(gitea.bot_token)
    token.chmod(0o600)
    repository = gitea.repository(name, FILES)
    return repository, World(folder, upstream, killer,
                             f"{{ url: '{repository.url}', forge: gitea, token: {{ file: '{token}' }} }}")


def proposals(gitea, repository):
    return sorted((pull["head"]["ref"], pull["head"]["sha"], pull["state"])
                  for pull in gitea.call("GET", f"{repository.path}/pulls?state=all"))


def test_a_worker_killed_at_any_step_leaves_one_proposal_a_branch(tmp_path, gitea, upstream, killer):
    repository, calm = on_gitea(tmp_path / "calm", gitea, "crash-calm", upstream, killer)
    run = calm.run("--run-once", "--json", count=calm.folder / "state" / "count")
    assert run.returncode == 0, run.stderr
    names = {branch for branch in repository.branches() if branch != "main"}
    assert len(names) == 2
    assert [(head, state) for head, _, state in proposals(gitea, repository)] == \
        [(name, "open") for name in sorted(names)]
    steps = int((calm.folder / "state" / "count").read_text())
    for step in sample(steps, 8):
        repository, world = on_gitea(tmp_path / str(step), gitea, f"crash-{step}", upstream, killer)
        run = world.run("--run-once", kill_at=step)
        if not world.was_killed():
            continue  # requests overlap, so their number is not always the same
        assert run.returncode == 0, (step, run.stdout, run.stderr)
        branches = repository.branches()
        assert set(branches) - {"main"} == names, step
        assert proposals(gitea, repository) == \
            [(name, branches[name], "open") for name in sorted(names)], step
        assert set(world.states().values()) == {"done"}, step
        assert {action for _, action in world.outcomes(world.run("--run-once", "--json"))} == \
            {"unchanged"}, step
