#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tells GitHub what a grade was.

    report.py RESULTS

RESULTS is what `./course grade LAB --format json` wrote. The table of the tests
goes to the run's summary, and to the step's outputs goes `result`, which GitHub
Classroom's reporter takes: JSON in base64, a test with its points each.
"""
import base64
import html
import json
import os
import sys

STATUS = {"pass": "pass", "infra": "error"}


def append(variable, text):
    """TEXT goes to the file that GitHub names in VARIABLE, or is printed."""
    path = os.environ.get(variable)
    if not path:
        sys.stdout.write(text)
        return
    with open(path, "a", encoding="utf-8") as f:
        f.write(text)


def message(test):
    if test["outcome"] == "pass" or not test["expected"]:
        return ""
    return "Expected: %s\nGot: %s\nRun it again: %s" % (
        test["expected"], test["got"], test["reproduce"])


def result(lab):
    counted = [t for t in lab["tests"] if not t["challenge"]]
    passed = lab["points"] >= lab["max_points"]
    return {
        "version": 1,
        "status": "pass" if passed else "fail",
        "max_score": lab["max_points"],
        "tests": [{
            "name": t["test"],
            "status": STATUS.get(t["outcome"], "fail"),
            "score": t["points"],
            "message": message(t),
            "test_code": t["reproduce"],
            "filename": "",
            "line_no": 0,
            "duration": t["duration_ms"],
        } for t in counted],
    }


def summary(lab):
    yield "### %s: %d of %d points\n\n" % (
        html.escape(lab["title"]), lab["points"], lab["max_points"])
    if lab["build_error"]:
        yield "<pre>%s</pre>\n\n" % html.escape(lab["build_error"])
    yield "| test | result | points |\n|---|---|---|\n"
    for t in lab["tests"]:
        yield "| %s | %s | %d of %d%s |\n" % (
            html.escape(t["test"]), t["outcome"], t["points"],
            t["max_points"], ", a challenge" if t["challenge"] else "")
    for t in lab["tests"]:
        if message(t):
            # A blank line would end the block for Markdown.
            text = html.escape(message(t)).replace("\n", "<br>")
            yield "\n<details><summary>%s</summary>%s</details>\n" % (
                html.escape(t["test"]), text)


def main(path):
    with open(path, encoding="utf-8") as f:
        lab = json.load(f)["labs"][0]
    text = json.dumps(result(lab)).encode()
    append("GITHUB_OUTPUT",
           "result=%s\n" % base64.b64encode(text).decode("ascii"))
    append("GITHUB_STEP_SUMMARY", "".join(summary(lab)))


if __name__ == "__main__":
    main(*sys.argv[1:])
