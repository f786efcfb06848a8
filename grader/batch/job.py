# SPDX-License-Identifier: MIT
"""A submission that is to be graded, and what is kept of those that were."""
import hashlib
import json
import os
import shutil

from official import last_line
from result import Result, load
from submission import content
from tree import GRADE, OFFICIAL, TOP


class Job:
    """A submission to be graded, by one way or another (local.py)."""

    def __init__(self, path, file, student, key, place, formats):
        self.path = path
        self.file = file
        self.student = student
        self.key = key          # what it is, and what it is graded by
        self.place = place      # for PLACE.json and PLACE.log
        self.formats = formats  # for the folder of formats
        self.status = None      # official.sh's, when it is done
        self.said = ""          # the last that it said

    def finish(self):
        """The way has written the files, and knows the status."""
        self.said = last_line(self.place + ".log")

    def result(self):
        return Result(self.student, self.status, self.said,
                      load(self.place + ".json"))


class Batch:
    """Where things are, and what is kept of earlier runs."""

    def __init__(self, words, lab, out, seed):
        self.lab = lab
        self.results = os.path.join(out, "results")
        self.formats = os.path.join(out, "formats")
        self.graded_by = self.identity(words, seed)
        os.makedirs(self.results, exist_ok=True)

    def identity(self, words, seed):
        """Of the tests and of the words that they are asked for by."""
        digest = hashlib.sha256(repr((words, seed)).encode())
        for path in (OFFICIAL, GRADE,
                     os.path.join(TOP, self.lab, "grading.ini"),
                     os.path.join(TOP, "build", "gcc", self.lab, "tests",
                                  "graded")):
            with open(path, "rb") as f:
                digest.update(hashlib.sha256(f.read()).digest())
        return digest.digest()

    def job(self, path, file, student):
        """The Job of the submission PATH, and its Result if that is kept."""
        name = file
        if len(os.fsencode(name)) > 200:
            name = hashlib.sha256(os.fsencode(name)).hexdigest()
        place = os.path.join(self.results, name)
        formats = os.path.join(self.formats, name)
        key = content(path, self.graded_by)
        job = Job(path, file, student, key, place, formats)
        kept = load(place + ".kept")
        if kept and kept["content"] == key:
            result = Result(student, kept["status"], kept["said"],
                            load(place + ".json"))
            if result.is_final() and (
                    not result.is_published() or os.path.isdir(formats)):
                return job, result
        shutil.rmtree(formats, ignore_errors=True)
        for ending in (".json", ".kept"):
            if os.path.exists(place + ending):
                os.unlink(place + ending)
        return job, None

    @staticmethod
    def keep(job):
        with open(job.place + ".kept", "w", encoding="utf-8") as f:
            json.dump({"content": job.key, "status": job.status,
                       "said": job.said}, f)
