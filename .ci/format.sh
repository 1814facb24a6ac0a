#!/bin/sh
# .clang-format decides.
set -eu
cd "$(dirname "$0")/.."
find src include tests -name '*.[ch]' | sort | xargs clang-format-14 --dry-run --Werror
