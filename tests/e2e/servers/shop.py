# SPDX-License-Identifier: MIT
"""What most stories of proposals begin with: a repository with one image, of which there is
a newer tag."""
RULES = """\
version: 2
updates:
  - package-ecosystem: docker
    directory: /
    schedule: { interval: daily }
"""
AT_FIVE = RULES.replace("daily", 'daily, time: "05:00"')
DOCKERFILE = "FROM golang:1.21.6-alpine\n"
FILES = {".github/dependabot.yml": RULES, "Dockerfile": DOCKERFILE}
GOLANG_1_22 = "upkeepd/docker/golang-1.22.4-alpine"
GOLANG_1_23 = "upkeepd/docker/golang-1.23.1-alpine"


def offer(upstream):
    """The registry as it is at the beginning, whatever other stories have put there."""
    upstream.images.pop("library/golang", None)
    upstream.tags("library/golang", "1.21.6-alpine", "1.22.4-alpine")


def offer_newer(upstream):
    upstream.tags("library/golang", "1.23.1-alpine")
