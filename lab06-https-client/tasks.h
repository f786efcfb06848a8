/* SPDX-License-Identifier: MIT */
/*
 * tasks - the task thread: takes what is to be connected to from a bounded
 * queue, resolves its name, starts the connect, and hands it back to the loop
 * that asked. Resolving may wait (getaddrinfo(3)); here it keeps nobody waiting
 * but those who need that name, and a loop never does it.
 *
 *	loop's thread           task thread              loop's thread
 *
 *	tasks_push() ──► queue ──► look-up ──► connect(2)
 *	                   │        (once       │
 *	                   │       a name)      │ loop_post(task->done)
 *	                   └── known name ──────┤
 *	                                        ▼
 *	                        task->done's handler: task->fd, task->error
 *	                             │ EINPROGRESS
 *	                             ▼
 *	                        tasks_continue() until connected or failed
 *
 * OWNERSHIP. The caller owns a task's memory. From tasks_push() until its
 * handler is called, the task thread has the task, and nobody else may touch
 * it. A caller that has lost its patience waits for the handler all the same.
 *
 * NAMES. A name is resolved once in the life of the tasks, also if that fails,
 * and its addresses are kept as numeric text: dial() of lab 2 then never waits.
 * All addresses of a name are tried, in the resolver's order (RFC 6724), each
 * with an equal share of the time that is left. A look-up that failed is one
 * of three errors: ENOMEM for EAI_MEMORY; EIO, the resolver cannot tell now,
 * for EAI_AGAIN, EAI_FAIL and EAI_SYSTEM; ENOENT, no such name or no address of
 * it, for all others (getaddrinfo(3)), and for a numeric address of the family
 * that is not wanted.
 */
#ifndef LAB06_TASKS_H
#define LAB06_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dial.h"
#include "loop.h"

/* Addresses of a name that are kept; more are left out. */
#define TASKS_ADDRESSES_MAX 16

/* How many different loops may wait for room in the queue. */
#define TASKS_ROOMS_MAX 64

struct tasks;
struct tasks_name; /* a host, and its addresses once it is resolved */

/* One connect. The caller sets the first part before tasks_push(). */
struct task {
	struct tasks_name *name;
	const char *port;      /* decimal; stays until the handler is called */
	int timeout_ms;	       /* for all addresses, from the first dial on */
	struct loop *loop;     /* whose thread is told */
	struct loop_task done; /* loop_task_init() with the handler to call */

	/* The result, for the handler. */
	int fd;		 /* connected, and the caller's; or -1 */
	int error;	 /* if fd is -1: EINPROGRESS, or why it failed */
	bool resolved;	 /* false: the look-up failed; see NAMES */
	int64_t dns_ns;	 /* it waited so long for a look-up; 0: for none */
	int64_t dial_ns; /* when the first dial began, by clock_ns() */

	/* tasks.c's own. */
	struct list link;
	bool waits; /* for a look-up */
	int64_t pushed_ns;
	int64_t deadline_ms;
	size_t next; /* the address to try after this one */
	struct dial dial;
};

/*
 * Starts the task thread. At most CAPACITY tasks, 1 or more, wait in the queue.
 * FAMILY is AF_UNSPEC, AF_INET or AF_INET6: which addresses to resolve to.
 *
 * Returns the tasks, or NULL with errno (ENOMEM, or what pthread_create(3)
 * returns). tasks_destroy() ends them.
 */
struct tasks *tasks_create(size_t capacity, int family);

/*
 * Ends the task thread; tasks that still wait are dropped, their handlers are
 * never called. It waits for the thread, but not for a look-up: a thread that
 * is in one frees everything itself when it comes back, and touches no task
 * any more. T may be NULL.
 */
void tasks_destroy(struct tasks *t);

/*
 * The name of HOST, a name or a numeric address without brackets: the same
 * pointer for the same host (in whatever case), valid until tasks_destroy().
 * Resolves nothing. Any thread.
 *
 * Returns it, or NULL with errno ENOMEM.
 */
struct tasks_name *tasks_name(struct tasks *t, const char *host);

/*
 * Queues TASK. Never waits. Tasks whose name is known, or numeric, are taken
 * before those that need a look-up; otherwise the first to come is the first
 * to be taken. If the name is known and the thread is in a look-up of another
 * one, the connect is started at once, by the caller, so that a resolver that
 * is stuck stops only those who need it.
 *
 * Returns 0, and the handler will be called, not from here but in a later round
 * of the loop; or -1 with errno EAGAIN if the queue is full, and the task
 * remains the caller's. Then ROOM, if it is not NULL, is posted once to
 * task->loop when half of the queue is free again. A loop has one ROOM, which
 * stays where it is until tasks_destroy() has returned.
 */
int tasks_push(struct tasks *t, struct task *task, struct loop_task *room);

/*
 * Goes on after EINPROGRESS: looks what became of the attempt under way, and
 * begins the next address if it failed. For the owner of the task, at any time,
 * above all when tasks_fd() is writable or tasks_left_ms() is over. Never
 * waits.
 *
 * Returns a connected socket, non-blocking and close-on-exec, that the caller
 * owns; or -1 with errno EINPROGRESS (tasks_fd() may be another one now); or -1
 * with the last address' error: ETIMEDOUT, ECONNREFUSED, ... as connect(2).
 */
int tasks_continue(struct task *task);

/* While EINPROGRESS: the socket to watch for writing, and for how long. */
int tasks_fd(const struct task *task);
int tasks_left_ms(const struct task *task);

/* Gives an attempt up; needed only between EINPROGRESS and the result. */
void tasks_cancel(struct task *task);

#endif
