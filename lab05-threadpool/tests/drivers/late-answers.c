/* SPDX-License-Identifier: MIT */
/*
 * late-answers - httpd whose workers come to an answer only when the pool is
 * being shut down, and the loops have ended. It is linked with --wrap, so that
 * calls of these functions come here first:
 *
 *	client_answer	prints a line, and waits for
 *	pool_shutdown
 *	loop_destroy	ends the program if a task is queued there still
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/client.h"
#include "loop_impl.h"
#include "pool.h"

void __real_client_answer(struct http_conn *c);
void __wrap_client_answer(struct http_conn *c);
void __real_pool_shutdown(struct pool *p, enum pool_shutdown how);
void __wrap_pool_shutdown(struct pool *p, enum pool_shutdown how);
void __real_loop_destroy(struct loop *loop);
void __wrap_loop_destroy(struct loop *loop);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool shut;

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

void __wrap_loop_destroy(struct loop *loop)
{
	if (loop && (!list_empty(&loop->posted) || !list_empty(&loop->due) ||
		     !list_empty(&loop->deferred))) {
		fputs("a task is queued in a loop that is destroyed\n", stderr);
		abort();
	}
	__real_loop_destroy(loop);
}
