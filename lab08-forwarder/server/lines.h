/* SPDX-License-Identifier: MIT */
/*
 * lines - the connections' lines, on standard error. Those of one round of the
 * loop are written with one call, at its end: a system call a connection would
 * be felt.
 *
 *	12:34:56.789 info  [4711] client=... listener=... id=... server=...
 *	up=N down=N connect_us=N total_ms=N reason=...
 *
 * (all in one line). They look like those of common/log.h, and do not mix with
 * them: a write is PIPE_BUF bytes at most. If standard error is a pipe that is
 * full, and stays so for half a second, lines are lost and connections are not.
 * Belongs to the thread of its loop.
 */
#ifndef LAB08_LINES_H
#define LAB08_LINES_H

#include <limits.h>
#include <stdbool.h>

#include "loop.h"

struct lines {
	struct loop *loop;
	struct loop_task task;
	int pid;
	bool is_pipe; /* standard error */
	bool full;    /* when we last looked */
	size_t len;
	char data[PIPE_BUF];
};

void lines_init(struct lines *l, struct loop *loop);

/* Adds a line: time, level, and then the text of a printf(3) format. */
void lines_add(struct lines *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes what is there; to be called in the end as well. */
void lines_flush(struct lines *l);

#endif
