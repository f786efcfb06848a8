# SPDX-License-Identifier: MIT
"""A batch on this machine: some submissions side by side."""
import concurrent.futures
import os

from official import Official, tests_side_by_side

LIMIT_S = 3600    # for a submission,
EACH_S = 600      # and for each beside it: tests that are alone take turns


class Local:
    """One way to grade; slurm.py and hosts.py are others.

    run(jobs) yields each job (batch.py) when it is done: with its status and
    its last words, and its files where they belong. stop(), in any thread, ends
    that early.
    """
    has_canary = False  # each machine's own: batch.py asks for it

    def __init__(self, words, seed, jobs):
        self.jobs = jobs
        self.official = Official([*words, "--no-canary"], seed,
                                 LIMIT_S + jobs * EACH_S)

    def grade(self, job, beside):
        tests = tests_side_by_side(os.cpu_count(), beside)
        try:
            job.status = self.official.run(job.path, job.place, job.formats,
                                           tests)
            job.finish()
        except OSError as error:  # one student's; the rest go on
            job.status, job.said = 1, str(error)
        return job

    def run(self, jobs):
        # The canary's two, or the last of a class, have the processors alone.
        beside = min(self.jobs, len(jobs))
        with concurrent.futures.ThreadPoolExecutor(beside) as pool:
            asked = [pool.submit(self.grade, job, beside) for job in jobs]
            for future in concurrent.futures.as_completed(asked):
                yield future.result()

    @property
    def stopped(self):
        return self.official.stopped

    def stop(self):
        self.official.stop()

    def end(self):
        """Nothing is left to be cleared away."""
