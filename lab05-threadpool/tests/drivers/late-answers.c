/* SPDX-License-Identifier: MIT */
/*
 * late-answers - httpd whose workers come to an answer only when the pool is
 * being shut down, and the loops have ended. It is linked with --wrap, so that
 * calls of these functions come here first:
 *
 *	client_answer	prints a line, and waits for
 *	pool_shutdown
 *	loop_destroy	ends the program if a task was posted after that, and
 *			not taken back: its loop does not run any more
 *	loop_post, loop_task_cancel
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/client.h"
#include "loop.h"
#include "pool.h"

#define LATE_MAX 16

void __real_client_answer(struct http_conn *c);
void __wrap_client_answer(struct http_conn *c);
void __real_pool_shutdown(struct pool *p, enum pool_shutdown how);
void __wrap_pool_shutdown(struct pool *p, enum pool_shutdown how);
void __real_loop_destroy(struct loop *loop);
void __wrap_loop_destroy(struct loop *loop);
void __real_loop_post(struct loop *loop, struct loop_task *task);
void __wrap_loop_post(struct loop *loop, struct loop_task *task);
void __real_loop_task_cancel(struct loop *loop, struct loop_task *task);
void __wrap_loop_task_cancel(struct loop *loop, struct loop_task *task);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool shut;
static struct loop_task *late[LATE_MAX]; /* posted after that */

void __wrap_client_answer(struct http_conn *c)
{
	puts("a worker has a request");
	fflush(stdout);
	pthread_mutex_lock(&lock);
	while (!shut)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	__real_client_answer(c);
}

void __wrap_pool_shutdown(struct pool *p, enum pool_shutdown how)
{
	pthread_mutex_lock(&lock);
	shut = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	__real_pool_shutdown(p, how);
}

/* Where FROM stands among the late ones is TO then; whether it was there. */
static bool replace(struct loop_task *from, struct loop_task *to)
{
	for (int i = 0; i < LATE_MAX; i++)
		if (late[i] == from) {
			late[i] = to;
			return true;
		}
	return false;
}

void __wrap_loop_post(struct loop *loop, struct loop_task *task)
{
	pthread_mutex_lock(&lock);
	if (shut && !replace(task, task))
		replace(NULL, task);
	pthread_mutex_unlock(&lock);
	__real_loop_post(loop, task);
}

void __wrap_loop_task_cancel(struct loop *loop, struct loop_task *task)
{
	pthread_mutex_lock(&lock);
	replace(task, NULL);
	pthread_mutex_unlock(&lock);
	__real_loop_task_cancel(loop, task);
}

void __wrap_loop_destroy(struct loop *loop)
{
	for (int i = 0; loop && i < LATE_MAX; i++)
		if (late[i]) {
			fputs("a task is posted in a loop that is destroyed\n",
			      stderr);
			abort();
		}
	__real_loop_destroy(loop);
}
