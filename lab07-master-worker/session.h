/* SPDX-License-Identifier: MIT */
/*
 * session - the clients of a worker: slots that are used again and again, how
 * a conversation ends, and the limits of what is not read.
 *
 *	        open               finish                  all delivered: FIN
 *	FREE ─────────► OPEN ─────────────────► FINISHING ────────────► LINGERING
 *	 ▲               │                          │ or the peer           │
 *	 │               │ close              close │ has ended: close       │
 *	 │               ▼                          ▼                       │
 *	 │            WAITING ◄─────────────────────┴───────────────────────┘
 *	 │               │                 the peer has ended, or SESSION_LINGER_MS
 *	 └───────────────┘ recycle_ms after the descriptor was closed
 *
 *	OPEN		packets are read, answers are sent
 *	FINISHING	nothing more is read; answers that are owed are sent
 *	LINGERING	FIN is sent (shutdown(2)); what the peer still sends is
 *			read and thrown away, because close(2) with unread bytes
 *			is a reset, and a reset may overtake the answers
 *	WAITING		the descriptor is closed, the slot is not yet used again
 *
 * SLOTS. They come in blocks of SESSION_BLOCK, which are never given back while
 * the pool lives: a pointer to a slot is always good to look at. Whether it
 * is still the same client, `generation` tells, which goes up with each client
 * of the slot. Two things make a late answer harmless: the slot rests for
 * recycle_ms, and the sequence numbers of its outbox (outbox.h) are never used
 * twice, not even by its next client.
 *
 * SEND QUEUE. Answers whose turn has come and that the socket did not take. The
 * loop is asked for POLLER_WRITE only while there are any: a socket with room
 * is always writable, and would keep the loop awake for nothing.
 *
 * All of it belongs to the thread of its loop.
 */
#ifndef LAB07_SESSION_H
#define LAB07_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap.h"
#include "list.h"
#include "loop.h"
#include "outbox.h"

#define SESSION_BLOCK	  1024	/* slots at the start, and added at a time */
#define SESSION_LINGER_MS 2000	/* in LINGERING at most */
#define SESSION_FINISH_MS 60000 /* in FINISHING at most */

enum session_state {
	SESSION_FREE,
	SESSION_OPEN,
	SESSION_FINISHING,
	SESSION_LINGERING,
	SESSION_WAITING,
};

/* Why a session ended; the log says their names. */
enum session_reason {
	SESSION_LENGTH,	    /* "length": a length out of range */
	SESSION_CRC,	    /* "crc": a wrong checksum */
	SESSION_FLOOD,	    /* "flood": too many packets too fast */
	SESSION_HEARTBEAT,  /* "heartbeat": silent for too long */
	SESSION_SEND_QUEUE, /* "send-queue": does not read its answers */
	SESSION_LIMIT,	    /* "limit": no memory, or no place */
	SESSION_DRAIN,	    /* "drain": the worker ends */
	SESSION_PEER,	    /* "peer": the client closed, or was lost */
	SESSION_REASONS
};

const char *session_reason_name(enum session_reason reason);

struct session;
struct sessions;

/* Who wants to know. All are called from the loop; none may be NULL. */
struct session_ops {
	/* There may be bytes to read at s->fd. Only in OPEN. */
	void (*readable)(struct session *s);
	/*
	 * Nothing is outstanding any more (outbox_empty()), in OPEN,
	 * because the socket took the last of the send queue. For what the
	 * loop sends: after a session_flush() of its own, the caller looks.
	 */
	void (*settled)(struct session *s);
	/* The conversation has ended: FIN was sent or the descriptor is about
	 * to be closed. Once for each session_open(). s->fd is still open. */
	void (*ended)(struct session *s, enum session_reason reason);
	/* The descriptor is closed, and there is a place for another client.
	 * *S must not be touched but as memory. */
	void (*closed)(struct session *s);
};

struct session_limits {
	size_t connections;	 /* open descriptors, 1 to 1,000,000 */
	size_t send_queue;	 /* answers of one client, 1 or more */
	size_t send_queue_total; /* answers of all clients, 1 or more */
	int64_t recycle_ms;	 /* 0 or more */
};

/*
 * A slot. Others read `fd`, `state` and `generation`, and add answers to `out`
 * before session_flush(); the rest is session.c's.
 */
struct session {
	/* What a packet touches lies together, and first. */
	struct loop_fd watch;
	struct sessions *pool;
	int fd; /* -1 unless open, finishing or lingering */
	enum session_state state;
	enum session_reason reason; /* from FINISHING on */
	uint32_t generation;
	bool reading;	 /* see session_read_on() */
	bool peer_ended; /* see session_peer_ended() */
	size_t counted;	 /* answers queued, as of the last flush */
	struct outbox out;
	struct loop_timer timer;  /* the end of FINISHING or LINGERING */
	struct list link;	  /* open, free, or waiting */
	struct heap_node longest; /* in the pool's heap while counted > 0 */
	int64_t free_ms;	  /* WAITING: used again from then on */
};

/*
 * A pool on LOOP with SESSION_BLOCK slots of SIZE bytes. Each begins with a
 * struct session; what follows is the caller's, and all NUL at first. Clients
 * end by themselves, by the calls below, or with sessions_destroy(). OPS stays
 * where it is.
 *
 * Returns it, or NULL with errno ENOMEM.
 */
struct sessions *sessions_create(struct loop *loop, size_t size,
				 const struct session_limits *limits,
				 const struct session_ops *ops);

/* Closes what is open, without a word to the ops, and frees all. */
void sessions_destroy(struct sessions *p);

/* How many descriptors are open; and whether session_open() has a place. */
size_t sessions_count(const struct sessions *p);
bool sessions_full(const struct sessions *p);

/* Slots in all blocks, and how many of them are in WAITING. */
size_t sessions_slots(const struct sessions *p);
size_t sessions_waiting(const struct sessions *p);

/* Answers in all send queues. */
size_t sessions_queued(const struct sessions *p);

/*
 * Calls EACH for every session in OPEN or FINISHING, once. EACH may end any
 * session, and open none.
 */
void sessions_each(struct sessions *p, void (*each)(struct session *s));

/*
 * A session on FD, a connected non-blocking socket, which the session owns from
 * here on. It is watched for reading. NOW_MS is the time, as clock_ms() says.
 *
 * A slot in WAITING is used again only when its time has come. If there is no
 * free slot, the pool grows. Waiting slots do not count as connections, but
 * there are never more than twice as many slots as connections (and never fewer
 * than SESSION_BLOCK): past that, or without memory, the one that has waited
 * longest is used. So the last block may be a smaller one.
 *
 * Returns it, or NULL with errno ENFILE (as many connections as there may be),
 * ENOMEM, or what loop_fd_start() says; FD is then the caller's.
 */
struct session *session_open(struct sessions *p, int fd, int64_t now_ms);

/* Has the loop look for bytes, or not (back-pressure). OPEN only. */
void session_read_on(struct session *s, bool on);

/*
 * recv(2) said 0: the peer will send no more. Nothing else changes, but a
 * session that ends after this does not linger.
 */
void session_peer_ended(struct session *s);

/*
 * Sends what can be sent of s->out, to which the caller has added answers.
 * Afterwards the limits count: a client with more than send_queue
 * answers left is closed (SESSION_SEND_QUEUE); then, while there are more than
 * send_queue_total in all queues, the client with the longest one is.
 *
 * In FINISHING, when nothing is outstanding, FIN is sent. A client that is lost
 * is closed (SESSION_PEER).
 *
 * Returns 0, or -1 if *S was closed, by this or before.
 */
int session_flush(struct session *s);

/*
 * Ends *S for REASON when all answers that are owed have been delivered, which
 * may be at once. After SESSION_FINISH_MS it is closed anyway. No effect but
 * in OPEN. Returns 0, or -1 if *S was closed by this.
 */
int session_finish(struct session *s, enum session_reason reason);

/*
 * Ends *S for REASON at once: what is not sent is lost, the descriptor is
 * closed. In FINISHING the reason of session_finish() stays, and ended() is told
 * that one. After ended() was called already, REASON is not told again. No
 * effect on a slot without descriptor.
 */
void session_close(struct session *s, enum session_reason reason);

#endif
