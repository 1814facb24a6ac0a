#!/bin/sh
# Holds every #include against .ci/layers.txt: which folders a file may use, and
# which library only one folder may touch.
set -eu
cd "$(dirname "$0")/.."

find src -name '*.[ch]' | sort | xargs awk '
function folder_of(path) { sub(/^src\//, "", path); sub(/\/[^\/]*$/, "", path); return path }
FILENAME == ".ci/layers.txt" {
	if ($0 ~ /^#/) next
	split($0, column, "|"); gsub(/[ \t]+$|^[ \t]+/, "", column[1])
	may[column[1]] = " " column[2] " "; gsub(/[ \t]+/, " ", may[column[1]])
	n = split(column[3], libraries, " ")
	for (i = 1; i <= n; i++) owner[libraries[i]] = column[1]
	next
}
/^#include/ {
	here = folder_of(FILENAME); there = $2
	if (there ~ /^"/) {
		gsub(/"/, "", there)
		if (there ~ /^upkeepd\//) next
		to = there; sub(/\/[^\/]*$/, "", to)
		if (to != here && index(may[here], " " to " ") == 0) bad("may not include " there)
	} else for (library in owner) {
		gsub(/[<>]/, "", there)
		if (index(there, library) == 1 && owner[library] != here)
			bad("may not include " there ", only " owner[library] " may")
	}
}
function bad(what) { printf "%s:%d: %s\n", FILENAME, FNR, what; failed = 1 }
END { exit failed }
' .ci/layers.txt
