#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which submissions of a class are alike?

    ./course similar DIR --lab LAB [--top N]

DIR is as for ./course batch. What each student wrote (the lines of the lab's
files that are not the starter's) is compared with what each other did, and with
the reference, by sim_c of Debian's similarity-tester, which looks at C's words and
at neither names, comments nor layout. Prints the N pairs that are most alike, 20
unless told:

    PERCENT of what STUDENT wrote is in what STUDENT wrote

A number proves nothing: look at the files. Status 0; 1 if it could not be done;
2 for wrong usage.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

from result import visible
from submission import submissions
from tree import GRADE, TOP, fail, the_lab

OVERLAY = os.path.join(TOP, "grader", "official", "overlay.py")
RUN = "20"       # words in a row that are no chance
LIMIT_S = 600
FOUND = re.compile(r"^(\d+)\.c consists for (\d+) % of (\d+)\.c material$")


def deliverables(lab):
    said = subprocess.run([GRADE, "deliverables", lab, "--root", TOP],
                          stdout=subprocess.PIPE, text=True, check=True)
    return [os.path.basename(path) for path in said.stdout.split()]


def lines(path):
    with open(path, "rb") as f:
        return f.read().split(b"\n")


def written(folder, lab, files):
    """What is in FOLDER's files and not in the starter's, as bytes."""
    own = []
    for name in files:
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        starter = {line.strip() for line
                   in lines(os.path.join(TOP, lab, "starter", name))}
        own += [line for line in lines(path) if line.strip() not in starter]
    return b"\n".join(own) + b"\n"


def take(path, lab, files):
    """What was written in the submission PATH; None if it is refused."""
    with tempfile.TemporaryDirectory() as taken:
        said = subprocess.run(
            [sys.executable, OVERLAY, path, os.path.join(TOP, lab),
             taken, *files],
            stdout=subprocess.PIPE, text=True, errors="replace", check=False)
        if said.returncode:
            print("left out: %s: %s" % (visible(os.path.basename(path)),
                                        visible(said.stdout.strip())))
            return None
        return written(taken, lab, files)


def pairs(texts):
    """{(a, b): percent of TEXTS[a] that is in TEXTS[b]}; sim_c has a box."""
    with tempfile.TemporaryDirectory() as work:
        names = []
        for i, text in enumerate(texts):
            names.append("%d.c" % i)
            with open(os.path.join(work, names[-1]), "wb") as f:
                f.write(text)
        said = subprocess.run(
            ["bwrap", "--die-with-parent", "--new-session", "--unshare-all",
             "--clearenv", "--setenv", "PATH", "/usr/bin",
             "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib",
             "--symlink", "usr/lib64", "/lib64", "--ro-bind", work, "/work",
             "--chdir", "/work", "--", "sim_c", "-p", "-a", "-e", "-s", "-t", "1",
             "-r", RUN, "-i"], input="\n".join(names) + "\n", text=True,
            stdout=subprocess.PIPE, timeout=LIMIT_S, errors="replace",
            check=True)
    found = (FOUND.match(line) for line in said.stdout.split("\n"))
    return {(int(m[1]), int(m[3])): int(m[2]) for m in found if m}


def most_alike(percent):
    """(percent, a, b), the larger of both directions, the largest first."""
    best = {}
    for (a, b), share in percent.items():
        key = frozenset((a, b))
        best[key] = max(best.get(key, (0, 0, 0)), (share, a, b))
    return sorted(best.values(), key=lambda found: (-found[0], found[1:]))


def main():
    parser = argparse.ArgumentParser(
        prog="./course similar", allow_abbrev=False, description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", metavar="DIR")
    parser.add_argument("--lab", required=True)
    parser.add_argument("--top", type=int, default=20, metavar="N")
    options = parser.parse_args()
    if options.top < 1:
        fail("--top %d: expected 1 or more" % options.top)
    if not os.path.isdir(options.dir):
        fail("%s: expected a folder with the submissions" % options.dir)
    lab, _, _ = the_lab(options.lab)
    files = deliverables(lab)
    names = ["the reference"]
    texts = [written(os.path.join(TOP, lab), lab, files)]
    for file, student in submissions(options.dir).items():
        text = take(os.path.join(options.dir, file), lab, files)
        if text is not None:
            names.append(visible(student))
            texts.append(text)
    try:
        found = most_alike(pairs(texts))
    except (OSError, subprocess.SubprocessError) as error:
        print("similar: sim_c did not do it:", error, file=sys.stderr)
        return 1
    for share, a, b in found[:options.top]:
        print("%3d %% of what %s wrote is in what %s wrote"
              % (share, names[a], names[b]))
    print("%d submissions compared, %d pairs are alike in a part"
          % (len(texts) - 1, len(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
