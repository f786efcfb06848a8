/* SPDX-License-Identifier: MIT */
/*
 * chaos_internal - what the files of libchaos.so share.
 *
 *	settings.c  reads $CHAOS
 *	chaos.c	    counters, dice
 *	stream.c    reading and writing
 *	calls.c	    connections, waiting, processes, and what is only counted
 *	alloc.c	    memory
 */
#ifndef CHAOS_INTERNAL_H
#define CHAOS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "chaos.h"

/* What a program under test calls must be ours, whatever else is hidden. */
#define CHAOS_API __attribute__((visibility("default")))

/* The next definition of NAME after ours: libc's, or a sanitizer's. */
#define REAL(name) ((__typeof__(&name))chaos_real(CHAOS_##name))
void *chaos_real(enum chaos_function f);

/* The functions in NAMES, "accept+accept4", a bit each. */
uint64_t chaos_functions(const char *names);

struct settings {
	uint64_t seed;
	unsigned int short_read, short_write;
	unsigned int eintr, eintr_connect, eagain, econnaborted, emfile;
	uint64_t fail_alloc;
	int signal; /* 0: none */
	unsigned int signal_call;
	uint64_t signal_before; /* a bit a function */
	uint64_t signal_behind;
};

extern struct settings chaos_set;
extern bool chaos_on; /* false: every call goes straight through */
extern struct chaos_table *chaos_table; /* never NULL */

/* Errors that chaos_call() may choose from. */
enum {
	MAY_EINTR = 1, /* the call may block */
	MAY_EAGAIN = 2,
	MAY_ECONNABORTED = 4,
	MAY_EMFILE = 8,
	MAY_EINTR_CONNECT = 16, /* the same as the first, but connect(2) */
};

/*
 * A call of F begins: counts it. Returns 0, or -1 with errno set if it has to
 * fail with one of MAY.
 */
int chaos_call(enum chaos_function f, unsigned int may);

/* The same on a descriptor: sees for itself if it blocks. */
int chaos_call_fd(enum chaos_function f, int fd, int msg_flags,
		  unsigned int may);

/* The call has returned RESULT: counts EAGAIN. Returns RESULT. */
ssize_t chaos_done(enum chaos_function f, ssize_t result);

/* With a chance of PERCENT fewer than LEN bytes, else LEN. */
size_t chaos_shorten(enum chaos_function f, int fd, size_t len,
		     unsigned int percent);

/* The N-th allocation has its turn: true if it must fail. */
bool chaos_alloc(enum chaos_function f);

/* Somebody has called accept: the program serves by now. */
bool chaos_has_accepted(void);

/* A child was forked: its faults are others than its parent's. */
void chaos_forking(void);
void chaos_forked(void);

/* calls.c: FD's edge was eaten by a fault: ask for another. */
void chaos_rearm(int fd);
/* calls.c: FD is registered with EPOLLONESHOT. */
bool chaos_is_oneshot(int fd);

#endif
