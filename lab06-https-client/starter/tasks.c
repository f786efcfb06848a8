/* SPDX-License-Identifier: MIT */
/*
 * Task 3. A thread, a lock, a queue, and the names that are known. The thread
 * looks a name up without the lock, since that may take half a minute; all
 * else is quick and done under it.
 *
 *	                known        .-------.
 *	tasks_push() ──────────────► | ready | ──► dial ──► loop_post()
 *	     │                       '-------'
 *	     │         unknown       .---------.     ▲
 *	     └─────────────────────► | unknown | ────┘ its name was looked up
 *	                             '---------'
 *
 * Write it in this order: names (tsearch(3) or a list), the queue and the
 * thread, dials with all the addresses, a queue that is full, the end.
 */
#include "tasks.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>

#include "clock.h"
#include "util.h"

struct tasks_name {
	bool known; /* looked up, or numeric */
	int error;  /* why it has no addresses */
	size_t naddresses;
	char host[];
};

struct tasks {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work; /* a task has come, or the end */
	int family;
	size_t capacity;
	size_t count;
	struct list ready;
	struct list unknown;
};

struct tasks *tasks_create(size_t capacity, int family)
{
	TODO(capacity, family);
	return NULL;
}

void tasks_destroy(struct tasks *t)
{
	/* Who frees, if the thread is in getaddrinfo(3)? */
	TODO(t);
}

struct tasks_name *tasks_name(struct tasks *t, const char *host)
{
	/* inet_pton(3) tells numeric addresses, which need no look-up. */
	TODO(t, host);
	return NULL;
}

int tasks_push(struct tasks *t, struct task *task, struct loop_task *room)
{
	/*
	 * Never waits, and never calls the handler itself: loop_post() does,
	 * from whichever thread.
	 */
	TODO(t, task, room);
	errno = EAGAIN;
	return -1;
}

int tasks_continue(struct task *task)
{
	/* dial_continue(), and if that fails the next address. */
	TODO(task);
	return -1;
}

int tasks_fd(const struct task *task)
{
	return dial_fd(&task->dial);
}

int tasks_left_ms(const struct task *task)
{
	return dial_left_ms(&task->dial);
}

void tasks_cancel(struct task *task)
{
	dial_cancel(&task->dial);
}
