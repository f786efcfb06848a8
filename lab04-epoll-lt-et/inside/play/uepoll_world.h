/* SPDX-License-Identifier: MIT */
/*
 * uepoll_world - plays scripts on uepoll. What epoll-scope draws.
 */
#ifndef UEPOLL_WORLD_H
#define UEPOLL_WORLD_H

#include "uepoll.h"
#include "uepoll_script.h"
#include "usys.h"

/* A thread of a script: asleep on a file, or done. */
struct uthread {
	int name; /* -1: no such thread now */
	int max;
	struct ufile *file; /* the epoll it waits on, with a reference */
	struct utask task;
};

#define UWORLD_THREADS 8

struct uworld {
	const struct uscript *script;
	struct usys sys;
	int fd[USCRIPT_NAMES]; /* what each name holds; -1: nothing yet */
	struct uthread thread[UWORLD_THREADS];
	unsigned int wakes;
	/* What the last operation reported, to whichever task, and from which
	 * epoll (its file's id). */
	struct ureport {
		uint32_t epoll;
		int name;
	} reported[USCRIPT_NAMES];
	int nr_reported;
	/* Called while an event is copied out, before the injected operation
	 * (AFTER false) and after it; for drawing. May be NULL. */
	void (*on_inject)(struct uworld *w, bool after);
	void *arg;
	const struct uop *injecting;
	long injected_ret; /* of the operation injected ... */
	int injected_errno;
	bool injected; /* ... if it ran at all */
};

#endif
