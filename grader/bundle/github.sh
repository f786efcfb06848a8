# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
#
# GitHub Actions, and GitHub Classroom's autograding: a workflow for the template
# of students' repositories, which is an unpacked handout. It grades with the
# tests that are in the repository, as the student does; JUnit XML is kept as an
# artifact, the summary has a table, and Classroom's reporter has the points.

about='a folder: a workflow for the repositories of students'
kind=folder
next='commit it to the template repository, which is an unpacked handout'

# workflow: what is in ${{ }} is GitHub's.
workflow() {
	cat <<-EOF
	# Grades $lab at each push. The job's name is the one that GitHub Classroom
	# looks for.
	name: Autograding Tests
	"on":
	  - push
	  - workflow_dispatch
	permissions:
	  checks: write
	  actions: read
	  contents: read
	jobs:
	  run-autograding-tests:
	    name: Autograding Tests
	    runs-on: ubuntu-24.04
	    timeout-minutes: 30
	    if: github.actor != 'github-classroom[bot]'
	    steps:
	      - name: Check out
	        uses: actions/checkout@v4
	      - name: Install packages
	        run: ./course setup students
	      - name: Grade
	        id: grade
	        run: sh .github/readylist/grade.sh $lab
	      - name: Keep the JUnit XML
	        if: always()
	        uses: actions/upload-artifact@v4
	        with:
	          name: $lab
	          path: build/formats/junit.xml
	      - name: Autograding Reporter
	        uses: classroom-resources/autograding-grading-reporter@v1
	        env:
	          GRADE_RESULTS: "\${{steps.grade.outputs.result}}"
	        with:
	          runners: grade
	EOF
}

lay_out() {
	mkdir -p "$1/.github/workflows" "$1/.github/readylist"
	workflow >"$1/.github/workflows/classroom.yml"
	script "$1/.github/readylist/report.py" <"$here/bundle/report.py"
	script "$1/.github/readylist/grade.sh" <<-'EOF'
	#!/bin/sh
	# grade.sh LAB: grades it, and tells GitHub. A failed test is no failure of
	# this step: the reporter's is the last word.
	set -eu
	here=$(dirname -- "$0")
	status=0
	# What programs print is text, and no command to GitHub.
	token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	echo "::stop-commands::$token"
	./course grade "$1" --formats build/formats || status=$?
	echo "::$token::"
	[ "$status" -le 1 ] || exit "$status"
	python3 "$here/report.py" build/formats/json.json
	EOF
}
