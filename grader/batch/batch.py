#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Grades the submissions of a class, each officially, and writes the grades.

    ./course batch DIR --lab LAB [--jobs N] [--out DIR] [--test TEST] [--seed N]
                   [--isolation uid] [--slurm [OPTIONS] | --hosts FILE]

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

--slurm makes it a job array, OPTIONS for sbatch: --slurm='--partition=short'.
--hosts grades on the hosts in FILE, by GNU parallel over ssh, a line a host:
[N/][USER@]HOST, with N submissions side by side. What a lost machine had is graded
by another; each machine grades the reference and the starter first.
"""
import argparse
import fcntl
import os
import secrets
import signal
import subprocess
import sys
import threading
import time

import hints
import hosts
import page
import sheet
import slurm
from elsewhere import Unable, say
from job import Batch
from local import Local
from result import Result
from submission import submissions
from tree import TOP, fail, the_lab


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


def canary(batch, way, starter_points):
    """The reference and the starter score what they should, in these boxes."""
    if way.has_canary:
        print("canary: each machine grades the reference and the starter first",
              flush=True)
        return True
    folder = os.path.join(TOP, batch.lab)
    reference, starter = grade(batch, way, [
        (folder, ".reference", "the reference"),
        (os.path.join(folder, "starter"), ".starter", "the starter")], None)
    print("canary: the reference has %s, the starter %s"
          % (reference.score(), starter.score()), flush=True)
    wrong = [t["test"] for t in reference.tests()
             if t["outcome"] not in ("pass", "skip")]
    if not reference.tests() or wrong or not starter.lab:
        return False
    return starter_points in (None, starter.lab["points"])


def grade(batch, way, asked, progress):
    """The Results of ASKED: (path, name of its file, student), in that order."""
    results = {}
    jobs = []

    def settle(file, result, kept):
        results[file] = result
        if progress and not way.stopped:
            progress.tell(result, kept)

    for path, file, student in asked:
        try:
            job, result = batch.job(path, file, student)
        except OSError as error:  # one student's; the rest go on
            settle(file, Result(student, 1, str(error), None), False)
            continue
        if result:
            settle(file, result, True)
        else:
            jobs.append(job)
    for job in way.run(jobs) if jobs else []:
        if not way.stopped:
            batch.keep(job)
        settle(job.file, job.result(), False)
    return [results.get(file) for _, file, _ in asked]


# -------------------------------------------------------------------- main

def joined(words):
    """--slurm takes a word that begins with a dash, and only such a one."""
    if "--slurm" not in words:
        return words
    at = words.index("--slurm")
    after = words[at + 1] if at + 1 < len(words) else ""
    known = ("--lab", "--jobs", "--out", "--test", "--isolation", "--seed",
             "--show-seed", "--hosts", "--help", "-h")
    if after.startswith("-") and after.split("=")[0] not in known:
        return words[:at] + ["--slurm=" + after] + words[at + 2:]
    return words[:at] + ["--slurm="] + words[at + 1:]


def arguments():
    parser = argparse.ArgumentParser(
        prog="./course batch", allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__)
    parser.add_argument("dir", metavar="DIR")
    parser.add_argument("--lab", required=True)
    parser.add_argument("--jobs", type=int, metavar="N",
                        help="side by side; 1 unless told; with --hosts on each"
                        " host; with --slurm at most, all unless told")
    parser.add_argument("--out", metavar="DIR")
    parser.add_argument("--test", help="a suite, or a test, alone")
    parser.add_argument("--isolation", default="auto",
                        choices=("auto", "userns", "uid"),
                        help="uid: weaker, for root without namespaces")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="drawn by lot unless told")
    parser.add_argument("--show-seed", action="store_true",
                        help="in the formats, too: when nobody hands in again")
    parser.add_argument("--slurm", metavar="OPTIONS", nargs="?",
                        help="as a job array, with these options of sbatch")
    parser.add_argument("--hosts", metavar="FILE",
                        help="on other hosts, a line each: [N/][USER@]HOST")
    options = parser.parse_args(joined(sys.argv[1:]))
    if options.jobs is not None and not 0 < options.jobs <= 256:
        fail("--jobs %d: expected 1 to 256" % options.jobs)
    if options.seed is not None and not 0 < options.seed < 1 << 48:
        fail("--seed %d: expected 1 to %d" % (options.seed, (1 << 48) - 1))
    if not os.path.isdir(options.dir):
        fail("%s: expected a folder with the submissions" % options.dir)
    if options.slurm is not None and options.hosts is not None:
        fail("--slurm and --hosts: one of them")
    if options.slurm is not None:
        options.slurm = slurm.options_of(options.slurm)
    if options.hosts is not None:
        options.hosts = hosts.read(options.hosts, options.jobs or 1)
        hosts.check_programs()
    return options


def the_way(options, lab, words, seed, out):
    if options.slurm is not None:
        return slurm.Slurm(lab, words, seed, out, options.jobs, options.slurm)
    if options.hosts is not None:
        way = hosts.Hosts(lab, words, seed, out, options.hosts)
        way.check_names()
        return way
    return Local(words, seed, options.jobs or 1)


def the_words(options, lab):
    """What official.sh is told of each submission."""
    words = [lab] + ([options.test] if options.test else [])
    words += ["--isolation", options.isolation]
    return words + (["--show-seed"] if options.show_seed else [])


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


def stop_on_signals(way):
    def interrupted(*_):
        # In a thread of its own: a lock may be held right here.
        threading.Thread(target=way.stop).start()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)


def write_all(out, options, lab, title, results):
    about = "%s%s. For instructors: hidden tests are named here." % (
        title, ", only " + options.test if options.test else "")
    whole = page.page(results, "Results of " + lab, about,
                      hints.hints_of(os.path.join(TOP, lab, "grading.ini")))
    write(os.path.join(out, "grades.csv"),
          lambda f: sheet.write(f, results, lab))
    write(os.path.join(out, "report.html"), lambda f: f.write(whole))
    print("Next: %s and %s" % (os.path.join(out, "grades.csv"),
                               os.path.join(out, "report.html")))


def run(batch, way, asked, starter_points):
    """The Results, or the status after a line that says why there are none."""
    try:
        trusted = canary(batch, way, starter_points)
        results = trusted and grade(batch, way, asked, Progress(len(asked)))
    except Unable as error:
        say(error)
        return error.status
    finally:
        way.end()
    if way.stopped:
        say("interrupted; run again, it goes on from here")
        return 130
    if not trusted:
        say("the grades of this machine cannot be trusted: nobody is graded."
            " See %s/.reference.log" % batch.results)
        return 1
    return results


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
    out = os.path.abspath(options.out or
                          os.path.join(TOP, "build", "batch", lab))
    make_out(out, options.dir)
    words = the_words(options, lab)
    seed = the_seed(out, options.seed)
    way = the_way(options, lab, words, seed, out)
    batch = Batch(words, lab, out, seed)
    stop_on_signals(way)
    results = run(batch, way,
                  [(os.path.join(options.dir, file), file, student)
                   for file, student in files.items()],
                  None if options.test else starter_points)
    if isinstance(results, int):
        return results
    write_all(out, options, lab, title, results)
    kinds = {r.kind for r in results}
    return 1 if "trouble" in kinds else 3 if "look" in kinds else 0


if __name__ == "__main__":
    sys.exit(main())
