/* SPDX-License-Identifier: MIT */
/*
 * Task 7, the second half. A loop of four steps: wait; take all signals; take
 * all reports; do what is due. The signals are blocked and come from a
 * descriptor (common/signals.h), so one poll(2) waits for everything
 * (experiment `sigsuspend-race`).
 *
 * One SIGCHLD may stand for five children (experiment `signals-merge`):
 * waitpid(2) with WNOHANG until there is none left.
 */
#include "master.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "clock.h"
#include "crew.h"
#include "log.h"
#include "signals.h"
#include "util.h"

int master_run(const struct master_config *config, const struct master_ops *ops,
	       void *arg)
{
	TODO(config, ops, arg);
	return -1;
}
