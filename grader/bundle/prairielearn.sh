# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2086,SC2154
#
# PrairieLearn (its documentation of external grading): the folder of a question.
# For each submission a container has tests/ as /grade/tests and the files that
# were handed in in /grade/student, runs the entrypoint, and wants
# /grade/results/results.json. It has no network: tests/Dockerfile makes an image
# with the packages, and with the tree, built. A tree in tests/ that is newer than
# the image's is built in the container, which takes a minute more of the ten
# that a grade may take.

about="a folder: a question with its external grader"
kind=folder
next="put it among the course's questions; docker build -t IMAGE DIR/tests, push it, and say IMAGE in info.json"

# page: what students see; names of files and titles of labs are plain text.
page() {
	cat <<-EOF
	<pl-question-panel>
	  <p>$title. Hand in
	$(printf '    <code>%s</code>\n' $deliverables)
	    from your folder <code>$lab</code>. What is missing is graded as the
	    starter.</p>
	  <pl-file-upload file-names="$(echo $deliverables | sed 's/ /, /g')"></pl-file-upload>
	</pl-question-panel>
	<pl-submission-panel>
	  <pl-external-grader-results></pl-external-grader-results>
	  <pl-file-preview></pl-file-preview>
	</pl-submission-panel>
	EOF
}

# info: the same question has the same number each time.
info() {
	python3 - "$lab" "$title" <<-'PYTHON'
	import json, sys, uuid
	lab, title = sys.argv[1:]
	print(json.dumps({
	    "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, "readylist " + lab)),
	    "title": title,
	    "topic": "Network servers",
	    "tags": ["readylist", lab],
	    "type": "v3",
	    "singleVariant": True,
	    "gradingMethod": "External",
	    "externalGradingOptions": {
	        "enabled": True,
	        "image": "readylist/" + lab,
	        "entrypoint": "/grade/tests/run.sh",
	        "timeout": 600,
	        "enableNetworking": False,
	        "environment": {"READYLIST_CANARY": "yes"},
	    },
	}, indent=4))
	PYTHON
}

lay_out() {
	mkdir "$1/tests"
	official_tree "$1/tests/readylist"
	info >"$1/info.json"
	page >"$1/question.html"
	cat >"$1/tests/Dockerfile" <<-EOF
	FROM debian:bookworm
	COPY readylist /readylist
	RUN sh /readylist/grader/official/hosted.sh setup $lab
	EOF
	script "$1/tests/run.sh" <<-EOF
	#!/bin/sh
	# Grades the submission in /grade/student, as root.
	set -eu
	at=\${GRADE_FOLDER:-/grade}
	tree=\$at/tests/readylist
	built=\${READYLIST:-/readylist} # by the image
	! cmp -s "\$built/version" "\$tree/version" || tree=\$built
	mkdir -p "\$at/results"
	exec sh "\$tree/grader/official/hosted.sh" grade $lab "\$at/student" \\
		prairielearn "\$at/results/results.json"
	EOF
}
