/* SPDX-License-Identifier: MIT */
/*
 * process_table - all processes of the machine, from /proc (proc(5)).
 */
#ifndef JUDGE_PROCESS_TABLE_INTERNAL_H
#define JUDGE_PROCESS_TABLE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct process {
	pid_t pid, parent, group, session;
	char state;
	char name[17];
	int threads;
	unsigned long long start;
	int64_t cpu_ms;	   /* CPU time of its own */
	int64_t waited_ms; /* CPU time of children waited for */
};

/* All processes there are now; malloc'd. */
size_t process_table(struct process **list);
/*
 * Whether it has ended and waits to be waited for. A leader that has ended is a
 * zombie, too, while its other threads run, but such a process lives.
 */
bool process_is_dead(const struct process *p);
/*
 * Whether one of its threads is runnable, or waits for a disk, or runs in a call
 * that says it is asleep. `state` is that of the leader alone, which often only
 * waits for the others.
 */
bool process_is_runnable(const struct process *p);
/* Whether LIST[I] is PID or below it. */
bool process_is_below(const struct process *list, size_t n, size_t i,
		      pid_t pid);

#endif
