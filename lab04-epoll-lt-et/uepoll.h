/* SPDX-License-Identifier: MIT */
/*
 * uepoll - epoll in user space, of the shape that fs/eventpoll.c has.
 *
 * It watches simulated files (ufile.h) and answers as Linux 6.18 does: the
 * same results, errors, events and masks in the same order. `make fuzz-uepoll`
 * plays both against each other, and `epoll-scope` draws what is inside.
 *
 *	struct eventpoll                    struct epitem: one a watched
 *	  items      a tree of all items    (file, descriptor); it is in the
 *	  ready      those that may be      tree always, in the ready list
 *	             ready, oldest first    when its file called, and its
 *	  scan       the batch that a wait  entry is in the file's wait queue
 *	             looks through now      always
 *	  overflow   those whose file
 *	             called meanwhile       file ──wait──► item ──ready──► ep
 *	  waiters    tasks in uepoll_wait
 *	  pollers    epolls that watch this one
 *
 * An item on the ready list is a rumour, not news: its file called at some
 * time. Whether it is ready is asked (polled) when it is about to be reported.
 *
 * What is left out against the kernel: locks, since the simulator has one
 * thread; EPOLLWAKEUP; and files with more than one wait queue.
 *
 * Errors are -1 with errno, as in epoll_ctl(2) and epoll_wait(2). Nothing here
 * makes a system call.
 */
#ifndef UEPOLL_H
#define UEPOLL_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "ufile.h"
#include "uwait.h"

/* How many epolls may be nested below the outermost one. */
#define UEPOLL_NESTS 4

/* Flags of an item, that is, those bits of its mask that are no events. */
#define UEPOLL_FLAGS \
	((uint32_t)(EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE))

/* All that may stand beside EPOLLEXCLUSIVE. */
#define UEPOLL_EXCLUSIVE_OK                                                  \
	((uint32_t)(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | \
		    EPOLLET | EPOLLEXCLUSIVE))

struct eventpoll;

struct epitem {
	/* The key: the same file through two descriptors is two items. */
	struct ufile *file;
	int fd;

	struct epoll_event event; /* as asked for; ONESHOT clears its events */
	struct eventpoll *ep;	  /* where it belongs */

	RB_ENTRY(epitem) node;		   /* in ep->items */
	TAILQ_ENTRY(epitem) ready_link;	   /* in ep->ready or ep->scan ... */
	bool queued;			   /* ... if this is set */
	SLIST_ENTRY(epitem) overflow_link; /* in ep->overflow ... */
	bool overflowed;		   /* ... if this is set */
	struct uwait_entry wait;	   /* in file->wait */
	LIST_ENTRY(epitem) file_link;	   /* in file->watchers */
};

RB_HEAD(epitem_tree, epitem);
TAILQ_HEAD(epitem_list, epitem);
SLIST_HEAD(epitem_stack, epitem);

struct eventpoll {
	struct ufile file;	  /* an epoll is a file, and can be watched */
	struct epitem_tree items; /* by file->id, then fd */
	size_t nr_items;
	struct epitem_list ready;
	struct epitem_list scan;
	bool scanning; /* files that call now go to the overflow list */
	struct epitem_stack overflow; /* last in, first out */
	struct uwait_queue waiters;   /* tasks asleep in uepoll_wait() */
	struct uwait_queue pollers;   /* file.wait: items of outer epolls */
	uint64_t compares;	      /* of keys so far, for cost figures */
};

/* The tree's functions (RB_FIND and so on); RB_GENERATE is in uepoll.c. */
int uepoll_compare(const struct epitem *a, const struct epitem *b);
RB_PROTOTYPE(epitem_tree, epitem, node, uepoll_compare)

/* ------------------------------------------- given, in uepoll_base.c */

/*
 * A new epoll without items, with one reference that the caller owns. NULL and
 * errno ENOMEM if there is no memory.
 */
struct ufile *uepoll_new(void);

/* The eventpoll behind FILE, or NULL if FILE is not an epoll. */
struct eventpoll *uepoll_from_file(struct ufile *file);

/*
 * May FILE be watched as it is now? No, if from it, or from a file below it,
 * more than 500, 100, 50, 10 ways of 2, 3, 4, 5 epolls lead to an epoll that
 * nobody watches. Every wake-up has to walk all of them.
 */
bool uepoll_paths_ok(struct ufile *file);

/* ------------------------------------------------- to do, in uepoll.c */

/*
 * What an epoll's own poll says: EPOLLIN | EPOLLRDNORM if any item on its
 * ready list is ready, else 0. Looks through the list as a wait does, up to
 * the first item that is ready, which stays; items that are not are dropped.
 */
uint32_t uepoll_poll(struct ufile *file);

/*
 * epoll_ctl(2). EPFILE is what the first argument refers to, FILE what FD
 * refers to; OP is EPOLL_CTL_ADD, _MOD or _DEL; EVENT is not looked at for
 * _DEL. EPOLLERR and EPOLLHUP are always added to the mask.
 *
 * Waiters are woken with the key 0, pollers with EPOLLIN (and not with
 * EPOLLRDNORM, which uepoll_poll() reports as well).
 *
 * ADD puts an item into the tree and into the file's wait queue: at the head,
 * or, if EPOLLEXCLUSIVE, at the tail. ADD and MOD poll the file: if it is
 * ready now and the item is not on the ready list, it goes to the tail of that
 * list, and one waiter and all pollers are woken; if it is on it already,
 * nothing happens. Neither takes a queued item off the ready list.
 *
 * 0, or -1 with errno, looked for in this order:
 *	EPERM	FILE cannot be watched (it has no poll)
 *	EINVAL	EPFILE is no epoll, or is FILE itself
 *	EINVAL	EPOLLEXCLUSIVE with MOD; with ADD of an epoll; with ADD and a
 *		bit that is not in UEPOLL_EXCLUSIVE_OK
 *	ELOOP	ADD of an epoll that EPFILE is nested in, however deep; or that
 *		would make a chain of more than UEPOLL_NESTS links
 *	EEXIST	ADD: there is an item for (FILE, FD) already
 *	ENOENT	MOD, DEL: there is none
 *	EINVAL	MOD of an item that was added with EPOLLEXCLUSIVE; other OP
 *	ENOMEM	ADD: no memory
 *	EINVAL	ADD: too many ways lead from one file to the outermost epolls
 *		(uepoll_paths_ok says no); the item is gone again
 */
int uepoll_ctl(struct ufile *epfile, int op, struct ufile *file, int fd,
	       const struct epoll_event *event);

/*
 * epoll_wait(2) by TASK. Looks through the ready list from its head, polls
 * each item and copies those that are ready out to EVENTS with
 * utask_copy_out(), at most MAX. A reported item goes back to the tail of the
 * ready list, unless it is EPOLLET; EPOLLONESHOT clears all of its mask but
 * the flags instead. Items not reached stay at the head, in their order.
 *
 * Files that call during the copying go to the overflow list. When the batch
 * is done they are queued: after what was not reached, before what went back,
 * in the order they called. If the ready list is not empty then, one waiter is
 * woken.
 *
 * If there is nothing to report and task->may_sleep, the task goes to the head
 * of the waiters and task->asleep is set; once it was woken (utask_wake), the
 * caller calls again. A woken task is out of the queue.
 *
 * The number of events; 0 if there are none; -1 with EINVAL if EPFILE is no
 * epoll or MAX is not positive.
 */
int uepoll_wait(struct ufile *epfile, struct epoll_event *events, int max,
		struct utask *task);

/* The last descriptor of FILE is gone: removes all items that watch it. */
void uepoll_forget(struct ufile *file);

/* The last descriptor of the epoll EP is gone: removes all its items. */
void uepoll_clear(struct eventpoll *ep);

#endif
