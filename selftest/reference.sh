#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A lab's reference: grading.ini fits the lab, every test passes, 100 of 100.
. "$(dirname -- "$0")/lib.sh"

lab=$1
need_grader
cd "$top"
check "$lab: grading.ini fits the lab" "$grade" check "$lab"
"$grade" run "$lab" --verbose --plain="$tmp/plain" || true
check_results "$tmp/plain" "$lab"
check "$lab: 100 points" test "$(points "$lab" "$top")" = 100
finish
