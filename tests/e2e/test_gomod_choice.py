# SPDX-License-Identifier: MIT
"""Which version of a module is chosen, by its publisher's words and by the rules: one
check of a checkout that has a requirement for every case."""
import json

import pytest

OLD = "2026-01-01T00:00:00Z"
ENTRY = """\
version: 2
updates:
  - package-ecosystem: gomod
    directory: /
    schedule: { interval: weekly }
"""
PRESENT = "v1.0.0"
UNTAGGED = "v0.0.0-20240102030405-abcdefabcdef"

# name: versions (with go.mod, but for +incompatible), present, chosen, reason, and a part of
# what is said.
PUBLISHED = {
    "newest": (["v1.0.0", "v1.1.0", "v1.2.0-rc.1"], PRESENT, "v1.1.0", None, ""),
    "prerelease": (["v1.1.0-rc.1", "v1.1.0-rc.2"], "v1.1.0-rc.1", "v1.1.0-rc.2", None, ""),
    "retracted": (["v1.0.0", "v1.1.0", "v1.2.0"], PRESENT, "v1.1.0", "", "leaves"),
    "all-retracted": (["v1.0.0", "v1.1.0"], PRESENT, None, "retracted", "wrong"),
    "on-retracted": (["v0.9.0", "v1.0.0"], PRESENT, None, "up-to-date",
                     "the present version is retracted: wrong"),
    "deprecated": (["v1.0.0"], PRESENT, None, "up-to-date", "deprecated: use newest"),
    "excluded": (["v1.0.0", "v1.1.0", "v1.2.0"], PRESENT, "v1.1.0", None, ""),
    "all-excluded": (["v1.0.0", "v1.1.0"], PRESENT, None, "excluded", "excluded in go.mod"),
    "incompatible": (["v1.0.0", "v2.0.0+incompatible"], PRESENT, None, "up-to-date", ""),
    "on-incompatible": (["v1.0.0", "v2.0.0+incompatible", "v2.1.0+incompatible"],
                        "v2.0.0+incompatible", "v2.1.0+incompatible", None, ""),
    "tag-before-commit": (["v0.1.0"], "v0.0.0-20270102030405-abcdefabcdef", None, "up-to-date", ""),
    "tag-after-commit": (["v0.1.0"], UNTAGGED, "v0.1.0", None, ""),
    "replaced": (["v1.0.0", "v1.1.0"], PRESENT, None, "replaced", "go.mod has '../replaced' instead"),
    "forked": (["v1.0.0", "v1.1.0"], PRESENT, None, "replaced",
               "go.mod has 'example.org/fork v1.2.0' instead"),
    "on-retracted-deprecated": (["v1.0.0"], PRESENT, None, "up-to-date",
                                "is retracted: wrong; the module is deprecated: use newest"),
    "replaced-elsewhere": (["v1.0.0", "v1.1.0"], PRESENT, "v1.1.0", None, ""),
    "down": (["v0.9.0"], PRESENT, None, "up-to-date", ""),
}
MORE = """\
exclude example.org/excluded v1.2.0
exclude example.org/all-excluded v1.1.0
replace example.org/replaced => ../replaced
replace example.org/forked => example.org/fork v1.2.0
replace example.org/replaced-elsewhere v0.1.0 => ../other
"""
WORDS = {
    ("retracted", "v1.2.0"): "\n// wrong\nretract v1.2.0\n",
    ("all-retracted", "v1.1.0"): "\n// wrong\nretract [v1.0.1, v1.1.0]\n",
    ("on-retracted", "v1.0.0"): "\nretract v1.0.0 // wrong\n",
    ("on-retracted-deprecated", "v1.0.0"): "\nretract v1.0.0 // wrong\n",
}


def add(upstream, name, versions):
    path = f"example.org/{name}"
    for version in versions:
        first = "// Deprecated: use newest\n" if "deprecated" in name else ""
        text = f"{first}module {path}\n\ngo 1.21\n" + WORDS.get((name, version), "")
        upstream.module(path, version, OLD,
                        {"p.go": "package p\n"} if "+" in version else
                        {"go.mod": text, "p.go": "package p\n"})


@pytest.fixture
def check(upkeepd, tmp_path):
    root = tmp_path / "checkout"
    (root / ".github").mkdir(parents=True)

    def call(requires, more="", rules="", **options):
        """name → what check says of it."""
        (root / "go.mod").write_text("module example.org/main\n\ngo 1.21\n\nrequire (\n" + "".join(
            f"\texample.org/{name} {version}\n" for name, version in requires) + ")\n" + more)
        (root / ".github" / "dependabot.yml").write_text(ENTRY + rules)
        upkeepd.watch(f"path: {root}")
        run = upkeepd("check", "--json", str(root), **options)
        return {one["name"].split("/")[1]: one for one in json.loads(run.stdout)["dependencies"]}
    return call


def test_what_the_publisher_says_decides(check, upstream):
    for name, (versions, *_) in PUBLISHED.items():
        add(upstream, name, versions)
    found = check([(name, row[1]) for name, row in PUBLISHED.items()], MORE)
    for name, (_, _, chosen, reason, text) in PUBLISHED.items():
        assert (name, found[name]["chosen"]) == (name, chosen)
        if chosen is None:
            assert (name, found[name]["reason"]) == (name, reason)
            assert text in (found[name]["text"] or ""), name


RULES = [  # a rule, and what is chosen of v1.0.0, v1.0.1, v1.1.0, v1.2.0
    ("ignore: [{ dependency-name: example.org/m }]", None, "ignored"),
    ("ignore: [{ dependency-name: 'example.*' }]", None, "ignored"),
    ("ignore: [{ dependency-name: example.org/other }]", "v1.2.0", None),
    ("ignore: [{ dependency-name: '*', versions: ['1.2.0'] }]", "v1.1.0", None),
    ("ignore: [{ dependency-name: '*', versions: ['v1.2.0'] }]", "v1.1.0", None),
    ("ignore: [{ dependency-name: '*', versions: ['>= 1.1, < 2'] }]", "v1.0.1", None),
    ("ignore: [{ dependency-name: '*', versions: ['< 1.1 || > 1.1.0'] }]", "v1.1.0", None),
    ("ignore: [{ dependency-name: '*', versions: ['~> 1.1.0', '1.2.x'] }]", "v1.0.1", None),
    ("ignore: [{ dependency-name: '*', versions: ['^1.0.0'] }]", None, "ignored"),
    ("ignore: [{ dependency-name: '*', versions: ['1.1.0 - 1.2.0'] }]", "v1.0.1", None),
    ("ignore: [{ dependency-name: '*', update-types: ['version-update:semver-minor'] }]",
     "v1.0.1", None),
    ("ignore: [{ dependency-name: '*', update-types: ['version-update:semver-patch'] }]",
     "v1.2.0", None),
    ("allow: [{ dependency-name: example.org/m }]", "v1.2.0", None),
    ("allow: [{ dependency-name: example.org/other }]", None, "not-allowed"),
    ("allow: [{ dependency-type: direct }]", "v1.2.0", None),
    ("allow: [{ dependency-type: all }]", "v1.2.0", None),
    ("allow: [{ dependency-type: production }]", "v1.2.0", None),
    ("allow: [{ dependency-type: indirect }]", None, "not-allowed"),
    ("allow: [{ dependency-type: development }]", None, "not-allowed"),
]


@pytest.mark.parametrize("rule, chosen, reason", RULES, ids=[row[0] for row in RULES])
def test_the_rules_decide(check, upstream, rule, chosen, reason):
    add(upstream, "m", ["v1.0.0", "v1.0.1", "v1.1.0", "v1.2.0"])
    one = check([("m", PRESENT)], rules=f"    {rule}\n")["m"]
    assert (one["chosen"], one["reason"]) == (chosen, reason)


@pytest.mark.parametrize("types, direct, indirect", [
    ([], True, False), (["direct"], True, False), (["indirect"], False, True),
    (["all"], True, True), (["direct", "indirect"], True, True), (["production"], True, False)])
def test_indirect_requirements_move_as_allow_says(check, upstream, types, direct, indirect):
    for name in "m", "n":
        add(upstream, name, ["v1.0.0", "v1.1.0"])
    allow = "".join(f"      - dependency-type: {one}\n" for one in types)
    found = check([("m", PRESENT), ("n", PRESENT + " // indirect")],
                  rules="    allow:\n" + allow if types else "")
    for name, moves in ("m", direct), ("n", indirect):
        assert (name, found[name]["chosen"]) == (name, "v1.1.0" if moves else None)
        assert moves or found[name]["reason"] == "not-allowed"


COOLDOWN = "    cooldown: { default-days: 7 }\n"


def test_a_version_waits_from_when_it_was_first_seen(check, upstream):
    add(upstream, "m", ["v1.0.0", "v1.1.0"])
    # A new installation takes the commit's time.
    assert check([("m", PRESENT)], rules=COOLDOWN)["m"]["chosen"] == "v1.1.0"
    add(upstream, "m", ["v1.2.0"])  # its commit is months old, its tag is not
    one = check([("m", PRESENT)], rules=COOLDOWN, now="2026-08-26T06:00:00Z")["m"]
    assert (one["chosen"], one["latest"], one["reason"]) == ("v1.1.0", "v1.2.0", "cooldown")
    assert one["held"] == "2026-09-02T06:00:00Z"
    one = check([("m", PRESENT)], rules=COOLDOWN, now="2026-09-02T05:59:00Z")["m"]
    assert one["chosen"] == "v1.1.0"
    one = check([("m", PRESENT)], rules=COOLDOWN, now="2026-09-02T06:00:00Z")["m"]
    assert one["chosen"] == "v1.2.0"


def test_a_commit_of_yesterday_waits_too(check, upstream):
    add(upstream, "m", ["v1.0.0"])
    upstream.module("example.org/m", "v1.1.0", "2026-08-24T06:00:00Z",
                    {"go.mod": "module example.org/m\n", "p.go": "package p\n"})
    one = check([("m", PRESENT)], rules=COOLDOWN)["m"]
    assert (one["chosen"], one["reason"], one["held"]) == (None, "cooldown", "2026-08-31T06:00:00Z")


def test_the_table_shows_what_is_up_to_date_and_given_up(check, upkeepd, upstream, tmp_path):
    add(upstream, "deprecated", ["v1.0.0"])
    add(upstream, "newest", ["v1.0.0"])
    check([("deprecated", PRESENT), ("newest", PRESENT)])
    rows = [line.split(None, 5) for line in upkeepd("check", str(tmp_path / "checkout")).stdout.splitlines()]
    assert rows[1] == ["go.mod:6", "example.org/deprecated", "v1.0.0", "-", "-",
                       "up-to-date: the module is deprecated: use newest"]
    assert rows[3:] == [["0", "of", "2", "can", "be", "updated"]]


def test_a_deprecated_module_says_so_beside_its_update(check, upstream):
    add(upstream, "deprecated", ["v1.0.0", "v1.1.0"])
    one = check([("deprecated", PRESENT)])["deprecated"]
    assert (one["chosen"], one["text"]) == ("v1.1.0", "the module is deprecated: use newest")


TOOLS = [  # rules, and whether modules of `tool` lines and others that are indirect move
    ("", True, False),
    ("    allow: [{ dependency-type: direct }]", True, False),
    ("    allow: [{ dependency-type: indirect }]", True, True),
    ("    allow: [{ dependency-type: production }]", False, False),
    ("    allow: [{ dependency-name: 'example.org/*' }]", True, False),
    ("    ignore: [{ dependency-name: 'example.org/tool*' }]", False, False),
]


@pytest.mark.parametrize("rules, tool, other", TOOLS)
def test_the_module_of_a_tool_line_counts_as_direct(check, upstream, rules, tool, other):
    for name in "tool", "other":
        add(upstream, name, ["v1.0.0", "v1.1.0"])
    found = check([("tool", "v1.0.0 // indirect"), ("other", "v1.0.0 // indirect")],
                  "tool example.org/tool/cmd/x\n", rules)
    assert {name: one["chosen"] is not None for name, one in found.items()} == {
        "tool": tool, "other": other}
    assert [one["direct"] for one in found.values()] == [False, False]
