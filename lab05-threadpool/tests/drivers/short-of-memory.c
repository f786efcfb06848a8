/* SPDX-License-Identifier: MIT */
/*
 * short-of-memory - httpd that has no memory for a client, four times in this
 * order. It is linked with --wrap, so that calls of these functions come here
 * first, which fail as client.h says:
 *
 *	client_ready	the first call
 *	client_leave	the first call behind that; the next with a client in
 *			REQUEST; and the next with one in WRITING
 */
#include <pthread.h>

#include "client/client.h"

bool __real_client_ready(struct http_conn *c);
bool __wrap_client_ready(struct http_conn *c);
void __real_client_leave(struct http_conn *c);
void __wrap_client_leave(struct http_conn *c);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int failed; /* so many times */

static bool fails_now(bool is_ready, enum client_state state)
{
	bool fails;

	pthread_mutex_lock(&lock);
	fails = is_ready ? failed == 0
			 : failed == 1 ||
				   (failed == 2 && state == CLIENT_REQUEST) ||
				   (failed == 3 && state == CLIENT_WRITING);
	failed += fails;
	pthread_mutex_unlock(&lock);
	return fails;
}

bool __wrap_client_ready(struct http_conn *c)
{
	if (!fails_now(true, c->state))
		return __real_client_ready(c);
	c->state = CLIENT_OVER;
	return false;
}

void __wrap_client_leave(struct http_conn *c)
{
	enum client_state before = c->state;

	__real_client_leave(c);
	if (fails_now(false, before))
		c->state = CLIENT_OVER;
}
