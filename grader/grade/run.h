/* SPDX-License-Identifier: MIT */
/*
 * run - builds a lab and runs its tests side by side, a keeper each.
 */
#ifndef GRADE_RUN_H
#define GRADE_RUN_H

#include "options.h"
#include "result.h"
#include "stop.h"

/*
 * Grades LR's lab: the tests that match the filter are run, failed ones of
 * last time first; the others' results stay as they are. Waits in
 * stop_wait(). Nothing that was started is left when it returns.
 */
enum run_end run_lab(struct lab_result *lr, const struct run_opts *opts);

#endif
