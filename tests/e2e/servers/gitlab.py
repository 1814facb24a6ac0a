# SPDX-License-Identifier: MIT
"""A stand-in for GitLab that remembers, at the path /lab of its host. What it takes is written as closed as its documentation has it: a member that it does not know is in
`gitlab.breaches`."""
import pytest

from .standin import NOW, Refusal, StandIn

STATES = {"open": "opened"}
KNOWN = {
    "open": {"source_branch", "target_branch", "title", "description", "labels", "assignee_ids",
             "reviewer_ids", "milestone_id", "remove_source_branch", "squash", "target_project_id"},
    "change": {"title", "description", "target_branch", "state_event", "add_labels", "remove_labels",
               "assignee_ids", "reviewer_ids", "milestone_id"},
    "say": {"body"},
    "merge": {"merge_when_pipeline_succeeds", "should_remove_source_branch", "sha", "squash"},
}


class GitLab(StandIn):
    more = "forge-root: /lab,"
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
            ("GET", f"{request}/notes", self.hear),
            ("POST", f"{request}/notes", self.say),
            ("GET", "/users", lambda _, query: [{"id": 3}] if query["username"] != "ghost" else []),
            ("GET", "/user", lambda *_: {"id": 7, "username": "bot"}),
        ]

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
                "title": proposal["title"], "description": proposal["body"], "updated_at": NOW,
                "sha": repository.tip(proposal["head"]), "source_project_id": repository.id,
                "labels": proposal["labels"], "author": {"id": 7, "username": "bot"},
                "assignees": [{"id": one} for one in proposal["assignees"]],
                "reviewers": [{"id": one} for one in proposal["reviewers"]]}

    def list(self, _, query, key):
        repository = self.find(key)
        found = [self.view(repository, one) for one in reversed(repository.proposals)]
        return [one for one in found if query["state"] in ("all", one["state"])
                and query.get("source_branch", one["source_branch"]) == one["source_branch"]]

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

    @staticmethod
    def note(one):
        return {"id": one["id"], "body": one["body"], "system": False, "created_at": NOW,
                "updated_at": NOW, "author": {"id": 7, "username": one["author"]}}

    def hear(self, _, __, key, number):
        return [self.note(one) for one in self.find(key).comments[int(number)]]

    def say(self, body, _, key, number):
        self.known("say", body)
        return 201, self.note(self.said(self.find(key), number, body["body"]))


@pytest.fixture
def gitlab(tmp_path_factory):
    server = GitLab(tmp_path_factory.mktemp("gitlab"))
    yield server
    server.stop()
    assert server.breaches == []
