/* SPDX-License-Identifier: MIT */
/*
 * attempt - one attempt at one test: how it is started, and what its end means.
 */
#ifndef GRADE_ATTEMPT_H
#define GRADE_ATTEMPT_H

#include "keeper.h"
#include "options.h"
#include "result.h"
#include "variant.h"

/*
 * Clears R, which is about build V from now on, gives it a seed and its
 * reproduce line, and starts its test under a keeper, for the ATTEMPT-th time (1,
 * or 2 after an infrastructure error). DIR is an empty folder of its own: the
 * report goes there, and the test's working directory is DIR/cwd.
 * NULL with errno if it cannot be started.
 */
struct keeper *attempt_start(const struct lab *lab, struct result *r,
			     enum variant v, int attempt,
			     const struct run_opts *opts, const char *dir);

/* How many processes and threads the kernel lets R's test have (cgroup.h). */
int attempt_tasks(const struct result *r);

/* Sets R from the report in DIR and from how the runner ended. */
void attempt_judge(struct result *r, const struct keeper_end *end);

#endif
