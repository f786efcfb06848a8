# SPDX-License-Identifier: MIT
"""A batch on other machines: what slurm.py and hosts.py share.

Each submission is packed into OUT/tasks/N.task (packet.py), its way gets that to
a machine where node.py grades it, and N.task.done comes back. What does not come
back goes out again, whatever became of its machine.
"""
import os
import shutil
import sys

import packet

TRIES = 3


class Unable(Exception):
    """It cannot be done at all; the text is one line."""

    def __init__(self, text, status=1):
        super().__init__(text)
        self.status = status  # of the batch


class Elsewhere:
    """A way as local.py says. What it is made of has

    send(tasks)   gets the files TASKS graded, and yields each when its results
                  are there; ends when nothing more is to be expected
    why           {task: a line}: why some had no results; may be empty
    cancel()      ends send() early, from any thread
    """
    has_canary = True  # official.sh's own, on each machine
    beside = 1  # so many grades share what node.py finds there

    def __init__(self, lab, words, seed, out):
        self.lab = lab
        self.words = words
        self.seed = seed
        self.folder = os.path.join(out, "tasks")
        self.why = {}
        self.stopped = False
        self.left = False  # some have no results

    def pack(self, jobs):
        """{task: job}, in a folder of their own."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder, 0o700)
        tasks = {}
        for number, job in enumerate(jobs):
            task = os.path.join(self.folder, "%d.task" % number)
            packet.pack(job.path, task, self.lab,
                        {"words": self.words, "seed": self.seed,
                         "beside": self.beside})
            tasks[task] = job
        return tasks

    def take(self, task, job):
        """Whether JOB has its results."""
        end = packet.take_results(task, job.place, job.formats)
        if not end:
            return False
        job.status = end["status"]
        job.finish()
        # Its boxes or its canary, and nothing of this submission's.
        if job.status == 3 and not os.path.exists(job.place + ".json"):
            self.why[task] = "%s: %s" % (end["machine"], job.said)
            os.unlink(task + packet.DONE)
            return False
        return True

    def run(self, jobs):
        tasks = self.pack(jobs)
        for attempt in range(TRIES):
            if not tasks or self.stopped:
                break
            if attempt:
                print("%d came back without results, and go out again"
                      % len(tasks), flush=True)
            for task in self.send(list(tasks)):
                if self.take(task, tasks[task]):
                    yield tasks.pop(task)
        self.left = bool(tasks) and not self.stopped
        for task, job in tasks.items() if self.left else ():
            job.status = 1
            job.said = "%s; see %s" % (
                self.why.get(task) or "no results came back", self.folder)
            yield job

    def stop(self):
        self.stopped = True
        self.cancel()

    def end(self):
        """Nothing of it is left, but for what says why something went wrong."""
        if not self.left:
            shutil.rmtree(self.folder, ignore_errors=True)


def say(*text):
    print("batch:", *text, file=sys.stderr, flush=True)
