#!/bin/sh
# Some unit tests under valgrind, which sees what the sanitizers do not: the use of memory that
# was never written. Of leaks the definite ones, since GLib's thread shows as "possibly lost".
# Takes the build folder.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}

rm -f "$build"/Testing/Temporary/MemoryChecker.*
tests='base/(json|yaml|crypto)|config/dependabot|store/store|net/http|git/(pack|pktline)
|policy/select|publish/(body|quote)|ecosystems/docker/(dockerfile|tag)
|ecosystems/gomod/(modfile|modzip|sumdb)'
if ! ctest --test-dir "$build" -T memcheck -j"$(nproc)" -R "^($(echo "$tests" | tr -d '\n'))\$" \
	--overwrite MemoryCheckCommand="$(command -v valgrind)" \
	--overwrite MemoryCheckCommandOptions="--quiet --error-exitcode=1 --child-silent-after-fork=yes \
		--leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite"; then
	cat "$build"/Testing/Temporary/MemoryChecker.*.log
	exit 1
fi
