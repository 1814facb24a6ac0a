#!/bin/sh
# Functions that must not be called, comments that must not be left (style.md 10, 14).
set -eu
cd "$(dirname "$0")/.."

failed=0
refuse() {
	pattern=$1
	why=$2
	shift 2
	if grep -rsnE --include='*.[ch]' "$pattern" "$@"; then
		echo "    ^ $why"
		failed=1
	fi
}
calls='strcpy|strcat|strncpy|sprintf|vsprintf|strtok|atoi|atol|strtol|strtoul|strtoll|strtoull'
calls="$calls|system|popen|alloca|rand|srand|localtime|gmtime|access|realloc"
calls="$calls|g_error|g_newa|g_newa0|g_alloca|g_ascii_strtoull|g_ascii_strtoll|g_time_zone_new"
calls="$calls|g_pattern_match_simple|g_spawn_command_line_async|g_spawn_command_line_sync"
refuse "(^|[^a-zA-Z0-9_>.\"])($calls)\\(" "banned (style.md 10)" src
refuse '(^|[ 	;{}])//' "comments are /* */; // marks what must not be committed" src include
refuse '(TODO|FIXME|(^|[^X])XXX([^X]|$))' "a TODO needs an issue, not a comment" src include tests
refuse 'secret_reveal\(' "only net/ and git/ may look into a secret" \
	src/config src/policy src/store src/ecosystems src/publish src/worker src/daemon
refuse '(^|[^a-z_])goto ' "early return, not goto" src
exit $failed
