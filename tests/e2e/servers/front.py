# SPDX-License-Identifier: MIT
"""TLS in front of the real Gitea: nginx, as people run it. Gitea does not know of it, so
every address that it tells is wrong, as behind many proxies.

    front.url_of(repository)   # https://localhost:…
    front.take_requests()      # (method, path below /api/v1 or of git, status), since the last call
"""
import pytest

from .nginx import Nginx
from .ports import free_port


class Front:
    def __init__(self, folder, gitea, authority):
        self.gitea = gitea
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self.taken = 0
        self.down = folder / "down"
        self.down.mkdir()
        self.nginx = Nginx(folder, f"""server {{
            listen 127.0.0.1:{self.port} ssl http2;
            ssl_certificate {authority.certificate};
            ssl_certificate_key {authority.key};
            location / {{
                if ($uri ~ "owner/([^/]+)") {{ set $repository $1; }}
                if (-f {folder}/down/$repository) {{ return 502; }}
                if ($uri ~ "owner/([^/]+)/.*/merge$") {{ set $merged $1; }}
                if (-f {folder}/down/$merged.merge) {{ return 403; }}
                proxy_pass {gitea.url};
                proxy_request_buffering off;
                proxy_set_header Git-Protocol $http_git_protocol;
            }}
        }}""")

    def url_of(self, repository):
        return f"{self.url}/owner/{repository.name}.git"

    def fail(self, repository):
        """Answers 502 to all that is about this repository, until heal()."""
        (self.down / repository.name).touch()

    def forbid_merges(self, repository):
        """Answers 403 to whoever merges there, until heal()."""
        (self.down / f"{repository.name}.merge").touch()

    def heal(self):
        for file in self.down.iterdir():
            file.unlink()

    def take_requests(self):
        rows = [row.split() for row in self.nginx.log.read_text().splitlines()]
        new, self.taken = rows[self.taken:], len(rows)
        return [(method, path.removeprefix("/api/v1"), int(status))
                for status, _, method, path, *_ in new]

    def stop(self):
        self.nginx.stop()


@pytest.fixture(scope="session")
def front(tmp_path_factory, gitea, authority):
    front = Front(tmp_path_factory.mktemp("front"), gitea, authority)
    yield front
    front.stop()
