/* SPDX-License-Identifier: MIT */
/*
 * processes - which processes there are, and who started whom, as /proc says.
 * The list is out of date when it is complete.
 */
#ifndef GRADE_PROCESSES_H
#define GRADE_PROCESSES_H

#include <stddef.h>
#include <sys/types.h>

struct process {
	pid_t pid;
	pid_t parent;
	size_t mark; /* the caller's; 0 at first */
};

struct processes {
	struct process *all; /* by number, the lowest first */
	size_t count;
};

/* Fills P; the caller frees P->all. */
void processes_read(struct processes *p);

/* The process PID in P, or NULL. */
struct process *processes_find(const struct processes *p, pid_t pid);

#endif
