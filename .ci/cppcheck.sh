#!/bin/sh
# cppcheck over src/. What it cannot read it would leave out: an unknown macro is
# an error, and its definition belongs in .ci/cppcheck.h.
set -eu
cd "$(dirname "$0")/.."

# Without values it cannot know that of two pointers one is there.
cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,portability \
	--inconclusive --suppress=nullPointerRedundantCheck -j "$(nproc)" \
	--include=.ci/cppcheck.h -Iinclude -Isrc src
