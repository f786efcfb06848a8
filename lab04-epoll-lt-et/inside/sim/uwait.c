/* SPDX-License-Identifier: MIT */
/*
 * The shape of kernel/sched/wait.c: a queue is walked from the head with the
 * next entry read before the function runs, since the function may take its
 * entry out. Exclusive entries end the walk once enough of them were woken:
 * this is all there is to "wake one".
 */
#include "uwait.h"

void (*uwait_listener)(const struct uwait_queue *queue, uint32_t key);

void uwait_init(struct uwait_queue *queue)
{
	TAILQ_INIT(&queue->entries);
}

void uwait_add_head(struct uwait_queue *queue, struct uwait_entry *entry)
{
	TAILQ_INSERT_HEAD(&queue->entries, entry, link);
	entry->queue = queue;
}

void uwait_add_tail(struct uwait_queue *queue, struct uwait_entry *entry)
{
	TAILQ_INSERT_TAIL(&queue->entries, entry, link);
	entry->queue = queue;
}

void uwait_remove(struct uwait_entry *entry)
{
	if (!entry->queue)
		return;
	TAILQ_REMOVE(&entry->queue->entries, entry, link);
	entry->queue = NULL;
}

bool uwait_active(const struct uwait_queue *queue)
{
	return !TAILQ_EMPTY(&queue->entries);
}

void uwait_wake(struct uwait_queue *queue, uint32_t key, unsigned int nr)
{
	struct uwait_entry *entry, *next;

	if (uwait_listener)
		uwait_listener(queue, key);
	TAILQ_FOREACH_SAFE(entry, &queue->entries, link, next)
	{
		bool exclusive = entry->exclusive;

		if (entry->wake(entry, key) && exclusive && nr && --nr == 0)
			return;
	}
}

void utask_copy_out(struct utask *task, int index, struct epoll_event *to,
		    uint32_t events, uint64_t data)
{
	if (task->on_copy)
		task->on_copy(task, index);
	to->events = events;
	to->data.u64 = data;
}

void utask_wake(struct utask *task)
{
	task->asleep = false;
	if (task->wakes)
		task->woken_as = ++*task->wakes;
}
