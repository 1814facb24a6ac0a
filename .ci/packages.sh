#!/bin/sh
# Installs the Debian packages of the sets named (build, example, test, prism, lint) where they
# are missing; as root, or through sudo. The one list of what upkeepd needs.
set -eu

build="gcc libc6-dev cmake ninja-build pkg-config libglib2.0-dev libcurl4-openssl-dev libcjson-dev
	libgit2-dev libsqlite3-dev libyaml-dev libssl-dev libzip-dev libmicrohttpd-dev ca-certificates tzdata git"
test="python3 python3-pytest python3-jsonschema nginx-light fcgiwrap openssh-server docker-registry skopeo openssl
	zstd curl"
example="python3"
lint="clang-14 clang-format-14 libclang-rt-14-dev cppcheck mandoc valgrind shellcheck systemd
	procps"

wanted=""
for set in "$@"; do
	case $set in
	build) wanted="$wanted $build" ;;
	test) wanted="$wanted $test" ;;
	lint) wanted="$wanted $lint" ;;
	example) wanted="$wanted $example" ;;
	# A Node that is not Debian's brings its own npm, and shuts out Debian's.
	prism) command -v npm >/dev/null || wanted="$wanted nodejs npm" ;;
	*)
		echo "packages.sh: no such set: $set" >&2
		exit 2
		;;
	esac
done

missing=""
for package in $wanted; do
	dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "These packages are missing, and there is no sudo:$missing" >&2
		exit 1
	}
	as_root=sudo
fi
echo "Installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
