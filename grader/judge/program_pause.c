/* SPDX-License-Identifier: MIT */
/*
 * A program that is stopped for a moment, so that it meets in one look what was
 * done to it meanwhile.
 */
#include <stdlib.h>
#include <sys/wait.h>

#include "judge.h"
#include "loopback_internal.h"
#include "process_table_internal.h"

bool prog_sleeps(struct prog *p)
{
	struct process *list;
	size_t n = process_table(&list);
	bool sleeps = false;

	for (size_t i = 0; i < n; i++)
		sleeps |= list[i].pid == prog_pid(p) &&
			  !process_is_runnable(&list[i]);
	free(list);
	return sleeps;
}

void prog_pause(struct prog *p)
{
	siginfo_t info = { .si_pid = 0 };

	prog_signal(p, SIGSTOP);
	judge_until(waitid(P_PID, (id_t)prog_pid(p), &info,
			   WSTOPPED | WNOHANG) == 0 &&
			    info.si_pid,
		    "the program has stopped");
	loopback_wait();
}

void prog_resume(struct prog *p)
{
	prog_signal(p, SIGCONT);
}
