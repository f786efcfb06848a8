#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The grade program: its own tests.
exec sh "$(dirname -- "$0")/criterion.sh" grader check-grade
