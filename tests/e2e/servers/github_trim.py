#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cuts GitHub's description of its API down to what upkeepd may ask, and closes it.

    tests/e2e/prism/refresh     # fetches what is published, and writes github_api.json

OPERATIONS is the whole list, with the permission that GitHub wants for each: a change to it
is a change of what upkeepd may do, and is reviewed as one. Words and examples are left out.
Objects refuse members that are not described, which the original lets pass. What it leaves
unsaid is added: the token, GitHub's own media type, and the statuses that anything may have.
"""
import json
import sys

REPOSITORY = "/repos/{owner}/{repo}"
OPERATIONS = {
    f"GET {REPOSITORY}": "metadata: read",
    f"GET {REPOSITORY}/pulls": "pull_requests: read",
    f"POST {REPOSITORY}/pulls": "pull_requests: write",
    f"GET {REPOSITORY}/pulls/{{pull_number}}": "pull_requests: read",
    f"PATCH {REPOSITORY}/pulls/{{pull_number}}": "pull_requests: write",
    f"POST {REPOSITORY}/pulls/{{pull_number}}/requested_reviewers": "pull_requests: write",
    f"PUT {REPOSITORY}/pulls/{{pull_number}}/merge": "contents: write",
    f"GET {REPOSITORY}/labels": "issues or pull_requests: read",
    f"POST {REPOSITORY}/labels": "issues or pull_requests: write",
    f"GET {REPOSITORY}/issues": "issues: read",
    f"POST {REPOSITORY}/issues": "issues: write",
    f"GET {REPOSITORY}/issues/{{issue_number}}": "issues: read",
    f"PATCH {REPOSITORY}/issues/{{issue_number}}": "issues or pull_requests: write",
    f"POST {REPOSITORY}/issues/{{issue_number}}/labels": "issues or pull_requests: write",
    f"POST {REPOSITORY}/issues/{{issue_number}}/assignees": "issues or pull_requests: write",
    f"GET {REPOSITORY}/issues/{{issue_number}}/comments": "issues or pull_requests: read",
    f"POST {REPOSITORY}/issues/{{issue_number}}/comments": "issues or pull_requests: write",
    f"GET {REPOSITORY}/issues/comments": "issues or pull_requests: read",
    f"POST {REPOSITORY}/issues/comments/{{comment_id}}/reactions": "issues or pull_requests: write",
    f"GET {REPOSITORY}/collaborators/{{username}}/permission": "metadata: read",
    f"GET {REPOSITORY}/releases": "contents: read",
    f"GET {REPOSITORY}/compare/{{basehead}}": "contents: read",
    f"GET {REPOSITORY}/contents/": "contents: read",
    f"GET {REPOSITORY}/contents/{{path}}": "contents: read",
    f"GET {REPOSITORY}/installation": "the App itself",
    "GET /orgs/{org}/installation": "the App itself",
    "GET /users/{username}/installation": "the App itself",
    "POST /app/installations/{installation_id}/access_tokens": "the App itself",
    "GET /installation/repositories": "metadata: read",
    "DELETE /installation/token": "anybody",
    "GET /user": "anybody",
    "GET /user/repos": "metadata: read",
}
KEPT = {"$ref", "type", "properties", "required", "items", "enum", "oneOf", "anyOf", "pattern",
        "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum",
        "format", "additionalProperties"}
MEDIA = "application/vnd.github+json"  # what is asked for, and not described
TROUBLE = ("401", "403", "404", "422", "429", "500", "502", "503")  # may come of anything


def resolve(whole, node):
    while "$ref" in node:
        place = whole
        for step in node["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        node = place
    return node


def merged(whole, schema):
    """Half of an allOf cannot be closed alone: both become one object."""
    parts = [resolve(whole, one) for one in schema["allOf"]]
    return {"type": "object", "required": sum((one.get("required", []) for one in parts), []),
            "properties": {name: one for part in parts for name, one in part["properties"].items()}}


def closed(whole, schema, is_inlined):
    """Of OpenAPI 3.1, which is JSON Schema."""
    if "$ref" in schema and not is_inlined:
        return {"$ref": schema["$ref"]}
    schema = resolve(whole, schema)
    if "allOf" in schema:
        schema = merged(whole, schema)
    kept = {key: value for key, value in schema.items() if key in KEPT}
    for key in ("oneOf", "anyOf"):
        if key in kept:
            kept[key] = [closed(whole, one, is_inlined) for one in kept[key]]
    if "items" in kept:
        kept["items"] = closed(whole, kept["items"], is_inlined)
    if isinstance(kept.get("additionalProperties"), dict):
        kept["additionalProperties"] = closed(whole, kept["additionalProperties"], is_inlined)
    if "properties" in kept:
        kept["properties"] = {name: closed(whole, one, is_inlined)
                              for name, one in kept["properties"].items()}
        kept.setdefault("additionalProperties", False)
    if schema.get("nullable"):
        kept = {"anyOf": [kept, {"type": "null"}]}
    return kept


def content(schema):
    return {media: {"schema": schema} for media in ("application/json", MEDIA)}


def answer(whole, response):
    described = resolve(whole, response).get("content", {}).get("application/json")
    cut = {"description": ""}
    if described is not None:
        cut["content"] = content(closed(whole, described["schema"], is_inlined=False))
    return cut


def operation(whole, path, method):
    """A path may leave out its last part; of contents that is described in words alone."""
    wanted = whole["paths"][f"{path}{{path}}" if path.endswith("/") else path][method]
    parameters = [one for one in (resolve(whole, one) for one in wanted.get("parameters", []))
                  if one["in"] == "query" or f"{{{one['name']}}}" in path]
    cut = {"operationId": wanted["operationId"],
           "parameters": [{"name": one["name"], "in": one["in"], "required": one.get("required", False),
                           "schema": closed(whole, one["schema"], is_inlined=True)} for one in parameters],
           "responses": {status: answer(whole, one) for status, one in wanted["responses"].items()}}
    for status in TROUBLE:
        cut["responses"].setdefault(status, {"$ref": "#/components/responses/trouble"})
    if method == "get":
        cut["responses"].setdefault("304", {"description": ""})
    if "requestBody" in wanted:
        schema = wanted["requestBody"]["content"]["application/json"]["schema"]
        cut["requestBody"] = {"required": wanted["requestBody"].get("required", False),
                              "content": {"application/json": {
                                  "schema": closed(whole, schema, is_inlined=True)}}}
    return cut


def references(node):
    if isinstance(node, dict):
        if node.get("$ref", "").startswith("#/components/schemas/"):
            yield node["$ref"].rsplit("/", 1)[1]
        for one in node.values():
            yield from references(one)
    elif isinstance(node, (list, tuple)):
        for one in node:
            yield from references(one)


def schemas(whole, *nodes):
    """All that these refer to, and what that refers to."""
    found, wanted = {}, set(references(nodes))
    while wanted:
        name = wanted.pop()
        found[name] = closed(whole, whole["components"]["schemas"][name], is_inlined=False)
        wanted |= set(references(found[name])) - found.keys()
    return found


def trimmed(whole):
    paths = {}
    for name in OPERATIONS:
        method, path = name.split(" ")
        paths.setdefault(path, {})[method.lower()] = operation(whole, path, method.lower())
    trouble = {"description": "", "content": content({"$ref": "#/components/schemas/basic-error"})}
    return {"openapi": "3.1.0",
            "info": {"title": "GitHub, as far as upkeepd asks it", "version": whole["info"]["version"],
                     "description": "@octokit/openapi, MIT, cut by github_trim.py"},
            "servers": whole["servers"], "security": [{"token": []}], "paths": paths,
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
                           "responses": {"trouble": trouble},
                           "schemas": schemas(whole, paths, trouble)}}


def text(node, depth=3):
    """JSON, a line for each thing that a person may look at."""
    if depth == 0 or not isinstance(node, dict) or not node:
        return json.dumps(node, sort_keys=True)
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {text(node[key], depth - 1)}" for key in sorted(node)) + "\n}"


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(text(trimmed(json.load(file))))
