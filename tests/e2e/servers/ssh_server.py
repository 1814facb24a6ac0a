# SPDX-License-Identifier: MIT
"""OpenSSH's server for whoever runs the tests, with keys of its own."""
import getpass
import os
import pathlib
import subprocess

import pytest

from .places import program
from .ports import free_port

LEAKS = pathlib.Path(__file__).with_name("libgit2.supp")


class SshServer:
    def __init__(self, folder):
        self.port = free_port()
        for name in ("host", "user"):
            subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", name,
                            "-f", str(folder / name)], check=True)
        kind, key, _ = (folder / "host.pub").read_text().split()
        known = folder / "known_hosts"
        known.write_text(f"[localhost]:{self.port} {kind} {key}\n")
        configuration = folder / "sshd_config"
        configuration.write_text(f"""
            ListenAddress 127.0.0.1
            Port {self.port}
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/user.pub
            PasswordAuthentication no
            StrictModes no
            UsePAM no
            PidFile {folder}/sshd.pid
            PermitRootLogin yes
        """)
        self.settings = {"known_hosts": str(known), "secret": (folder / "user").read_text()}
        self.strange_key = (folder / "host").read_text()
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)  # where it locks itself in
        # It returns when it listens.
        subprocess.run([program("sshd"), "-f", str(configuration), "-E", str(folder / "log")],
                       check=True)
        self.pid_file = folder / "sshd.pid"

    @property
    def environment(self):
        return {"LSAN_OPTIONS": f"suppressions={LEAKS}:print_suppressions=0"}

    def url(self, repository):
        return f"ssh://{getpass.getuser()}@localhost:{self.port}{repository.path}"

    def stop(self):
        os.kill(int(self.pid_file.read_text()), 15)


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory):
    program("sshd")
    server = SshServer(tmp_path_factory.mktemp("ssh"))
    yield server
    server.stop()
