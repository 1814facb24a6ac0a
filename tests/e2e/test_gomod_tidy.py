# SPDX-License-Identifier: MIT
"""`tidy`, and what `update` does beyond one go.mod, against a real module proxy."""
import os
import subprocess

import pytest

from servers.places import built

MAIN = "module example.test/main\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n"
UNTIDY = MAIN + "\nrequire example.com/unused v1.0.0\n"


def write(folder, **files):
    """Files by their names, "__" for a slash and "_" for a dot."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def checkout(tmp_path, store):
    imports = {"a.go": 'package a\n\nimport _ "example.com/b"\n', "LICENSE": "a's\n"}
    for version in "v1.0.0", "v1.1.0":
        store.add("example.com/a", version, ["example.com/b v1.0.0"], imports)
    store.add("example.com/b", "v1.0.0").add("example.com/unused", "v1.0.0")
    folder = tmp_path / "checkout"
    (folder / ".git").mkdir(parents=True)
    return write(folder, go_mod=UNTIDY, main_go='package main\n\nimport _ "example.com/a"\n')


@pytest.fixture
def upkeepd(tmp_path, checkout):
    def call(server, *words, cwd=checkout, **environment):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **server.environment,
                       "CACHE_DIRECTORY": str(tmp_path / "cache"),
                       "STATE_DIRECTORY": str(tmp_path / "state"), "G_DEBUG": "fatal-criticals",
                       **environment}
        run = subprocess.run([built("upkeepd-worker"), *map(str, words)], text=True, cwd=cwd,
                             capture_output=True, env=environment, timeout=60)
        print(run.stdout + run.stderr)
        return run
    return call


def keys(folder):
    return [" ".join(line.split()[:2]) for line in (folder / "go.sum").read_text().splitlines()]


def test_tidy_leaves_what_go_would(upkeepd, moduled, checkout):
    assert upkeepd(moduled(), "tidy").returncode == 0
    assert (checkout / "go.mod").read_text() == MAIN + "\nrequire example.com/b v1.0.0 // indirect\n"
    assert keys(checkout) == ["example.com/a v1.0.0", "example.com/a v1.0.0/go.mod",
                              "example.com/b v1.0.0", "example.com/b v1.0.0/go.mod"]


def test_a_second_tidy_asks_for_nothing(upkeepd, moduled):
    server = moduled()
    assert upkeepd(server, "tidy").returncode == 0
    before = server.stats()["requests"]
    assert upkeepd(server, "tidy", "--check").returncode == 0
    assert server.stats()["requests"] == before


def test_what_is_known_of_modules_outlives_the_state(upkeepd, moduled, checkout, tmp_path):
    server = moduled()
    assert upkeepd(server, "tidy").returncode == 0
    (checkout / "go.mod").write_text(UNTIDY)
    before = server.stats()["by"]
    assert upkeepd(server, "tidy", STATE_DIRECTORY=str(tmp_path / "other")).returncode == 0
    after = server.stats()["by"]
    assert (after["mod"], after["zip"]) == (before["mod"], before["zip"])


def test_check_says_so_and_leaves_the_files(upkeepd, moduled, checkout):
    run = upkeepd(moduled(), "tidy", "--check")
    assert run.returncode == 1
    assert "not tidy" in run.stderr
    assert (checkout / "go.mod").read_text() == UNTIDY


def test_diff_shows_it_and_leaves_the_files(upkeepd, moduled, checkout):
    run = upkeepd(moduled(), "tidy", "--diff")
    assert run.returncode == 0
    assert "-require example.com/unused v1.0.0" in run.stdout
    assert "+++ b/go.sum" in run.stdout
    assert (checkout / "go.mod").read_text() == UNTIDY


def test_a_folder_means_the_module_it_lies_in(upkeepd, moduled, checkout):
    write(checkout, cmd__x__x_go="package main\n")
    assert upkeepd(moduled(), "tidy", checkout / "cmd" / "x").returncode == 0
    assert (checkout / "go.mod").read_text() != UNTIDY


def test_a_folder_without_a_module_means_those_below(upkeepd, moduled, checkout):
    for name in "one", "two":
        write(checkout / name, go_mod=UNTIDY, m_go='package m\n\nimport _ "example.com/a"\n')
    (checkout / "go.mod").unlink()
    assert upkeepd(moduled(), "tidy").returncode == 0
    for name in "one", "two":
        assert "unused" not in (checkout / name / "go.mod").read_text()


def test_a_proxy_that_is_gone_changes_nothing(upkeepd, moduled, checkout):
    server = moduled()
    server.stop()
    run = upkeepd(server, "tidy")
    assert run.returncode == 1
    assert "check the network" in run.stderr
    assert (checkout / "go.mod").read_text() == UNTIDY
    assert not (checkout / "go.sum").exists()


def test_a_sum_that_is_wrong_in_go_sum_is_never_replaced(upkeepd, moduled, checkout):
    line = f"example.com/a v1.0.0 h1:{'A' * 43}=\n"
    write(checkout, go_sum=line)
    run = upkeepd(moduled(), "tidy")
    assert run.returncode == 1
    assert "checksum mismatch" in run.stderr
    assert (checkout / "go.sum").read_text() == line


def vendored(folder):
    return sorted(str(path.relative_to(folder / "vendor"))
                  for path in (folder / "vendor").rglob("*") if path.is_file())


def test_vendor_is_refreshed_and_what_is_right_is_not_fetched_again(upkeepd, moduled, checkout):
    server = moduled()
    write(checkout, vendor__modules_txt="old\n", vendor__example_com__old_go="package old\n")
    assert upkeepd(server, "tidy").returncode == 0
    assert vendored(checkout) == ["example.com/a/LICENSE", "example.com/a/a.go",
                                  "example.com/b/a.go", "modules.txt"]
    before = server.stats()["by"]["zip"]
    assert upkeepd(server, "tidy", "--check").returncode == 0
    assert server.stats()["by"]["zip"] == before
    assert upkeepd(server, "update", "example.com/a").returncode == 0
    assert server.stats()["by"]["zip"] - before == 1  # its new version
    assert (checkout / "vendor" / "modules.txt").read_text() == (
        "# example.com/a v1.1.0\n## explicit; go 1.21\nexample.com/a\n"
        "# example.com/b v1.0.0\n## explicit; go 1.21\nexample.com/b\n")


def test_members_of_a_workspace_are_updated_together(upkeepd, moduled, checkout):
    server = moduled()
    write(checkout, go_work="go 1.21\n\nuse (\n\t.\n\t./lib\n)\n",
          lib__go_mod=MAIN.replace("main", "lib"),
          lib__l_go='package lib\n\nimport _ "example.com/a"\n')
    assert upkeepd(server, "tidy").returncode == 0
    assert upkeepd(server, "update", "example.com/a@v1.1.0").returncode == 0
    for folder in checkout, checkout / "lib":
        assert "example.com/a v1.1.0" in (folder / "go.mod").read_text()
        assert "example.com/a v1.1.0" in keys(folder)


def test_a_module_that_replaces_the_changed_one_follows(upkeepd, moduled, checkout):
    server = moduled()
    write(checkout, pkg__p_go='package pkg\n\nimport _ "example.com/a"\n',
          tool__go_mod="module example.test/tool\n\ngo 1.21\n\n"
                       "require example.test/main v0.0.0\n\nreplace example.test/main => ../\n",
          tool__t_go='package main\n\nimport _ "example.test/main/pkg"\n')
    for folder in checkout, checkout / "tool":
        assert upkeepd(server, "tidy", folder).returncode == 0
    assert "example.com/a v1.0.0 // indirect" in (checkout / "tool" / "go.mod").read_text()
    assert upkeepd(server, "update", "example.com/a@v1.1.0").returncode == 0
    assert "example.com/a v1.1.0 // indirect" in (checkout / "tool" / "go.mod").read_text()
    assert upkeepd(server, "tidy", "--check", checkout / "tool").returncode == 0
