#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tells what was taken of a submission.

    tell.py SAID                        in lines, to standard error
    tell.py RESULTS SAID ISOLATION TO   RESULTS with it, as "official", in TO
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
    for file in said["refused"]:
        print("refused: %s: %s" % (file["name"], file["reason"]),
              file=sys.stderr)


def merge(results, said, isolation, to):
    results["official"] = dict(said, isolation=isolation)
    text = json.dumps(results, indent=2, ensure_ascii=False) + "\n"
    if to == "-":
        sys.stdout.write(text)
        return
    with open(to + ".new", "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(to + ".new", to)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        lines(load(sys.argv[1]))
    else:
        merge(load(sys.argv[1]), load(sys.argv[2]), *sys.argv[3:])
