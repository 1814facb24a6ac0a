# SPDX-License-Identifier: MIT
"""The daemon, with a worker that does as it is told (servers/fake_worker.py)."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

import pytest

from servers.places import built

FAKE_WORKER = pathlib.Path(__file__).parent / "servers" / "fake_worker.py"


class Daemon:
    """A copy of upkeepd beside the fake worker, with a state directory of its own."""

    def __init__(self, directory):
        self.directory = directory
        self.state = directory / "state"
        self.config = directory / "upkeepd.yml"
        self.program = directory / "upkeepd"
        self.processes = []
        shutil.copy(built("upkeepd"), self.program)
        shutil.copy(FAKE_WORKER, directory / "upkeepd-worker")
        (directory / "upkeepd-worker").chmod(0o755)
        self.environment = {**os.environ, "FAKE": str(directory)}
        self.environment.pop("G_DEBUG", None)  # its warnings are what is tested here
        self.watch()

    def watch(self, *names, workers=2):
        lines = "".join(f"  - https://git.test/{name}\n" for name in names)
        self.config.write_text(f"repositories:\n{lines}workers: {workers}\n" if names
                               else f"repositories: []\nworkers: {workers}\n")

    def words(self, words):
        return [self.program, "--config", self.config, "--state", self.state, *words]

    def run(self, *words, **more):
        return subprocess.run(self.words(words), env=self.environment, text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def start(self, *words, **more):
        process = subprocess.Popen(self.words(words), env=self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        self.processes.append(process)
        return process

    def sql(self, text, *values):
        """Rows of a statement; none while the table is not there yet."""
        with contextlib.closing(sqlite3.connect(self.state / "upkeepd.db", timeout=5)) as db:
            try:
                rows = db.execute(text, values).fetchall()
                db.commit()
                return rows
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def started(self):
        path = self.directory / "started"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def close(self):
        for process in self.processes:
            process.kill()
            process.communicate()


@pytest.fixture
def daemon(tmp_path):
    daemon = Daemon(tmp_path)
    yield daemon
    daemon.close()


def wait_for(claim, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := claim():
            return value
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return pathlib.Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def events(run):
    return [json.loads(line) for line in run.stdout.splitlines()]


# The command line.

@pytest.mark.parametrize("words", [
    ["check", "--exit-code", "."], ["--json", "--now", "2026-01-01T00:00:00Z", "inspect", "tag", "1.2"],
    ["update", "--", "-x"], ["validate"], ["tidy"], ["explain", "golang"]])
def test_a_command_that_reads_foreign_bytes_is_the_worker_with_the_same_arguments(daemon, words):
    run = daemon.run(*words)
    assert run.returncode == 7
    assert json.loads(run.stdout) == ["--config", str(daemon.config), "--state", str(daemon.state), *words]


@pytest.mark.parametrize("words, text", [
    (["nonsense"], "'nonsense' is no command"), (["--due"], "--due goes with --run-once"),
    (["--dry-run", "status"], "--dry-run goes with --run-once"), (["status", "x"], "takes no arguments"),
    (["--now", "noon", "--run-once"], "'noon'"), (["--color=green", "status"], "'green'"),
    (["--nonsense"], "--nonsense"), (["--run-once", "unknown"], "no watched repository is called 'unknown'")])
def test_a_mistake_in_the_call_is_said_and_ends_with_2(daemon, words, text):
    run = daemon.run(*words)
    assert (run.returncode, run.stdout) == (2, "")
    assert text in run.stderr


def test_help_lists_the_commands(daemon):
    run = daemon.run("--help")
    assert run.returncode == 0
    for word in ("check", "update", "tidy", "explain", "validate", "status", "inspect", "--run-once"):
        assert word in run.stdout


def test_the_version_is_printed(daemon):
    assert daemon.run("--version").stdout.startswith("upkeepd ")


# --run-once.

def test_run_once_visits_every_repository_and_reports_whole_blocks(daemon):
    daemon.watch(*(f"r{i}-ok" for i in range(6)), "a-talk", "b-talk")
    run = daemon.run("--run-once")
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("  did its work\n") == 6
    assert run.stdout.count("x" * 200000 + "\n") == 2
    assert "\0" not in run.stdout
    assert "8 repositories, 8 created; 16 requests" in run.stdout.splitlines()[-1]
    assert len(daemon.started()) <= 4


def test_run_once_streams_events_and_adds_up_what_was_used(daemon):
    daemon.watch("a-ok", "b-talk", "c-fail")
    run = daemon.run("--run-once", "--json")
    assert run.returncode == 3, run.stderr
    first, *between, last = events(run)
    assert first["event"] == "run-start"
    assert sorted(event["repository"].rsplit("/")[-1] for event in between) == ["a-ok", "b-talk", "c-fail"]
    assert last["event"] == "run-end"
    assert last["repositories"] == {"visited": 3, "failed": 1}
    assert last["actions"] == {"created": 3}
    assert last["requests"] == {"registry.test": 6}
    assert last["bytes_received"] == 3000
    assert last["peak_resident_kib"] == 9000
    assert last["cpu_seconds"] > 0 and last["wall_seconds"] > 0


def test_run_once_takes_names_from_their_ends(daemon):
    daemon.watch("team/a-ok", "team/b-ok", "other/b-ok")
    assert daemon.run("--run-once", "a-ok").returncode == 0
    assert [name for name, in daemon.sql("SELECT repository FROM visit")] == ["https://git.test/team/a-ok"]
    run = daemon.run("--run-once", "b-ok")
    assert run.returncode == 2 and "more than one watched repository" in run.stderr
    assert daemon.run("--run-once", "other/b-ok").returncode == 0


def test_run_once_due_leaves_what_is_not_due(daemon):
    daemon.watch("a-ok", "b-ok")
    assert daemon.run("--run-once", "--due").returncode == 0
    assert daemon.sql("SELECT count(*) FROM visit") == [(2,)]
    run = daemon.run("--run-once", "--due", "--json")
    assert run.returncode == 0
    assert events(run)[-1]["repositories"] == {"visited": 0, "failed": 0}
    assert daemon.sql("SELECT count(*), (SELECT count(*) FROM run) FROM visit") == [(2, 1)]
    assert daemon.run("--run-once").returncode == 0
    assert daemon.sql("SELECT count(*) FROM visit") == [(4,)]


def test_run_once_says_so_if_there_is_nothing_to_watch(daemon):
    run = daemon.run("--run-once")
    assert run.returncode == 0
    assert "no repositories are watched" in run.stderr


def test_options_are_handed_to_the_workers(daemon):
    daemon.watch("a-ok")
    daemon.run("--run-once", "--dry-run", "--offline", "-v", "--now", "2026-01-01T00:00:00Z")
    words = daemon.started()[0]
    assert words[:6] == ["--config", str(daemon.config), "--state", str(daemon.state), "--now",
                         "2026-01-01T00:00:00Z"]
    assert words[6:] == ["--offline", "--verbose", "jobs", "1", "report", "dry-run"]


def test_a_worker_that_dies_three_times_brings_its_repository_into_quarantine(daemon):
    daemon.watch("a-ok", "b-die", "c-ok")
    run = daemon.run("--run-once", "--json")
    assert run.returncode == 3, run.stderr
    assert run.stderr.count("the worker ended: signal 11") == 2
    errors = [event for event in events(run) if event["event"] == "error"]
    assert [event["repository"] for event in errors] == ["https://git.test/b-die"]
    assert events(run)[-1]["repositories"] == {"visited": 3, "failed": 1}
    [(quarantined, tries)] = daemon.sql("SELECT is_quarantined, tries FROM repository WHERE name LIKE '%die'")
    assert (quarantined, tries) == (1, 0)
    run = daemon.run("--run-once", "--due")
    assert run.returncode == 0 and "die" not in run.stderr


@pytest.mark.parametrize("workers, hanging", [(1, 3), (2, 5)])
def test_remotes_that_hang_keep_nobody_waiting(daemon, manager, workers, hanging):
    """Who is silent for long leaves its place to others, up to three more for each worker."""
    daemon.watch(*[f"a{n}-stuck" for n in range(hanging)], "b-ok", "c-ok", workers=workers)
    daemon.start()
    manager.wait("READY=1")
    wait_for(lambda: len(daemon.sql("SELECT name FROM repository WHERE succeeded_at != 0")) == 2, 30)
    assert len(daemon.sql("SELECT name FROM repository WHERE pid != 0")) == hanging
    assert len(daemon.started()) <= 4 * workers


def test_no_more_than_so_many_hang_at_a_time(daemon, manager):
    daemon.watch(*[f"a{n}-stuck" for n in range(6)], workers=1)
    service = daemon.start()
    manager.wait("READY=1")
    wait_for(lambda: len(daemon.started()) == 4, 30)
    service.send_signal(signal.SIGHUP)
    manager.wait("READY=1")
    assert len(daemon.started()) == 4


def test_a_worker_that_leaves_its_job_is_not_started_for_ever(daemon):
    daemon.watch("a-leave")
    run = daemon.run("--run-once")
    assert run.returncode == 1
    assert len(daemon.started()) == 3


def test_workers_that_cannot_start_end_the_run(daemon):
    daemon.watch("a-ok")
    daemon.environment["FAKE_BROKEN"] = "1"
    run = daemon.run("--run-once")
    assert run.returncode == 1
    assert "ended without taking a job" in run.stderr
    assert len(daemon.started()) == 3


def test_a_missing_worker_is_said(daemon):
    daemon.watch("a-ok")
    (daemon.directory / "upkeepd-worker").unlink()
    run = daemon.run("--run-once")
    assert run.returncode == 1
    assert "starting a worker" in run.stderr


def test_run_once_that_is_stopped_ends_with_4_and_gives_its_jobs_back(daemon):
    daemon.watch("a-hang", "b-ok", workers=1)
    process = daemon.start("--run-once")
    pid = int(wait_for(lambda: (daemon.directory / "hangs").exists() and
                       (daemon.directory / "hangs").read_text()))
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.wait(timeout=10) == 4
    assert time.monotonic() - began < 5
    assert not is_alive(pid)
    assert daemon.sql("SELECT count(*) FROM repository WHERE run != 0 OR pid != 0 OR tries != 0") == [(0,)]


def test_run_once_leaves_alone_what_another_has_in_hand(daemon):
    daemon.watch("a-hang", "b-ok")
    daemon.start("--run-once", "a-hang")
    wait_for((daemon.directory / "hangs").exists)
    run = daemon.run("--run-once", "--json")
    assert run.returncode == 0
    assert "a-hang: another upkeepd is at work on it" in run.stderr
    assert events(run)[-1]["repositories"] == {"visited": 1, "failed": 0}
    assert events(run)[-1]["busy_elsewhere"] == 1


# The service.

class Manager:
    """systemd's side of the notification socket."""

    def __init__(self, daemon):
        self.path = str(daemon.directory / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(10)
        daemon.environment["NOTIFY_SOCKET"] = self.path

    def wait(self, text):
        while True:
            message = self.socket.recv(4096).decode()
            if text in message:
                return message


@pytest.fixture
def manager(daemon):
    manager = Manager(daemon)
    yield manager
    manager.socket.close()


def test_the_service_visits_what_is_due_and_stops_on_request(daemon, manager):
    daemon.watch("a-ok", "b-ok")
    process = daemon.start()
    manager.wait("READY=1")
    assert "https://git.test/a-ok at " in manager.wait("next: ")
    wait_for(lambda: daemon.sql("SELECT count(*) FROM visit") == [(2,)])
    process.terminate()
    manager.wait("STOPPING=1")
    assert process.wait(timeout=10) == 0
    assert "NOTIFY_SOCKET" not in str(daemon.started())


def test_the_service_stops_within_five_seconds_whatever_its_workers_do(daemon):
    daemon.watch("a-hang")
    process = daemon.start()
    pid = int(wait_for(lambda: (daemon.directory / "hangs").exists() and
                       (daemon.directory / "hangs").read_text()))
    began = time.monotonic()
    process.terminate()
    process.wait(timeout=10)
    assert time.monotonic() - began < 5
    assert not is_alive(pid)
    assert daemon.sql("SELECT tries, pid FROM repository") == [(0, 0)]


def test_the_service_stops_even_if_nobody_reads_its_output(daemon):
    daemon.watch("a-talk", "b-talk", "c-talk")
    process = daemon.start("--json")
    wait_for(lambda: daemon.started() and daemon.sql("SELECT 1 FROM visit"))
    began = time.monotonic()
    process.terminate()
    process.wait(timeout=10)
    assert time.monotonic() - began < 5


def test_a_killed_service_takes_nothing_with_it(daemon):
    daemon.watch("a-slow", "b-ok")
    process = daemon.start()
    wait_for(lambda: daemon.started())
    process.kill()
    process.wait()
    run = daemon.run("--run-once")
    assert run.returncode == 0
    assert daemon.sql("PRAGMA integrity_check") == [("ok",)]


def test_new_settings_are_read_on_hup(daemon, manager):
    daemon.watch("a-ok")
    process = daemon.start()
    manager.wait("READY=1")
    daemon.watch("a-ok", "b-ok")
    process.send_signal(signal.SIGHUP)
    assert "MONOTONIC_USEC=" in manager.wait("RELOADING=1")
    manager.wait("READY=1")
    wait_for(lambda: daemon.sql("SELECT count(*) FROM visit") == [(2,)])
    daemon.config.unlink()
    process.send_signal(signal.SIGHUP)
    manager.wait("READY=1")
    assert daemon.sql("SELECT count(*) FROM repository WHERE is_watched = 1") == [(2,)]
    process.terminate()
    assert "the settings stay as they were" in process.communicate()[1]


def test_workers_say_as_much_as_new_settings_ask_for(daemon, manager):
    daemon.watch("a-ok")
    process = daemon.start()
    manager.wait("READY=1")
    wait_for(lambda: daemon.sql("SELECT count(*) FROM visit") == [(1,)])
    daemon.watch("a-ok", "b-ok")
    daemon.config.write_text(daemon.config.read_text() + "log: { level: debug }\n")
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: daemon.sql("SELECT count(*) FROM visit") == [(2,)])
    assert ["--verbose" in words for words in daemon.started()] == [False, True]


def test_a_summary_is_logged_on_usr1(daemon, manager):
    daemon.watch("a-ok", "b-fail")
    process = daemon.start()
    manager.wait("READY=1")
    wait_for(lambda: daemon.sql("SELECT count(*) FROM visit") == [(2,)])
    process.send_signal(signal.SIGUSR1)
    time.sleep(0.1)
    process.terminate()
    assert "2 repositories, 0 at work, 1 failed, 0 left alone; 0 proposals" in process.communicate()[1]


def test_a_state_directory_has_one_service(daemon, manager):
    daemon.start()
    manager.wait("READY=1")
    run = daemon.run()
    assert run.returncode == 1
    assert "another upkeepd already serves" in run.stderr


def test_the_watchdog_is_fed_at_half_time(daemon, manager):
    daemon.environment["WATCHDOG_USEC"] = "2200000"
    daemon.start()
    manager.wait("WATCHDOG=1")
    began = time.monotonic()
    manager.wait("WATCHDOG=1")
    assert 0.8 < time.monotonic() - began < 2


def test_a_worker_beyond_its_lease_is_killed_and_the_job_tried_again(daemon, manager):
    daemon.environment["WATCHDOG_USEC"] = "2000000"  # a step a second
    daemon.watch("a-hang")
    daemon.start()
    pid = int(wait_for(lambda: (daemon.directory / "hangs").exists() and
                       (daemon.directory / "hangs").read_text()))
    daemon.sql("UPDATE repository SET lease_until = 1")
    wait_for(lambda: (daemon.directory / "hangs").read_text() not in ("", str(pid)))
    assert not is_alive(pid)
    assert daemon.sql("SELECT tries FROM repository") == [(2,)]


# Trouble with the store.

def test_a_damaged_database_is_set_aside_and_said(daemon):
    daemon.watch("a-ok")
    daemon.state.mkdir()
    (daemon.state / "upkeepd.db").write_bytes(b"no database at all")
    run = daemon.run("--run-once")
    assert run.returncode == 0
    assert "was damaged and is now" in run.stderr
    assert list(daemon.state.glob("upkeepd.db.corrupt-*"))


def test_a_newer_database_is_refused(daemon):
    daemon.run("--run-once")
    daemon.sql("PRAGMA user_version = 9999")
    run = daemon.run("--run-once")
    assert run.returncode == 2
    assert "version 9999" in run.stderr


def test_a_locked_database_is_waited_for_and_then_said(daemon):
    daemon.watch("a-ok")
    daemon.run("--run-once")
    db = sqlite3.connect(daemon.state / "upkeepd.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    run = daemon.run("--run-once")
    db.execute("ROLLBACK")
    assert run.returncode == 1
    assert "locked by another process" in run.stderr
    assert daemon.run("--run-once").returncode == 0


# status.

def test_status_shows_what_is_watched_and_wrong(daemon):
    daemon.watch("a-ok", "b-fail")
    daemon.run("--run-once")
    daemon.sql("INSERT INTO pause VALUES ('registry.test', 4102444800)")
    text = daemon.run("status").stdout
    assert "https://git.test/a-ok\n  next look: " in text
    assert "failed at " in text and ": as it was told\n" in text
    assert "registry.test asked not to be asked before 2100-01-01T00:00:00Z\n" in text
    status = json.loads(daemon.run("status", "--json").stdout)
    assert [(one["repository"], one["state"]) for one in status["repositories"]] == \
        [("https://git.test/a-ok", "ok"), ("https://git.test/b-fail", "failed")]
    assert status["pauses"] == [{"host": "registry.test", "until": "2100-01-01T00:00:00Z"}]
    assert status["last_run"]["requests"] == {"registry.test": 4}


def test_status_without_a_database_says_so(daemon):
    run = daemon.run("status")
    assert run.returncode == 1
    assert "there is no state directory" in run.stderr
    daemon.state.mkdir()
    assert "there is no state database" in daemon.run("status").stderr
