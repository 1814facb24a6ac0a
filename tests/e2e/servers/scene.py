# SPDX-License-Identifier: MIT
"""A repository on a forge and upkeepd that watches it, as it is at one moment, to which all of
it can be put back in milliseconds:

    scene = make(rules=…)          # one for each forge: see SCENES
    scene.keep()
    for … :
        scene.restore()
        scene.once()
        scene.seen()               # all that people can see

What people do there is the same whatever the forge: commit(), say(), close(), board, box().
"""
import copy
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import urllib.request

from . import push_options
from .standin import TOKEN
from .upkeepd import Upkeepd

REPLY = re.compile("<!-- upkeepd:reply ([0-9]+) -->$")


class Scene:
    """`server` is what dies (dying.py); `alice` is who may push."""

    has_words, has_people, has_board = True, True, True
    has_checks = True  # so that nothing is merged at once

    def __init__(self, folder, server, upstream, authority, token):
        self.folder, self.server, self.upstream = folder, server, upstream
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.upkeepd = Upkeepd(folder, upstream.settings, authority)
        self.token = token
        upstream.images.clear()

    def watch(self, dashboard=False):
        self.upkeepd.watch_on(self.forge, self.url, self.token,
                              self.more + (" dashboard: true," if dashboard else ""))

    def once(self):
        """A run; what was at work there and was killed may still be dying."""
        run = self.upkeepd.once()
        while run.end["busy_elsewhere"]:
            run = self.upkeepd.once()
        return run

    def start(self):
        return subprocess.Popen(self.upkeepd.words("--run-once", "--json"), env=self.upkeepd.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # All of it is kept in folders beside: what we know, and what the forge knows.

    def folders(self):
        return {"state": self.upkeepd.state, "cache": self.upkeepd.cache}

    def keep(self):
        for name, path in self.folders().items():
            shutil.rmtree(self.folder / "kept" / name, ignore_errors=True)
            if path.exists():
                shutil.copytree(path, self.folder / "kept" / name)

    def restore(self):
        for name, path in self.folders().items():
            shutil.rmtree(path, ignore_errors=True)
            if (self.folder / "kept" / name).exists():
                shutil.copytree(self.folder / "kept" / name, path)

    def answered(self, comments):
        """{comment: how often it was answered}; what was done is said in other words the second time."""
        marks = [int(match[1]) for match in map(REPLY.search, comments) if match]
        return {mark: marks.count(mark) for mark in marks}


class StandInScene(Scene):
    """GitHub and GitLab."""

    memory = "proposals", "issues", "labels", "comments", "thumbs", "people"

    def __init__(self, folder, server, upstream, authority, name, files):
        super().__init__(folder, server, upstream, authority, TOKEN)
        self.more = server.more
        self.repository = server.repository(name, files)
        self.repository.people.update(alice="write")
        self.url = self.repository.url

    def commit(self, files):
        self.repository.commit(files)

    def say(self, text):
        self.server.said(self.repository, self.repository.proposals[-1]["number"], text, author="alice")

    def people(self):
        return "assignees: [alice]\n    reviewers: [alice]\n    milestone: 4\n"

    def check_box(self):
        (board,) = self.repository.issues
        assert "- [ ]" in board["body"]
        board["body"] = board["body"].replace("- [ ]", "- [x]")

    def folders(self):
        return {**super().folders(), "repository": pathlib.Path(self.repository.path)}

    def keep(self):
        super().keep()
        self.kept = {name: copy.deepcopy(getattr(self.repository, name)) for name in self.memory}

    def restore(self):
        super().restore()
        for name, value in self.kept.items():
            setattr(self.repository, name, copy.deepcopy(value))

    def seen(self):
        said = [one["body"] for some in self.repository.comments.values() for one in some]
        return {
            "proposals": [{key: value for key, value in pull.items() if key not in ("changed_at", "sha")}
                          for pull in self.repository.proposals],
            "branches": self.repository.branches(),
            "labels": self.repository.labels,
            "answers": self.answered(said),
            "thumbs": sorted(self.repository.thumbs),
            "said": sorted(text for text in said if not REPLY.search(text)),
            "boards": [(board["state"], board["body"]) for board in self.repository.issues]}


class GitHubScene(StandInScene):
    forge = "github"


class GitLabScene(StandInScene):
    forge = "gitlab"


class PushOptionsScene(StandInScene):
    """A GitLab that is pushed to."""

    forge, has_words, has_board = "gitlab-push", False, False

    def __init__(self, *arguments):
        super().__init__(*arguments)
        push_options.install(self.repository)
        self.more = ""

    def seen(self):
        """A branch whose push was not answered is pushed again, with a commit of another time."""
        said = self.repository.git("for-each-ref", "--format=%(refname:lstrip=2) %(tree) %(parent) %(contents)",
                                   "refs/heads")
        return {"proposals": push_options.requests(self.repository), "branches": said}


class PlainScene(StandInScene):
    forge, has_words, has_people, has_board = "plain", False, False, False

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.more = ""

    def seen(self):
        return {"branches": self.repository.branches()}


class GiteaScene(Scene):
    """The real one: its database is put back under it while nobody asks it anything."""

    forge, more, invites_bot, has_checks = "gitea", "", True, False

    def __init__(self, folder, mortal, upstream, authority, name, files, gitea):
        super().__init__(folder, mortal, upstream, authority, gitea.bot_token)
        self.gitea = gitea
        self.repository = gitea.repository(name, files, invites_bot=self.invites_bot)
        self.url = mortal.url_of(self.repository)
        self.place = pathlib.Path(gitea.command[-1]).parents[2]
        ini = pathlib.Path(gitea.command[-1]).read_text()
        self.word = re.search("^INTERNAL_TOKEN *= *(.*)$", ini, re.MULTILINE)[1]

    def commit(self, files):
        self.repository.commit(files)

    def say(self, text):
        self.repository.say(max(pull["number"] for pull in self.repository.proposals()), text)

    def people(self):
        number = self.repository.call("POST", "/milestones", {"title": "soon"})["id"]
        return f"assignees: [owner]\n    reviewers: [owner]\n    milestone: {number}\n"

    def boards(self):
        return [issue for issue in self.repository.call("GET", "/issues?type=issues&state=all")
                if issue["body"].endswith("<!-- upkeepd:dashboard -->")]

    def check_box(self):
        (board,) = self.boards()
        assert "- [ ]" in board["body"]
        self.repository.call("PATCH", f"/issues/{board['number']}",
                             {"body": board["body"].replace("- [ ]", "- [x]")})

    def settle(self):
        """As Gitea.settle(), without another process."""
        request = urllib.request.Request(f"{self.gitea.url}/api/internal/manager/flush-queues", method="POST")
        request.add_header("X-Gitea-Internal-Auth", f"Bearer {self.word}")
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps({"Timeout": 60 * 10 ** 9}).encode()
        urllib.request.urlopen(request).close()

    def folders(self):
        return {**super().folders(),
                "repository": self.place / "repositories" / "owner" / f"{self.repository.name}.git"}

    def copy_database(self, source, target):
        with sqlite3.connect(source, timeout=60) as one, sqlite3.connect(target, timeout=60) as other:
            one.backup(other)
        one.close()
        other.close()

    def keep(self):
        self.settle()
        super().keep()
        self.copy_database(self.place / "gitea.db", self.folder / "kept" / "gitea.db")

    def restore(self):
        self.settle()
        super().restore()
        self.copy_database(self.folder / "kept" / "gitea.db", self.place / "gitea.db")

    def seen(self):
        self.settle()
        pulls = self.repository.proposals()
        said = [(comment["user"]["login"], comment["body"])
                for comment in self.repository.call("GET", "/issues/comments?limit=50")]
        return {
            "proposals": [{**{key: pull[key] for key in ("number", "state", "title", "body", "merged")},
                           "head": (pull["head"]["label"], pull["head"]["sha"]), "base": pull["base"]["ref"],
                           "labels": [label["name"] for label in pull["labels"]],
                           "people": [[one["login"] for one in pull[kind] or []]
                                      for kind in ("assignees", "requested_reviewers")],
                           "milestone": (pull["milestone"] or {}).get("title")} for pull in pulls],
            "branches": self.repository.branches(),
            "labels": sorted(label["name"] for label in self.repository.call("GET", "/labels")),
            "answers": self.answered([text for _, text in said]),
            "said": sorted(text for _, text in said if not REPLY.search(text)),
            "boards": [(board["state"], board["body"]) for board in self.boards()]}


class AgitScene(GiteaScene):
    """The same for who may only read there."""

    forge, has_people, invites_bot = "agit", False, False
