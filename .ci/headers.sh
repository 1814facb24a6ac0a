#!/bin/sh
# Every file begins with its licence; every header with its purpose, and it
# compiles alone.
set -eu
cd "$(dirname "$0")/.."

failed=0
find src include tests -name '*.[ch]' | sort | xargs awk '
FNR == 1 && $0 != "/* SPDX-License-Identifier: MIT */" { bad("does not begin with the licence line") }
FNR == 2 && FILENAME ~ /^(src|include).*\.h$/ && !/^\/\* / { bad("does not say what it is for") }
function bad(what) { printf "%s:%d: %s\n", FILENAME, FNR, what; failed = 1 }
END { exit failed }
' || failed=1
# shellcheck disable=SC2046
find src include -name '*.h' | sort | xargs -P "$(nproc)" -n 20 "${CC:-gcc}" -std=gnu17 \
	-D_GNU_SOURCE -Isrc -Iinclude $(pkg-config --cflags glib-2.0) -fsyntax-only -w -x c ||
	failed=1
exit $failed
