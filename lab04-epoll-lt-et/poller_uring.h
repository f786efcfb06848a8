/* SPDX-License-Identifier: MIT */
/*
 * poller_uring - readiness by io_uring(7): a multishot poll for each watched
 * descriptor. The contract is common/poller.h's; the poller is edge-triggered.
 *
 * Two rings are shared with the kernel. What is asked for goes into the
 * submission queue, what has come of it is read from the completion queue. A
 * multishot poll is asked for once and posts a completion at each arrival. A
 * descriptor is in one of these states:
 *
 *	          add                 wait: submitted
 *	(nobody) -----> CHANGED ---------------------> ARMED
 *	    ^            |   ^                           |
 *	    |   del      |   |  mod, or a completion     |
 *	    |<-----------+   |  without F_MORE           |
 *	    |                +---------------------------|
 *	    |   del: the poll is taken back, at once     |
 *	    +--------------------------------------------+
 *
 * Beyond what poller.h says:
 *
 *   - add and mod do not enter the ring: the next wait tells all changes in one
 *     call of io_uring_enter(2). A poll of a file that is always ready would
 *     end at once, again and again, so add looks for itself: EBADF for a number
 *     that is not open, EPERM for a regular file or a directory.
 *   - del takes a poll back before it returns, since a poll holds the file:
 *     close(2) would end neither the poll nor the connection.
 *   - A multishot poll may end by itself, when the completion queue is full for
 *     example. It is begun again, and nothing is lost.
 *   - Completions of a poll that was taken back are dropped, even if the number
 *     belongs to another file by now.
 *   - A descriptor is reported once a wait, however many completions it has,
 *     with what holds at that time; if nothing holds any more, not at all.
 *   - wait takes no memory of its own; it fails with ENOMEM only if the kernel
 *     has none for a poll.
 *   - create() fails with ENOSYS or EPERM where io_uring is not to be had
 *     (kernel.io_uring_disabled, a container's seccomp filter).
 */
#ifndef LAB04_POLLER_URING_H
#define LAB04_POLLER_URING_H

#include "poller.h"

/* The places of the completion queue. */
#define POLLER_URING_COMPLETIONS 2048

/* Edge-triggered: "uring", with POLLER_EDGE among its flags. */
extern const struct poller_ops poller_uring;

#endif
