/* SPDX-License-Identifier: MIT */
#include "jitter.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define PAUSE_ONE_IN	16
#define SPURIOUS_ONE_IN 4
#define PAUSE_NS	20000
#define TODAY_S		1000000000 /* the year 2001; 31 years up */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg);
int __real_pthread_mutex_lock(pthread_mutex_t *m);
int __real_pthread_mutex_unlock(pthread_mutex_t *m);
int __real_pthread_cond_signal(pthread_cond_t *c);
int __real_pthread_cond_broadcast(pthread_cond_t *c);
int __real_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int __real_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
				  const struct timespec *t);
int __real_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m,
				  clockid_t clock, const struct timespec *t);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg);
int __wrap_pthread_mutex_lock(pthread_mutex_t *m);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *m);
int __wrap_pthread_cond_signal(pthread_cond_t *c);
int __wrap_pthread_cond_broadcast(pthread_cond_t *c);
int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int __wrap_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
				  const struct timespec *t);
int __wrap_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m,
				  clockid_t clock, const struct timespec *t);

static atomic_ulong seed;
static atomic_ulong nthreads;
static _Thread_local uint64_t state;
static unsigned long until_failure;
static _Thread_local int64_t latest_wait_ms;

void jitter_set(unsigned long s)
{
	atomic_store(&seed, s);
}

void jitter_fail_create(unsigned long n)
{
	until_failure = n;
}

void jitter_forget_waits(void)
{
	latest_wait_ms = 0;
}

int64_t jitter_latest_wait_ms(void)
{
	return latest_wait_ms;
}

/* What is so far from 0 is a time of day, and not of clock_ms(). */
static void note_wait(const struct timespec *t)
{
	int64_t ms = t->tv_sec * 1000 + (t->tv_nsec + 999999) / 1000000;

	if (t->tv_sec < TODAY_S && ms > latest_wait_ms)
		latest_wait_ms = ms;
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg)
{
	if (until_failure && !--until_failure)
		return EAGAIN;
	return __real_pthread_create(thread, attr, start, arg);
}

/* Once in N times, if jitter is on. */
static bool now_and_then(unsigned int n)
{
	unsigned long s = atomic_load_explicit(&seed, memory_order_relaxed);

	if (!s)
		return false;
	if (!state)
		state = (s + atomic_fetch_add(&nthreads, 1)) *
				0x9e3779b97f4a7c15u |
			1;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 32) % n == 0;
}

static void pause_perhaps(void)
{
	const struct timespec t = { .tv_nsec = PAUSE_NS };

	if (now_and_then(PAUSE_ONE_IN))
		nanosleep(&t, NULL);
}

/* A wait that ends at once: the mutex is let go and taken again. */
static bool spurious(pthread_mutex_t *m)
{
	if (!now_and_then(SPURIOUS_ONE_IN))
		return false;
	__real_pthread_mutex_unlock(m);
	pause_perhaps();
	__real_pthread_mutex_lock(m);
	return true;
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *m)
{
	pause_perhaps();
	return __real_pthread_mutex_lock(m);
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *m)
{
	int err = __real_pthread_mutex_unlock(m);

	pause_perhaps();
	return err;
}

int __wrap_pthread_cond_signal(pthread_cond_t *c)
{
	pause_perhaps();
	return __real_pthread_cond_signal(c);
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *c)
{
	pause_perhaps();
	return __real_pthread_cond_broadcast(c);
}

int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	if (spurious(m))
		return 0;
	pause_perhaps();
	return __real_pthread_cond_wait(c, m);
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
				  const struct timespec *t)
{
	note_wait(t);
	if (spurious(m))
		return 0;
	pause_perhaps();
	return __real_pthread_cond_timedwait(c, m, t);
}

int __wrap_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m,
				  clockid_t clock, const struct timespec *t)
{
	note_wait(t);
	if (spurious(m))
		return 0;
	pause_perhaps();
	return __real_pthread_cond_clockwait(c, m, clock, t);
}
