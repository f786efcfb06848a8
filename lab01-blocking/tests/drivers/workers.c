/* SPDX-License-Identifier: MIT */
/*
 * A thread's number is used again for a later thread, so joining one twice does
 * no harm most of the time, and then waits for somebody else's thread. Here each
 * number is known from pthread_create() to pthread_join().
 */
#include "workers.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define THREADS_MAX 256

static _Atomic pthread_t known[THREADS_MAX]; /* 0: a free place */
static atomic_bool crowded;		     /* some are not known */

/* Puts TO in the place of FROM; false if FROM is nowhere. */
static bool exchange(pthread_t from, pthread_t to)
{
	for (size_t i = 0; i < THREADS_MAX; i++) {
		pthread_t there = from;

		if (atomic_compare_exchange_strong(&known[i], &there, to))
			return true;
	}
	return false;
}

pid_t fork(void)
{
	pid_t (*real)(void);

	if (worker_is_refused()) {
		errno = EAGAIN;
		return -1;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "fork");
	return real();
}

int pthread_create(pthread_t *restrict thread,
		   const pthread_attr_t *restrict attr,
		   void *(*start)(void *restrict), void *restrict arg)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
		    void *);
	int err;

	if (worker_is_refused())
		return EAGAIN;
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	err = real(thread, attr, start, arg);
	if (!err && !exchange(0, *thread))
		crowded = true;
	return err;
}

int pthread_join(pthread_t thread, void **result)
{
	int (*real)(pthread_t, void **);

	if (!exchange(thread, 0) && !crowded) {
		fputs("pthread_join() of what is no thread, or was joined "
		      "before\n",
		      stderr);
		abort();
	}
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_join");
	return real(thread, result);
}
