#!/bin/sh
# Every function that can fail says that its result must be used: each prototype
# in a header that takes GError ** ends in G_GNUC_WARN_UNUSED_RESULT. A function
# that only notes an error (…_fail) is none that can fail.
set -eu
cd "$(dirname "$0")/.."

find src include -name '*.h' ! -name fail.h | sort | xargs awk '
FNR == 1 { text = "" }
/^[ \t]*(\/\*|\*)/ { next }
/^#/ || /^[ \t]*$/ { next }
{ if (text == "") line = FNR; text = text " " $0 }
/;[ \t]*(\/\*.*)?$/ {
	if (text ~ /GError \*\*/ && text !~ /G_GNUC_WARN_UNUSED_RESULT/ && text !~ /typedef/ && text !~ /_fail\(/) {
		printf "%s:%d: lacks G_GNUC_WARN_UNUSED_RESULT\n", FILENAME, line; failed = 1
	}
	text = ""
}
/[{}]/ { text = "" }
END { exit failed }
'
