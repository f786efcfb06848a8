/* SPDX-License-Identifier: MIT */
/*
 * worker-faults - echo-server on a system where every third fork(2) or
 * pthread_create(3) fails, and where a thread that has given something back is
 * overtaken by all others before it goes on.
 */
#include "workers.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#define OVERTAKEN_US 2000

/* A definition in the program comes before the one in libc. */
#define REAL(name) (*(void **)&real = dlsym(RTLD_NEXT, name))

/* The main thread goes on at once. */
static int overtaken(int result)
{
	int error = errno;

	if (gettid() != getpid())
		usleep(OVERTAKEN_US);
	errno = error;
	return result;
}

bool worker_is_refused(void)
{
	static int asked;

	return ++asked % 3 == 0;
}

int sem_post(sem_t *sem)
{
	int (*real)(sem_t *);

	REAL("sem_post");
	return overtaken(real(sem));
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	int (*real)(pthread_mutex_t *);

	REAL("pthread_mutex_unlock");
	return overtaken(real(mutex));
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	int (*real)(pthread_cond_t *);

	REAL("pthread_cond_signal");
	return overtaken(real(cond));
}
