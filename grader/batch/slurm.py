# SPDX-License-Identifier: MIT
"""A batch as a job array of Slurm's.

The folder of this tree and OUT have to be the same on the nodes, as a home is in
most clusters. Slurm runs by itself what a node that fails had; what nobody runs
any more and has no results is an array of its own in the next round.
"""
import os
import shlex
import shutil
import subprocess
import time

from elsewhere import Elsewhere, Unable
from packet import DONE
from tree import TOP, fail

NODE = os.path.join(TOP, "grader", "batch", "node.py")
ARRAY = 1000      # tasks, the most of Slurm's own MaxArraySize
LOOK_S = 1        # at the results
ASK_S = 5         # Slurm, for what is under way
SILENT_S = 600    # that a controller may be away
LATE_S = 60       # for a file to be seen here after its task has ended there
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL",
         "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY", "REVOKED"}

SCRIPT = """#!/bin/sh
task=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" %s)
exec python3 -B %s "$task"
"""


def options_of(text):
    """The words of TEXT, if Slurm's commands are here."""
    for command in ("sbatch", "squeue", "scancel"):
        if not shutil.which(command):
            fail("--slurm: %s is missing: run it where Slurm's commands are"
                 % command)
    try:
        return shlex.split(text)
    except ValueError as error:
        fail("--slurm '%s': %s" % (text, error))


def last_line(text):
    return (text.strip().split("\n") or [""])[-1]


class Slurm(Elsewhere):
    def __init__(self, lab, words, seed, out, jobs, options):
        super().__init__(lab, words, seed, out)
        self.jobs = jobs  # side by side; None: as Slurm likes
        self.options = options
        self.arrays = []  # their numbers
        self.sent = 0

    def submit(self, tasks):
        """One array for TASKS: {task: its number and index}."""
        listed = os.path.join(self.folder, "array%d" % self.sent)
        self.sent += 1
        with open(listed, "w", encoding="utf-8",
                  errors="surrogateescape") as f:
            f.writelines(task + "\n" for task in tasks)
        array = "0-%d" % (len(tasks) - 1)
        if self.jobs:
            array += "%%%d" % self.jobs
        said = subprocess.run(
            ["sbatch", "--parsable", "--job-name=readylist-" + self.lab[:5],
             "--output=%A_%a.log", *self.options, "--array=" + array,
             "--chdir=" + self.folder],
            input=SCRIPT % (shlex.quote(listed), shlex.quote(NODE)), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if said.returncode:
            raise Unable("--slurm: " + (last_line(said.stderr) or
                                        "sbatch failed"), 2)
        number = last_line(said.stdout).split(";")[0]
        self.arrays.append(number)
        if self.stopped:
            self.cancel()
        print("slurm: job %s, tasks: %d" % (number, len(tasks)), flush=True)
        return {task: "%s_%d" % (number, i) for i, task in enumerate(tasks)}

    def states(self):
        """{number and index: state} of what Slurm knows; None: it is away."""
        said = subprocess.run(
            ["squeue", "--noheader", "--array", "--states=all",
             "--jobs=" + ",".join(self.arrays), "--format=%F_%K %T"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            check=False)
        if said.returncode:
            return {} if "Invalid job id" in said.stderr else None
        return dict(line.split()[:2] for line in said.stdout.splitlines())

    def send(self, tasks):
        waiting = {}
        for first in range(0, len(tasks), ARRAY):
            waiting.update(self.submit(tasks[first:first + ARRAY]))
        asked = heard = time.monotonic()
        late = {}  # task: since when it is COMPLETED, and has no results
        while waiting and not self.stopped:
            for task in [t for t in waiting if os.path.exists(t + DONE)]:
                del waiting[task]
                yield task
            time.sleep(LOOK_S)
            now = time.monotonic()
            if now - asked < ASK_S:
                continue
            states = self.states()
            asked = now
            if states is None:
                if now - heard > SILENT_S:
                    raise Unable("--slurm: squeue has failed for %d s"
                                 % SILENT_S)
                continue
            heard = now
            for task in self.ended(waiting, states, late, now):
                del waiting[task]

    def ended(self, waiting, states, late, now):
        """Those of WAITING from which nothing more is to be expected."""
        for task, name in list(waiting.items()):
            state = states.get(name, "FORGOTTEN")
            if os.path.exists(task + DONE):
                continue
            if state == "COMPLETED":
                if now - late.setdefault(task, now) < LATE_S:
                    continue
            elif state not in ENDED and state != "FORGOTTEN":
                continue
            self.why[task] = "Slurm's job %s: %s" % (name, state)
            yield task

    def cancel(self):
        if self.arrays:
            subprocess.run(["scancel", "--quiet", *self.arrays], check=False,
                           stdin=subprocess.DEVNULL)
