# SPDX-License-Identifier: MIT
"""Where the course's parts are, and what grade says of a lab."""
import os
import subprocess
import sys

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
OFFICIAL = os.path.join(TOP, "grader", "official", "official.sh")
GRADE = os.path.join(TOP, "build", "gcc", "grader", "grade", "grade")


def fail(*text):
    """Wrong usage: a line, and the end."""
    print("./course:", *text, file=sys.stderr)
    sys.exit(2)


def the_lab(name):
    """The lab's folder, its starter's points and its title."""
    said = subprocess.run([GRADE, "labs", name, "--root", TOP],
                          stdout=subprocess.PIPE, text=True, check=False)
    if said.returncode or said.stdout.count("\n") != 1:
        sys.exit(2)
    lab, points, title = said.stdout.rstrip("\n").split("\t")
    return lab, int(points), title
