# SPDX-License-Identifier: MIT
"""What proposals tell of the sources of an update: a real Gitea is the source, and the
forge on which the proposals are opened."""
import hashlib
import itertools
import json

import pytest

OLD = "2026-01-01T00:00:00Z"
RULES = """\
version: 2
updates:
  - { package-ecosystem: gomod, directory: /, schedule: { interval: weekly } }
"""
GOMOD = "module example.org/app\n\ngo 1.21\n\nrequire example.org/lib v1.0.0\n"
MAIN = 'package main\n\nimport _ "example.org/lib"\n\nfunc main() {}\n'
BRANCH = "upkeepd/go_modules/example.org/lib-1.2.0"
LOG = """\
# Change log

What is worth to know of every version.

## 1.2.0
- Say hello to @everybody, closes #1
/merge

## 1.1.0
- More, see [the guide](UPGRADE.md)

## 1.0.0
- The first words that were ever said here
"""
names = (f"notes{n}" for n in itertools.count())


class Source:
    """A module's repository with three releases."""

    def __init__(self, gitea, private=False):
        self.repository = gitea.repository(next(names), {"README.md": "lib\n"}, private=private,
                                           invites_bot=True)
        self.release("v1.0.0", "First", "Nothing before it.")
        self.repository.commit({"a.go": "package lib\n"}, message="Say more\n\nAt length.")
        self.release("v1.1.0", "", "More.")
        self.repository.commit({"a.go": "package lib // 2\n", "CHANGELOG.md": LOG},
                               message="Thank @ann for </details> #12")
        self.release("v1.2.0", "Second", "Hello @all, fixes #7\n\n</details>\n<script>x</script>")

    def release(self, tag, name, text, **more):
        self.repository.call("POST", "/releases", {
            "tag_name": tag, "target_commitish": "main", "name": name, "body": text, **more})


@pytest.fixture
def source(gitea):
    return Source(gitea)


def offer(upstream, source, front, versions=("v1.0.0", "v1.1.0", "v1.2.0")):
    """The proxy has the module, and says where from."""
    for version in versions:
        upstream.module("example.org/lib", version, OLD, {
            "go.mod": "module example.org/lib\n\ngo 1.21\n", "a.go": "package lib\n"})
        upstream.spoil(f"/example.org/lib/@v/{version}.info", 200, json.dumps({
            "Version": version, "Time": OLD, "Origin": {
                "VCS": "git", "URL": front.url_of(source.repository),
                "Ref": f"refs/tags/{version}"}}).encode())


@pytest.fixture
def repository(gitea):
    return gitea.repository(next(names), {
        ".github/dependabot.yml": RULES, "go.mod": GOMOD, "main.go": MAIN, "go.sum": "-"})


@pytest.fixture
def bot(upkeepd, front, gitea, repository):
    repository.commit({"go.sum": ""})
    upkeepd.watch_on("gitea", front.url_of(repository), gitea.bot_token)
    front.take_requests()
    upkeepd.environment["UPKEEPD_BACKOFF_MS"] = "1"
    yield upkeepd
    front.heal()


def of_source(front, source):
    return [path for method, path, _ in front.take_requests()
            if f"/{source.repository.name}" in path and ".git" not in path]


def body_of(repository):
    (pull,) = repository.proposals("open")
    return pull["body"]


def blocks(body):
    """Summary → lines, of each collapsed block."""
    found = {}
    for part in body.split("<details>\n")[1:]:
        title, rest = part.split("</summary>\n\n", 1)
        found[title.removeprefix("<summary>")] = rest.split("\n</details>\n")[0].splitlines()
    return found


def test_release_notes_change_log_and_commits(bot, repository, source, upstream, front, gitea):
    offer(upstream, source, front)
    run = bot.once()
    assert (run.status, run.outcomes, run.errors) == (0, [("created", BRANCH)], []), run.stderr
    body, page = body_of(repository), f"{front.url}/owner/{source.repository.name}"
    assert body.startswith(f"Bumps [example.org/lib]({page}) from 1.0.0 to 1.2.0.\n\n<details>\n")
    found = blocks(body)
    assert list(found) == ["Release notes", "Changelog", "Commits"]
    assert found["Release notes"] == [
        f"*Sourced from [example.org/lib's releases]({page}/releases).*", "",
        "> ## Second", "> Hello @\u200ball, fixes #\u200b7", "> ", "> ",
        "> <\u200bscript>x<\u200b/script>", "> ", "> ## v1.1.0", "> More."]
    assert found["Changelog"] == [
        f"*Sourced from [example.org/lib's changelog]({page}/src/branch/main/CHANGELOG.md).*", "",
        "> ## 1.2.0", "> - Say hello to @\u200beverybody, closes #\u200b1", "> \\/merge", "> ",
        "> ## 1.1.0", "> - More, see [the guide](UPGRADE.md)"]
    new, old, compare = found["Commits"]
    assert new.startswith(f"- [`") and new.endswith(") Thank @\u200bann for \u200b #\u200b12")
    assert old.endswith(") Say more") and f"]({page}/commit/" in old
    assert compare == f"- See full diff in [compare view]({page}/compare/v1.0.0...v1.2.0)"
    message = repository.call("GET", f"/git/commits/{repository.branches()[BRANCH]}")["commit"]["message"]
    assert message.splitlines()[2:6] == [
        f"Bumps [example.org/lib]({page}) from 1.0.0 to 1.2.0.",
        f"- [Release notes]({page}/releases)",
        f"- [Changelog]({page}/src/branch/main/CHANGELOG.md)",
        f"- [Commits]({page}/compare/v1.0.0...v1.2.0)"]
    # Nothing is asked, nothing written, where nothing has changed.
    front.take_requests()
    assert bot.once().outcomes == [("unchanged", BRANCH)]
    assert [one for one in front.take_requests() if one[0] == "PATCH" or source.repository.name in one[1]] == []
    assert body_of(repository) == body


def test_what_the_author_says_of_a_module_stands_first(bot, repository, source, upstream, front):
    """It is not in the message, which others read by its lines."""
    offer(upstream, source, front)
    upstream.module("example.org/lib", "v1.2.0", OLD, {"a.go": "package lib\n", "go.mod": (
        "// Deprecated: ask @ann for example.org/new.\nmodule example.org/lib\n\ngo 1.21\n\n"
        "// closes #1\nretract v1.0.0\n")})
    upstream.module("example.org/lib/v2", "v2.0.0", OLD, {
        "go.mod": "module example.org/lib/v2\n\ngo 1.21\n", "a.go": "package lib\n"})
    run = bot.once()
    assert run.outcomes == [("created", BRANCH)], run.stderr
    assert body_of(repository).split("\nBumps [example.org/lib](")[0].splitlines() == [
        "> [!NOTE]",
        '> - `example.org/lib` is deprecated: "ask @\u200bann for example.org/new."',
        '> - `example.org/lib` v1.0.0, the present version, was retracted: "closes #\u200b1"',
        "> - `example.org/lib` has a next major version, `example.org/lib/v2`."]
    message = repository.call("GET", f"/git/commits/{repository.branches()[BRANCH]}")["commit"]["message"]
    assert message.splitlines()[2].startswith("Bumps [example.org/lib](")
    assert "deprecated" not in message
    assert bot.once().outcomes == [("unchanged", BRANCH)]


def test_a_moved_base_asks_nothing_and_keeps_them(bot, repository, source, upstream, front):
    offer(upstream, source, front)
    bot.once()
    body = body_of(repository)
    front.take_requests()
    repository.commit({"go.mod": GOMOD.replace("require", "// Moved.\nrequire")})
    assert bot.once().outcomes == [("updated", BRANCH)]
    assert of_source(front, source) == []
    assert body_of(repository) == body
    message = repository.call("GET", f"/git/commits/{repository.branches()[BRANCH]}")["commit"]["message"]
    assert "- [Release notes](" in message


def test_two_repositories_ask_a_source_once(bot, repository, source, upstream, front, gitea, tmp_path):
    other = gitea.repository(next(names), {
        ".github/dependabot.yml": RULES, "go.mod": GOMOD, "main.go": MAIN})
    offer(upstream, source, front)
    token = f"token: {{ file: '{tmp_path / 'token'}' }}"
    front.take_requests()
    bot.once()
    bot.watch(*(f"{{ url: '{front.url_of(one)}', forge: gitea, {token} }}" for one in (repository, other)))
    bot.once()
    asked = of_source(front, source)
    assert "Release notes" in blocks(body_of(repository)) and "Commits" in blocks(body_of(other))
    assert len(asked) == len(set(asked)) and len(asked) <= 6, asked


def test_a_group_tells_of_each_member(bot, repository, source, upstream, front):
    offer(upstream, source, front)
    for version in "v1.0.0", "v1.0.1":
        upstream.module("example.org/dull", version, OLD, {
            "go.mod": "module example.org/dull\n\ngo 1.21\n", "a.go": "package dull\n"})
    repository.commit({
        ".github/dependabot.yml": RULES.replace("weekly }", "weekly }, groups: { all: { patterns: ['*'] } }"),
        "go.mod": GOMOD + "require example.org/dull v1.0.0\n",
        "main.go": MAIN.replace("func", 'import _ "example.org/dull"\n\nfunc')})
    run = bot.once()
    assert [action for action, *_ in run.outcomes] == ["created"], run.stderr
    body = body_of(repository)
    page = f"{front.url}/owner/{source.repository.name}"
    assert body.startswith(f"Bumps the all group with 2 updates: [example.org/lib]({page}) and example.org/dull.\n"
                           "\nUpdates `example.org/lib` from 1.0.0 to 1.2.0\n\n<details>\n")
    assert "</details>\n\n<br />\n\nUpdates `example.org/dull` from 1.0.0 to 1.0.1\n\n---\n" in body


def test_a_group_says_what_it_leaves_out_and_why(bot, repository, source, upstream, front):
    offer(upstream, source, front)
    for version in "v1.0.0", "v1.0.1":
        upstream.module("example.org/dull", version, OLD, {
            "go.mod": "module example.org/dull\n\ngo 1.21\n", "a.go": "package dull\n"})
    more = ("weekly }, groups: { all: { patterns: ['*'] } },"
            " ignore: [{ dependency-name: example.org/dull, versions: ['>= 1.0.1'] }]")
    repository.commit({".github/dependabot.yml": RULES.replace("weekly }", more),
                       "go.mod": GOMOD + "require example.org/dull v1.0.0\n",
                       "main.go": MAIN.replace("func", 'import _ "example.org/dull"\n\nfunc')})
    run = bot.once()
    assert [action for action, *_ in run.outcomes] == ["created"], run.stderr
    assert "\n</details>\n\n<br />\n\n<details>\n<summary>Left out of the group</summary>\n\n" \
           '- `example.org/dull` stays (ignored): "versions \'>= 1.0.1\'"\n</details>\n\n---\n' in body_of(repository)
    assert [action for action, *_ in bot.once().outcomes] == ["unchanged"]


@pytest.mark.parametrize("is_target_private", [False, True])
def test_a_private_source_is_told_in_no_public_place(bot, repository, gitea, upstream, front, is_target_private):
    source = Source(gitea, private=True)
    repository.call("PATCH", "", {"private": is_target_private})
    offer(upstream, source, front)
    run = bot.once()
    assert run.outcomes == [("created", BRANCH)], run.stderr
    body = body_of(repository)
    assert ("Hello" in body, "<details>" in body) == (is_target_private, is_target_private)
    # Nor is what the one was told told to the other.
    repository.call("PATCH", "", {"private": not is_target_private})
    repository.commit({".github/dependabot.yml": RULES.replace("weekly }", "weekly }, commit-message: { prefix: x }")})
    repository.commit({"go.mod": GOMOD.replace("require", "// Moved.\nrequire")})
    bot.once()
    if is_target_private:
        message = repository.call("GET", f"/git/commits/{repository.branches()[BRANCH]}")["commit"]["message"]
        assert "Release notes" not in message


def test_entries_with_registries_of_their_own_share_what_is_asked(bot, repository, gitea, upstream, front):
    source = Source(gitea, private=True)
    repository.call("PATCH", "", {"private": True})
    offer(upstream, source, front)
    entry = ("  - {{ package-ecosystem: gomod, directory: /{0}, schedule: {{ interval: weekly }}, "
             "registries: [{0}] }}\n")
    registry = "  {0}: {{ type: docker-registry, url: 'https://{0}.example.org' }}\n"
    files = {"go.mod": GOMOD, "go.sum": "", "main.go": MAIN}
    repository.commit({
        ".github/dependabot.yml": ("version: 2\nupdates:\n" + "".join(map(entry.format, "ab"))
                                   + "registries:\n" + "".join(map(registry.format, "ab"))),
        **{f"{folder}/{name}": text for folder in "ab" for name, text in files.items()}})
    front.take_requests()
    run = bot.once()
    asked = [path for method, path, _ in front.take_requests()]
    assert asked.count(f"/repos/owner/{repository.name}") == 1, asked
    assert [action for action, *_ in run.outcomes] == ["created", "created"], run.stderr
    assert all("Hello" in one["body"] for one in repository.proposals("open"))


def test_what_one_credential_was_told_is_not_told_to_another(bot, repository, gitea, upstream, front):
    """Both repositories are private, and their people are not the same."""
    source = Source(gitea, private=True)
    repository.call("PATCH", "", {"private": True})
    offer(upstream, source, front)
    bot.once()
    assert "Hello" in body_of(repository)
    other = gitea.repository(next(names), {".github/dependabot.yml": RULES, "go.mod": GOMOD, "main.go": MAIN,
                                           "go.sum": ""}, private=True, invites_bot=False)
    token = gitea.user(f"person-{other.name}")
    other.call("PUT", f"/collaborators/person-{other.name}", {"permission": "write"})
    bot.watch_on("gitea", front.url_of(other), token)
    run = bot.once()
    assert run.outcomes == [("created", BRANCH)], run.stderr
    assert "Hello" not in body_of(other) and "@ann" not in body_of(other) and "Say more" not in body_of(other)


def test_no_token_goes_to_another_host(bot, repository, gitea, source, upstream, front):
    """The same Gitea under another name is another host."""
    offer(upstream, source, front)
    upstream.heal()
    for version in "v1.0.0", "v1.1.0", "v1.2.0":
        upstream.spoil(f"/example.org/lib/@v/{version}.info", 200, json.dumps({
            "Version": version, "Time": OLD, "Origin": {
                "VCS": "git", "URL": f"https://127.0.0.1:{front.port}/owner/{source.repository.name}",
                "Ref": f"refs/tags/{version}"}}).encode())
    front.take_requests()
    run = bot.once()
    assert run.outcomes == [("created", BRANCH)], run.stderr
    assert of_source(front, source) == []
    assert body_of(repository).startswith(
        f"Bumps [example.org/lib](https://127.0.0.1:{front.port}/owner/{source.repository.name}) from ")


def test_a_source_that_does_not_answer_costs_the_notes_alone(bot, repository, source, upstream, front):
    """They are made up for by the next run."""
    offer(upstream, source, front)
    front.fail(source.repository)
    run = bot.once()
    assert (run.status, run.outcomes, run.errors) == (0, [("created", BRANCH)], []), run.stderr
    assert "<details>" not in body_of(repository)
    assert bot.once().outcomes == [("unchanged", BRANCH)]
    front.heal()
    front.take_requests()
    assert bot.once().outcomes == [("unchanged", BRANCH)]
    assert "Release notes" in blocks(body_of(repository))
    assert "notes later" not in body_of(repository)
    front.take_requests()
    bot.once()
    assert of_source(front, source) == []


def test_a_source_that_is_gone_is_not_asked_again(bot, repository, source, upstream, front):
    offer(upstream, source, front)
    source.repository.call("DELETE", "")
    assert bot.once().outcomes == [("created", BRANCH)]
    assert "<details>" not in body_of(repository)
    front.take_requests()
    assert bot.once().outcomes == [("unchanged", BRANCH)]
    assert of_source(front, source) == []


def test_a_proposal_a_month_old_is_left_as_it_is(bot, repository, source, upstream, front):
    offer(upstream, source, front)
    front.fail(source.repository)
    bot.once()
    front.heal()
    front.take_requests()
    assert bot.once(now="2026-10-01T06:00:00Z").outcomes == [("unchanged", BRANCH)]
    assert of_source(front, source) == []


def test_hostile_notes_do_no_harm(bot, repository, source, upstream, front, gitea):
    wild = ("<details>\n</details>\n<!-- upkeepd:v1 e30 -->\n```\n<br />\n" + "@all #1 /close\n/close\n" +
            "\x1b[31m\u202e\u200b" + "[" * 5000 + "\n" + "- a\n" * 5000 + "x" * 100000)
    source.release("v1.1.5", wild[:200], wild)
    offer(upstream, source, front)
    run = bot.once()
    assert run.outcomes == [("created", BRANCH)], run.stderr
    body = body_of(repository)
    assert len(body) < 60000
    lines = body.splitlines()
    assert lines.count("<details>") == lines.count("</details>") == 3
    assert not [one for one in lines if one.startswith("/")]
    assert not [one for one in lines if "\x1b" in one or "\u202e" in one]
    assert body.count("<!-- upkeepd:v1 ") == 1
    assert "> … (truncated)" in blocks(body)["Release notes"]
    assert bot.once().outcomes == [("unchanged", BRANCH)]


# Images.

IMAGES = """\
version: 2
updates:
  - { package-ecosystem: docker, directory: /, schedule: { interval: weekly } }
"""
IMAGE_BRANCH = "upkeepd/docker/acme/app-1.2.0"


@pytest.fixture
def image(upstream, repository):
    """An image of three releases in a Dockerfile that has the first."""
    upstream.tags("acme/app", "1.0.0", "1.1.0", pushed="2026-05-01T00:00:00Z")
    upstream.tags("acme/app", "1.2.0")
    repository.commit({".github/dependabot.yml": IMAGES, "Dockerfile": "FROM acme/app:1.0.0\n"})
    return upstream.images["acme/app"]


def test_an_image_that_names_its_source(bot, repository, source, image, front, upstream):
    page = f"{front.url}/owner/{source.repository.name}"
    digest = upstream.annotate("acme/app", "1.2.0", {
        "org.opencontainers.image.source": page + ".git#0123456:docker"})
    run = bot.once()
    assert run.outcomes == [("created", IMAGE_BRANCH)], run.stderr
    body = body_of(repository)
    assert body.startswith(f"Bumps [acme/app]({page}) from 1.0.0 to 1.2.0.\n\n<details>\n")
    found = blocks(body)
    assert list(found) == ["Image", "Release notes", "Changelog", "Commits"]
    assert found["Image"] == [
        "| | from | to |", "| --- | --- | --- |",
        "| Pushed | 2026-05-01 | 2026-06-01 |",
        f"| Digest | `{upstream.digest('acme/app', '1.0.0')}` | `{digest}` |",
        "| Platforms | linux/amd64, linux/arm64 | linux/amd64, linux/arm64 |"]
    assert "> ## Second" in found["Release notes"]
    assert found["Commits"][-1] == f"- See full diff in [compare view]({page}/compare/v1.0.0...v1.2.0)"


def test_a_log_that_does_not_tell_of_the_version_is_read_at_its_tag(bot, repository, source, image, front, upstream):
    """Which only the releases name."""
    source.repository.commit({"CHANGELOG.md": "# Change log\n\nIt is told elsewhere.\n" + "\n" * 100})
    upstream.annotate("acme/app", "1.2.0", {
        "org.opencontainers.image.source": f"{front.url}/owner/{source.repository.name}"})
    bot.once()
    assert "> ## 1.2.0" in blocks(body_of(repository))["Changelog"]


def test_the_hub_s_record_comes_before_any_pull(bot, repository, source, image, front, upstream):
    page = f"{front.url}/owner/{source.repository.name}"
    upstream.spoil("/repositories/app$", 200, json.dumps({
        "full_description": f"Where to file issues: [here]({page}/issues?q=)"}).encode())
    upstream.take_requests()
    bot.once()
    assert body_of(repository).startswith(f"Bumps [acme/app]({page}) from 1.0.0 to 1.2.0.\n")
    assert [path for method, path, _ in upstream.take_requests()
            if method == "GET" and ("/manifests/" in path or "/blobs/" in path)] == []


def put(image, document):
    """A manifest or blob; its digest."""
    text = json.dumps(document).encode()
    digest = "sha256:" + hashlib.sha256(text).hexdigest()
    image.bodies[digest] = text
    return digest


def test_an_image_whose_configuration_names_its_source(bot, repository, source, image, front, upstream):
    page = f"{front.url}/owner/{source.repository.name}"
    config = {"config": {"Labels": {"org.opencontainers.image.source": page}}}
    manifest = put(image, {"config": {"digest": put(image, config)}})
    _, pushed, manifests = image.tags["1.2.0"]
    manifests[0]["digest"] = manifest
    image.tags["1.2.0"] = (put(image, {"manifests": manifests}), pushed, manifests)
    upstream.spoil("/blobs/", 200, json.dumps(config).encode())
    run = bot.once()
    assert run.outcomes == [("created", IMAGE_BRANCH)], run.stderr
    body = body_of(repository)
    assert body.startswith(f"Bumps [acme/app]({page}) from 1.0.0 to 1.2.0.\n")
    assert "> ## Second" in blocks(body)["Release notes"]


def test_a_move_to_another_os_is_in_title_and_body(bot, repository, image, upstream):
    upstream.tags("acme/app", "1.0.0-alpine3.20", pushed="2025-05-01T00:00:00Z")
    upstream.tags("acme/app", "1.2.0-alpine3.21", pushed="2026-01-01T00:00:00Z", platforms=("linux/amd64", "linux/arm64", "linux/s390x"))
    repository.commit({"Dockerfile": "FROM acme/app:1.0.0-alpine3.20\n"})
    run = bot.once()
    assert [action for action, *_ in run.outcomes] == ["created"], run.stderr
    (pull,) = repository.proposals("open")
    assert pull["title"] == "Bump acme/app from 1.0.0-alpine3.20 to 1.2.0-alpine3.21 (moves to Alpine 3.21)"
    assert "\nThis also moves to Alpine 3.21.\n" in pull["body"]
    assert blocks(pull["body"])["Image"][-1] == (
        "| Platforms | linux/amd64, linux/arm64 | linux/amd64, linux/arm64, linux/s390x |")


def test_a_digest_that_moves_is_told_with_its_date(bot, repository, image, upstream):
    old = upstream.digest("acme/app", "1.2.0")
    repository.commit({"Dockerfile": f"FROM acme/app:1.2.0@{old}\n"})
    upstream.tags("acme/app", "1.2.0", content="again", pushed="2026-05-20T00:00:00Z")
    new = upstream.digest("acme/app", "1.2.0")
    run = bot.once()
    assert [action for action, *_ in run.outcomes] == ["created"], run.stderr
    body = body_of(repository)
    assert body.startswith(f"Bumps acme/app from `{old[7:14]}` to `{new[7:14]}`.\n")
    assert blocks(body)["Image"][2:4] == [
        "| Pushed |  | 2026-05-20 |", f"| Digest | `{old}` | `{new}` |"]


def test_what_else_an_argument_is_for_is_in_the_body(bot, repository, image):
    repository.commit({"Dockerfile": "ARG V=1.0.0\nFROM acme/app:$V\nARG V\nRUN curl app-$V\n"})
    run = bot.once()
    assert run.outcomes == [("created", IMAGE_BRANCH)], run.stderr
    assert "\nWith it:\n\n- `Dockerfile`: 'V' is used in a stage too, from line 3 on\n" in body_of(repository)


def test_an_image_that_names_nothing(bot, repository, image):
    run = bot.once()
    assert run.outcomes == [("created", IMAGE_BRANCH)], run.stderr
    assert list(blocks(body_of(repository))) == ["Image"]
    assert body_of(repository).startswith("Bumps acme/app from 1.0.0 to 1.2.0.\n\n<details>\n")
    assert bot.once().outcomes == [("unchanged", IMAGE_BRANCH)]
