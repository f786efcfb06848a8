/* SPDX-License-Identifier: MIT */
/*
 * uepoll_kernel - the inside of the kernel's player, in three files:
 * uepoll_kernel.c the operations, uepoll_threads.c the threads that sleep,
 * uepoll_inject.c the operation in the middle of a copy.
 */
#ifndef UEPOLL_KERNEL_H
#define UEPOLL_KERNEL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/types.h>

#include "uepoll_script.h"

#define UKERNEL_BASE	200 /* the first of our descriptors */
#define UKERNEL_THREADS 8

enum ukind {
	UKIND_NONE,
	UKIND_STREAM,
	UKIND_COUNTER,
	UKIND_EPOLL,
	UKIND_OTHER
};

struct ukthread {
	int name; /* -1: none */
	pthread_t thread;
	int epfd, max;
	_Atomic pid_t tid; /* 0 until it runs */
	atomic_bool done;
	int n, err;
	struct epoll_event ev[USCRIPT_EVENTS];
};

struct ukernel {
	const struct uscript *script;
	int fd[USCRIPT_NAMES];	      /* what each name holds */
	enum ukind kind[USCRIPT_FDS]; /* of the descriptors that are open */
	struct ukthread thread[UKERNEL_THREADS];
};

/* Ends the program with one line. */
_Noreturn void ukernel_die(const char *what);

enum ukind ukernel_kind(const struct ukernel *k, int fd);

/* write, read or shut; -1 with errno. */
long ukernel_simple(struct ukernel *k, enum uverb verb, int name, uint64_t n,
		    uint64_t *value);

void ukernel_events(struct utext *t, const struct ukernel *k,
		    const struct epoll_event *ev, int n);

/* The interest list, from /proc/self/fdinfo. */
void ukernel_items(struct ukernel *k, const struct uop *op, struct utext *t);

/* epoll_wait, stopped by a page fault while it copies event op->during. */
void ukernel_wait_injecting(struct ukernel *k, const struct uop *op,
			    struct utext *t);

void ukernel_thread_start(struct ukernel *k, const struct uop *op,
			  struct utext *t);

/* Until all are asleep or done; tells of those that are done. */
void ukernel_threads_settle(struct ukernel *k, struct utext *t);

/* Ends all threads that still sleep. */
void ukernel_threads_stop(struct ukernel *k);

#endif
