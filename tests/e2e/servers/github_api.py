# SPDX-License-Identifier: MIT
"""GitHub's own description of its API, as github_trim.py has cut and closed it: what may be
asked, and what answers look like."""
import json
import pathlib
import re
import urllib.parse

import jsonschema

FILE = pathlib.Path(__file__).parent / "github_api.json"
DOCUMENT = json.loads(FILE.read_text())
OPERATIONS = {f"{method.upper()} {path}": operation
              for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()}
PATTERNS = {name: re.compile(re.sub(r"\{[a-z_]+\}", "[^/]+", name)) for name in sorted(OPERATIONS)}
INVENTED = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}, "null": None}
FORMATS = {"date-time": "2026-08-25T06:00:00Z", "uri": "https://github.example/", "email": "a@example.org"}


def resolve(node):
    while "$ref" in node:
        place = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        node = place
    return node


def errors(value, schema):
    """Why this is none of those."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "components": DOCUMENT["components"], "allOf": [schema]}
    return [f"{'/'.join(map(str, one.path))}: {one.message:.300}"
            for one in jsonschema.Draft202012Validator(whole).iter_errors(value)]


def named(method, place):
    """What the description calls a request; None: it does not know such."""
    for name, pattern in PATTERNS.items():
        if pattern.fullmatch(f"{method} {place}"):
            return name
    return None


def breaches_of_query(name, query):
    """Of names too, which Prism does not look at."""
    known = {one["name"]: one["schema"] for one in OPERATIONS[name]["parameters"] if one["in"] == "query"}
    for key, text in query.items():
        if key not in known:
            yield f"{name}: no query '{key}'"
            continue
        value = int(text) if known[key].get("type") == "integer" and text.isdigit() else text
        yield from (f"{name}: {key}{error}" for error in errors(value, known[key]))


def breaches_of_body(name, body):
    described = OPERATIONS[name].get("requestBody")
    if described is None:
        return [] if body is None else [f"{name}: no body"]
    if body is None and not described["required"]:
        return []
    return [f"{name}: {error}" for error in errors(body, described["content"]["application/json"]["schema"])]


def answer_schema(name, status):
    """None: there is nothing to say; KeyError: no such answer is described."""
    described = resolve(OPERATIONS[name]["responses"][str(status)])
    return described["content"]["application/json"]["schema"] if "content" in described else None


def breaches_of_answer(name, status, body):
    try:
        schema = answer_schema(name, status)
    except KeyError:
        return [f"{name}: never answers {status}"]
    if schema is None:
        return [] if body is None else [f"{name}: {status} has no body"]
    return [f"{name}: {status}: {error}" for error in errors(body, schema)]


def invented(schema):
    """The least that there can be."""
    schema = resolve(schema)
    if "enum" in schema:
        return schema["enum"][0]
    for one in schema.get("anyOf", schema.get("oneOf", []))[-1:]:  # null is the last
        return invented(one)
    if schema.get("type") == "object":
        return completed({}, schema)
    return FORMATS.get(schema.get("format"), INVENTED[schema.get("type", "string")])


def completed(value, schema):
    """The same with all that the description wants there to be."""
    schema = resolve(schema)
    for one in schema.get("anyOf", schema.get("oneOf", [])):
        choice = completed(value, one)
        if not errors(choice, one):
            return choice
    if isinstance(value, list):
        return [completed(one, schema.get("items", {})) for one in value]
    if not isinstance(value, dict) or schema.get("type") != "object":
        return value
    parts = schema.get("properties", {})
    return {**{name: invented(parts[name]) for name in schema.get("required", []) if name not in value},
            **{name: completed(one, parts.get(name, {})) for name, one in value.items()}}


def complete_answer(name, status, body):
    try:
        schema = answer_schema(name, status)
    except KeyError:
        return body
    return body if schema is None else completed(body, schema)
