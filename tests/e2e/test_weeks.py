# SPDX-License-Identifier: MIT
"""Eight weeks of a repository with thirty dependencies, fifteen images and fifteen modules:
what its people see each Monday morning, by what their dependabot.yml says.

The same releases come out in each story. `--due` is asked on Mondays and Thursdays, all entries are due on Mondays
at nine in the morning of Berlin, where the clocks go back before the last.
"""
import datetime

import pytest

from servers.git_server import Repository

IMAGES = ["alpine:3.20.0", "busybox:1.36.0", "caddy:2.8.0", "debian:12.5", "golang:1.22.1-alpine",
          "haproxy:3.0.0", "memcached:1.6.20", "nginx:1.27.0", "node:20.1.0", "postgres:15.1",
          "python:3.12.1", "rabbitmq:3.13.0", "redis:7.2.0", "ruby:3.3.0", "traefik:3.0.0"]
MODULES = [f"{name}@v1.0.0" for name in (
    "cli", "errors", "flags", "http", "json", "log", "mux", "net/dns", "net/ip", "net/tls", "rand",
    "sql", "text", "uuid", "yaml")]
RELEASES = """
    2026-09-04 redis:7.2.1
    2026-09-06 nginx:1.27.1
    2026-09-09 log@v1.1.0
    2026-09-12 node:22.0.0
    2026-09-13 node:20.1.1
    2026-09-15 net/dns@v1.0.1
    2026-09-16 net/ip@v1.1.0
    2026-09-18 redis:7.2.2
    2026-09-22 postgres:16.0
    2026-09-24 alpine:3.20.1
    2026-09-25 busybox:1.36.1
    2026-09-26 log@v1.2.0
    2026-09-30 python:3.13.0
    2026-10-01 net/tls@v1.3.0
    2026-10-04 redis:8.0.0
    2026-10-08 debian:12.6
    2026-10-08 net/ip@v1.2.0
    2026-10-09 postgres:15.2
    2026-10-17 sql@v1.0.1
    2026-10-20 alpine:3.21.0
    2026-10-21 caddy:3.0.0
""".split()
MONDAYS = [f"2026-{day}T07:00:00Z" for day in (
    "09-07", "09-14", "09-21", "09-28", "10-05", "10-12", "10-19")] + ["2026-10-26T08:00:00Z"]
OPEN, CLOSED = {"created", "updated"}, {"superseded", "closed"}
RULES = """\
version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: &mondays { interval: weekly, time: "09:00", timezone: Europe/Berlin }
%s  - package-ecosystem: gomod
    directory: /
    schedule: *mondays
%s"""


def released():
    return [(RELEASES[n], RELEASES[n + 1]) for n in range(0, len(RELEASES), 2)]


class Story:
    def __init__(self, upkeepd, upstream, folder):
        self.upkeepd, self.upstream = upkeepd, upstream
        self.repository = Repository(folder / "app.git", str(folder / "app.git"))
        self.open, self.to_come, self.week = set(), released(), 0
        for one in IMAGES + MODULES:
            self.publish("2026-01-01", one)
        self.repository.commit({
            "Dockerfile": "".join(f"FROM {image}\n" for image in IMAGES),
            "go.mod": "module example.org/app\n\ngo 1.21\n\nrequire (\n" + "".join(
                f"\texample.org/{one.replace('@', ' ')}\n" for one in MODULES) + ")\n",
            "main.go": "package main\n\nimport (\n" + "".join(
                f'\t_ "example.org/{one.split("@")[0]}"\n' for one in MODULES) + ")\n\nfunc main() {}\n",
            "go.sum": ""})
        self.settle()
        upkeepd.watch(self.repository)

    def settle(self):
        """A go.sum as go mod tidy leaves it, without which every branch would have all of it."""
        lines = sorted(line for module in self.upstream.modules.values() for release in module.values()
                       if release.version == "v1.0.0" for line in release.sums().splitlines())
        self.repository.commit({"go.sum": "\n".join(lines) + "\n"})

    def publish(self, day, one):
        name, version = one.replace("@", ":").split(":")
        if "@" not in one:
            return self.upstream.tags(f"library/{name}", version, pushed=f"{day}T00:00:00Z")
        package = name.split("/")[-1]
        return self.upstream.module(f"example.org/{name}", version, f"{day}T00:00:00Z", {
            "go.mod": f"module example.org/{name}\n\ngo 1.21\n", "x.go": f"package {package}\n"})

    def says(self, docker="", gomod=""):
        indented = ["".join(f"    {line}\n" for line in text.splitlines()) for text in (docker, gomod)]
        self.repository.commit({".github/dependabot.yml": RULES % tuple(indented)})

    def run(self, now):
        while self.to_come and self.to_come[0][0] + "T00:00:00Z" <= now:
            day, one = self.to_come.pop(0)
            self.publish(day, one)
            if "@" in one:  # somebody looks, so that it is first seen on its day
                self.upkeepd("check", str(self.repository.path), now=f"{day}T00:00:00Z")
        run = self.upkeepd.once("--due", now=now)
        assert (run.status, run.errors) == (0, []), run.stderr
        return run

    def monday(self):
        """What is said this Monday, without the branches that stay as they are. No other
        day of the week has anything to say."""
        now = MONDAYS[self.week]
        run = self.run(now)
        self.week += 1
        seen = []
        for action, branch, *why in run.outcomes:
            self.open |= {branch} if action in OPEN else set()
            self.open -= {branch} if action in CLOSED else set()
            if action != "unchanged":
                short = branch.removeprefix("upkeepd/").replace("go_modules/example.org/", "").replace("docker/", "")
                seen.append(" ".join([action, short, *why]))
        assert set(self.repository.branches()) - {"main"} == self.open
        thursday = datetime.date.fromisoformat(now[:10]) + datetime.timedelta(days=3)
        assert self.run(f"{thursday}T12:00:00Z").outcomes == []
        return seen

    def title(self, branch):
        return self.repository.git("log", "-1", "--format=%s", f"upkeepd/{branch}")

    def changes(self, branch):
        """What it makes of the Dockerfile, sorted."""
        diff = self.repository.git("diff", "-U0", f"upkeepd/{branch}^", f"upkeepd/{branch}", "--", "Dockerfile")
        return sorted(line.removeprefix("+FROM ") for line in diff.splitlines() if line.startswith("+FROM "))

    def close(self, branch):
        """As a person does where there is no forge: the branch is deleted."""
        self.repository.set(f"upkeepd/{branch}", None)
        self.open.remove(f"upkeepd/{branch}")

    def takes_out(self, *images):
        lines = self.repository.read("main", "Dockerfile").splitlines()
        self.repository.commit({"Dockerfile": "".join(
            f"{line}\n" for line in lines if line.removeprefix("FROM ") not in images)})

    def merge(self, branch):
        """As a person does: the files of the branch, on whatever main is now."""
        name = f"upkeepd/{branch}"
        changed = self.repository.git("diff", "--name-only", f"{name}^", name).split()
        self.repository.commit({path: self.repository.read(name, path) for path in changed})


@pytest.fixture
def story(upkeepd, upstream, tmp_path):
    return Story(upkeepd, upstream, tmp_path)



def test_a_limit_is_filled_in_the_same_order_each_week(story):
    """Five at most of each entry, those whose release has waited longest first: until
    people merge what is there, the rest has to wait."""
    story.says()
    assert story.monday() == ["created redis-7.2.1"]
    assert story.title("docker/redis-7.2.1") == "Bump redis from 7.2.0 to 7.2.1"
    assert story.monday() == ["created nginx-1.27.1", "created log-1.1.0"]
    assert story.monday() == [
        "created node-22.0.0", "created net/dns-1.0.1", "created net/ip-1.1.0",
        "created redis-7.2.2", "superseded redis-7.2.1"]
    assert story.monday() == [
        "created postgres-16.0", "created alpine-3.20.1", "skipped busybox-1.36.1 limited"]
    assert story.monday() == [
        "skipped busybox-1.36.1 limited", "created log-1.2.0", "superseded log-1.1.0",
        "skipped python-3.13.0 limited", "created net/tls-1.3.0"]
    # One is merged: what conflicts with it is brought onto what the file is now, and there
    # is room for one more.
    story.merge("docker/nginx-1.27.1")
    assert story.monday() == [
        "updated node-22.0.0", "created busybox-1.36.1",
        "skipped python-3.13.0 limited", "created redis-8.0.0", "superseded redis-7.2.2",
        "skipped debian-12.6 limited", "created net/ip-1.2.0", "superseded net/ip-1.1.0",
        "closed nginx-1.27.1 up_to_date"]
    assert story.monday() == ["skipped python-3.13.0 limited", "skipped debian-12.6 limited"]
    assert story.monday() == [
        "skipped python-3.13.0 limited", "skipped debian-12.6 limited", "created sql-1.0.1",
        "created alpine-3.21.0", "superseded alpine-3.20.1", "skipped caddy-3.0.0 limited"]


def test_groups_grow_and_have_their_slots_first(story):
    """What a group does not take (node 22, redis 8) stands beside it, alone."""
    story.says("groups:\n"
               "  base: { patterns: [alpine, busybox, debian] }\n"
               "  rest: { patterns: ['*'], exclude-patterns: [nginx], update-types: [minor, patch] }\n"
               "open-pull-requests-limit: 4\n",
               "groups: { net: { patterns: ['example.org/net/*'], update-types: [patch] } }\n")
    assert story.monday() == ["created rest-645f8b1fdd"]
    assert story.title("docker/rest-645f8b1fdd") == "Bump redis from 7.2.0 to 7.2.1 in the rest group"
    assert story.monday() == ["created nginx-1.27.1", "created log-1.1.0"]
    assert story.monday() == [
        "created rest-0337f2978c", "superseded rest-645f8b1fdd dependencies_changed", "created go_modules/net-9db2951f6c",
        "created node-22.0.0", "created net/ip-1.1.0"]
    assert story.changes("docker/rest-0337f2978c") == ["node:20.1.1", "redis:7.2.2"]
    assert story.title("docker/rest-0337f2978c") == "Bump the rest group with 2 updates"
    assert story.monday() == ["created base-9612462369", "skipped postgres-16.0 limited"]
    assert story.monday() == [
        "created rest-3635db81ec", "superseded rest-0337f2978c dependencies_changed", "skipped postgres-16.0 limited",
        "created log-1.2.0", "superseded log-1.1.0", "created net/tls-1.3.0"]
    assert story.monday() == [
        "created base-8ca2a3622f", "superseded base-9612462369 dependencies_changed", "created rest-d2a54c29ec",
        "superseded rest-3635db81ec dependencies_changed", "skipped postgres-16.0 limited", "skipped redis-8.0.0 limited",
        "created net/ip-1.2.0", "superseded net/ip-1.1.0"]
    assert story.changes("docker/rest-d2a54c29ec") == ["node:20.1.1", "postgres:15.2", "python:3.13.0", "redis:7.2.2"]
    assert story.changes("docker/node-22.0.0") == ["node:22.0.0"]
    assert story.monday() == ["skipped postgres-16.0 limited", "skipped redis-8.0.0 limited"]
    assert story.monday() == [
        "created base-bcff9d0b7c", "superseded base-8ca2a3622f", "skipped postgres-16.0 limited",
        "skipped redis-8.0.0 limited", "created sql-1.0.1", "skipped caddy-3.0.0 limited"]
    assert story.changes("docker/base-bcff9d0b7c") == ["alpine:3.21.0", "busybox:1.36.1", "debian:12.6"]


def test_ignore(story):
    """What is ignored is passed over for the next below, or above."""
    story.says("open-pull-requests-limit: 15\n"
               "ignore:\n"
               "  - { dependency-name: node, update-types: ['version-update:semver-major'] }\n"
               "  - { dependency-name: postgres, versions: ['>= 16'] }\n"
               "  - { dependency-name: 'b*' }\n",
               # A bare version is all up to the next major: log moves never.
               "ignore:\n"
               "  - { dependency-name: example.org/log, versions: ['1.1.0'] }\n"
               "  - { dependency-name: 'example.org/net/*', versions: ['= 1.1.0', '1.3.0 - 1.4.0'] }\n")
    assert [story.monday() for _ in MONDAYS] == [
        ["created redis-7.2.1"],
        ["created nginx-1.27.1"],
        ["created node-20.1.1", "created net/dns-1.0.1", "created redis-7.2.2", "superseded redis-7.2.1"],
        ["created alpine-3.20.1"],
        ["created python-3.13.0"],
        ["created redis-8.0.0", "superseded redis-7.2.2", "created debian-12.6", "created net/ip-1.2.0",
         "created postgres-15.2"],
        [],
        ["created sql-1.0.1", "created alpine-3.21.0", "superseded alpine-3.20.1", "created caddy-3.0.0"]]


def test_cooldown(story):
    """Each waits the days of its step: node 22 for three weeks, while 20.1.1 is offered."""
    story.says("open-pull-requests-limit: 15\n"
               "cooldown: { default-days: 7, semver-major-days: 21, semver-patch-days: 2, exclude: ['al*'] }\n",
               "cooldown: { default-days: 5, semver-minor-days: 10, include: ['*/net/*'] }\n")
    assert [story.monday() for _ in MONDAYS] == [
        ["created redis-7.2.1"],
        ["created nginx-1.27.1", "created log-1.1.0"],
        ["created node-20.1.1", "created net/dns-1.0.1", "created redis-7.2.2", "superseded redis-7.2.1"],
        ["created net/ip-1.1.0", "created alpine-3.20.1", "created busybox-1.36.1", "created log-1.2.0",
         "superseded log-1.1.0"],
        ["created node-22.0.0", "superseded node-20.1.1"],
        ["created python-3.13.0", "created net/tls-1.3.0"],
        ["created postgres-16.0", "created debian-12.6", "created net/ip-1.2.0", "superseded net/ip-1.1.0",
         "created sql-1.0.1"],
        ["created redis-8.0.0", "superseded redis-7.2.2", "created alpine-3.21.0", "superseded alpine-3.20.1"]]


def test_people_have_the_last_word(story):
    """They close, push, ignore and remove; and once the database is lost."""
    story.says("open-pull-requests-limit: 15\n")
    assert story.monday() == ["created redis-7.2.1"]
    assert story.monday() == ["created nginx-1.27.1", "created log-1.1.0"]
    story.close("docker/nginx-1.27.1")
    mine = story.repository.commit({"log.go": "package main\n"}, branch="upkeepd/go_modules/example.org/log-1.1.0")
    assert story.monday() == [
        "skipped nginx-1.27.1 closed_by_person", "skipped log-1.1.0 edited", "created node-22.0.0",
        "created net/dns-1.0.1", "created net/ip-1.1.0", "created redis-7.2.2", "superseded redis-7.2.1"]
    assert story.monday() == [
        "skipped nginx-1.27.1 closed_by_person", "skipped log-1.1.0 edited", "created postgres-16.0",
        "created alpine-3.20.1", "created busybox-1.36.1"]
    assert story.monday() == [
        "skipped nginx-1.27.1 closed_by_person", "created log-1.2.0", "skipped log-1.1.0 edited",
        "created python-3.13.0", "created net/tls-1.3.0"]
    assert story.repository.tip("upkeepd/go_modules/example.org/log-1.1.0") == mine
    story.says("open-pull-requests-limit: 15\nignore: [{ dependency-name: alpine }]\n")
    assert story.monday() == [
        "skipped nginx-1.27.1 closed_by_person", "skipped log-1.1.0 edited", "created redis-8.0.0",
        "superseded redis-7.2.2", "created debian-12.6", "created net/ip-1.2.0",
        "superseded net/ip-1.1.0", "closed alpine-3.20.1 up_to_date"]
    # Without its database it knows all but what was closed without leaving a trace.
    story.upkeepd.lose_state()
    story.takes_out("busybox:1.36.0", "traefik:3.0.0")
    assert story.monday() == [
        "created nginx-1.27.1", "closed busybox-1.36.1 dependency_removed"]
    assert story.monday() == ["created sql-1.0.1", "created caddy-3.0.0"]
    assert story.repository.tip("upkeepd/go_modules/example.org/log-1.1.0") == mine
