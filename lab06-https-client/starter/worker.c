/* SPDX-License-Identifier: MIT */
/*
 * Task 4. The table in the header is the plan. One way to write it: a function
 * for each state that goes as far as it can, and is called by whatever may have
 * moved it. There are three such things:
 *
 *	on_task()	the task thread has done its part: task->done
 *	on_ready()	the poller has reported the socket: c->watch
 *	on_timer()	a deadline is over: c->timer
 *
 * and each asks c->state what to do:
 *
 *	RESOLVING   a task of ours is with the task thread
 *	CONNECTING  tasks_continue(), until it is connected or has failed
 *	SHAKING     transport_shake(), until it is finished or has failed
 *	TALKING     exchange_unsent() and transport_write();
 *	            transport_read() and answer_take(), at the end answer_end()
 *	IDLE        pool_put_idle(); transport_is_quiet(), or close it
 *
 * A connection that is closed is freed: let a function that may close one be
 * the last that its caller calls on it.
 *
 * Begin with worker_create(), and with worker_go() for a new connection: a task
 * that is filled in and pushed. Until this file is finished, a request that
 * gets lost somewhere makes bot wait until its time-out: try it with
 * --timeout 1.
 */
#include "worker.h"

#include <errno.h>
#include <stdlib.h>

#include "connection/pool.h"
#include "exchange/answer.h"
#include "exchange/session.h"
#include "turns/turns.h"
#include "util.h"

struct worker {
	struct turns *turns;
	const struct options *options;
	struct pool pool;
	char scratch[EXCHANGE_CHUNK]; /* what is read is looked at here */
};

struct worker *worker_create(struct turns *turns)
{
	/* pool_init() with the options of turns->run. */
	TODO(turns);
	return NULL;
}

bool worker_has_room(const struct worker *w)
{
	/* A new connection may be opened, or an idle one can make room. */
	TODO(w);
	return false;
}

bool worker_may_go(const struct worker *w, const struct exchange *x)
{
	/* x->fresh: only a new connection will do. */
	TODO(w, x);
	return false;
}

bool worker_go(struct worker *w, struct exchange *x)
{
	/*
	 * exchange_begin(). The one that was idle last, if there is one at its
	 * endpoint; else room for a new one, pool_new(), exchange_send(), and
	 * tasks_push(), which may say that it is full.
	 */
	TODO(w, x);
	return false;
}

void worker_abandon(struct worker *w)
{
	TODO(w);
}

void worker_destroy(struct worker *w)
{
	TODO(w);
}
