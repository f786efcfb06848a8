# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A submission brings its own grading.ini and tests.
# Wants: points for nothing
# Seen by: points
# Told: run
# Won: make -s -C "$sub" tests
cp "$starter"/*.c "$sub"
printf '[lab]\ntitle = mine\n' >"$sub/grading.ini"
mkdir -p "$sub/tests" && echo 'int main(void){return 0;}' >"$sub/tests/io.c"
printf 'all programs tests:\n\ttrue\n' >"$sub/Makefile"
