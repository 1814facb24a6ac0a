# SPDX-License-Identifier: MIT
"""All that upkeepd can ask of GitHub, in front of Prism with GitHub's published description:
what that does not allow, and whatever is asked that is not on the list of
servers/github_trim.py, is a breach, with which every test here fails."""
import itertools
import json

import pytest

from servers import github_trim
from servers.places import SOURCE
from servers.prism import Proxied, graphql_errors
from servers.shop import RULES
from servers.standin import TOKEN

LIMITED = RULES + "    open-pull-requests-limit: 1\n"
DRESSED = RULES + """\
    labels: [bumps, "needs: a look"]
    assignees: [alice, ghost]
    reviewers: [alice, ghost, acme/team]
    milestone: 4
    x-upkeepd: { automerge: [minor], draft: true }
"""
IMAGE = "acme/app"
DOCKERFILE = f"FROM {IMAGE}:1.0.0\n"
names = (f"shop{n}" for n in itertools.count(1))


class Stage:
    def __init__(self, upkeepd, forge, upstream):
        self.upkeepd, self.forge, self.upstream = upkeepd, forge, upstream
        self.hours, self.minors = itertools.count(7), itertools.count(3)
        self.secret = f"file: '{upkeepd.secret(TOKEN)}'"

    def repository(self, rules=RULES, dockerfile=DOCKERFILE):
        return self.forge.repository(next(names), {".github/dependabot.yml": rules, "Dockerfile": dockerfile})

    def watch(self, url, more=""):
        self.upkeepd.watch(f"{{ url: '{url}', forge: github, {more} token: {{ {self.secret} }} }}")

    def once(self, *words, **more):
        run = self.upkeepd.once(*words, **more)
        assert run.status == 0, run.events
        return [action for action, *_ in run.outcomes]

    def later(self):
        return self.once("--due", now=f"2026-08-25T{next(self.hours):02}:01:00Z")


@pytest.fixture(params=["github", "prism"])
def stage(request, upkeepd, upstream):
    """Where Prism is not installed there is still the stand-in, which reads the description too."""
    upstream.tags(IMAGE, "1.0.0", "1.1.0", pushed="2026-05-01T00:00:00Z")
    return Stage(upkeepd, request.getfixturevalue(request.param), upstream)


def a_token_is_looked_at(stage):
    stage.watch(stage.repository().url)
    assert stage.upkeepd("auth", "check").status == 0


def one_is_opened_dressed_and_left_to_the_forge(stage):
    repository = stage.repository(DRESSED)
    stage.watch(repository.url)
    assert stage.once() == ["created"]
    (pull,) = repository.proposals
    assert pull["automerge"] and pull["is_draft"] and pull["milestone"] == 4
    assert (pull["labels"], pull["assignees"]) == (["bumps", "needs: a look"], ["alice"])
    assert pull["reviewers"] == ["alice", "team"]


def one_is_reviewed(stage):
    repository = stage.repository(DRESSED.replace("ghost, acme", "acme"))
    stage.watch(repository.url)
    assert stage.once() == ["created"]
    assert repository.proposals[0]["reviewers"] == ["alice", "team"]


def one_that_waits_for_nothing_is_merged(stage):
    repository = stage.repository(DRESSED)
    stage.watch(repository.url)
    stage.forge.is_clean = True
    stage.once()
    stage.forge.is_clean = False
    assert [pull["state"] for pull in repository.proposals] == ["merged"]


def one_is_refreshed_superseded_and_closed(stage):
    repository = stage.repository()
    stage.watch(repository.url)
    assert stage.once() == ["created"]
    repository.commit({"Dockerfile": DOCKERFILE + "CMD x\n",
                       ".github/dependabot.yml": RULES + "    commit-message: { prefix: deps }\n"})
    assert stage.once() == ["updated"]
    stage.upstream.tags(IMAGE, "1.2.0")
    assert "created" in stage.once()
    repository.commit({"Dockerfile": "FROM scratch\n"})
    stage.once()
    assert [pull["state"] for pull in repository.proposals] == ["closed", "closed"]


def one_that_was_renamed_is_found(stage):
    repository = stage.repository()
    stage.watch(repository.url)
    assert stage.once() == ["created"]
    stage.forge.rename(repository)
    stage.upstream.tags(IMAGE, f"1.{next(stage.minors)}.0")
    assert sorted(stage.once()) == ["created", "superseded"]
    assert [pull["state"] for pull in repository.proposals] == ["closed", "open"]


def people_order_and_boxes_are_checked(stage):
    repository = stage.repository(LIMITED, DOCKERFILE + "FROM acme/other:1.0.0\n")
    repository.people["alice"] = "write"
    stage.upstream.tags("acme/other", "1.0.0", "1.1.0")
    stage.watch(repository.url, "dashboard: true,")
    assert sorted(stage.once()) == ["created", "skipped"]
    stage.forge.said(repository, 1, "@upkeepd rebase", author="alice")
    stage.later()
    for text in ("@upkeepd merge when green", "@upkeepd cancel merge"):
        stage.forge.said(repository, 1, text, author="alice")
        stage.later()
        assert bool(repository.proposals[0]["automerge"]) == ("green" in text)
    assert len(repository.thumbs) == 3
    (board,) = repository.issues
    board["body"] = board["body"].replace("- [ ]", "- [x]")
    assert "created" in stage.later()
    stage.later()
    stage.upkeepd.lose_state()
    stage.once()
    assert len(repository.issues) == 1 and len(repository.proposals) == 2


def the_source_is_asked_for_its_notes(stage):
    source = stage.forge.repository(next(names), {"README.md": "x\n"})
    for tag in ("v1.0.0", "v1.1.0"):
        source.commit({"docs/CHANGELOG.md": f"# Changes\n\n## {tag}\n- More, which is worth to know.\n" + "\n" * 100})
        source.git("tag", tag, "main")
        source.releases.append({"tag_name": tag, "name": f"Release {tag}", "body": "More."})
    source.commit({"docs/CHANGELOG.md": "# Changes\n\nThey are told elsewhere.\n" + "\n" * 100})
    page = source.url.removesuffix(".git").replace("http:", "https:")
    stage.upstream.annotate(IMAGE, "1.1.0", {"org.opencontainers.image.source": page})
    repository = stage.repository()
    stage.watch(repository.url)
    assert stage.once() == ["created"]
    for wanted in ("Release notes", "Changelog", "Commits"):
        assert wanted in repository.proposals[0]["body"], repository.proposals[0]["body"]


def an_owner_is_discovered(stage):
    stage.upkeepd.lose_state()  # which knows where an App is installed
    repository = stage.repository()
    stage.watch(f"{stage.forge.url}/acme", f"discover: true, include: [{repository.path.stem}],")
    assert stage.once() == ["created"]


def an_app_does_all_of_it_with_no_more_rights_than_it_needs(stage):
    secret, stage.secret = stage.secret, f"app: {stage.forge.app}, file: '{stage.forge.make_key()}'"
    one_is_opened_dressed_and_left_to_the_forge(stage)
    one_that_was_renamed_is_found(stage)
    people_order_and_boxes_are_checked(stage)
    an_owner_is_discovered(stage)
    assert stage.forge.tokens == {}
    stage.secret = secret


LIFE = [a_token_is_looked_at,
        one_is_opened_dressed_and_left_to_the_forge,
        one_is_reviewed,
        one_that_waits_for_nothing_is_merged,
        the_source_is_asked_for_its_notes,
        one_is_refreshed_superseded_and_closed,
        one_that_was_renamed_is_found,
        people_order_and_boxes_are_checked,
        an_owner_is_discovered,
        an_app_does_all_of_it_with_no_more_rights_than_it_needs]


def known_requests():
    lines = (SOURCE / "tests" / "tables" / "github-requests.tsv").read_text().splitlines()
    return {tuple(line.split("\t")) for line in lines if not line.startswith("#")}


def test_all_that_can_be_asked(stage):
    for act in LIFE:
        act(stage)
        assert stage.forge.breaches == [], act.__name__
    assert sorted(known_requests() ^ stage.forge.forms) == []
    assert {name for name, *_ in known_requests()} - {"POST /graphql"} == github_trim.OPERATIONS.keys()
    if isinstance(stage.forge, Proxied):
        assert graphql_errors(stage.forge.documents) == []


@pytest.mark.parametrize("method, path, body, what", [
    ("POST", "pulls", {"head": "x", "base": "main", "title": "x", "boddy": "x"}, "found 'boddy'"),
    ("POST", "pulls", {"head": "x", "base": 7, "title": "x"}, "request/body/base: "),
    ("GET", "pulls?state=opened", None, "request/query/state: "),
    ("GET", "contents/docs/CHANGELOG.md", None, "request: Selected route not found"),
    ("GET", "topics", None, "request: Selected route not found"),
    ("GET", "releases", None, "response/body/0: Response body property 0 must NOT have additional properties")])
def test_prism_sees_what_is_not_described(prism, method, path, body, what):
    prism.repository(next(names), {"a": "b\n"}).releases.append({"x": 1})
    name = list(prism.repositories)[-1]
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    prism.answer(method, f"{prism.api}/repos/acme/{name}/{path}", headers, json.dumps(body).encode() if body else b"")
    assert what in "\n".join(one for one in prism.breaches if one.startswith("Prism: "))
    prism.clear()


VIEWER = "query($n: Int!) { viewer { login repositories(first: $n) { totalCount } } }"
KNOWN = {"login": "bot", "repositories": {"totalCount": 2}}
DOCUMENTS = [  # with variables, what is answered, and what is wrong with it all
    (VIEWER, {"n": 1}, KNOWN, None),
    (VIEWER.replace("login", "x"), {"n": 1}, KNOWN, 'Cannot query field "x" on type "User".'),
    (VIEWER, {"n": "1"}, None, 'Variable "$n" got invalid value "1"; Int cannot represent non-integer value: "1"'),
    (VIEWER, {"n": 1, "m": 2}, KNOWN, 'no variable "m"'),
    (VIEWER, {"n": 1}, {"login": "bot"}, "Cannot return null for non-nullable field User.repositories."),
    (VIEWER, {"n": 1}, {**KNOWN, "id": "x"}, "the answer has what was not asked")]


def test_the_schema_sees_what_graphql_does_not_know():
    assert graphql_errors([{"query": query, "variables": variables, "answer": viewer and {"data": {"viewer": viewer}}}
                           for query, variables, viewer, _ in DOCUMENTS]) == [what for *_, what in DOCUMENTS if what]
