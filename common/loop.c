/* SPDX-License-Identifier: MIT */
/*
 * The round, as loop.h tells it. Each step sets aside what it is going to run
 * before the first handler is called: what handlers add lands on another list,
 * and so in the next round.
 *
 * A wait must not be slept through when there is work. Work in the loop's own
 * thread is seen by wait_ms(). Posted work is seen there too (has_posted), or
 * else was posted after it looked; then its eventfd is still readable, because
 * the loop reads that only in step 4, and the wait ends at once.
 */
#include "loop_impl.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "util.h"

void loop_wake(struct loop *loop)
{
	const uint64_t one = 1;
	int saved = errno;

	/* Fails only if the counter is full, and then a wake is under way. */
	if (write(loop->wake.fd, &one, sizeof(one)) < 0)
		errno = saved;
}

static void on_wake(struct loop_fd *lf, unsigned int ready)
{
	uint64_t count;

	(void)ready;
	/* The wake-up is all it is for; reading lets the next wait sleep. */
	if (read(lf->fd, &count, sizeof(count)) < 0)
		return;
}

static struct loop *create_empty(const struct poller_ops *ops, size_t hint)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return NULL;
	loop->ops = ops;
	list_init(&loop->changed);
	list_init(&loop->again);
	list_init(&loop->turn);
	list_init(&loop->deferred);
	list_init(&loop->posted);
	list_init(&loop->due);
	heap_init(&loop->timers);
	pthread_mutex_init(&loop->lock, NULL);
	loop_fd_init(&loop->wake, on_wake);
	loop->wake.fd = -1;
	loop->poller = ops->create(hint);
	return loop;
}

struct loop *loop_create(const struct poller_ops *ops, size_t hint)
{
	struct loop *loop = create_empty(ops, hint);
	int fd = -1;
	int err;

	if (!loop)
		return NULL;
	if (loop->poller)
		fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (fd >= 0 && loop_fd_start(loop, &loop->wake, fd, POLLER_READ) == 0)
		return loop;
	err = errno;
	loop->wake.fd = fd;
	loop_destroy(loop);
	errno = err;
	return NULL;
}

void loop_destroy(struct loop *loop)
{
	if (!loop)
		return;
	loop_fd_stop(&loop->wake);
	if (loop->wake.fd >= 0)
		close(loop->wake.fd);
	if (loop->poller)
		loop->ops->destroy(loop->poller);
	pthread_mutex_destroy(&loop->lock);
	free(loop->fds);
	free(loop);
}

/* How long the poller may wait: not at all while there is work. */
static int wait_ms(struct loop *loop, int max_wait_ms)
{
	int timer_ms;

	if (max_wait_ms == 0 || !list_empty(&loop->again) ||
	    !list_empty(&loop->deferred) || atomic_load(&loop->has_posted) ||
	    loop->now_ns < loop->linger_end_ns)
		return 0;
	timer_ms = loop_timer_wait_ms(loop);
	if (timer_ms < 0)
		return max_wait_ms;
	return max_wait_ms < 0 ? timer_ms : MIN(timer_ms, max_wait_ms);
}

/* Descriptors were reported: will the next report be soon? As this one was. */
static void note_report(struct loop *loop)
{
	int64_t gap_ns = loop->now_ns - loop->reported_ns;

	loop->reported_ns = loop->now_ns;
	loop->linger_end_ns =
		gap_ns < loop->linger_ns ? loop->now_ns + loop->linger_ns : 0;
}

static int go_round(struct loop *loop, int max_wait_ms)
{
	uint64_t timers;
	int n;

	loop_fd_flush(loop);
	loop->round++;
	n = loop->ops->wait(loop->poller, loop->events, LOOP_BATCH,
			    wait_ms(loop, max_wait_ms));
	if (n < 0 && errno != EINTR)
		return -1;
	loop->now_ns = clock_ns();
	if (n > 0)
		note_report(loop);
	timers = loop->timer_order;
	loop_fd_begin(loop);
	loop_task_begin(loop);

	loop_fd_dispatch(loop, n);
	loop_fd_dispatch_again(loop);
	loop_timer_dispatch(loop, timers);
	loop_task_dispatch_posted(loop);
	loop_task_dispatch_deferred(loop);
	return 0;
}

int loop_step(struct loop *loop, int max_wait_ms)
{
	int result;

	if (loop->in_round) {
		errno = EBUSY;
		return -1;
	}
	loop->in_round = true;
	result = go_round(loop, max_wait_ms);
	loop->in_round = false;
	return result;
}

int loop_run(struct loop *loop)
{
	if (loop->in_round) {
		errno = EBUSY;
		return -1;
	}
	while (!atomic_exchange(&loop->stop, false))
		if (loop_step(loop, -1) < 0)
			return -1;
	return 0;
}

void loop_stop(struct loop *loop)
{
	atomic_store(&loop->stop, true);
	loop_wake(loop);
}

void loop_linger(struct loop *loop, int64_t ns)
{
	loop->linger_ns = ns;
}

int64_t loop_now_ns(const struct loop *loop)
{
	return loop->in_round ? loop->now_ns : clock_ns();
}

bool loop_is_edge(const struct loop *loop)
{
	return loop->ops->flags & POLLER_EDGE;
}
