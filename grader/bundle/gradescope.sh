# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
#
# Gradescope (its autograder specifications): a zip, unpacked as
# /autograder/source. setup.sh runs once, while an image is made, and
# run_autograder for each submission, as root, with the files that were handed in
# in /autograder/submission. What it writes to results/results.json is shown.

about='a zip: the autograder of a programming assignment'
kind=zip
next='upload it under Configure Autograder, on an Ubuntu 22.04 image or newer'

lay_out() {
	official_tree "$1/readylist"
	script "$1/setup.sh" <<-EOF
	#!/bin/sh
	# Makes the image that submissions are graded in.
	set -eu
	source=\${AUTOGRADER:-/autograder}/source
	exec sh "\$source/readylist/grader/official/hosted.sh" setup $lab
	EOF
	script "$1/run_autograder" <<-EOF
	#!/bin/sh
	# Grades one submission. Instructors see what this prints, students the
	# results.
	set -eu
	at=\${AUTOGRADER:-/autograder}
	mkdir -p "\$at/results"
	exec sh "\$at/source/readylist/grader/official/hosted.sh" grade $lab \\
		"\$at/submission" gradescope "\$at/results/results.json"
	EOF
}
