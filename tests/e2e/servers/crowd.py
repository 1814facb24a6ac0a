# SPDX-License-Identifier: MIT
"""A thousand git repositories on loopback, all the same one on disk: what git answers about
it is remembered by the question, pushes are taken and remembered by name.

    crowd.fill({"Dockerfile": …})
    crowd.url(7)
    crowd.trouble[7] = 500          # a status; HANG, HANG_UP, GARBAGE
    crowd.pushed[7]                 # branch → commit
    crowd.take_requests()           # since the last call: (number, what was asked)
"""
import http.server
import os
import re
import subprocess
import threading

import pytest

from .git_server import ENVIRONMENT, Repository
from .places import program

HANG, HANG_UP, GARBAGE = "hang", "hang up", "garbage"
FLUSH = b"0000"


def line(text):
    return b"%04x" % (len(text) + 4) + text


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        self.serve(self.rfile.read(int(self.headers["Content-Length"])))

    def serve(self, body):
        found = re.match(r"/([0-9]+)\.git/(info/refs\?service=)?(git-[a-z]+-pack)$", self.path)
        number, is_offer, service = int(found[1]), bool(found[2]), found[3]
        crowd = self.server
        crowd.requests.append((number, service))
        trouble = crowd.trouble.get(number)
        if trouble == HANG:
            crowd.is_over.wait()
        if trouble in (HANG, HANG_UP):
            self.close_connection = True
        elif trouble == GARBAGE:
            self.answer(200, b"\x00garbage", service, is_offer)
        elif trouble:
            self.answer(trouble, b"", service, is_offer)
        elif service == "git-receive-pack" and not is_offer:
            self.answer(200, crowd.take_push(number, body), service, is_offer)
        else:
            self.answer(200, crowd.ask(number, service, is_offer, body), service, is_offer)

    def answer(self, status, body, service, is_offer):
        self.send_response(status)
        self.send_header("Content-Type", f"application/x-{service}-{'advertisement' if is_offer else 'result'}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Crowd(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.repository = Repository(folder / "template.git", "")
        self.answers, self.packs, self.lock = {}, set(), threading.Lock()
        self.trouble, self.pushed, self.requests = {}, {}, []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def fill(self, files):
        self.repository.configure(uploadpack_allowFilter="true", uploadpack_allowAnySHA1InWant="true")
        self.repository.commit(files)
        self.answers.clear()

    def url(self, number):
        return f"http://127.0.0.1:{self.server_address[1]}/{number}.git"

    def ask(self, number, service, is_offer, body):
        key = (service, is_offer, body)
        with self.lock:
            if key not in self.answers:
                self.answers[key] = self.ask_git(*key)
            answer = self.answers[key]
        if b"command=ls-refs" in body and b"ref-prefix refs/heads/upkeepd" in body:
            own = "".join(f"{commit} {ref}\n" for ref, commit in sorted(self.pushed.get(number, {}).items()))
            answer = answer.removesuffix(FLUSH) + b"".join(line(one.encode() + b"\n") for one in own.splitlines()) + FLUSH
        return answer

    def ask_git(self, service, is_offer, body):
        words = ["--stateless-rpc", *(["--http-backend-info-refs"] if is_offer else [])]
        environment = {**ENVIRONMENT, **({"GIT_PROTOCOL": "version=2"} if service == "git-upload-pack" else {})}
        answer = subprocess.run([program("git"), service.removeprefix("git-"), *words, str(self.repository.path)],
                                input=body, capture_output=True, check=True, env=environment).stdout
        return (line(f"# service={service}\n".encode()) + FLUSH if is_offer else b"") + answer

    def take_push(self, number, body):
        """Takes what is pushed on its word: "OLD NEW REF\\0…" in each line."""
        refs, report = self.pushed.setdefault(number, {}), line(b"unpack ok\n")
        while (length := int(body[:4], 16)) != 0:
            old, new, ref = body[4:length].split(b"\0")[0].decode().split()
            refs[ref] = new
            if set(new) == {"0"}:
                del refs[ref]
            report += line(f"ok {ref}\n".encode())
            body = body[length:]
        with self.lock:
            if body[4:] and body[4:] not in self.packs:  # the same from all
                self.packs.add(body[4:])
                self.repository.git("unpack-objects", "-q", input=body[4:])
        return line(b"\1" + report + FLUSH) + FLUSH  # side-band-64k, as asked for

    def take_requests(self):
        taken, self.requests = self.requests, []
        return taken

    def stop(self):
        self.is_over.set()
        self.shutdown()
        self.thread.join()
        self.server_close()


@pytest.fixture
def crowd(tmp_path):
    server = Crowd(tmp_path)
    yield server
    server.stop()
