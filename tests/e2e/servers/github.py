# SPDX-License-Identifier: MIT
"""A stand-in for GitHub Enterprise Server that remembers. Every request is held against
GitHub's own description of its API, cut down and closed (github_trim.py), and so is every
answer, completed with what upkeepd does not read; what the description does not allow is in
`github.breaches`, and a test that finds some there has failed."""
import base64
import re

import pytest

from . import github_api
from .github_app import Apps
from .github_source import Sources
from .standin import NOW, Refusal, StandIn

# Held against the published schema (@octokit/graphql-schema 15.26.1): the mutation is there,
# and these are all members of EnablePullRequestAutoMergeInput.
MUTATION = ("mutation($input: EnablePullRequestAutoMergeInput!) { "
            "enablePullRequestAutoMerge(input: $input) { clientMutationId } }")
CANCEL = ("mutation($input: DisablePullRequestAutoMergeInput!) { "
          "disablePullRequestAutoMerge(input: $input) { clientMutationId } }")
CANCEL_INPUT = {"clientMutationId", "pullRequestId"}
VIEWER = "{ viewer { login } }"
MUTATION_INPUT = {"authorEmail", "clientMutationId", "commitBody", "commitHeadline",
                  "expectedHeadOid", "mergeMethod", "pullRequestId"}


class GitHub(Apps, Sources, StandIn):
    api, prefix = "/api/v3", ""
    is_clean = False  # whether nothing is left that a merge would wait for

    def __init__(self, folder):
        self.folder, self.renamed = folder, {}
        self.begin_apps()
        super().__init__(folder)

    def clear(self):
        super().clear()
        self.documents = []  # of GraphQL, with their variables, and what was answered
        self.forms = set()   # of requests: what they are called, what their queries and bodies have

    def repository(self, name, files):
        repository = super().repository(name, files)
        repository.releases = []
        return repository

    def rename(self, repository):
        """Its old name leads to its number, which is nowhere described, and takes the place of
        its name; git to the new one."""
        old = repository.path.stem
        new = f"{old}-renamed"
        self.repositories[new] = self.repositories.pop(old)
        repository.path = repository.path.rename(repository.path.with_name(f"{new}.git"))
        self.renamed[old] = new

    def by_name(self, path):
        """The same request, of a repository by its name."""
        number = re.match(f"{self.api}/repositories/([0-9]+)", path)
        for name, repository in self.repositories.items():
            if number and repository.id == int(number[1]):
                return f"{self.api}/repos/acme/{name}{path[number.end():]}"
        return path

    def moved_to(self, path):
        """What GitHub says of where a repository is that was renamed; None: it was not."""
        own = re.match(rf"(/acme/|{self.api}/repos/acme/)([^/?]+?)(\.git)?(?=[/?]|$)", path)
        if own is None or own[2] not in self.renamed:
            return None
        new = self.renamed[own[2]]
        place = f"/acme/{new}.git" if own[3] else f"{self.api}/repositories/{self.repositories[new].id}"
        return self.url + place + path[own.end():]

    def answer(self, method, path, headers, content):
        location = self.moved_to(path)
        if location is not None:
            return 301, {"Location": location}, b'{"message": "Moved Permanently"}'
        return super().answer(method, self.by_name(path), headers, content)

    def is_let_in(self, headers):
        kind, _, bearer = headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            bearer = base64.b64decode(bearer).decode().split(":", 1)[1]
        return bearer in self.tokens or self.is_app(bearer) or super().is_let_in(headers)

    def table(self):
        own = "/repos/acme/([^/]+)"
        return [
            ("GET", own, self.show),
            ("GET", f"{own}/pulls", self.list),
            ("POST", f"{own}/pulls", self.open),
            ("GET", f"{own}/pulls/([0-9]+)", self.look),
            ("PATCH", f"{own}/pulls/([0-9]+)", self.change),
            ("POST", f"{own}/pulls/([0-9]+)/requested_reviewers", self.ask),
            ("PUT", f"{own}/pulls/([0-9]+)/merge", self.merge),
            ("GET", f"{own}/labels", lambda _, __, name: [{"name": label} for label in self.must_have(name).labels]),
            ("POST", f"{own}/labels", self.make_label),
            ("POST", f"{own}/issues/([0-9]+)/labels", self.label),
            ("POST", f"{own}/issues/([0-9]+)/assignees", self.assign),
            ("GET", f"{own}/issues", self.list_issues),
            ("POST", f"{own}/issues", self.open_issue),
            ("GET", f"{own}/issues/([0-9]+)", lambda _, __, name, number: self.view_issue(self.issue(name, number))),
            ("PATCH", f"{own}/issues/([0-9]+)", self.change_issue),
            ("GET", f"{own}/issues/([0-9]+)/comments", self.hear),
            ("POST", f"{own}/issues/([0-9]+)/comments", self.say),
            ("GET", f"{own}/issues/comments", self.hear_all),
            ("POST", f"{own}/issues/comments/([0-9]+)/reactions", self.react),
            ("GET", f"{own}/collaborators/([^/]+)/permission", self.tell_rights),
            ("GET", "/user", self.tell_user),
            ("GET", "/user/repos", self.list_repositories),
            *self.app_routes(),
            *self.source_routes(),
        ]

    @staticmethod
    def is_probe(method, body):
        """What `auth check` asks, to be refused: it tells what a token may do."""
        return method == "POST" and body == {}

    def examine(self, method, place, query, body):
        if place == "/api/graphql":
            self.forms.add(("POST /graphql", "", " ".join(sorted(body))))
            return
        name = github_api.named(method, place)
        if name is None:
            self.breaches.append(f"{method} {place}: not described")
            return
        self.forms.add((name, " ".join(sorted(query)), " ".join(sorted(body or {}))))
        self.judge(name, self.bearer)
        if self.is_probe(method, body):
            raise Refusal(422, {"message": "Invalid request.\n\nNo fields were given."})
        self.breaches += github_api.breaches_of_query(name, query)
        self.breaches += github_api.breaches_of_body(name, body)

    def dressed(self, method, place, status, body):
        name = github_api.named(method, place)
        if name is None:
            return body
        body = github_api.complete_answer(name, status, body)
        self.breaches += github_api.breaches_of_answer(name, status, body)
        return body

    def route(self, method, place, body, query):
        """GraphQL is not below the API; of it there is what upkeepd asks."""
        if (method, place) != ("POST", "/api/graphql"):
            return super().route(method, place, body, query)
        status, answer = self.ask_graph(body)
        self.documents.append({**body, "answer": answer})
        return status, answer

    def ask_graph(self, body):
        if body == {"query": VIEWER}:
            return 200, {"data": {"viewer": {"login": "bot"}}}
        wanted = body["variables"]["input"]
        is_cancel = body["query"] == CANCEL
        for key in wanted.keys() - (CANCEL_INPUT if is_cancel else MUTATION_INPUT):
            self.breaches.append(f"{body['query']}: no '{key}'")
        if body["query"] not in (MUTATION, CANCEL):
            self.breaches.append(f"another query: {body['query']}")
        name, number = re.fullmatch("PR_([a-z0-9]+)_([0-9]+)", wanted["pullRequestId"]).groups()
        repository = self.must_have(name)
        proposal = self.proposal(repository, number)
        if is_cancel:
            if not proposal["automerge"]:
                return 200, {"errors": [{"message": "Can't disable auto-merge for this pull request."}]}
            proposal["automerge"] = None
            return 200, {"data": {"disablePullRequestAutoMerge": {"clientMutationId": None}}}
        if wanted["expectedHeadOid"] != repository.tip(proposal["head"]):
            return 200, {"errors": [{"type": "STALE_DATA", "message": "The head has moved"}]}
        if self.is_clean:
            return 200, {"errors": [{"type": "UNPROCESSABLE", "message": "Pull request is in clean status"}]}
        proposal["automerge"] = wanted["mergeMethod"]
        return 200, {"data": {"enablePullRequestAutoMerge": {"clientMutationId": None}}}

    # Routes.

    def tell_user(self, *_):
        """An App's token has no user."""
        if self.bearer in self.tokens:
            raise Refusal(403, {"message": "Resource not accessible by integration"})
        return {"login": "bot", "id": 7, "type": "User"}

    def view(self, name, proposal):
        repository = self.must_have(name)
        head = proposal["sha"] = repository.tip(proposal["head"]) or proposal.get("sha")
        home = {"id": repository.id, "full_name": f"acme/{name}"}
        return {"number": proposal["number"], "node_id": f"PR_{name}_{proposal['number']}",
                "state": "open" if proposal["state"] == "open" else "closed",
                "merged_at": NOW if proposal["state"] == "merged" else None,
                "title": proposal["title"], "body": proposal["body"], "updated_at": NOW,
                "draft": proposal["is_draft"], "user": {"login": "bot"},
                "auto_merge": {"merge_method": proposal["automerge"].lower()} if proposal["automerge"] else None,
                "head": {"ref": proposal["head"], "sha": head, "repo": home},
                "base": {"ref": proposal["base"], "repo": home},
                "labels": [{"name": label} for label in proposal["labels"]]}

    def show(self, _, __, name):
        return {"id": self.must_have(name).id, "full_name": f"acme/{name}", "default_branch": "main",
                "permissions": {"push": True}, "archived": False, "allow_merge_commit": True}

    def list(self, _, query, name):
        owner, _, head = query.get("head", "").partition(":")
        found = [self.view(name, proposal) for proposal in self.must_have(name).proposals]
        return [one for one in found if one["state"] == query.get("state", "open")
                and (not owner or one["head"]["ref"] == head)]

    def open(self, body, _, name):
        repository = self.must_have(name)
        tip = repository.tip(body["head"])

        def invalid(**error):
            return Refusal(422, {"message": "Validation Failed", "errors": [{"resource": "PullRequest", **error}]})
        if tip is None:
            raise invalid(field="head", code="invalid")
        if tip == repository.tip(body["base"]):
            raise invalid(code="custom", message=f"No commits between {body['base']} and {body['head']}")
        if any(one["state"] == "open" and one["head"] == body["head"] for one in repository.proposals):
            raise invalid(code="custom", message=f"A pull request already exists for acme:{body['head']}.")
        proposal = self.make(repository, body["head"], body["base"], body["title"], body["body"])
        proposal["is_draft"] = body.get("draft", False)
        return 201, self.view(name, proposal)

    def look(self, _, __, name, number):
        return self.view(name, self.proposal(self.must_have(name), number))

    def change(self, body, _, name, number):
        proposal = self.proposal(self.must_have(name), number)
        proposal.update({key: body[key] for key in ("title", "body", "base", "state") if key in body})
        return self.view(name, proposal)

    def ask(self, body, _, name, number):
        proposal = self.proposal(self.must_have(name), number)
        if "ghost" in body.get("reviewers", []):  # one is enough for all to be refused
            raise Refusal(422, None)  # as it is described
        proposal["reviewers"] += [one for one in body.get("reviewers", []) + body.get("team_reviewers", [])
                                  if one not in proposal["reviewers"]]
        return 201, self.view(name, proposal)

    def merge(self, body, _, name, number):
        repository = self.must_have(name)
        proposal = self.proposal(repository, number)
        if body["sha"] != repository.tip(proposal["head"]):
            raise Refusal(409, {"message": "Head branch was modified."})
        repository.set("main", body["sha"])
        proposal["state"] = "merged"
        return {"merged": True}

    def make_label(self, body, _, name):
        labels = self.must_have(name).labels
        if body["name"] in labels:
            raise Refusal(422, {"errors": [{"resource": "Label", "code": "already_exists", "field": "name"}]})
        labels[body["name"]] = body["color"]
        return 201, {"name": body["name"]}

    def label(self, body, _, name, number):
        proposal = self.proposal(self.must_have(name), number)
        proposal["labels"] += [label for label in body["labels"] if label not in proposal["labels"]]
        return [{"name": label} for label in proposal["labels"]]

    def assign(self, body, _, name, number):
        proposal = self.proposal(self.must_have(name), number)
        proposal["assignees"] = [one for one in body["assignees"] if one != "ghost"]
        return 201, {"assignees": [{"login": one} for one in proposal["assignees"]]}

    # An issue is a proposal without a branch, and they are counted together.

    def issue(self, name, number):
        repository = self.must_have(name)
        for one in repository.issues + repository.proposals:
            if one["number"] == int(number):
                return one
        raise Refusal(404, {"message": "Not Found"})

    @staticmethod
    def view_issue(issue):
        return {"number": issue["number"], "title": issue["title"], "body": issue["body"], "user": {"login": "bot"},
                "state": "open" if issue["state"] == "open" else "closed",
                **({"pull_request": {}} if issue["head"] else {})}

    def list_issues(self, _, query, name):
        repository = self.must_have(name)
        return [self.view_issue(one) for one in repository.issues + repository.proposals
                if (one["state"] == "open") == (query.get("state", "open") == "open")
                and query.get("creator", "bot") == "bot"]

    def open_issue(self, body, _, name):
        issue = self.make(self.must_have(name), None, None, body["title"], body["body"])
        return 201, self.view_issue(issue)

    def change_issue(self, body, _, name, number):
        issue = self.issue(name, number)
        issue.update(body)
        return self.view_issue(issue)

    def react(self, body, _, name, comment):
        thumb = (int(comment), body["content"])
        is_new = thumb not in self.must_have(name).thumbs
        self.must_have(name).thumbs.add(thumb)
        return 201 if is_new else 200, {"content": body["content"], "user": {"login": "bot"}}

    def tell_rights(self, _, __, name, login):
        right = self.must_have(name).people.get(login, "none")
        return {"permission": right, "role_name": right, "user": {"login": login}}

    @staticmethod
    def comment(one):
        kind = "Bot" if one["author"].endswith("[bot]") else "User"
        return {"id": one["id"], "body": one["body"], "user": {"login": one["author"], "id": 7, "type": kind},
                "created_at": one["said_at"], "updated_at": one["changed_at"],
                "issue_url": f"https://h/issues/{one['number']}"}

    def hear(self, _, query, name, number):
        return [self.comment(one) for one in self.must_have(name).comments[int(number)]
                if one["changed_at"] >= query.get("since", "")]

    def hear_all(self, _, query, name):
        said = sum(self.must_have(name).comments.values(), [])
        return [self.comment(one) for one in sorted(said, key=lambda one: one["changed_at"])
                if one["changed_at"] >= query.get("since", "")]

    def say(self, body, _, name, number):
        return 201, self.comment(self.said(self.must_have(name), number, body["body"]))

    def list_repositories(self, *_):
        """What the test says of one beside its name: archived=True, fork=True, …"""
        return [{"name": name, "owner": {"login": "acme"}, "permissions": {"push": True},
                 **getattr(repository, "facts", {})} for name, repository in self.repositories.items()]


@pytest.fixture
def github(tmp_path_factory):
    server = GitHub(tmp_path_factory.mktemp("github"))
    yield server
    server.stop()
    assert server.breaches == [], "\n".join(server.breaches)
