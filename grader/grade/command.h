/* SPDX-License-Identifier: MIT */
/*
 * command - one command under a keeper, waited for.
 */
#ifndef GRADE_COMMAND_H
#define GRADE_COMMAND_H

#include "keeper.h"
#include "stop.h"

/*
 * Runs JOB to its end, in stop_wait(). The caller frees end->output. Where no
 * keeper can be started, END says that it was lost.
 */
enum run_end command_run(const struct keeper_job *job, struct keeper_end *end);

/* Whether the command ended by itself, with status 0. */
bool command_is_good(const struct keeper_end *end);

#endif
