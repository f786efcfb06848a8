/* SPDX-License-Identifier: MIT */
/*
 * A process group or a session can be left with one call; the tree of parents
 * cannot, once its root is a subreaper. So /proc is asked who descends from
 * us. The list is out of date when it is complete: all in it are stopped
 * first, so that they start no more, then killed, and then the question is
 * asked again until waitpid(2) says that there is no child left.
 */
#include "descendants.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "processes.h"

/* A child of ours is ours, until nothing changes any more. */
static void mark_ours(struct processes *p)
{
	bool again = true;

	for (size_t i = 0; i < p->count; i++)
		p->all[i].mark = p->all[i].parent == getpid();
	while (again) {
		again = false;
		for (size_t i = 0; i < p->count; i++) {
			struct process *one = &p->all[i];
			const struct process *parent =
				processes_find(p, one->parent);

			if (one->mark || !parent || !parent->mark)
				continue;
			one->mark = again = true;
		}
	}
}

static void signal_ours(const struct processes *p, int sig)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->all[i].mark)
			kill(p->all[i].pid, sig);
	}
}

int descendants_kill(int64_t limit_ms)
{
	int64_t deadline = clock_ms() + limit_ms;
	const struct timespec tick = { .tv_nsec = 5000000 };
	struct processes all;
	pid_t pid;

	for (;;) {
		do
			pid = waitpid(-1, NULL, WNOHANG);
		while (pid > 0 || (pid < 0 && errno == EINTR));
		if (pid < 0)
			return 0;
		if (clock_ms() > deadline)
			return -1;
		processes_read(&all);
		mark_ours(&all);
		signal_ours(&all, SIGSTOP);
		signal_ours(&all, SIGKILL);
		free(all.all);
		nanosleep(&tick, NULL);
	}
}
