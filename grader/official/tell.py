#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tells what was taken of a submission.

    tell.py SAID                        in lines, to standard error
    tell.py RESULTS SAID ISOLATION TO   RESULTS with it, as "official", in TO
    tell.py --judged RESULTS            status 1 if a test could not be judged
    tell.py --canary REFERENCE STARTER POINTS
                                        status 1, and a line that says why, unless
                                        the reference has passed all its tests, and
                                        the starter has POINTS (-: any number)
    tell.py --times RESULTS TO          how long each test took in RESULTS, and
                                        nothing else, as grade remembers it
"""
import json
import os
import sys


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def lines(said):
    for name in said["missing"]:
        print("missing, so the starter is graded: %s" % name, file=sys.stderr)
    if said["changed"]:
        print("given files that differ, so the course's own are used: %s"
              % " ".join(said["changed"]), file=sys.stderr)
    for file in said["refused"]:
        print("refused: %s: %s" % (file["name"], file["reason"]),
              file=sys.stderr)


def tests_of(path):
    """The lab in the results PATH, and its tests that ran."""
    lab = load(path)["labs"][0]
    return lab, [t for t in lab["tests"] if t["outcome"] != "none"]


def judged(path):
    lab, tests = tests_of(path)
    return not lab["infra_error"] and "infra" not in [
        t["outcome"] for t in tests]


def canary(reference, starter, points):
    """Why the grades of this machine cannot be trusted; None if they can."""
    try:
        _, tests = tests_of(reference)
        lab, _ = tests_of(starter)
    except (OSError, ValueError):
        return "the reference or the starter has no results"
    wrong = [t["test"] for t in tests if t["outcome"] not in ("pass", "skip")]
    if wrong or not tests:
        return "the reference fails %s" % (", ".join(wrong) or "at once")
    if points not in ("-", str(lab["points"])):
        return "the starter has %d points, not %s" % (lab["points"], points)
    return None


def times(path, to):
    _, tests = tests_of(path)
    known = [{"test": t["test"], "outcome": "none",
              "duration_ms": t["duration_ms"]} for t in tests]
    write({"tests": known}, to)


def write(results, to):
    text = json.dumps(results, indent=2, ensure_ascii=False) + "\n"
    with open("%s.%d" % (to, os.getpid()), "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(f.name, to)


def merge(results, said, isolation, to):
    results["official"] = dict(said, isolation=isolation)
    if to == "-":
        json.dump(results, sys.stdout, indent=2, ensure_ascii=False)
        print()
        return
    write(results, to)


if __name__ == "__main__":
    if sys.argv[1] == "--judged":
        sys.exit(not judged(sys.argv[2]))
    if sys.argv[1] == "--canary":
        why = canary(*sys.argv[2:])
        if why:
            print("canary: " + why)
        sys.exit(why is not None)
    if sys.argv[1] == "--times":
        times(*sys.argv[2:])
    elif len(sys.argv) == 2:
        lines(load(sys.argv[1]))
    else:
        merge(load(sys.argv[1]), load(sys.argv[2]), *sys.argv[3:])
