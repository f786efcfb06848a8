/* SPDX-License-Identifier: MIT */
/*
 * Task 4. All three models are the same steps (client.h) in other places. Write
 * the steps once, as a function that goes on until the client cannot, and let
 * each model choose the thread that calls it.
 *
 *	inline		steps to the end ─────────────────────► settle
 *	reactor		watch nothing │ steps to the end │ ───► settle
 *	proactor	steps ─► REQUEST │ answer │ ─► steps ─► settle
 *	                           between │ and │: a worker
 *
 * Begin with inline: most tests of task 5 want no more.
 */
#include "dispatch.h"

#include <pthread.h>
#include <stdlib.h>

#include "client/context.h"
#include "util.h"

struct dispatch {
	enum dispatch_model model;
	struct loop *loop;
	struct pool *pool;
	struct loop_task collect; /* posted by workers, runs in the loop */
	pthread_mutex_t lock;
	struct list done; /* clients whose task is over; under the lock */
};

struct dispatch *dispatch_create(enum dispatch_model model, struct loop *loop,
				 struct pool *pool)
{
	TODO(model, loop, pool);
	return NULL;
}

void dispatch_destroy(struct dispatch *d)
{
	/* Its task may still be posted, and must not run. */
	TODO(d);
}

/*
 * A turn is: client_ready(); steps; client_leave(); and in the loop's thread
 * client_settle(), whose result says what client_watch() is to watch for, or
 * that the client is gone. If DISPATCH_BUDGET ended the turn, client_again()
 * asks for another one.
 *
 * A worker finds the client in its task's arg, and its dispatch by
 * c->context->dispatch. After it has put the client on `done`, the client may
 * be gone at any moment.
 */
void dispatch_ready(struct dispatch *d, struct http_conn *c)
{
	TODO(d, c);
}

void dispatch_refused(struct dispatch *d, struct http_conn *c)
{
	TODO(d, c);
}
