/* SPDX-License-Identifier: MIT */
#include "meeting.h"

#include <pthread.h>
#include <stdio.h>

#include "clock.h"
#include "special.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned int expected, came, left;

static void come(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	came++;
	pthread_cond_broadcast(&changed);
	while (came < expected)
		pthread_cond_wait(&changed, &lock);
	left++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

/* Has the others go, if they have waited for too long. */
static unsigned int meet(unsigned int n)
{
	struct timespec until = { 0 };
	unsigned int met;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SPECIAL_PATIENCE_MS / 1000;
	pthread_mutex_lock(&lock);
	while (came < n && !pthread_cond_timedwait(&changed, &lock, &until))
		;
	met = came;
	expected = 0;
	pthread_cond_broadcast(&changed);
	while (left < n)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return met;
}

const char *meeting(struct pool *pool, unsigned int n)
{
	static char text[64];
	unsigned int met;

	pthread_mutex_lock(&lock);
	expected = n;
	came = left = 0;
	pthread_mutex_unlock(&lock);
	for (unsigned int i = 0; i < n; i++)
		if (pool_submit(pool, (struct task){ .run = come }))
			return special_result(-1);
	met = meet(n);
	if (met == n)
		return "ok";
	snprintf(text, sizeof(text), "%u of %u tasks have begun", met, n);
	return text;
}
