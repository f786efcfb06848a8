# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: An archive ends where its reader expects more.
# Wants: a grader that ends with a trace of its own
# Seen by: the grader's words
# Told: whole
# Says: the submission cannot be read
printf '\037\213\010' >"$tmp/short.tar.gz"
answer=$tmp/short.tar.gz
