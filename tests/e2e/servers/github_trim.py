#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cuts GitHub's description of its API down to what upkeepd may ask, and closes it.

    npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-*.tgz
    tests/e2e/servers/github_trim.py package/generated/api.github.com.json \\
        >tests/e2e/servers/github_api.json

OPERATIONS is the whole list, and a change to it a change of what rights are needed. Of
each the parameters and the body are kept, without words and examples; objects refuse
members that are not described, which the original lets pass.
"""
import json
import sys

REPOSITORY = "/repos/{owner}/{repo}"
OPERATIONS = {
    f"{REPOSITORY}": ["get"],
    f"{REPOSITORY}/pulls": ["get", "post"],
    f"{REPOSITORY}/pulls/{{pull_number}}": ["get", "patch"],
    f"{REPOSITORY}/pulls/{{pull_number}}/requested_reviewers": ["post"],
    f"{REPOSITORY}/pulls/{{pull_number}}/merge": ["put"],
    f"{REPOSITORY}/labels": ["get", "post"],
    f"{REPOSITORY}/issues": ["get", "post"],
    f"{REPOSITORY}/issues/{{issue_number}}": ["get", "patch"],
    f"{REPOSITORY}/issues/{{issue_number}}/labels": ["post"],
    f"{REPOSITORY}/issues/{{issue_number}}/assignees": ["post"],
    f"{REPOSITORY}/issues/{{issue_number}}/comments": ["get", "post"],
    f"{REPOSITORY}/issues/comments": ["get"],
    f"{REPOSITORY}/issues/comments/{{comment_id}}": ["get", "patch"],
    f"{REPOSITORY}/issues/comments/{{comment_id}}/reactions": ["post"],
    f"{REPOSITORY}/collaborators/{{username}}/permission": ["get"],
    f"{REPOSITORY}/releases": ["get"],
    f"{REPOSITORY}/compare/{{basehead}}": ["get"],
    f"{REPOSITORY}/contents/{{path}}": ["get"],
    f"{REPOSITORY}/commits": ["get"],
    f"{REPOSITORY}/installation": ["get"],
    "/orgs/{org}/installation": ["get"],
    "/users/{username}/installation": ["get"],
    "/app/installations/{installation_id}/access_tokens": ["post"],
    "/installation/repositories": ["get"],
    "/installation/token": ["delete"],
    "/user": ["get"],
    "/user/repos": ["get"],
}
KEPT = {"type", "properties", "required", "items", "enum", "oneOf", "anyOf", "allOf", "pattern",
        "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "format",
        "additionalProperties"}


def resolve(whole, node):
    while "$ref" in node:
        place = whole
        for step in node["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        node = place
    return node


def closed(whole, schema):
    schema = resolve(whole, schema)
    kept = {key: value for key, value in schema.items() if key in KEPT}
    for key in ("oneOf", "anyOf", "allOf"):
        if key in kept:
            kept[key] = [closed(whole, one) for one in kept[key]]
    if "items" in kept:
        kept["items"] = closed(whole, kept["items"])
    if "properties" in kept:
        kept["properties"] = {name: closed(whole, one) for name, one in kept["properties"].items()}
        kept.setdefault("additionalProperties", False)
    if schema.get("nullable") and isinstance(kept.get("type"), str):
        kept["type"] = [kept["type"], "null"]
    return kept


def operation(whole, path, method):
    wanted = whole["paths"][path][method]
    parameters = [resolve(whole, one) for one in wanted.get("parameters", [])]
    cut = {"query": {one["name"]: closed(whole, one["schema"])
                     for one in parameters if one["in"] == "query"}}
    if "requestBody" in wanted:
        content = wanted["requestBody"]["content"]["application/json"]
        cut["body"] = closed(whole, content["schema"])
        cut["is_required"] = wanted["requestBody"].get("required", False)
    return cut


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        description = json.load(file)
    json.dump({"source": f"{description['info']['title']} {description['info']['version']}, "
                         f"@octokit/openapi, MIT, cut by github_trim.py",
               "operations": {f"{method.upper()} {path}": operation(description, path, method)
                              for path, methods in OPERATIONS.items() for method in methods}},
              sys.stdout, indent=1, sort_keys=True)
    print()
