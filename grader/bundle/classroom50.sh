# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
#
# Classroom 50 (its pages on advanced autograding): what lies in
# CLASSROOM/autograders/ASSIGNMENT/ of its configuration repository goes to a
# runner of GitHub's, where autograder.py runs in the student's repository and
# writes ./result.json. Students can get at these files, so they are those of a
# handout: no reference and no hidden tests.

about='a folder: autograder.py and what it needs, for an assignment'
kind=folder
next='commit it as CLASSROOM/autograders/ASSIGNMENT of the classroom50 repository'

lay_out() {
	sh "$here/handout.sh" "$lab" --output "$1/readylist.tar.gz" >/dev/null
	script "$1/autograder.py" <"$here/bundle/autograder.py"
	echo "$lab" >"$1/LAB"
}
