#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A lab's checks of its own, labNN/checks/*.sh: what is not graded but has to
# hold, such as a bounded run of a fuzzer.
. "$(dirname -- "$0")/lib.sh"

lab=$1
make --no-print-directory -s -C "$top/$lab" programs
for script in "$top/$lab"/checks/*.sh; do
	check "$lab/checks/${script##*/}" sh "$script"
	grep ' is missing: ' "$tmp/out" || true
done
finish
