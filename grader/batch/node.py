#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Grades one submission of a batch on the machine that this runs on.

    node.py TASK

TASK is made by packet.py, and TASK.done will be beside it. Status 0 if it is: a
grade that went wrong has results, too. SIGTERM ends it without.
"""
import os
import shutil
import signal
import sys
import tempfile
import threading

import packet
from official import Official, tests_side_by_side

LIMIT_S = 6 * 3600  # beside how many others, it is not told


def cores():
    """What there is for this grade, and for those beside it."""
    if os.environ.get("SLURM_JOB_ID"):
        return int(os.environ.get("SLURM_CPUS_PER_TASK") or 1)
    return os.cpu_count()


def grade(task, folder):
    told, submission = packet.unpack(task, folder)
    words = told["words"] + tests_side_by_side(cores(), told["beside"])
    official = Official(words, told["seed"], LIMIT_S)

    def ended(*_):
        threading.Thread(target=official.stop).start()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, ended)
    place = os.path.join(folder, "graded")
    formats = os.path.join(folder, "formats")
    status = official.run(submission, place, formats)
    if official.stopped:
        return 1
    packet.pack_results(task, status, place, formats)
    return 0


def main(task):
    if not os.path.isdir(os.environ.get("TMPDIR", "/")):
        del os.environ["TMPDIR"]  # of another machine
    folder = tempfile.mkdtemp()
    try:
        return grade(task, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
