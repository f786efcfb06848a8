/* SPDX-License-Identifier: MIT */
/*
 * grade has one thread and waits in one place (stop.h), so that a signal ends
 * whatever it waits for.
 */
#include "command.h"

#include <string.h>

#include "mem.h"
#include "stop.h"

enum run_end command_run(const struct keeper_job *job, struct keeper_end *end)
{
	struct keeper *k = keeper_start(job);
	bool stopped = false;

	if (!k) {
		memset(end, 0, sizeof(*end));
		end->lost = true;
		end->output = mem_strdup("");
		end->report = mem_strdup("");
		return RUN_DONE;
	}
	while (!keeper_finished(k)) {
		if (stop_wait(&k, 1, 1000) && !stopped) {
			stopped = true;
			keeper_abort(k);
		}
	}
	keeper_end(k, end);
	return stopped ? RUN_STOPPED : RUN_DONE;
}

bool command_is_good(const struct keeper_end *end)
{
	return !end->lost && !end->late && !end->flood && !end->ended &&
	       !end->status;
}
