# SPDX-License-Identifier: MIT
"""A certificate authority of our own, and a certificate for loopback by it."""
import subprocess

import pytest

from .places import program


class Authority:
    def __init__(self, folder):
        self.ca = folder / "ca.pem"
        self.certificate = folder / "server.pem"
        self.key = folder / "server.key"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-days", "2", "-subj", "/CN=test authority",
                      "-keyout", folder / "ca.key", "-out", self.ca)
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", "/CN=localhost", "-keyout", self.key, "-out", folder / "server.csr")
        (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1,"
                                      "DNS:example.test,DNS:other.test\n")
        self._openssl("x509", "-req", "-in", folder / "server.csr", "-CA", self.ca,
                      "-CAkey", folder / "ca.key", "-CAcreateserial", "-days", "2",
                      "-extfile", folder / "names", "-out", self.certificate)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run([program("openssl"), *map(str, arguments)], check=True,
                       capture_output=True)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))
