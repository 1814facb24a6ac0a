# SPDX-License-Identifier: MIT
"""A stand-in for GitLab that remembers, at the path /lab of its host. What it takes is written as closed as its documentation has it: a member that it does not know is in
`gitlab.breaches`."""
import pytest

from .standin import Refusal, StandIn

STATES = {"open": "opened"}
KNOWN = {
    "open": {"source_branch", "target_branch", "title", "description", "labels", "assignee_ids",
             "reviewer_ids", "milestone_id", "remove_source_branch", "squash", "target_project_id"},
    "change": {"title", "description", "target_branch", "state_event", "add_labels", "remove_labels",
               "assignee_ids", "reviewer_ids", "milestone_id"},
    "say": {"body"},
    "react": {"name"},
    "open an issue": {"title", "description"},
    "change an issue": {"title", "description", "state_event"},
    "merge": {"merge_when_pipeline_succeeds", "should_remove_source_branch", "sha", "squash"},
}


class GitLab(StandIn):
    more = "forge-root: /lab,"
    owner = "group"  # what acme is; or "user"
    api, prefix = "/lab/api/v4", "/lab"

    def table(self):
        own = "/projects/([^/]+)"
        request = f"{own}/merge_requests/([0-9]+)"
        return [
            ("GET", own, lambda _, __, key: self.view_project(self.find(key))),
            ("GET", f"{own}/merge_requests", self.list),
            ("POST", f"{own}/merge_requests", self.open),
            ("GET", request, lambda _, __, key, number: self.view(self.find(key), self.proposal(self.find(key), number))),
            ("PUT", request, self.change),
            ("PUT", f"{request}/merge", self.merge),
            ("POST", f"{request}/cancel_merge_when_pipeline_succeeds", self.cancel_merge),
            ("GET", f"{request}/notes", self.hear),
            ("POST", f"{request}/notes", self.say),
            ("POST", f"{request}/notes/([0-9]+)/award_emoji", self.react),
            ("GET", f"{own}/issues", self.list_issues),
            ("POST", f"{own}/issues", self.open_issue),
            ("GET", f"{own}/issues/([0-9]+)", lambda _, __, key, number: self.view_issue(self.issue(key, number))),
            ("PUT", f"{own}/issues/([0-9]+)", self.change_issue),
            ("GET", f"{own}/members/all/([0-9]+)", self.tell_rights),
            ("GET", "/users", lambda _, query: [{"id": 3}] if query["username"] != "ghost" else []),
            ("GET", "/groups/acme/projects", lambda _, query: self.list_projects(query, "group")),
            ("GET", "/users/acme/projects", lambda _, query: self.list_projects(query, "user")),
            ("GET", "/personal_access_tokens/self", lambda *_: {"scopes": ["api"], "expires_at": self.expires_at}),
            ("GET", "/user", lambda *_: {"id": 7, "username": "bot"}),
        ]

    expires_at = None  # its token

    def list_projects(self, query, kind):
        """What the test says of one beside its name: archived=True, …"""
        wanted = {"archived": "false", "min_access_level": "30", "with_merge_requests_enabled": "true"}
        if not wanted.items() <= query.items() or kind != self.owner:
            raise Refusal(404, {"message": "404 Not Found"})
        return [{"id": repository.id, "path_with_namespace": f"acme/{name}",
                 **getattr(repository, "facts", {})} for name, repository in self.repositories.items()]

    def find(self, key):
        for name, repository in self.repositories.items():
            if key in (str(repository.id), f"acme/{name}"):
                return repository
        raise Refusal(404, {"message": "404 Project Not Found"})

    def known(self, deed, body):
        self.breaches += [f"{deed}: no '{key}'" for key in body.keys() - KNOWN[deed]]

    @staticmethod
    def view_project(repository):
        return {"id": repository.id, "default_branch": "main", "archived": False,
                "merge_requests_access_level": "enabled"}

    @staticmethod
    def view(repository, proposal):
        return {"iid": proposal["number"], "state": STATES.get(proposal["state"], proposal["state"]),
                "source_branch": proposal["head"], "target_branch": proposal["base"],
                "title": proposal["title"], "description": proposal["body"], "updated_at": proposal["changed_at"],
                "sha": repository.tip(proposal["head"]), "source_project_id": repository.id,
                "labels": proposal["labels"], "author": {"id": 7, "username": "bot"},
                "assignees": [{"id": one} for one in proposal["assignees"]],
                "reviewers": [{"id": one} for one in proposal["reviewers"]]}

    def list(self, _, query, key):
        repository = self.find(key)
        found = [self.view(repository, one) for one in reversed(repository.proposals)]
        return [one for one in found if query["state"] in ("all", one["state"])
                and query.get("source_branch", one["source_branch"]) == one["source_branch"]
                and one["updated_at"] >= query.get("updated_after", "")]

    def open(self, body, _, key):
        self.known("open", body)
        repository = self.find(key)
        if repository.tip(body["source_branch"]) is None:
            raise Refusal(400, {"message": {"source_branch": ["does not exist"]}})
        for one in repository.proposals:
            if one["state"] == "open" and one["head"] == body["source_branch"]:
                raise Refusal(409, {"message": ["Another open merge request already exists for this "
                                                f"source branch: !{one['number']}"]})
        proposal = self.make(repository, body["source_branch"], body["target_branch"], body["title"],
                             body["description"])
        return 201, self.view(repository, proposal)

    def change(self, body, _, key, number):
        self.known("change", body)
        repository = self.find(key)
        proposal = self.proposal(repository, number)
        for name, ours in (("title", "title"), ("description", "body"), ("target_branch", "base"),
                           ("assignee_ids", "assignees"), ("reviewer_ids", "reviewers")):
            if name in body:
                proposal[ours] = body[name]
        if "add_labels" in body:
            proposal["labels"] += [label for label in body["add_labels"].split(",")
                                   if label not in proposal["labels"]]
        if body.get("state_event") == "close":
            proposal["state"] = "closed"
        return self.view(repository, proposal)

    def merge(self, body, _, key, number):
        self.known("merge", body)
        repository = self.find(key)
        proposal = self.proposal(repository, number)
        if body["sha"] != repository.tip(proposal["head"]):
            raise Refusal(409, {"message": "SHA does not match HEAD of source branch"})
        proposal["automerge"] = True
        return self.view(repository, proposal)

    def cancel_merge(self, body, _, key, number):
        assert not body
        repository = self.find(key)
        proposal = self.proposal(repository, number)
        if proposal["state"] != "open":
            raise Refusal(405, {"message": "405 Method Not Allowed"})
        if not proposal["automerge"]:
            raise Refusal(406, {"message": "406 Not Acceptable"})
        proposal["automerge"] = None
        return 201, self.view(repository, proposal)

    # People have numbers, and their rights are numbers.

    @staticmethod
    def number_of(repository, login):
        return 7 if login == "bot" else 100 + [*repository.people, login].index(login)

    def tell_rights(self, _, __, key, number):
        repository = self.find(key)
        for login, right in repository.people.items():
            if self.number_of(repository, login) == int(number):
                return {"id": int(number), "username": login, "access_level": {"read": 20, "write": 30}[right]}
        raise Refusal(404, {"message": "404 Not found"})

    def note(self, repository, one):
        author = {"id": self.number_of(repository, one["author"]), "username": one["author"]}
        return {"id": one["id"], "body": one["body"], "system": False, "created_at": one["said_at"],
                "updated_at": one["changed_at"], "author": author}

    def hear(self, _, query, key, number):
        repository = self.find(key)
        said = [self.note(repository, one) for one in repository.comments[int(number)]]
        return said[::-1] if query.get("sort", "desc") == "desc" else said

    def say(self, body, _, key, number):
        self.known("say", body)
        return 201, self.note(self.find(key), self.said(self.find(key), number, body["body"]))

    def react(self, body, _, key, __, comment):
        self.known("react", body)
        thumbs, thumb = self.find(key).thumbs, (int(comment), body["name"])
        if thumb in thumbs:
            raise Refusal(404, {"message": "404 Award Emoji Name has already been taken Not Found"})
        thumbs.add(thumb)
        return 201, {"name": body["name"]}

    def issue(self, key, number):
        for one in self.find(key).issues:
            if one["number"] == int(number):
                return one
        raise Refusal(404, {"message": "404 Issue Not Found"})

    @staticmethod
    def view_issue(issue):
        return {"iid": issue["number"], "title": issue["title"], "description": issue["body"],
                "state": STATES.get(issue["state"], issue["state"]), "author": {"id": 7, "username": "bot"}}

    def list_issues(self, _, query, key):
        assert query["scope"] == "created_by_me"
        return [self.view_issue(one) for one in self.find(key).issues
                if query.get("state", "all") in ("all", STATES.get(one["state"], one["state"]))
                and query.get("iids[]", str(one["number"])) == str(one["number"])]

    def open_issue(self, body, _, key):
        self.known("open an issue", body)
        return 201, self.view_issue(self.make(self.find(key), None, None, body["title"], body["description"]))

    def change_issue(self, body, _, key, number):
        self.known("change an issue", body)
        issue = self.issue(key, number)
        issue["body"] = body.get("description", issue["body"])
        return self.view_issue(issue)


@pytest.fixture
def gitlab(tmp_path_factory):
    server = GitLab(tmp_path_factory.mktemp("gitlab"))
    yield server
    server.stop()
    assert server.breaches == [], "\n".join(server.breaches)
