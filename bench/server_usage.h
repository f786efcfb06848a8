/* SPDX-License-Identifier: MIT */
/*
 * server_usage - what a server and its descendants have used so far: proc(5).
 */
#ifndef BENCH_SERVER_USAGE_H
#define BENCH_SERVER_USAGE_H

#include <stdint.h>
#include <sys/types.h>

struct server_usage {
	double cpu_s;	  /* all threads, user and system: schedstat */
	int64_t switches; /* of all threads, because they had to wait or not */
	/* Anonymous memory; what several of them share counts once. */
	int64_t memory_bytes;
};

/*
 * Fills *U for process PID and all that descend from it and live. What cannot
 * be read counts as 0: a process that has just ended, or one of another user.
 */
void server_usage(pid_t pid, struct server_usage *u);

#endif
