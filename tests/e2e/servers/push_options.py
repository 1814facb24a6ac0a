# SPDX-License-Identifier: MIT
"""GitLab's part where merge requests are opened, reworded and closed by what is pushed, as
its documentation has it: a hook of the repository.

    push_options.install(repository)
    push_options.requests(repository)   # [{"branch": …, "state": "open", "title": […], …}]
    push_options.ignore(repository)     # of the next push, as who dies when the branch is there
"""
import json
import pathlib
import sys

# Nothing of it is in a request: git has run the hook when it answers.
HOOK = """exec {python} - 3<&0 <<'END'
import json, os, pathlib, sys
deaf = pathlib.Path("deaf")
if deaf.exists():
    deaf.unlink()
    sys.exit()
memory = pathlib.Path("requests.json")
requests = json.loads(memory.read_text()) if memory.exists() else []
options = [os.environ[f"GIT_PUSH_OPTION_{{i}}"] for i in range(int(os.environ.get("GIT_PUSH_OPTION_COUNT", 0)))]
mine = {{}}
for option in options:
    name, _, value = option.removeprefix("merge_request.").partition("=")
    mine.setdefault(name, []).append(value.replace("\\\\n", "\\n"))
for line in os.fdopen(3):
    _, new, ref = line.split()
    branch = ref.removeprefix("refs/heads/")
    found = [one for one in requests if one["branch"] == branch and one["state"] == "open"]
    if set(new) == {{"0"}}:
        for one in found:
            one["state"] = "closed"
    elif mine and found:
        found[0].update(mine)
    elif mine and "create" not in mine:
        print("WARNINGS:\\nA merge_request.create push option is required to create a merge request for", branch)
    elif mine:
        requests.append({{"branch": branch, "state": "open", **mine}})
        found = requests[-1:]
    if mine and found:
        print(f"\\nView merge request for {{branch}}:\\n  https://inside.example/lab/acme/x/-/merge_requests/"
              f"{{requests.index(found[0]) + 1}}")
memory.write_text(json.dumps(requests))
END
"""


def install(repository):
    repository.configure(receive_advertisePushOptions="true")
    repository.hook("post-receive", HOOK.format(python=sys.executable))


def ignore(repository):
    """The next push."""
    (pathlib.Path(repository.path) / "deaf").touch()


def requests(repository):
    memory = pathlib.Path(repository.path) / "requests.json"
    return json.loads(memory.read_text()) if memory.exists() else []
