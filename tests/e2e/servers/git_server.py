# SPDX-License-Identifier: MIT
"""git http-backend behind nginx, over TLS and HTTP/2: repositories to read and push.

Below /open/ everybody may do what the repository allows; below /private/ only `bot`
with the password `secret` gets in; /moved/X redirects to /open/X, /away/X to another
origin; /file/X is the repository's files, as a dumb server shows them; /old/X answers
in protocol version 0, whatever it is asked, /old-private/X so that only `bot` gets in.
"""
import os
import pathlib
import signal
import socket
import subprocess

import pytest

from .nginx import Nginx
from .places import program
from .ports import free_port

ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent",
               "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}


class Repository:
    """A bare repository on the server's disk, made and looked at with git itself."""

    def __init__(self, path, url, object_format="sha1"):
        self.path = path
        self.url = url
        subprocess.run([program("git"), "init", "-q", "--bare", "-b", "main",
                        f"--object-format={object_format}", str(path)],
                       check=True, env=ENVIRONMENT)

    def git(self, *arguments, raw=False, **more):
        run = subprocess.run([program("git"), "-C", str(self.path), *arguments], check=True,
                             env=ENVIRONMENT, capture_output=True, **more)
        return run.stdout if raw else run.stdout.decode().strip()

    def configure(self, **settings):
        for name, value in settings.items():
            self.git("config", name.replace("_", "."), value)
        return self

    def commit(self, files, branch="main", parent=None, **more):
        """A commit of `files` (path → text; None deletes) on top of the branch; its id.
        A path ending in * is executable, one in @ a symbolic link."""
        self.git("fast-import", "--quiet", "--force",
                 input=self._script(files, branch, parent or self.tip(branch), **more).encode())
        return self.tip(branch)

    def commit_all(self, commits, branch="main"):
        """Many commits at once, each the arguments of commit()."""
        scripts = [self._script(branch=branch, parent=None if n else self.tip(branch), **commit)
                   for n, commit in enumerate(commits)]
        self.git("fast-import", "--quiet", "--force", input="".join(scripts).encode())
        return self.tip(branch)

    def _script(self, files, branch, parent, message="change", author="Ann <ann@example.org>",
                at=1600000000):
        script = [f"commit refs/heads/{branch}\n"
                  f"author {author} {at} +0000\ncommitter {author} {at} +0000\n"]
        script.append(self._data(message))
        if parent:
            script.append(f"from {parent}\n")
        for path, text in files.items():
            if text is None:
                script.append(f"D {path}\n")
                continue
            mode = {"*": "100755", "@": "120000"}.get(path[-1], "100644")
            script.append(f"M {mode} inline {path.rstrip('*@')}\n" + self._data(text))
        return "".join(script)

    @staticmethod
    def _data(text):
        return f"data {len(text.encode())}\n{text}\n"

    def tip(self, branch):
        run = subprocess.run([program("git"), "-C", str(self.path), "rev-parse", "-q", "--verify",
                              f"refs/heads/{branch}"], env=ENVIRONMENT, capture_output=True)
        return run.stdout.decode().strip() or None

    def branches(self):
        """Every branch with its commit."""
        text = self.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
        return dict(line.split() for line in text.splitlines())

    def set(self, branch, commit):
        if commit is None:
            self.git("update-ref", "-d", f"refs/heads/{branch}")
        else:
            self.git("update-ref", f"refs/heads/{branch}", commit)

    def read(self, branch, path):
        return self.git("show", f"refs/heads/{branch}:{path}") + "\n"

    def hook(self, name, script):
        path = pathlib.Path(self.path) / "hooks" / name
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        return self


class GitServer:
    def __init__(self, folder, authority):
        self.authority = authority
        self.root = folder / "repositories"
        self.root.mkdir()
        self.port = free_port()
        self.origin = f"https://localhost:{self.port}"
        self.socket_path = folder / "fcgi.sock"
        self.users = folder / "users"
        hashed = subprocess.run([program("openssl"), "passwd", "-apr1", "secret"], check=True,
                                capture_output=True, text=True).stdout
        self.users.write_text(f"bot:{hashed}")
        # A listening socket as standard input is how FastCGI programs are started.
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.socket_path))
            listener.listen(64)
            self.wrapper = subprocess.Popen([program("fcgiwrap"), "-c", "2"], stdin=listener,
                                            stderr=subprocess.DEVNULL, start_new_session=True)
        self.nginx = Nginx(folder, self._configuration())

    def _configuration(self):
        backend = subprocess.run([program("git"), "--exec-path"], check=True, capture_output=True,
                                 text=True).stdout.strip() + "/git-http-backend"
        cgi = f"""
            fastcgi_pass unix:{self.socket_path};
            fastcgi_param SCRIPT_FILENAME {backend};
            fastcgi_param GIT_PROJECT_ROOT {self.root};
            fastcgi_param GIT_HTTP_EXPORT_ALL "";
            fastcgi_param PATH_INFO /$1;
            fastcgi_param QUERY_STRING $query_string;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param CONTENT_TYPE $content_type;
            fastcgi_param CONTENT_LENGTH $content_length;
        """
        return f"""server {{
            listen 127.0.0.1:{self.port} ssl http2;
            ssl_certificate {self.authority.certificate};
            ssl_certificate_key {self.authority.key};
            location ~ ^/open/(.*)$ {{
                {cgi}
                fastcgi_param GIT_PROTOCOL $http_git_protocol;
            }}
            location ~ ^/old/(.*)$ {{
                {cgi}
                fastcgi_pass_request_headers off;
            }}
            location ~ ^/private/(.*)$ {{
                auth_basic private;
                auth_basic_user_file {self.users};
                {cgi}
                fastcgi_param GIT_PROTOCOL $http_git_protocol;
                fastcgi_param REMOTE_USER $remote_user;
            }}
            location ~ ^/old-private/(.*)$ {{
                auth_basic private;
                auth_basic_user_file {self.users};
                {cgi}
                fastcgi_param REMOTE_USER $remote_user;
                fastcgi_pass_request_headers off;
            }}
            location /moved/ {{ rewrite ^/moved/(.*)$ /open/$1 permanent; }}
            location /away/ {{ rewrite ^/away/(.*)$ https://127.0.0.1:{self.port}/open/$1 permanent; }}
            location /file/ {{ alias {self.root}/; }}
            location /page/ {{ default_type text/html; return 200 "<html>Sign in</html>"; }}
            location /busy/ {{ add_header Retry-After 3600 always; return 429; }}
            location /broken/ {{ return 500; }}
        }}"""

    def repository(self, name, place="open", object_format="sha1"):
        return Repository(self.root / f"{name}.git", f"{self.origin}/{place}/{name}.git",
                          object_format)

    def requests(self):
        """What was asked so far: (status, bytes of the body, request)."""
        rows = [row.split(" ", 2) for row in self.nginx.log.read_text().splitlines()]
        return [(int(status), int(size), request) for status, size, request in rows]

    def stop(self):
        self.nginx.stop()
        os.killpg(self.wrapper.pid, signal.SIGTERM)  # its workers do not end with it
        self.wrapper.wait()


@pytest.fixture(scope="session")
def git_server(tmp_path_factory, authority):
    program("git"), program("fcgiwrap"), program("nginx")
    server = GitServer(tmp_path_factory.mktemp("git"), authority)
    yield server
    server.stop()
