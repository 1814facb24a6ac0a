# SPDX-License-Identifier: MIT
"""What servers have in common that die when they are told to, in the middle of a run.

    server.die_at(3)                   # the third request from now never arrives
    server.die_at(3, is_done=True)     # it is carried out, but nobody hears of it
    server.die_at(3, for_once=True)    # this one alone is lost
    server.die_at(3, for_once=502)     # it is answered so, by whoever stands in between
    server.kill_at(3, process)         # that process is killed as the third request arrives
    server.call_at(3, call)            # that is called before the third request is looked at
    server.revive()

Else they hang up on everybody once they are dead, until they are revived. `server.count` is
how many requests came since the last of these calls.
"""
import http.server
import os
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are sent apart: clients take 40 ms to acknowledge the first

    def log_message(self, *_):
        pass

    def content(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while length := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(length))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def let_down(self):
        """What who asked gets instead of an answer. Who is killed hears nothing more."""
        self.close_connection = True
        if self.server.victim is not None:
            self.server.victim.kill()
            self.rfile.read(1)  # until the connection ends with its process
            self.server.is_over.set()
        elif self.server.for_once not in (True, False):
            self.send_response(self.server.for_once)
            self.send_header("Content-Length", "0")
            self.end_headers()


class Dying(http.server.ThreadingHTTPServer):
    """A subclass calls start() when it is ready, and fate() for each request."""

    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.lock = threading.RLock()
        self.is_over = threading.Event()
        self.log = []  # of everything, (method, path)

    def start(self):
        self.revive()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()

    def die_at(self, number, is_done=False, for_once=False):
        with self.lock:
            self.count, self.last, self.is_done, self.for_once = 0, number, is_done, for_once
            self.victim = self.call = None
            self.is_over.clear()

    def kill_at(self, number, process, is_done=False):
        """Who asks is killed instead, as the request arrives or after it was carried out."""
        with self.lock:
            self.die_at(number, is_done)
            self.victim = process

    def call_at(self, number, call):
        with self.lock:
            self.die_at(number)
            self.call = call

    def revive(self):
        self.die_at(None)

    def fate(self):
        """What becomes of a request: "heard"; "lost"; "unheard": it is carried out. The two
        latter are let down in the end."""
        with self.lock:
            self.count += 1
            is_due = self.count == self.last
            if self.last is None or self.count < self.last or (self.for_once and not is_due):
                return "heard"
            if self.call is None:
                return "unheard" if is_due and self.is_done else "lost"
            call, self.call, self.last = self.call, None, None
        call()
        return "heard"


def sample(steps, number):
    """Every step with UPKEEPD_THOROUGH, else so many of them, spread evenly; one: in the middle."""
    if os.environ.get("UPKEEPD_THOROUGH") or steps <= number:
        return range(1, steps + 1)
    if number == 1:
        return [(steps + 1) // 2]
    return sorted({1 + i * (steps - 1) // (number - 1) for i in range(number)})
