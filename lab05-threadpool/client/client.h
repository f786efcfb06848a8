/* SPDX-License-Identifier: MIT */
/*
 * client - one HTTP connection, as a machine that is driven step by step, by
 * whichever thread has it. No step ever waits for the network.
 *
 *	       client_read()          client_answer()         client_write()
 *	READING ───────────► REQUEST ────────────────► WRITING ─────────────┐
 *	  ▲  │                                          ▲  │                │
 *	  │  └──────────── malformed: an error ─────────┘  │                │
 *	  └───────────── keep-alive: the next request ─────┘                │
 *	                                                                    │
 *	                 OVER ◄──── LINGERING ◄──── the answer was the last ┘
 *	                   ▲                                                │
 *	                   └────────────────────────────────────────────────┘
 *
 * OWNERSHIP. A client belongs to one thread at a time: to the loop's, or, while
 * it is handed over, to the one that runs the task. Who has it may call the
 * steps below. What is marked "the loop's thread" is about descriptors and
 * timers: only that thread, and only while the client is not handed over.
 *
 * LINGERING: after a refusal, or an answer that is the last because the server
 * ends, the client may still be sending. To close at once would reset the
 * connection, and the reset can overtake the answer (RFC 9112 9.6). So we end
 * our direction, drop what comes for a while, and then close.
 *
 * MEMORY. Bytes are received into memory of the thread's own, and parsed there.
 * Only what has to be kept is copied to the client. The machine for a request
 * (struct exchange) is lent for as long as there is one.
 */
#ifndef LAB05_CLIENT_H
#define LAB05_CLIENT_H

#include "buf.h"
#include "loop.h"

/* Asked for at a time, in bytes. */
#define CLIENT_CHUNK 16384

enum client_state {
	CLIENT_READING,	  /* client_read() */
	CLIENT_REQUEST,	  /* a whole request is here: client_answer() */
	CLIENT_WRITING,	  /* client_write() */
	CLIENT_LINGERING, /* client_read(), which drops what comes */
	CLIENT_OVER,	  /* nothing is left to do: client_settle() closes */
};

struct exchange;
struct server;

struct client {
	/* For all to read. */
	enum client_state state;
	struct server *server;

	/*
	 * dispatch.c's. While `handed`, a task has the client, and the loop's
	 * timers leave it alone. The loop's thread sets and clears it.
	 */
	bool handed;
	bool more; /* its turn was over before its work */
	struct list done;

	/* The rest is client.c's and server.c's. */
	bool fresh;  /* the kernel may have bytes */
	bool unread; /* the peer may be sending what we shall not read */
	uint8_t phase;
	const char *p; /* received and not consumed: LEN bytes */
	size_t len;
	struct buf in; /* where they are, unless in the thread's own memory */
	struct exchange *x;
	struct loop_fd watch;
	struct loop_timer timer;
	struct list link;
};

/* ---- steps: by whoever has the client ---- */

/*
 * READING: parses what is there, after recv(2) if nothing is. LINGERING: drops
 * what has come. Neither without limit: others want their turn.
 *
 * Returns true if the state is another one now, or false if there is no more
 * to do before the poller says that the socket is readable.
 */
bool client_read(struct client *c);

/*
 * REQUEST: makes the answer; the state is WRITING then. Opens files: may wait
 * for a disk.
 */
void client_answer(struct client *c);

/*
 * READING or REQUEST: the answer is the error STATUS; the state is WRITING
 * then. The connection goes on behind it only if it was a whole request.
 */
void client_refuse(struct client *c, int status);

/*
 * WRITING: sends as much as the socket takes, though not without limit: others
 * want their turn. Returns true if the state is another one now; false if the
 * socket is full, or the limit was reached.
 */
bool client_write(struct client *c);

/*
 * The calling thread will do no more steps for now: another may go on, or the
 * same one later. Must be called before the client is handed over, and at the
 * end of each turn. Cannot fail: without memory, the state is OVER.
 */
void client_leave(struct client *c);

/* ---- the loop's thread ---- */

/*
 * The socket is ready: must be called before the steps of a turn. Returns
 * false if there is no memory; the state is OVER then.
 */
bool client_ready(struct client *c);

/*
 * After a turn: brings the deadline up to date, and closes and frees the
 * client if it is OVER.
 *
 * Returns what to watch it for, POLLER_READ or POLLER_WRITE; 0 if it is gone.
 */
unsigned int client_settle(struct client *c);

/*
 * Watches the socket for INTEREST, POLLER_READ or POLLER_WRITE; 0: not at all.
 * Costs no system call if that is the same as before.
 */
void client_watch(struct client *c, unsigned int interest);

/*
 * There is something to do without the socket being ready: one more call of
 * dispatch_ready(), in the next round, if it is watched then.
 */
void client_again(struct client *c);

/* Are there bytes that have been received and wait to be parsed? */
static inline bool client_has_bytes(const struct client *c)
{
	return c->len > 0;
}

#endif
