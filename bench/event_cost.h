/* SPDX-License-Identifier: MIT */
/*
 * event_cost - the event loops that are compared, behind one interface.
 */
#ifndef BENCH_EVENT_COST_H
#define BENCH_EVENT_COST_H

#include <stddef.h>

struct bench_loop {
	const char *name;
	int max_fd; /* descriptors from here on it cannot watch */

	/* A loop that watches FDS for reading and calls bench_handle(). */
	void *(*open)(const int *fds, size_t n);
	/* Waits once, and calls the handlers of what is ready. */
	void (*run_once)(void *state);
	void (*close)(void *state);
};

/* What each handler does: one read. */
void bench_handle(int fd);

extern const struct bench_loop bench_select;
extern const struct bench_loop bench_poll;
extern const struct bench_loop bench_epoll_lt;
extern const struct bench_loop bench_epoll_et;
extern const struct bench_loop bench_libevent;
extern const struct bench_loop bench_libuv;

#endif
