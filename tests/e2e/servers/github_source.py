# SPDX-License-Identifier: MIT
"""The part of the stand-in for GitHub that tells what a repository holds and has released.

    repository.releases.append({"tag_name": "v1.2.0", "name": "Second", "body": "Hello."})
"""
import base64
import subprocess

from .standin import Refusal


class Sources:
    def source_routes(self):
        own = "/repos/acme/([^/]+)"
        return [
            ("GET", f"{own}/releases", lambda _, __, name: self.must_have(name).releases),
            ("GET", f"{own}/compare/([^/]+)", self.compare),
            ("GET", f"{own}/contents/([^/]*)", self.contents),
        ]

    @staticmethod
    def ask_git(repository, *words, **more):
        try:
            return repository.git(*words, **more)
        except subprocess.CalledProcessError:
            raise Refusal(404, {"message": "Not Found"}) from None

    def compare(self, _, query, name, range):
        base, _, head = range.partition("...")
        repository = self.must_have(name)
        ids = self.ask_git(repository, "rev-list", "--reverse", f"{base}..{head}").split()
        size, page = int(query.get("per_page", 100)), int(query.get("page", 1))
        return {"status": "ahead", "ahead_by": len(ids), "total_commits": len(ids),
                "commits": [{"sha": id, "commit": {"message": self.ask_git(repository, "log", "-1", "--format=%B", id)}}
                            for id in ids[(page - 1) * size:page * size]]}

    def contents(self, _, query, name, path):
        repository = self.must_have(name)
        where = f"{query.get('ref', 'main')}:{path}"
        page = f"https://{self.url.partition('://')[2]}/acme/{name}/blob/main"
        if self.ask_git(repository, "cat-file", "-t", where) == "blob":
            text = self.ask_git(repository, "cat-file", "blob", where, raw=True)
            return {"type": "file", "name": path.rpartition("/")[2], "path": path, "size": len(text),
                    "html_url": f"{page}/{path}", "encoding": "base64", "content": base64.b64encode(text).decode()}
        found = []
        for line in self.ask_git(repository, "ls-tree", "-l", where).splitlines():
            _, kind, id, size, entry = line.split(maxsplit=4)
            whole = f"{path}/{entry}".lstrip("/")
            found.append({"type": {"blob": "file", "tree": "dir"}[kind], "name": entry, "path": whole, "sha": id,
                          "size": int(size) if kind == "blob" else 0, "html_url": f"{page}/{whole}"})
        return found
