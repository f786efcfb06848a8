/* SPDX-License-Identifier: MIT */
/*
 * poller - which of many descriptors are ready: one interface over select(2),
 * poll(2) and epoll(7). Labs 3 and 4 write what is behind it; loop.h stands on
 * top of it.
 *
 * A poller is a set of descriptors, each with an interest, and one question:
 * wait(). It calls nobody back and reads from nothing.
 *
 *	interest	what a descriptor is watched for: any but none of
 *			POLLER_READ, POLLER_WRITE, POLLER_RDHUP
 *	readiness	what wait() says of it: these, POLLER_HUP, POLLER_ERR
 *
 * What the bits mean:
 *
 *   READ   read(2) or accept(2) would not block: there are bytes, a
 *          connection, the end of the stream, or an error to be fetched.
 *   WRITE  write(2) would not block: there is some room, or an error to be
 *          fetched; a connect(2) under way is over, well or not.
 *   RDHUP  the peer has sent its last byte (it closed, or shut down writing).
 *          Unread bytes may still be there. select(2) cannot tell: its poller
 *          accepts the bit and never reports it.
 *   HUP    both directions are over, or the other end of a pipe is gone.
 *          Unread bytes may still be there. Comes unasked.
 *   ERR    an error waits at the descriptor, the reading end of a pipe is
 *          gone, or the descriptor is not open at all. Comes unasked.
 *
 * A poller reports HUP and ERR as it gets them from the kernel, alone or with
 * others. select(2) knows neither, and shows them as READ and WRITE. So nobody
 * may depend on them; loop.h adds READ and WRITE to them for its handlers.
 *
 * A report is a hint and not a promise: when its turn comes, the bytes may
 * have been read by somebody else, or dropped for a bad checksum (select(2),
 * BUGS). Watched descriptors are therefore O_NONBLOCK.
 *
 * Level and edge. Without POLLER_EDGE, a readiness is reported by every wait()
 * for as long as it lasts. With it, a readiness is reported once it begins, at
 * every new arrival, and after each add() and mod() if it holds at that time;
 * not again merely because it still holds (epoll(7)).
 *
 * A poller belongs to one thread; another thread may wait with a poller of its own
 * at the same time. None is shared over fork(2).
 */
#ifndef COMMON_POLLER_H
#define COMMON_POLLER_H

#include <stddef.h>

#define POLLER_READ  0x01u
#define POLLER_WRITE 0x02u
#define POLLER_RDHUP 0x04u
#define POLLER_HUP   0x08u /* readiness only */
#define POLLER_ERR   0x10u /* readiness only */

/* The bits that may be asked for. */
#define POLLER_INTEREST (POLLER_READ | POLLER_WRITE | POLLER_RDHUP)

/* For poller_ops.flags: this poller is edge-triggered. */
#define POLLER_EDGE 0x01u

struct poller_event {
	int fd;
	unsigned int ready; /* never 0 */
};

/*
 * What every poller starts with. An implementation puts it into a structure of
 * its own, and finds that again with CONTAINER_OF() (util.h).
 */
struct poller {
	const struct poller_ops *ops;
};

/*
 * A kind of poller: a constant, one for each implementation. All functions but
 * create() and destroy() return -1 with errno when they fail, and then nothing
 * has changed.
 */
struct poller_ops {
	/* As --poller names it: "select", "epoll-et". */
	const char *name;
	/* 0 or POLLER_EDGE. */
	unsigned int flags;

	/*
	 * An empty poller. HINT is how many descriptors are expected: 0 if
	 * not known, and never a limit. Own descriptors are CLOEXEC.
	 *
	 * Returns it with ops set, or NULL with errno (ENOMEM, EMFILE, ...).
	 */
	struct poller *(*create)(size_t hint);

	/* Frees P and closes its own descriptors, none of the watched. */
	void (*destroy)(struct poller *p);

	/*
	 * Begins to watch FD for INTEREST, which is not 0. The poller does
	 * not own FD.
	 *
	 * errno: EEXIST (watched already), ENOSPC (FD is beyond what this
	 * poller can watch: FD_SETSIZE for select), ENOMEM, EBADF, EPERM (a
	 * file that is always ready, with epoll). A poller that cannot see
	 * the last two at once may report ERR, or READ and WRITE, instead.
	 */
	int (*add)(struct poller *p, int fd, unsigned int interest);

	/*
	 * Watches FD for INTEREST, which is not 0, instead of what it was
	 * watched for before. An edge-triggered poller reports anew what
	 * holds, even if INTEREST is the same as before.
	 *
	 * errno: ENOENT (not watched), and what add() says.
	 */
	int (*mod)(struct poller *p, int fd, unsigned int interest);

	/*
	 * No longer watches FD. Call it before close(2), not after: the
	 * number may by then belong to another file, and with a dup(2) alive
	 * epoll would go on to report it. No later wait() reports FD.
	 *
	 * errno: ENOENT (not watched).
	 */
	int (*del)(struct poller *p, int fd);

	/*
	 * Waits until something is ready, a signal handler has run, or
	 * TIMEOUT_MS milliseconds have passed; 0: does not wait, -1: without
	 * limit. Fills EVENTS with up to MAX reports, 1 or more.
	 *
	 * A descriptor is reported once at most. The order is the poller's
	 * own, but the same for the same history. If more than MAX are
	 * ready, those that were left out come before those that were not,
	 * in the next calls: nobody is passed over for ever. (A del() in
	 * between may change who is next, but not that.)
	 *
	 * A watched descriptor that was closed by mistake must not make this
	 * fail or spin for good: it is reported with ERR, or not at all.
	 *
	 * Returns the number of reports; 0 when the time is up; -1 with
	 * errno: EINTR (the caller just goes on), ENOMEM.
	 */
	int (*wait)(struct poller *p, struct poller_event *events, int max,
		    int timeout_ms);
};

#endif
