#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Grades the submissions of a class, each officially, and writes the grades.

    ./course batch DIR --lab LAB [--jobs N] [--out DIR] [--test TEST] [--seed N]
                   [--isolation uid]

DIR has a folder or an archive (tar, zip) a student; its name is the student's.
Each is graded by grader/official/official.sh, N side by side, first the
reference and the starter: unless these score what they should, nobody is graded.

    OUT/grades.csv     a line a student
    OUT/report.html    the class, and what failed with whom, for instructors
    OUT/results/       NAME.json, the results in full, and NAME.log
    OUT/formats/       NAME/, the results for other systems and for the student
    OUT/seed           the seed of all tests, to be kept secret until then

Run again, a batch keeps what it has of the same content, graded by the same
tests. OUT is build/batch/LAB unless told. Status 0; 1 if something went wrong;
2 for wrong usage; 3 if results have to be looked at.
"""
import argparse
import concurrent.futures
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

import hints
import page
import sheet
from result import Result, load, visible

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
OFFICIAL = os.path.join(TOP, "grader", "official", "official.sh")
GRADE = os.path.join(TOP, "build", "gcc", "grader", "grade", "grade")
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
LIMIT_S = 3600  # for one submission; each test has its own deadline
GRACE_S = 30    # for a grade that was told to end
HASHED = 1 << 20  # bytes of a file that tell it from others


def fail(*text):
    print("./course:", *text, file=sys.stderr)
    sys.exit(2)


# ------------------------------------------------------------- submissions

def without_suffix(name):
    for suffix in sorted(ARCHIVES, key=len, reverse=True):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[:-len(suffix)]
    return name


def submissions(folder):
    """{file name: student} of what lies in FOLDER; tells what it leaves out."""
    found = {}
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            continue
        if entry.is_dir():
            found[entry.name] = entry.name
        elif without_suffix(entry.name) != entry.name:
            found[entry.name] = without_suffix(entry.name)
        else:
            print("left out, no folder and no archive:", visible(entry.name))
    names = list(found.values())
    # Two of one name are told apart by their file names.
    return {file: name if names.count(name) == 1 else file
            for file, name in found.items()}


def add_file(digest, path, whole=False):
    """The kind, size and first HASHED bytes of PATH, or all that it has."""
    info = os.lstat(path)
    digest.update(b"%d %d\0" % (stat.S_IFMT(info.st_mode), info.st_size))
    if stat.S_ISREG(info.st_mode):
        with open(path, "rb") as f:
            digest.update(f.read(HASHED))
            while whole and (more := f.read(HASHED)):
                digest.update(more)


def content(path, start):
    """A hash of the submission PATH and of START, what it is graded by."""
    digest = hashlib.sha256(start)
    if not os.path.isdir(path):
        add_file(digest, os.path.realpath(path), whole=True)
        return digest.hexdigest()
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            full = os.path.join(folder, name)
            digest.update(os.fsencode(os.path.relpath(full, path)) + b"\0")
            add_file(digest, full)
    return digest.hexdigest()


# ----------------------------------------------------------------- grading

class Batch:
    """One run: where things are, and how a submission is graded."""

    def __init__(self, options, lab, out, seed):
        self.lab = lab
        self.results = os.path.join(out, "results")
        self.formats = os.path.join(out, "formats")
        self.command = [lab] + ([options.test] if options.test else [])
        # Not on a command line, which all on a machine can read.
        self.seed = seed
        self.environment = dict(os.environ, GRADE_SEED=str(seed))
        self.options = ["--no-canary", "--isolation", options.isolation]
        if options.show_seed:
            self.options.append("--show-seed")
        if options.jobs > 1:
            self.options += ["--jobs", "1"]
        self.graded_by = self.identity()
        self.children = set()
        self.lock = threading.Lock()
        self.stopped = False
        os.makedirs(self.results, exist_ok=True)

    def identity(self):
        """Of the tests and of the words that they are asked for by."""
        digest = hashlib.sha256(repr(
            (self.command, self.options, self.seed)).encode())
        for path in (OFFICIAL, GRADE,
                     os.path.join(TOP, self.lab, "grading.ini"),
                     os.path.join(TOP, "build", "gcc", self.lab, "tests",
                                  "graded")):
            with open(path, "rb") as f:
                digest.update(hashlib.sha256(f.read()).digest())
        return digest.digest()

    def place(self, name):
        """Where the results of the file NAME go, without an ending."""
        if len(os.fsencode(name)) > 200:
            name = hashlib.sha256(os.fsencode(name)).hexdigest()
        return os.path.join(self.results, name)

    def grade(self, path, name, student):
        """The Result of the submission PATH, and whether it was kept."""
        place = self.place(name)
        formats = os.path.join(self.formats, os.path.basename(place))
        try:
            key = content(path, self.graded_by)
        except OSError as error:
            return Result(student, 1, str(error), None), False
        kept = load(place + ".kept")
        if kept and kept["content"] == key:
            result = Result(student, kept["status"], kept["said"],
                            load(place + ".json"))
            if result.is_final() and (
                    not result.is_published() or os.path.isdir(formats)):
                return result, True
        shutil.rmtree(formats, ignore_errors=True)
        for ending in (".json", ".kept"):
            if os.path.exists(place + ending):
                os.unlink(place + ending)
        status = self.run(path, place, formats)
        said = last_line(place + ".log")
        result = Result(student, status, said, load(place + ".json"))
        if not self.stopped:
            with open(place + ".kept", "w", encoding="utf-8") as f:
                json.dump({"content": key, "status": status, "said": said}, f)
        return result, False

    def run(self, path, place, formats):
        """official.sh on PATH; its status."""
        with open(place + ".log", "wb") as log:
            with self.lock:
                if self.stopped:
                    return 130
                child = subprocess.Popen(
                    ["sh", OFFICIAL, path, *self.command, "--plain", "--json",
                     place + ".json", "--formats", formats, *self.options],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env=self.environment,
                    start_new_session=True)
                self.children.add(child)
            try:
                return child.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                end(child)
                log.write(b"not graded within %d s\n" % LIMIT_S)
                return 124
            finally:
                with self.lock:
                    self.children.discard(child)

    def stop(self):
        with self.lock:
            self.stopped = True
            children = list(self.children)
        for child in children:
            end(child)


def end(child):
    """Ends official.sh, which tidies up, and what it has started."""
    for number, patience in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, None)):
        try:
            os.killpg(child.pid, number)
            child.wait(patience)
            return
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def last_line(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        lines = f.read().strip().split("\n")
    return lines[-1].removeprefix("grade --official: ")[:300]


# ------------------------------------------------------------------ output

def minutes(seconds):
    return "%d s" % seconds if seconds < 90 else "%d min" % (seconds / 60 + .5)


class Progress:
    """A line for each submission that is done, with the time left."""

    def __init__(self, total):
        self.total = total
        self.done = self.graded = 0
        self.began = time.monotonic()

    def tell(self, result, kept):
        self.done += 1
        self.graded += not kept
        line = "[%d/%d] %s: %s" % (self.done, self.total, result.name,
                                   result.score())
        if kept:
            line += " (kept)"
        left = self.total - self.done
        if left and self.graded:
            each = (time.monotonic() - self.began) / self.graded
            line += "; about %s left" % minutes(each * left)
        print(line, flush=True)


def write(path, fill):
    """FILL(file) writes the file PATH, which is whole or is not there."""
    with open(path + ".new", "w", encoding="utf-8", newline="") as f:
        fill(f)
    os.replace(path + ".new", path)


def canary(batch, starter_points):
    """The reference and the starter score what they should, in these boxes."""
    folder = os.path.join(TOP, batch.lab)
    reference, _ = batch.grade(folder, ".reference", "the reference")
    starter, _ = batch.grade(os.path.join(folder, "starter"), ".starter",
                             "the starter")
    print("canary: the reference has %s, the starter %s"
          % (reference.score(), starter.score()), flush=True)
    wrong = [t["test"] for t in reference.tests()
             if t["outcome"] not in ("pass", "skip")]
    if not reference.tests() or wrong or not starter.lab:
        return False
    return starter_points in (None, starter.lab["points"])


def grade_all(batch, folder, files, jobs):
    progress = Progress(len(files))
    results = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        asked = {pool.submit(batch.grade, os.path.join(folder, file), file,
                             student): (file, student)
                 for file, student in files.items()}
        for future in concurrent.futures.as_completed(asked):
            file, student = asked[future]
            try:
                result, kept = future.result()
            except Exception as error:  # one student's; the rest go on
                result, kept = Result(student, 1, repr(error), None), False
            results[file] = result
            if not batch.stopped:
                progress.tell(result, kept)
    return [results[file] for file in files]


# -------------------------------------------------------------------- main

def arguments():
    parser = argparse.ArgumentParser(
        prog="./course batch", allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__)
    parser.add_argument("dir", metavar="DIR")
    parser.add_argument("--lab", required=True)
    parser.add_argument("--jobs", type=int, default=1, metavar="N",
                        help="side by side; 1 unless told")
    parser.add_argument("--out", metavar="DIR")
    parser.add_argument("--test", help="a suite, or a test, alone")
    parser.add_argument("--isolation", default="auto",
                        choices=("auto", "userns", "uid"),
                        help="uid: weaker, for root without namespaces")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="drawn by lot unless told")
    parser.add_argument("--show-seed", action="store_true",
                        help="in the formats, too: when nobody hands in again")
    options = parser.parse_args()
    if options.jobs < 1 or options.jobs > 256:
        fail("--jobs %d: expected 1 to 256" % options.jobs)
    if options.seed is not None and not 0 < options.seed < 1 << 48:
        fail("--seed %d: expected 1 to %d" % (options.seed, (1 << 48) - 1))
    if not os.path.isdir(options.dir):
        fail("%s: expected a folder with the submissions" % options.dir)
    return options


def the_lab(name):
    """The lab's folder, its starter's points and its title."""
    said = subprocess.run([GRADE, "labs", name, "--root", TOP],
                          stdout=subprocess.PIPE, text=True, check=False)
    if said.returncode or said.stdout.count("\n") != 1:
        sys.exit(2)
    lab, points, title = said.stdout.rstrip("\n").split("\t")
    return lab, int(points), title


def the_seed(out, told):
    """TOLD, or the seed that this batch has, or a new one; it is kept."""
    path = os.path.join(out, "seed")
    if told is None and os.path.exists(path):
        with open(path, encoding="ascii") as f:
            return int(f.read())
    seed = told or secrets.randbelow((1 << 48) - 1) + 1
    with open(path, "w", encoding="ascii",
              opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
        f.write("%d\n" % seed)
    return seed


def make_out(out, folder):
    """The folder OUT, for this batch alone."""
    inside = os.path.realpath(folder)
    if os.path.commonpath([inside, os.path.realpath(out)]) == inside:
        fail("--out %s: it lies among the submissions" % out)
    try:
        os.makedirs(out, mode=0o700, exist_ok=True)
    except OSError as error:
        fail("--out %s: %s" % (out, error.strerror))
    lock = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fail("--out %s: another batch is under way there" % out)


def main():
    options = arguments()
    lab, starter_points, title = the_lab(options.lab)
    files = submissions(options.dir)
    if not files:
        fail("%s: no folder and no archive in it" % options.dir)
    built = subprocess.run(["make", "--no-print-directory", "-s", "-C",
                            os.path.join(TOP, lab), "programs", "tests"],
                           check=False)
    if built.returncode:
        fail("this tree does not build")
    out = options.out or os.path.join(TOP, "build", "batch", lab)
    make_out(out, options.dir)
    batch = Batch(options, lab, out, the_seed(out, options.seed))

    def interrupted(*_):
        # In a thread of its own: the lock may be held right here.
        threading.Thread(target=batch.stop).start()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    if not canary(batch, None if options.test else starter_points):
        print("batch: the grades of this machine cannot be trusted: nobody is"
              " graded. See %s/.reference.log" % batch.results,
              file=sys.stderr)
        return 130 if batch.stopped else 1
    results = grade_all(batch, options.dir, files, options.jobs)
    if batch.stopped:
        print("batch: interrupted; run again, it goes on from here",
              file=sys.stderr)
        return 130
    about = "%s%s. For instructors: hidden tests are named here." % (
        title, ", only " + options.test if options.test else "")
    whole = page.page(results, "Results of " + lab, about,
                      hints.hints_of(os.path.join(TOP, lab, "grading.ini")))
    write(os.path.join(out, "grades.csv"),
          lambda f: sheet.write(f, results, lab))
    write(os.path.join(out, "report.html"), lambda f: f.write(whole))
    print("Next: %s and %s" % (os.path.join(out, "grades.csv"),
                               os.path.join(out, "report.html")))
    kinds = {r.kind for r in results}
    return 1 if "trouble" in kinds else 3 if "look" in kinds else 0


if __name__ == "__main__":
    sys.exit(main())
