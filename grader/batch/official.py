# SPDX-License-Identifier: MIT
"""Runs official.sh, on this machine, for one submission after another."""
import os
import signal
import subprocess
import threading

from tree import OFFICIAL

GRACE_S = 30  # for a grade that was told to end
TESTS_PER_CORE = 4  # side by side, as JOBS_PER_CORE of grader/grade/run.c
TESTS_MAX = 64


def tests_side_by_side(cores, grades):
    """Options for each of GRADES that share CORES.

    More, while the processors are idle: tests that hang use none.
    """
    tests = TESTS_PER_CORE * cores // grades
    return ["--jobs", "%d+" % min(max(tests, 1), TESTS_MAX)]


class Official:
    """Grades by WORDS (the lab, a test, options of official.sh) and SEED.

    A submission has LIMIT_S seconds; each of its tests has its own deadline.
    """

    def __init__(self, words, seed, limit_s):
        self.words = words
        # Not on a command line, which all on a machine can read.
        self.environment = dict(os.environ, GRADE_SEED=str(seed))
        self.limit_s = limit_s
        self.children = set()
        self.lock = threading.Lock()
        self.stopped = False

    def run(self, path, place, formats, options=()):
        """Grades PATH into PLACE.json, PLACE.log and FORMATS/; the status.

        OPTIONS are official.sh's for this one, beside WORDS.
        """
        with open(place + ".log", "wb") as log:
            with self.lock:
                if self.stopped:
                    return 130
                child = subprocess.Popen(
                    ["sh", OFFICIAL, path, *self.words, *options, "--plain",
                     "--json", place + ".json", "--formats", formats],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env=self.environment, start_new_session=True)
                self.children.add(child)
            try:
                return child.wait(self.limit_s)
            except subprocess.TimeoutExpired:
                end(child)
                log.write(b"not graded within %d s\n" % self.limit_s)
                return 124
            finally:
                with self.lock:
                    self.children.discard(child)

    def stop(self):
        """Ends what runs, and starts nothing more."""
        with self.lock:
            self.stopped = True
            children = list(self.children)
        for child in children:
            end(child)


def end(child):
    """Ends a child that leads a session, and what it has started."""
    for number, patience in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, None)):
        try:
            os.killpg(child.pid, number)
            child.wait(patience)
            return
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def last_line(path):
    """What PATH.log ends with."""
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            lines = f.read().strip().split("\n")
    except OSError:
        return ""
    return lines[-1].removeprefix("grade --official: ")[:300]
