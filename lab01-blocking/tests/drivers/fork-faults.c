/* SPDX-License-Identifier: MIT */
/*
 * fork-faults - echo-server on a system where fork(2) and pthread_create(3)
 * fail the first FAILURES times, as they do when there are too many processes.
 * A definition in the program comes before the one in libc.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#define FAILURES 3

static int forks, threads;

pid_t fork(void)
{
	pid_t (*real)(void);

	if (forks++ < FAILURES) {
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

	if (threads++ < FAILURES)
		return EAGAIN;
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	return real(thread, attr, start, arg);
}
