# SPDX-License-Identifier: MIT
"""Random Go files, as strange as Go allows, and what lies beside them in a package."""

CONSTRAINTS = ["ignore", "!ignore", "linux", "windows && !linux", "tools", "ignore || x",
               "!(ignore && x)", "a && !a", "go1.21", "!!ignore"]
STANDARD = ["fmt", "not/there", "net/http", "C", "unsafe"]
PATTERNS = ["data.txt", "*.txt", "static", "all:static", "static/*", '"data.txt"', "`st*`",
            "static/deep/d.txt data.txt", "*"]
BESIDE = {"LICENSE": "l\n", "LICENSE.md": "m\n", "Copying": "no\n", "NOTICE-2": "n\n", "go.sum": "",
          "README": "r\n", "asm.s": "s\n", ".hidden": "h\n", "_under.go": 'import "example.com/a"'}
EMBEDDED = {"data.txt": "d\n", "other.txt": "o\n", "static/a.txt": "a\n", "static/.h": "h\n",
            "static/_u/x": "x\n", "static/deep/d.txt": "dd\n", "static/p_test.go": "package p\n"}


def imports(names, choose):
    """Import declarations of `names`, in one of the ways that Go knows."""
    style = choose(["lines", "lines", "block", "names", "raw", "comments", "tight"])
    if not names:
        return ""
    if style == "block":
        return "import (\n" + "".join(f'\t"{name}"\n' for name in names) + ")\n"
    if style == "names":
        return "import (" + "; ".join(f'{"_. ö"[at % 2 * 3]} "{name}"'
                                      for at, name in enumerate(names)) + ")\n"
    if style == "raw":
        return "".join(f"import x `{name}`;" for name in names) + "\n"
    if style == "comments":
        return "".join(f'import /* "example.com/no" */ _ // why\n"{name}" /* yes */\n'
                       for name in names)
    if style == "tight":
        return "import(" + ";".join(f'"{name}"' for name in names) + ")"
    return "".join(f'import _ "{name}"\n' for name in names)


def constraint(chance, choose):
    """What may stand above `package`, that decides whether the file counts."""
    one, other = choose(CONSTRAINTS), choose(CONSTRAINTS)
    if not chance(0.15):
        return choose(["", "", "", "// Package p.\n", "\n/* ignore */\n", "#!"[2:] + "\ufeff"])
    return choose([f"//go:build {one}\n\n", f"//go:build {one}\n\n", f"// words\n\n//go:build {one}\n",
                   f"//go:build {one}\n//go:build {other}\n\n", "// +build ignore\n\n",
                   "// +build ignore\n", "// +build linux,!ignore x\n// +build y\n\n",
                   f"/* c */ //go:build {one}\n\n", f"//go:build {one}\n// +build ignore\n\n"])


def source(names, chance, choose):
    """One Go file that imports `names`."""
    names = list(dict.fromkeys(names))
    if chance(0.05):
        names.append(choose(STANDARD))
    text = constraint(chance, choose) + choose(["package p\n", "package p;", "package p // p\n"])
    text += imports(names, choose)
    if chance(0.03):
        return text + choose(['\nimport "example.com/\n', "\nimport 7\n", '\nimport ("a" /*\n'])
    if chance(0.08):
        text += '\nimport "embed"\n\n' + "".join(
            f"//go:embed {choose(PATTERNS)}\nvar f{at} embed.FS\n" for at in range(choose([1, 2])))
    return text + choose(["", "", "\nvar import_ = `import \"example.com/a\"`\n", "\nfunc f() {}\n"])


def beside(text, chance):
    """Files that go with a Go file, and what people put beside their code."""
    files = {name: text for name, text in BESIDE.items() if chance(0.06)}
    if "go:embed" in text:
        files.update({name: text for name, text in EMBEDDED.items() if chance(0.9)})
    return files
