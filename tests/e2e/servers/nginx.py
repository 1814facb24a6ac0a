# SPDX-License-Identifier: MIT
"""nginx with a configuration of the test's, in the foreground of nothing: it returns
when its ports are open."""
import os
import signal
import subprocess

from .places import program


class Nginx:
    """`servers` is the text of `server { … }` blocks."""

    def __init__(self, folder, servers):
        self.folder = folder
        self.pid_file = folder / "nginx.pid"
        self.log = folder / "access.log"
        user = "user root;" if os.geteuid() == 0 else ""
        self.configuration = folder / "nginx.conf"
        self.configuration.write_text(f"""
            {user}
            worker_processes 1;
            pid {self.pid_file};
            error_log {folder}/error.log;
            events {{ }}
            http {{
                log_format short '$status $body_bytes_sent $request';
                access_log {self.log} short;
                client_body_temp_path {folder}/body;
                proxy_temp_path {folder}/proxy;
                fastcgi_temp_path {folder}/fastcgi;
                uwsgi_temp_path {folder}/uwsgi;
                scgi_temp_path {folder}/scgi;
                client_max_body_size 64m;
                {servers}
            }}
        """)
        subprocess.run([program("nginx"), "-c", str(self.configuration), "-p", str(folder),
                        "-e", f"{folder}/error.log"], check=True, capture_output=True)

    def stop(self):
        os.kill(int(self.pid_file.read_text()), signal.SIGTERM)
