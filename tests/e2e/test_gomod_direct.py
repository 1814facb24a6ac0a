# SPDX-License-Identifier: MIT
"""Go modules that no proxy has, straight from their repositories: what the real Go command
makes of the same repositories, upkeepd makes too."""
import os
import shutil
import subprocess

import pytest

from servers.go import go  # noqa: F401
from servers.places import built

GO_MOD = "module {}\n\ngo 1.21\n"
PACKAGE = "package p\n"


def tag(repository, *names, branch="main", annotated=False):
    for name in names:
        words = ["-a", "-m", name] if annotated else []
        repository.git("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "tag", *words,
                       name, f"refs/heads/{branch}")


class Main:
    """A main module twice: for the Go command, and for upkeepd."""

    def __init__(self, folder, everyhost, go):
        self.folder, self.everyhost, self.run_go = folder, everyhost, go
        self.theirs, self.ours = folder / "theirs", folder / "ours"

    def write(self, requires, imports, extra=""):
        lines = "".join(f"require {line}\n" for line in requires)
        imported = "".join(f'import _ "{path}"\n' for path in imports)
        for place in self.theirs, self.ours:
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            (place / "go.mod").write_text(GO_MOD.format("main.test/main") + lines + extra)
            (place / "main.go").write_text(f"package main\n\n{imported}\nfunc main() {{}}\n")

    def environment(self, **more):
        return {**self.everyhost.environment, "GOPROXY": "direct", "GOSUMDB": "off",
                "GOINSECURE": "example.test,other.test", "GIT_CONFIG_NOSYSTEM": "1", **more}

    def go(self, *words, **more):
        return self.run_go(self.theirs, None, *words, **self.environment(**more))

    def upkeepd(self, *words, within=(), **more):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder),
                       "G_DEBUG": "fatal-criticals", "UPKEEPD_BACKOFF_MS": "1",
                       "CACHE_DIRECTORY": str(self.folder / "cache"),
                       "STATE_DIRECTORY": str(self.folder / "state"), **self.environment(**more)}
        return subprocess.run([*within, built("upkeepd-worker"), *words], cwd=self.ours, text=True,
                              env=environment, capture_output=True, timeout=60)

    def both(self, name):
        return [(place / name).read_text() for place in (self.theirs, self.ours)]

    def assert_same(self, ours):
        """After `go mod tidy` and one of ours."""
        run = self.go("mod", "tidy")
        assert run.returncode == 0, run.stderr
        assert ours.returncode == 0, ours.stderr
        for name in "go.mod", "go.sum":
            theirs, mine = self.both(name)
            assert theirs == mine


@pytest.fixture
def main(tmp_path, everyhost, go):  # noqa: F811
    return Main(tmp_path, everyhost, go)


CONFIG = """repositories: []
http:
  insecure-hosts: [example.test, other.test, 127.0.0.1]
credentials:
  - host: other.test
    username: bot
    token: {env: TOKEN}
"""


def fill(everyhost):
    """Modules of all kinds: what stands in front of the colon is to be imported."""
    a = everyhost.module("a")
    a.commit({"go.mod": GO_MOD.format("example.test/a"), "a.go": PACKAGE, "LICENSE": "free\n",
              "link@": "a.go", "run.sh*": "#!/bin/sh\n", "vendor/x/x.go": PACKAGE,
              "vendor/modules.txt": "# x v1.0.0\n", "sub/vendor/y/y.go": PACKAGE,
              "nested/go.mod": GO_MOD.format("example.test/a/nested"), "nested/n.go": PACKAGE,
              "nested/deep/d.go": PACKAGE, ".gitattributes": "*.txt text\nnone export-ignore\n",
              "none": "$Format:%H$\n", "win.txt": "one\r\ntwo\r\n"})
    tag(a, "v1.0.0", annotated=True)
    tag(a, "nested/v0.3.0", "not-a-version", "v1.0", "v1.1.0+meta")
    a.commit({"a.go": PACKAGE + "\n// new\n"}, at=1600000100)
    tag(a, "v1.1.0")
    a.commit({"go.mod": GO_MOD.format("example.test/a/v2")}, at=1600000200)
    tag(a, "v2.0.0")
    a.commit({"go.mod": GO_MOD.format("example.test/a"),
              "v3/go.mod": "module example.test/a/v3\n\ngo 1.24\n", "v3/a.go": PACKAGE,
              "v3/q/vendor/y/y.go": PACKAGE, "v3/vendor/modules.txt": "#\n"}, at=1600000300)
    tag(a, "v3.1.0")
    a.commit({"a.go": PACKAGE + "\n// ahead\n"}, at=1600000400)

    old = everyhost.module("old")
    old.commit({"o.go": PACKAGE})
    tag(old, "v1.2.0", "v2.0.0", "v3.0.0-rc.1")
    old.commit({"o.go": PACKAGE + "\n"}, at=1600000500)
    untagged = everyhost.module("untagged")
    untagged.commit({"go.mod": GO_MOD.format("example.test/untagged"), "u.go": PACKAGE})
    return a, old, untagged


def test_what_tidy_finds_is_what_go_finds(main, everyhost):
    fill(everyhost)
    main.write([], ["example.test/a", "example.test/a/v2", "example.test/a/v3",
                    "example.test/a/nested/deep", "example.test/old", "example.test/untagged"])
    main.assert_same(main.upkeepd("tidy", "."))
    assert "example.test/old v2.0.0+incompatible" in main.both("go.mod")[1]


def test_pseudo_versions_are_those_of_go(main, everyhost):
    a, old, untagged = fill(everyhost)
    main.write([f"example.test/a {a.tip('main')[:12]}", f"example.test/old {old.tip('main')[:12]}",
                "example.test/untagged main"],
               ["example.test/a", "example.test/old", "example.test/untagged"])
    main.assert_same(main.upkeepd("tidy", "."))


def test_an_update_takes_the_newest_tag(main, everyhost):
    fill(everyhost)
    main.write(["example.test/a v1.0.0"], ["example.test/a"])
    run = main.upkeepd("update", ".", "example.test/a")
    assert main.go("mod", "edit", "-require=example.test/a@v1.1.0").returncode == 0
    main.assert_same(run)


# What no repository has, and what is said of it.
LIES = {
    "v1.0.1-0.20200913122821-000000000000": "000000000000",
    "v1.9.0": "there is no tag 'v1.9.0'",
    "v1.0.1-0.20200913123000-{head}": "does not bear the time",
    "v1.8.1-0.20200913123320-{head}": "follows the tag 'v1.8.0', which is not there",
}


@pytest.mark.parametrize("version", LIES)
def test_a_version_that_is_not_there_is_refused_as_go_refuses_it(main, everyhost, version):
    a, *_ = fill(everyhost)
    head = a.tip("main")[:12]
    main.write([f"example.test/a {version.format(head=head)}"], ["example.test/a"])
    run = main.upkeepd("tidy", ".")
    assert main.go("mod", "tidy").returncode != 0
    assert run.returncode == 1
    assert LIES[version] in run.stderr


# What GOPROXY says, and how both of it and of GONOPROXY the Go command reads.
LISTS = {
    "a proxy that has it not": ({"GOPROXY": "{proxy},direct"}, True),
    "off behind a proxy": ({"GOPROXY": "{proxy},off"}, False),
    "a broken proxy": ({"GOPROXY": "{broken},direct"}, False),
    "a broken proxy and a bar": ({"GOPROXY": "{broken}|direct"}, True),
    "private": ({"GOPROXY": "{broken}", "GOPRIVATE": "example.test"}, True),
    "not private": ({"GOPROXY": "{proxy}", "GOPRIVATE": "other.test"}, False),
    "not by proxies": ({"GOPROXY": "off", "GONOPROXY": "*.test"}, True),
}


@pytest.mark.parametrize("name", LISTS)
def test_goproxy_is_followed_as_go_follows_it(main, everyhost, moduled, store, name):
    store.path.mkdir()
    settings, is_found = LISTS[name]
    servers = {"proxy": moduled().url, "broken": "http://127.0.0.1:1"}
    settings = {key: value.format(**servers) for key, value in settings.items()}
    everyhost.environment["NO_PROXY"] = everyhost.environment["no_proxy"] = "127.0.0.1"
    fill(everyhost)
    main.write(["example.test/a v1.0.0"], ["example.test/a"])
    theirs, ours = main.go("mod", "tidy", **settings), main.upkeepd("tidy", ".", **settings)
    assert (theirs.returncode == 0, ours.returncode == 0) == (is_found, is_found), ours.stderr
    if is_found:
        assert len(set(main.both("go.sum"))) == 1


def test_a_host_may_name_a_proxy(main, everyhost, moduled, store):
    store.add("example.test/served", "v1.0.0")
    url = moduled().url
    everyhost.environment["NO_PROXY"] = everyhost.environment["no_proxy"] = "127.0.0.1"
    everyhost.page("example.test/served", f"example.test/served mod {url}")
    main.write([], ["example.test/served"])
    run = main.upkeepd("tidy", ".")
    assert run.returncode == 1
    assert "where strangers may not send us" in run.stderr
    (main.folder / "upkeepd.yml").write_text(CONFIG)
    main.assert_same(main.upkeepd("--config", str(main.folder / "upkeepd.yml"), "tidy", ".",
                                  TOKEN="secret"))


def test_a_module_in_a_folder_that_the_page_names(main, everyhost):
    repository = everyhost.repository("mono")
    repository.commit({"LICENSE": "free\n", "go/lib/go.mod": GO_MOD.format("example.test/lib"),
                       "go/lib/a.go": PACKAGE, "x.go": PACKAGE})
    tag(repository, "go/lib/v1.2.3")
    everyhost.page("example.test/lib", f"example.test/lib git {repository.url} go/lib")
    main.write([], ["example.test/lib"])
    main.assert_same(main.upkeepd("tidy", "."))


@pytest.fixture
def private(main, everyhost):
    """A module on example.test whose repository is on other.test and lets only `bot` in."""
    repository = everyhost.repository("private/p", "other.test")
    repository.commit({"go.mod": GO_MOD.format("example.test/p"), "p.go": PACKAGE})
    tag(repository, "v1.0.0")
    everyhost.page("example.test/p", f"example.test/p git {repository.url}")
    (main.folder / "upkeepd.yml").write_text(CONFIG)
    main.write([], ["example.test/p"])
    return main


def test_a_credential_of_the_operator_opens_a_private_repository(private, everyhost):
    run = private.upkeepd("--config", str(private.folder / "upkeepd.yml"), "tidy", ".",
                          TOKEN="secret", GOPRIVATE="example.test")
    assert run.returncode == 0, run.stderr
    assert "example.test/p v1.0.0" in private.both("go.mod")[1]
    users = {(url.split("/")[2], user) for _, url, user in everyhost.requests}
    assert users == {("example.test", None), ("other.test", "bot:secret")}


def test_a_page_on_another_host_does_not_lead_our_credential_astray(private, everyhost):
    run = private.upkeepd("--config", str(private.folder / "upkeepd.yml"), "tidy", ".",
                          TOKEN="secret")
    assert run.returncode == 1
    assert "it needs a credential for 'other.test'" in run.stderr
    assert {user for *_, user in everyhost.requests} == {None}


RULES = """\
version: 2
registries:
  theirs: { type: git, url: https://other.test, username: bot, password: '${{secrets.BOT}}' }
updates:
  - package-ecosystem: gomod
    directory: /
    %sschedule: { interval: weekly }
"""


@pytest.fixture
def private_over_tls(private, everyhost, authority):
    """The same over https alone."""
    everyhost.speak_tls(authority)
    everyhost.page("example.test/p", "example.test/p git https://other.test/git/private/p")
    return private


def users(everyhost):
    return {(url.split("/")[2], user) for _, url, user in everyhost.requests}


def test_netrc_opens_a_private_repository(private_over_tls, everyhost):
    main = private_over_tls
    (main.folder / ".netrc").write_text("machine other.test login bot password secret\n")
    run = main.upkeepd("tidy", ".", GOPRIVATE="example.test", GOINSECURE="")
    assert users(everyhost) == {("example.test", None), ("other.test", "bot:secret")}
    main.assert_same(run)


@pytest.mark.parametrize("listed", ["registries: [theirs]\n    ", "registries: '*'\n    ", ""],
                         ids=["listed", "all", "not listed"])
def test_a_registry_of_type_git_opens_a_private_repository(private_over_tls, everyhost, listed):
    main = private_over_tls
    main.write(["example.test/p v1.0.0"], ["example.test/p"])
    repository = everyhost.repository("private/p", "other.test")
    repository.commit({"p.go": PACKAGE + "\n"})
    tag(repository, "v1.1.0")
    for name in ".git", ".github":
        (main.ours / name).mkdir()
    (main.ours / ".github" / "dependabot.yml").write_text(RULES % listed)
    run = main.upkeepd("update", ".", GOPRIVATE="example.test", GOINSECURE="",
                       UPKEEPD_SECRET_BOT="secret")
    if listed:
        assert run.returncode == 0, run.stderr
        assert "example.test/p v1.1.0" in main.both("go.mod")[1]
        assert users(everyhost) == {("example.test", None), ("other.test", "bot:secret")}
    else:
        assert run.returncode == 1
        assert "go.mod:4: 'example.test/p': " in run.stderr
        assert "it needs a credential for 'other.test'" in run.stderr
        assert users(everyhost) == {("example.test", None), ("other.test", None)}


class SshMain:
    """A main module whose one requirement lies behind ssh. The host key is known in a place of
    our own: /etc/ssh is covered by it for the program alone."""

    def __init__(self, main, everyhost, ssh_server):
        repository = everyhost.repository("s")
        repository.commit({"go.mod": GO_MOD.format("example.test/s"), "s.go": PACKAGE})
        tag(repository, "v1.0.0")
        everyhost.page("example.test/s", f"example.test/s git {ssh_server.url(repository)}")
        self.main, self.server, self.over_http = main, ssh_server, repository.url
        main.write([], ["example.test/s"])

    def upkeepd(self, known, key=None, **more):
        lines = ["credentials:", f"  - host: localhost:{self.server.port}", "    token: {env: KEY}"]
        config = self.main.folder / "upkeepd.yml"
        config.write_text("\n".join(["repositories: []", "http: { insecure-hosts: [example.test] }",
                                     *(lines if key else [])]) + "\n")
        place = self.main.folder / "known"
        place.write_text(known)
        return self.main.upkeepd("--config", str(config), "tidy", ".", KEY=key or "", within=[
            "unshare", "-rm", "sh", "-c", "mount -t tmpfs none /etc/ssh && "
            f"cp {place} /etc/ssh/ssh_known_hosts && exec \"$@\"", "sh"],
            **self.server.environment, **more)


@pytest.fixture
def ssh_main(main, everyhost, ssh_server):
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/etc/ssh"]).returncode != 0:
        pytest.skip("the system gives no mount namespaces")
    return SshMain(main, everyhost, ssh_server)


def test_a_private_module_behind_ssh(ssh_main, ssh_server, everyhost):
    known, key = (ssh_server.settings[name] for name in ("known_hosts", "secret"))
    run = ssh_main.upkeepd(open(known).read(), key, GOPRIVATE="example.test")
    everyhost.page("example.test/s", f"example.test/s git {ssh_main.over_http}")
    ssh_main.main.assert_same(run)


@pytest.mark.parametrize("knows, has_key, private, why", [
    (False, True, "example.test", "its host key is not in '/etc/ssh/ssh_known_hosts'"),
    (True, False, "example.test", "it needs a private key as credential for 'localhost:"),
    (True, True, "", "it needs a private key as credential for 'localhost:"),
], ids=["an unknown host", "no key", "a key that is not for everybody's modules"])
def test_what_ssh_needs_is_said(ssh_main, ssh_server, knows, has_key, private, why):
    known, key = (open(ssh_server.settings["known_hosts"]).read(), ssh_server.settings["secret"])
    run = ssh_main.upkeepd(known if knows else "", key if has_key else None, GOPRIVATE=private)
    assert run.returncode == 1
    assert why in run.stderr
    assert not (ssh_main.main.ours / "go.sum").exists()


# What a page may say that nobody follows.
PAGES = {
    "a file": ("example.test/x git file:///etc", "not safe to ask"),
    "a command": ("example.test/x git ext::sh", "not safe to ask"),
    "plain http elsewhere": ("example.test/x git http://elsewhere.test/x", "plain http is refused"),
    "another system": ("example.test/x hg https://example.test/x", "kept in 'hg'"),
    "a folder outside": ("example.test/x git http://example.test/git/x ../..", "file name"),
    "nothing": ("example.test/y git http://example.test/git/y", "no go-import tag speaks of"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_nobody_follows(main, everyhost, name):
    content, why = PAGES[name]
    everyhost.page("example.test/x", content)
    main.write(["example.test/x v1.0.0"], ["example.test/x"])
    run = main.upkeepd("tidy", ".")
    assert run.returncode in (1, 2)
    assert why in run.stderr
    assert not (main.ours / "go.sum").exists()


# Attributes by which git changes files on their way out, and such as change none.
@pytest.mark.parametrize("line", ["*.bat eol=crlf", "*.go ident", "*.c working-tree-encoding=UTF-16",
                                  "*.png filter=lfs diff=lfs -text", "[attr]dos text eol=crlf"])
def test_bytes_that_git_would_change_are_not_summed(main, everyhost, line):
    a = everyhost.module("a")
    a.commit({"go.mod": GO_MOD.format("example.test/a"), "a.go": PACKAGE,
              ".gitattributes": f"{line}\n", "a.bat": "one\n"})
    tag(a, "v1.0.0")
    main.write(["example.test/a v1.0.0"], ["example.test/a"])
    run = main.upkeepd("tidy", ".")
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "its checksum cannot be computed: by '.gitattributes'" in run.stderr


@pytest.mark.parametrize("line", ["* text=auto", "*.go -ident", "*.bat -text", "# *.go ident",
                                  "*.txt eol=lf", "*.bin binary", "sub export-ignore"])
def test_attributes_that_change_nothing_change_nothing(main, everyhost, line):
    a = everyhost.module("a")
    a.commit({"go.mod": GO_MOD.format("example.test/a"), "a.go": PACKAGE,
              ".gitattributes": f"{line}\n", "a.bat": "one\r\n", "a.txt": "one\n"})
    tag(a, "v1.0.0")
    main.write(["example.test/a v1.0.0"], ["example.test/a"])
    main.assert_same(main.upkeepd("tidy", "."))


@pytest.mark.parametrize("is_right", [True, False])
def test_only_who_computes_the_old_checksum_is_trusted_with_the_new_one(main, everyhost, is_right):
    fill(everyhost)
    main.write(["example.test/a v1.0.0"], ["example.test/a"])
    assert main.upkeepd("tidy", ".").returncode == 0
    sums = main.ours / "go.sum"
    before = sums.read_text() if is_right else sums.read_text().replace(" h1:", " h1:A", 1)
    sums.write_text(before)
    run = main.upkeepd("update", ".", "example.test/a@v1.1.0")
    if is_right:
        assert run.returncode == 0, run.stderr
        assert "example.test/a v1.1.0 h1:" in sums.read_text()
    else:
        assert run.returncode == 1
        assert "checksums of 'example.test/a' do not come out as Go's: 'example.test/a@v1.0.0' " \
            in run.stderr
        assert sums.read_text() == before


MAJORS = """\
version: 2
updates:
  - package-ecosystem: gomod
    directory: /
    schedule: { interval: weekly }
    x-upkeepd: { major-imports: rewrite }
"""


@pytest.mark.parametrize("name, more", [
    ("example.test/a@v1.1.0", {"GOPROXY": "{proxy},direct"}),
    ("example.test/a@v2.0.0", {}),  # which is example.test/a/v2
    ("example.test/b@v1.1.0", {}),  # which requires example.test/a v1.1.0
])
def test_nor_with_one_that_comes_by_other_ways(main, everyhost, moduled, store, name,
                                                  more):
    fill(everyhost)
    store.path.mkdir()
    more = {key: value.format(proxy=moduled().url) for key, value in more.items()}
    everyhost.environment["NO_PROXY"] = everyhost.environment["no_proxy"] = "127.0.0.1"
    b = everyhost.module("b")
    for version, a in ("v1.0.0", "v1.0.0"), ("v1.1.0", "v1.1.0"):
        b.commit({"go.mod": GO_MOD.format("example.test/b") + f"require example.test/a {a}\n",
                  "b.go": f'package b // {version}\n\nimport _ "example.test/a"\n'})
        tag(b, version)
    main.write(["example.test/a v1.0.0", "example.test/b v1.0.0"],
               ["example.test/a", "example.test/b"])
    (main.ours / ".github").mkdir()
    (main.ours / ".github/dependabot.yml").write_text(MAJORS)
    assert main.upkeepd("tidy", ".", **more).returncode == 0
    sums = main.ours / "go.sum"
    before = sums.read_text()
    sums.write_text(before.replace("a v1.0.0 h1:", "a v1.0.0 h1:A"))
    run = main.upkeepd("update", ".", name, **more)
    assert run.returncode == 1 or "does not go to" in run.stderr, run.stderr
    assert "checksums of 'example.test/a' do not come out as Go's: 'example.test/a@v1.0.0' " \
        in run.stderr
    sums.write_text(before)
    assert main.upkeepd("update", ".", name, **more).returncode == 0
    assert sums.read_text() != before


def test_a_submodule_is_no_part_of_a_module(main, everyhost):
    a = everyhost.module("a")
    a.commit({"go.mod": GO_MOD.format("example.test/a"), "a.go": PACKAGE, ".gitmodules":
              '[submodule "sub"]\n\tpath = sub\n\turl = https://elsewhere.test/sub\n'})
    tree = a.git("ls-tree", "main") + f"\n160000 commit {'1' * 40}\tsub\n"
    commit = a.git("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit-tree", "-m",
                   "sub", "-p", "main", a.git("mktree", "--missing", input=tree.encode()))
    a.git("update-ref", "refs/heads/main", commit)
    tag(a, "v1.0.0")
    main.write(["example.test/a v1.0.0"], ["example.test/a"])
    main.assert_same(main.upkeepd("tidy", "."))
    assert not any("elsewhere" in url for _, url, _ in everyhost.requests)


def test_a_second_run_asks_for_nothing(main, everyhost):
    fill(everyhost)
    main.write(["example.test/a v1.0.0"], ["example.test/a"])
    assert main.upkeepd("tidy", ".").returncode == 0
    everyhost.requests.clear()
    assert main.upkeepd("tidy", ".").returncode == 0
    assert everyhost.requests == []


def test_what_an_owner_can_make_many_of_is_bounded(main, everyhost):
    many = everyhost.module("many")
    many.commit({"m.go": PACKAGE})
    tag(many, *(f"v{major}.0.0" for major in range(2, 110)))
    main.write([], ["example.test/many"])
    run = main.upkeepd("tidy", ".")
    assert run.returncode == 1
    assert "more than 100 major versions" in run.stderr


def test_attributes_without_number_are_refused_and_not_asked_for(main, everyhost):
    a = everyhost.module("a")
    a.commit({"go.mod": GO_MOD.format("example.test/a"), "a.go": PACKAGE,
              **{f"d{n}/.gitattributes": "* text\n" for n in range(1001)}})
    tag(a, "v1.0.0")
    main.write(["example.test/a v1.0.0"], ["example.test/a"])
    run = main.upkeepd("tidy", ".")
    assert run.returncode == 1
    assert "more than 1000 files '.gitattributes'" in run.stderr
    assert len(everyhost.requests) < 20
