#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Stands beside a copy of upkeepd as upkeepd-worker. It takes jobs from the queue as
store/queue.c does, and then behaves as the last word of the repository's name says:
ok, fail, die, hang, stuck (for long already), leave, talk, slow. Any other command than jobs: prints its
arguments as JSON and ends with status 7."""
import ctypes
import json
import os
import pathlib
import signal
import sqlite3
import sys
import time

LEASE = 30 * 60
PR_SET_PDEATHSIG = 1


def words_after(option, default):
    return sys.argv[sys.argv.index(option) + 1] if option in sys.argv else default


def take(db, run):
    cursor = db.execute("UPDATE repository SET pid = ?, lease_until = ?, tries = tries + 1,"
                        " generation = generation + 1 WHERE name = (SELECT name FROM repository"
                        " WHERE run = ? AND pid = 0 ORDER BY queued_at, name LIMIT 1) RETURNING name",
                        (os.getpid(), int(time.time()) + LEASE, run))
    row = cursor.fetchone()
    cursor.close()
    return row and row[0]


def finish(db, run, name, failure=None):
    db.execute("BEGIN IMMEDIATE")
    visit = db.execute("INSERT INTO visit (run, repository, is_dry, started_at, duration_ms, cpu_ms,"
                       " peak_kib, bytes, failure, error) VALUES (?, ?, 0, ?, 5, 3, 9000, 1000, ?, ?)",
                       (run, name, int(time.time()), failure, failure and "as it was told")).lastrowid
    db.execute("INSERT INTO visit_host VALUES (?, 'registry.test', 2)", (visit,))
    db.execute("INSERT INTO outcome (visit, branch, action) VALUES (?, 'upkeepd/docker/a-1', 0)", (visit,))
    db.execute("UPDATE repository SET run = 0, pid = 0, tries = 0, lease_until = 0, next_at = ?,"
               " succeeded_at = ?, failure = ?, error = ? WHERE name = ?",
               (int(time.time()) + 3600, int(time.time()), failure, failure and "as it was told", name))
    db.execute("COMMIT")


def say(name, text):
    if "--json" in sys.argv:
        print(json.dumps({"event": "outcome", "repository": name, "text": text}), flush=True)
    elif "report" in sys.argv:
        sys.stdout.write(f"{name}\n  {text}\n\0")
        sys.stdout.flush()


def work(db, run, name):
    how = name.rsplit("/", 1)[-1].rsplit("-", 1)[-1]
    if how == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "leave":
        sys.exit(0)
    if how == "hang":
        (pathlib.Path(os.environ["FAKE"]) / "hangs").write_text(str(os.getpid()))
        time.sleep(600)
    if how == "stuck":
        db.execute("UPDATE repository SET lease_until = lease_until - 60 WHERE name = ?", (name,))
        time.sleep(600)
    if how == "slow":
        time.sleep(0.3)
    say(name, "x" * 200000 if how == "talk" else "did its work")
    finish(db, run, name, "net" if how == "fail" else None)


def main():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if "jobs" not in sys.argv:
        print(json.dumps(sys.argv[1:]))
        sys.exit(7)
    state = words_after("--state", os.environ.get("STATE_DIRECTORY"))
    run = int(words_after("jobs", "0"))
    with open(pathlib.Path(os.environ["FAKE"]) / "started", "a") as started:
        started.write(json.dumps(sys.argv[1:]) + "\n")
    if os.environ.get("FAKE_BROKEN"):
        sys.exit(1)
    db = sqlite3.connect(state + "/upkeepd.db", timeout=5, isolation_level=None)
    while name := take(db, run):
        work(db, run, name)


main()
