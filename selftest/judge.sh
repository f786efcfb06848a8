#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The judge library and the fault injector: their own tests.
exec sh "$(dirname -- "$0")/criterion.sh" grader check
