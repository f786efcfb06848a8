# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the scripts in the folder above share beside the harness of all checks: an
# origin that runs.

lab=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
bin=$(dirname -- "$lab")/build/gcc/$(basename -- "$lab")
origin=
origin_options=
bot=
# shellcheck source=common/checks/harness.sh
. "$lab/../common/checks/harness.sh"

clean_up() {
	for pid in $origin $bot; do
		kill -CONT "$pid" 2>/dev/null || :
		kill "$pid" 2>/dev/null || :
	done
	remove_tmp
}

# start_origin TARGET...: builds these as well, and sets address.
start_origin() {
	make --no-print-directory -s -C "$lab" programs "$@"
	: >"$tmp/address"
	# shellcheck disable=SC2086 # words
	"$bin/origin" $origin_options >"$tmp/address" &
	origin=$!
	await 20 grep -q '^listening on' "$tmp/address" || {
		echo "the origin did not say where it listens"
		exit 1
	}
	# shellcheck disable=SC2034 # for the scripts that include this
	address=$(sed -n 's/^listening on //p' "$tmp/address")
}

# The origin ends as it should when it is told to.
origin_ends() {
	kill "$origin"
	wait "$origin"
}
