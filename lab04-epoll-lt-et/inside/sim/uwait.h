/* SPDX-License-Identifier: MIT */
/*
 * uwait - wait queues and the tasks that sleep on them, simulated.
 *
 * Every file has a wait queue. Code that wants to hear of the file puts an entry
 * into it; the file runs the entries' functions when its state changes. In the
 * kernel this is wait_queue_head_t (include/linux/wait.h, kernel/sched/wait.c),
 * and an entry may be a sleeping thread or a callback of epoll's. Here it is
 * the same, with tasks in place of threads: a task that sleeps is just a
 * structure in a queue, and waking it is clearing a flag.
 *
 * Single-threaded: nothing here locks.
 */
#ifndef UWAIT_H
#define UWAIT_H

#include <bsd/sys/queue.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

struct uwait_entry;

/*
 * Runs when the queue is woken with KEY: the EPOLL* bits that may have become
 * true, or 0 for "anything". May take its own entry out of the queue, and no
 * other. Returns whether this counts as one woken, which matters for exclusive
 * entries only (see uwait_wake).
 */
typedef bool (*uwait_func)(struct uwait_entry *entry, uint32_t key);

struct uwait_entry {
	TAILQ_ENTRY(uwait_entry) link;
	uwait_func wake;
	bool exclusive;		   /* waking one such is enough */
	struct uwait_queue *queue; /* where it is; NULL: nowhere */
};

TAILQ_HEAD(uwait_list, uwait_entry);

struct uwait_queue {
	struct uwait_list entries;
};

void uwait_init(struct uwait_queue *queue);

/*
 * The entry goes to the head of the queue: the last to come is the first to be
 * woken. So it is for ordinary entries, and for tasks in epoll_wait(2).
 */
void uwait_add_head(struct uwait_queue *queue, struct uwait_entry *entry);

/* To the tail; for EPOLLEXCLUSIVE items, which also set entry->exclusive. */
void uwait_add_tail(struct uwait_queue *queue, struct uwait_entry *entry);

/* Takes the entry out; does nothing if it is in no queue. */
void uwait_remove(struct uwait_entry *entry);

/* Is anyone in the queue? */
bool uwait_active(const struct uwait_queue *queue);

/*
 * Runs the entries' functions from the head on with KEY, until NR exclusive
 * ones have counted; NR 0: all of them.
 */
void uwait_wake(struct uwait_queue *queue, uint32_t key, unsigned int nr);

/* Hears of every uwait_wake() before its entries do; NULL: nobody does. */
extern void (*uwait_listener)(const struct uwait_queue *queue, uint32_t key);

/*
 * A task: the thread that calls uepoll_wait(). Owned by the caller; all zero
 * is a task that never sleeps (timeout 0) and has no hook.
 */
struct utask {
	struct uwait_entry wait; /* in the epoll's queue while asleep */
	bool may_sleep;		 /* timeout -1 rather than 0 */
	bool asleep;
	unsigned int *wakes;   /* where to count wake-ups; may be NULL */
	unsigned int woken_as; /* the number of its last wake-up */
	void (*on_copy)(struct utask *task, int index); /* may be NULL */
	void *arg;
};

/*
 * Copies one event to the task's memory, as its INDEX-th (from 0). Real user
 * memory may be paged out, and then the copy waits while the rest of the world
 * goes on: that is what task->on_copy stands for. It runs before the copy.
 */
void utask_copy_out(struct utask *task, int index, struct epoll_event *to,
		    uint32_t events, uint64_t data);

/* Marks a sleeping task as awake. It runs when the simulator comes to it. */
void utask_wake(struct utask *task);

#endif
