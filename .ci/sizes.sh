#!/bin/sh
# Files of at most 1,000 lines, headers of 200, functions of 120, comments of 100 columns,
# where the formatter does not look (style.md 15).
set -eu
cd "$(dirname "$0")/.."

find src include -name '*.[ch]' | sort | xargs awk '
FNR == 1 { if (last != "") check_file(); last = FILENAME; start = 0 }
{ lines = FNR }
length($0) > 100 { printf "%s:%d: %d columns, at most 100\n", FILENAME, FNR, length($0); failed = 1 }
/^\{/ { start = FNR }
/^\}/ {
	if (start && $0 == "}" && FNR - start > 120) {
		printf "%s:%d: a function of %d lines\n", FILENAME, start, FNR - start; failed = 1
	}
	start = 0
}
function check_file(    limit) {
	limit = last ~ /\.h$/ ? 200 : 1000
	if (lines > limit) { printf "%s: %d lines, at most %d\n", last, lines, limit; failed = 1 }
}
END { check_file(); exit failed }
'
