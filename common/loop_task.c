/* SPDX-License-Identifier: MIT */
/*
 * A posted task is on one of two lists, both under the lock:
 *
 *	          post            begin           about to run
 *	(nowhere) ----> posted ------------> due ---------------> (nowhere)
 *	                            cancel takes it off either
 *
 * The eventfd is written only by who finds the list empty: posts that come in
 * faster than the loop takes them cost one wake together. It is written under
 * the lock, so that the loop cannot run the task, be stopped by it and be
 * destroyed while the poster still holds its descriptor's number.
 */
#include "loop_impl.h"

#include "util.h"

void loop_task_init(struct loop_task *task, loop_task_fn *handler)
{
	list_init(&task->link);
	task->handler = handler;
}

void loop_defer(struct loop *loop, struct loop_task *task)
{
	if (list_empty(&task->link))
		list_append(&loop->deferred, &task->link);
}

void loop_post(struct loop *loop, struct loop_task *task)
{
	pthread_mutex_lock(&loop->lock);
	if (list_empty(&task->link)) {
		list_append(&loop->posted, &task->link);
		if (!atomic_exchange(&loop->has_posted, true))
			loop_wake(loop);
	}
	pthread_mutex_unlock(&loop->lock);
}

void loop_task_cancel(struct loop *loop, struct loop_task *task)
{
	pthread_mutex_lock(&loop->lock);
	list_remove(&task->link);
	pthread_mutex_unlock(&loop->lock);
}

void loop_task_begin(struct loop *loop)
{
	if (!atomic_load(&loop->has_posted))
		return;
	pthread_mutex_lock(&loop->lock);
	list_move_all(&loop->due, &loop->posted);
	atomic_store(&loop->has_posted, false);
	pthread_mutex_unlock(&loop->lock);
}

/* The next task of the list HEAD, taken off it, or NULL. */
static struct loop_task *take(struct list *head)
{
	struct list *link = head->next;

	if (list_empty(head))
		return NULL;
	list_remove(link);
	return CONTAINER_OF(link, struct loop_task, link);
}

static struct loop_task *take_due(struct loop *loop)
{
	struct loop_task *task;

	pthread_mutex_lock(&loop->lock);
	task = take(&loop->due);
	pthread_mutex_unlock(&loop->lock);
	return task;
}

void loop_task_dispatch_posted(struct loop *loop)
{
	struct loop_task *task;

	/* Only the loop's thread fills or empties this list: no lock to look. */
	while (!list_empty(&loop->due)) {
		task = take_due(loop);
		task->handler(task);
	}
}

void loop_task_dispatch_deferred(struct loop *loop)
{
	struct list now;
	struct loop_task *task;

	list_init(&now);
	list_move_all(&now, &loop->deferred);
	while ((task = take(&now)) != NULL)
		task->handler(task);
}
