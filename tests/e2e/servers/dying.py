# SPDX-License-Identifier: MIT
"""What servers have in common that die when they are told to, in the middle of a run.

    server.die_at(3)                   # the third request from now never arrives
    server.die_at(3, is_done=True)     # it is carried out, but nobody hears of it
    server.kill_at(3, process)         # that process is killed as the third request arrives
    server.revive()

Once dead they hang up on everybody until they are revived. `server.count` is how many
requests came since the last of these calls.
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


class Dying(http.server.ThreadingHTTPServer):
    """A subclass calls start() when it is ready, and fate() for each request."""

    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.lock = threading.RLock()
        self.log = []  # of everything, (method, path)

    def start(self):
        self.revive()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()

    def die_at(self, number, is_done=False):
        with self.lock:
            self.count, self.last, self.is_done, self.victim = 0, number, is_done, None

    def kill_at(self, number, process, is_done=False):
        """Who asks is killed instead, as the request arrives or after it was carried out."""
        with self.lock:
            self.die_at(number, is_done)
            self.victim = process

    def revive(self):
        self.die_at(None)

    def fate(self):
        with self.lock:
            self.count += 1
            if self.last is None or self.count < self.last:
                return "heard"
            if self.count == self.last and self.is_done:
                return "unheard"
            if not self.is_done:
                self.end()
            return "lost"

    def end(self):
        """A handler calls it when what nobody hears of is done."""
        if self.victim is not None:
            self.victim.kill()


def sample(steps, number):
    """Every step with UPKEEPD_THOROUGH, else so many of them, spread evenly; one: in the middle."""
    if os.environ.get("UPKEEPD_THOROUGH") or steps <= number:
        return range(1, steps + 1)
    if number == 1:
        return [(steps + 1) // 2]
    return sorted({1 + i * (steps - 1) // (number - 1) for i in range(number)})
