# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A given header is replaced by one that defines the answers.
# Wants: given files of its own
# Seen by: points
# Told: run
cp "$starter"/*.c "$sub"
printf '#error replaced\n' >"$sub/io.h"
printf '#error replaced\n' >"$sub/main.c"
