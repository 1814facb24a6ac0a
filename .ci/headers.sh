#!/bin/sh
# Every header compiles alone, and begins with its licence and its purpose.
set -eu
cd "$(dirname "$0")/.."

failed=0
flags="-std=gnu17 -D_GNU_SOURCE -Isrc -Iinclude $(pkg-config --cflags glib-2.0)"
for header in $(find src include -name '*.h' | sort); do
	# shellcheck disable=SC2086
	if ! echo "#include \"$header\"" | ${CC:-gcc} $flags -I. -fsyntax-only -x c - 2>/dev/null; then
		echo "$header: does not compile alone"
		failed=1
	fi
	if ! sed -n 2p "$header" | grep -q '^/\* '; then
		echo "$header:2: does not say what it is for"
		failed=1
	fi
done
for file in $(find src include tests -name '*.[ch]' | sort); do
	if [ "$(head -n 1 "$file")" != "/* SPDX-License-Identifier: MIT */" ]; then
		echo "$file:1: does not begin with the licence line"
		failed=1
	fi
done
exit $failed
