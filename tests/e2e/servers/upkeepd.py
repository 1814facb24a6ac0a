# SPDX-License-Identifier: MIT
"""The installed programs as a person calls them, with settings, state and cache of the
test's own.

    upkeepd.watch(repository)
    run = upkeepd.once()                      # --run-once --json
    run.outcomes == [("created", "upkeepd/docker/golang-1.22.4")]
"""
import json
import os
import shutil
import subprocess

import pytest

from .places import built

NOW = "2026-08-25T06:00:00Z"  # a Tuesday


class Run:
    def __init__(self, process):
        self.status = process.returncode
        self.stdout, self.stderr = process.stdout, process.stderr

    @property
    def events(self):
        return [json.loads(line) for line in self.stdout.splitlines()]

    def named(self, event):
        return [one for one in self.events if one["event"] == event]

    @property
    def outcomes(self):
        """(action, branch), or (action, branch, why), in the order they came."""
        return [(one["action"], one["branch"], *([one["error"]] if one.get("error") else []))
                for one in self.named("outcome")]

    @property
    def errors(self):
        """What was wrong, as "file:line:column: text", as far as there is a place."""
        return [": ".join(filter(None, [
            ":".join(str(one[key]) for key in ("file", "line", "column") if one.get(key)),
            one["text"]])) for one in self.named("error")]

    @property
    def end(self):
        return self.named("run-end")[0]


class Upkeepd:
    def __init__(self, folder, settings, authority):
        self.folder = folder
        self.settings = settings
        self.config = folder / "upkeepd.yml"
        self.state = folder / "state"
        self.cache = folder / "cache"
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(self.cache), "HOME": str(folder),
                            "SSL_CERT_FILE": str(authority.ca), "G_DEBUG": "fatal-criticals", "UPKEEPD_BACKOFF_MS": "1"}
        for name in ("CACHE_DIRECTORY", "STATE_DIRECTORY", "GOPROXY", "GOSUMDB", "GOPRIVATE"):
            self.environment.pop(name, None)

    def watch(self, *repositories, more=""):
        """Writes the settings: repositories by their URL or path, or as YAML."""
        entries = [one if isinstance(one, str) else
                   f"{'path' if one.url.startswith('/') else 'url'}: {one.url}"
                   for one in repositories]
        self.config.write_text("repositories:\n" + "".join(f"  - {one}\n" for one in entries) +
                               self.settings + more)

    def secret(self, text, name="token"):
        """A file with it that nobody else may read."""
        file = self.folder / name
        file.write_text(text)
        file.chmod(0o600)
        return file

    def watch_on(self, forge, url, token, more="", settings=""):
        """watch() of a repository or owner on a forge; `more` is of its keys: "dashboard: true,"."""
        self.watch(f"{{ url: '{url}', forge: {forge}, {more} token: {{ file: '{self.secret(token)}' }} }}",
                   more=settings)

    def words(self, *words, now=NOW):
        return [built("upkeepd"), "--config", str(self.config), "--state", str(self.state),
                "--now", now, *words]

    def __call__(self, *words, now=NOW, environment=None, **more):
        # Ends what hangs; a thousand repositories under sanitizers take their minutes.
        run = subprocess.run(self.words(*words, now=now), capture_output=True, text=True,
                             timeout=600, env={**self.environment, **(environment or {})}, **more)
        print(run.stdout + run.stderr)  # pytest shows it with a failure
        return Run(run)

    def once(self, *words, **more):
        return self("--run-once", "--json", *words, **more)

    def lose_state(self):
        shutil.rmtree(self.state)

    def lose_cache(self):
        shutil.rmtree(self.cache)


@pytest.fixture
def upkeepd(tmp_path, upstream, authority):
    return Upkeepd(tmp_path, upstream.settings, authority)
