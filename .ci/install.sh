#!/bin/sh
# What packages ship: builds it, installs it into a folder, and looks whether what
# was installed fits together, there and where the tree is moved to.
set -eu
cd "$(dirname "$0")/.."

build=${BUILD:-build-install}
installed=$PWD/$build/installed
rm -rf "$installed" "$build/staged"
cmake --preset release -B "$build" -DCMAKE_INSTALL_PREFIX="$installed" -Wno-dev >/dev/null
cmake --build "$build"
cmake --install "$build" >/dev/null
DESTDIR=$PWD/$build/staged cmake --install "$build" >/dev/null

# The daemon finds its worker, and both the same settings, manual and completion.
for tree in "$installed" "$build/staged$installed"; do
	"$tree/bin/upkeepd" inspect tag 1.22.4-alpine3.20 | grep -q alpine
	"$tree/bin/upkeepd" validate "$tree/share/doc/upkeepd/upkeepd.yml"
	mandoc -Tlint -Wwarning "$tree/share/man/man8/upkeepd.8" "$tree/share/man/man5/upkeepd.yml.5"
	bash -euc '. "$1"; complete -p upkeepd' - \
		"$tree/share/bash-completion/completions/upkeepd" >/dev/null
done

# systemd takes the units, the user and the folders.
systemd-analyze verify --man=no "$installed"/lib/systemd/system/*.service "$installed"/lib/systemd/system/*.timer \
	"$installed"/lib/systemd/system/*.socket
root=$PWD/$build/root
rm -rf "$root"
mkdir -p "$root/etc"
systemd-sysusers --root="$root" - <"$installed/lib/sysusers.d/upkeepd.conf"
systemd-tmpfiles --root="$root" --create - <"$installed/lib/tmpfiles.d/upkeepd.conf"
[ "$(stat -c %a "$root/var/lib/upkeepd")" = 700 ]
