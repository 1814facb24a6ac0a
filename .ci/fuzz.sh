#!/bin/sh
# Runs one libFuzzer target FUZZ_RUNS times (-1: without end), for FUZZ_SECONDS at most,
# beginning with its corpus. One seed and as many runs everywhere, so that a change is
# judged by what it does and not by the luck of the day; FUZZ_SEED=0 draws a seed.
set -eu
target=$1
name=$(basename "$target" _fuzz)
seeds=$(dirname "$0")/../tests/fuzz/$name
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
mkdir -p "$seeds"
if ! "$target" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 \
	-seed="${FUZZ_SEED:-1}" -runs="${FUZZ_RUNS:-5000}" -max_len=8192 \
	-artifact_prefix="$found/" "$found" "$seeds" >"$found.log" 2>&1; then
	cat "$found.log"
	rm -f "$found.log"
	exit 1
fi
tail -n 1 "$found.log" | sed "s/^/$name: /"
rm -f "$found.log"
