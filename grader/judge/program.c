/* SPDX-License-Identifier: MIT */
/*
 * The programs that this test has started, in their order. They stay in the
 * list when they have ended: how they ended is looked at later.
 */
#include "program_internal.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

struct prog *progs[PROGS_MAX];
size_t nprogs;

void prog_reap(struct prog *p)
{
	siginfo_t info = { 0 };

	if (prog_ended(p) ||
	    waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) <
		    0 ||
	    info.si_pid == 0)
		return;
	waitpid(p->pid, &p->status, 0);
	close(p->pidfd);
	p->pidfd = -1;
}

bool progs_all_gone(void)
{
	siginfo_t info;

	/* We are the subreaper: whatever a program leaves is our child. */
	return nprogs && waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       errno == ECHILD;
}

const char *prog_address(const struct prog *p)
{
	return p->address;
}

int prog_port(const struct prog *p)
{
	return p->port;
}

pid_t prog_pid(const struct prog *p)
{
	return p->pid;
}
