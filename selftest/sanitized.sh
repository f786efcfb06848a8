#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A lab's graded tests on the reference built with AddressSanitizer and
# UndefinedBehaviorSanitizer: every one passes that can run so.
. "$(dirname -- "$0")/lib.sh"

lab=$1
need_grader
cd "$top"
make --no-print-directory VARIANT=asan SAN=address,undefined common
make --no-print-directory -C "$lab" VARIANT=asan SAN=address,undefined programs
"$grade" run "$lab" --bin build/asan --verbose --plain="$tmp/plain" || true
check_results "$tmp/plain" "$lab"
finish
