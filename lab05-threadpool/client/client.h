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
 *
 * OWNERSHIP. A client belongs to one thread at a time: to the loop's, or, while
 * it is handed over, to the one that runs the task. That thread may call the
 * steps below. The functions under "the loop's thread" touch descriptors and
 * timers: only that thread may call them, and only while the client is not
 * handed over.
 *
 * LINGERING: a close(2) while bytes of the client are unread or under way resets
 * the connection, and the reset destroys what the client has not received of
 * the answer (RFC 9112 9.6). So the server ends its own direction first, and
 * drops what still comes, until the client ends its direction too, or for
 * CLIENT_LINGER_MS in all. An idle client need not linger: its kernel has
 * acknowledged its last answer long ago.
 *
 * MEMORY. A thread receives bytes into memory of its own, and parses them there.
 * It copies to the client only what must be kept. A client borrows the machine
 * for a request (struct exchange) only while it has a request.
 */
#ifndef LAB05_CLIENT_H
#define LAB05_CLIENT_H

#include "buf.h"
#include "loop.h"

/* Asked for at a time, in bytes. */
#define CLIENT_CHUNK 16384

/* How long a client may go on sending behind its last answer, milliseconds. */
#define CLIENT_LINGER_MS 5000

enum client_state {
	CLIENT_READING,	  /* client_read() */
	CLIENT_REQUEST,	  /* a whole request is here: client_answer() */
	CLIENT_WRITING,	  /* client_write() */
	CLIENT_LINGERING, /* client_read(), which drops what comes */
	CLIENT_OVER,	  /* the end: client_settle() closes */
};

struct exchange;
struct http_context;
struct peer;

struct http_conn {
	/* Any module may read these. */
	enum client_state state;
	struct http_context *context; /* context.h */

	/*
	 * dispatch.c's. While `handed`, a task has the client, and the loop's
	 * timers leave it alone. The loop's thread sets and clears it.
	 */
	bool handed;
	bool more; /* its turn was over before its work */
	struct list done;

	/* The rest is for client/ only. */
	bool fresh;  /* the kernel may have bytes */
	bool unread; /* the peer may be sending what we shall not read */
	bool late;   /* its deadline came while a task had it */
	bool anew;   /* another request, with deadlines of its own */
	uint8_t phase;
	uint16_t slot; /* in context->ended, counted from 1; 0: not there */
	int64_t since; /* of the phase, or its last progress: loop_now_ns() */
	const char *p; /* received and not consumed: LEN bytes */
	size_t len;
	struct buf in; /* where they are, unless in the thread's own memory */
	struct exchange *x;
	struct peer *peer; /* its address; NULL if that is not known */
	struct loop_fd watch;
	struct loop_timer timer;
	struct list link;
};

/* ---- steps: for the thread that has the client ---- */

/*
 * READING: parses the received bytes, or those that recv(2) gives if there are
 * none. LINGERING: drops what has come. It stops after some bytes, so that the
 * other clients have their turn.
 *
 * Returns true if the state has changed, or false if there is no more to do
 * before the poller says that the socket is readable.
 */
bool client_read(struct http_conn *c);

/*
 * REQUEST: makes the answer; the state becomes WRITING. Opens files, so it may
 * wait for a disk.
 */
void client_answer(struct http_conn *c);

/*
 * READING or REQUEST: makes the error STATUS the answer; the state becomes
 * WRITING. The connection goes on behind it only if the request was whole.
 */
void client_refuse(struct http_conn *c, int status);

/*
 * WRITING: sends what the socket takes, but stops after some bytes, so that the
 * other clients have their turn. Returns true if the state has changed; false
 * if the socket is full or the turn is over.
 */
bool client_write(struct http_conn *c);

/*
 * The calling thread does no more steps for now: another may go on, or the same
 * one later. Must be called before the client is handed over, and at the end of
 * each turn. Does not fail: without memory, the state becomes OVER.
 */
void client_leave(struct http_conn *c);

/* ---- the loop's thread ---- */

/*
 * The socket is ready: must be called before the steps of a turn. Returns
 * false if there is no memory; the state becomes OVER.
 */
bool client_ready(struct http_conn *c);

/*
 * After a turn: brings the deadline up to date, and closes and frees the
 * client if it is OVER.
 *
 * Returns what to watch the socket for, POLLER_READ or POLLER_WRITE; 0 if the
 * client is gone.
 */
unsigned int client_settle(struct http_conn *c);

/*
 * Watches the socket for INTEREST, POLLER_READ or POLLER_WRITE; 0: not at all.
 * Costs no system call if that is the same as before.
 */
void client_watch(struct http_conn *c, unsigned int interest);

/*
 * Asks for one more call of dispatch_ready() in the next round, whether or not
 * the socket is ready; it comes if the socket is watched then.
 */
void client_again(struct http_conn *c);

/* Are there bytes that have been received and wait to be parsed? */
static inline bool client_has_bytes(const struct http_conn *c)
{
	return c->len > 0;
}

#endif
