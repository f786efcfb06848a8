/* SPDX-License-Identifier: MIT */
/*
 * relay - carries a client's connection to a server, and back: two sessions,
 * one at each end of the wire.
 *
 *	           ___________            __________
 *	 client --| session 0 |--> up -->| session 1|-- server
 *	        --| (client)  |<-- down--| (server) |--
 *	           -----------            ----------
 *
 *	           relay_start()
 *	                |
 *	                v   next() says where    refused, unreachable, timed out:
 *	  .------> CONNECTING ---------------.   failed(), and the next one
 *	  |   ^         |         ^          |
 *	  |   '---------'         '----------'
 *	  |  RELAY_WAIT: WAITING, until relay_resume()
 *	  |
 *	  '-- connected ---> RELAYING ---> ended(): both sockets are closed
 *
 * Promises, for each of the two directions by itself:
 *
 *   - Every byte arrives, once, in order.
 *   - Memory is bounded: what was read and could not be written yet is at most
 *     place->size bytes, and is the only memory taken (a pipe holds as much as
 *     the kernel gave it). While it waits, the end
 *     it came from is read no further; its kernel buffers fill, and the sender
 *     has to wait (back-pressure). A direction in which nothing waits holds no
 *     memory at all.
 *   - The end of the stream is carried through (shutdown(2), SHUT_WR) once all
 *     bytes before it are written; the other direction goes on.
 *   - A reset is carried through as a reset: the other end is closed with
 *     SO_LINGER of 0. What the resetting end had sent before is passed on
 *     first, as far as it can be without waiting.
 *
 * Bytes that came in one go are passed on at once, without asking the poller
 * whether the other side is writable. A relay that moves much lets others have
 * their turn after RELAY_BUDGET bytes (loop_fd_again()). Silence takes no time:
 * a relay has a timer of its own in the loop's heap, and nobody looks at the
 * idle ones when others move.
 *
 * For want of memory a relay ends as if the end that was read had reset it.
 * Urgent data (MSG_OOB, tcp(7)) is not carried: its byte is left out, and what
 * stands behind it may wait until more comes.
 *
 * A relay belongs to the thread that runs its loop. SIGPIPE is never raised, but
 * by splice(2), which cannot be told not to: with pipes, the program ignores it.
 */
#ifndef LAB08_RELAY_H
#define LAB08_RELAY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "loop.h"
#include "splice/pipes.h"

#define RELAY_KEEPALIVE_S 60

/* Bytes moved for one session in one go, or a little more. */
#define RELAY_BUDGET (1u << 20)

struct relay;

enum relay_reason {
	RELAY_CLIENT_CLOSED, /* both have ended, the client first */
	RELAY_SERVER_CLOSED,
	RELAY_CLIENT_RESET, /* also before there was a server */
	RELAY_SERVER_RESET,
	RELAY_IDLE,	      /* limits.idle_ms */
	RELAY_HALF_CLOSED,    /* limits.half_close_ms */
	RELAY_CONNECT_FAILED, /* limits.tries are used up */
	RELAY_NO_SERVER,      /* next() said RELAY_NOBODY */
	RELAY_LIMIT,	      /* the last four are said by relay_end() */
	RELAY_QUEUE,
	RELAY_CLEANED,
	RELAY_DRAIN,
};

/* "client-closed", "server-closed", ... as the connection's line has them. */
const char *relay_reason_name(enum relay_reason reason);

/* Where to connect. */
struct relay_target {
	const struct addr *addresses; /* one after the other, in one try */
	size_t count;		      /* 1 or more */
	const void *preface;	      /* sent to the server before all else */
	size_t preface_len;	      /* 0 to place->size */
};

enum relay_next { RELAY_TRY, RELAY_WAIT, RELAY_NOBODY };

/*
 * What the owner of relays does. They are called in the loop's thread. None
 * but ended() may end or free the relay.
 */
struct relay_ops {
	/*
	 * Says where to connect next. RELAY_TRY: *to is filled; what it points
	 * to stays valid until failed(), connected() or ended(). RELAY_WAIT:
	 * relay_resume() will be called. RELAY_NOBODY: it is over.
	 */
	enum relay_next (*next)(struct relay *r, struct relay_target *to);
	/*
	 * A try has failed, at all its addresses. ERROR, an errno value, is the
	 * last one that tells of the server; if all tell of us, the last one
	 * (relay_error_is_local()).
	 */
	void (*failed)(struct relay *r, int error);
	/*
	 * A try has worked, and took NS nanoseconds. If the server has taken
	 * the connection and reset it since, that is no failed(): the relay
	 * ends as with any other reset.
	 */
	void (*connected)(struct relay *r, int64_t ns);
	/*
	 * The server has answered NS nanoseconds after it was asked, which is
	 * from the first bytes passed on to it since its last answer to the
	 * first ones that came back; for a server that speaks first, from when
	 * it was connected.
	 */
	void (*answered)(struct relay *r, int64_t ns);
	/*
	 * It is over: both sockets are closed, nothing of *r is in the loop,
	 * and *r is the owner's to free.
	 */
	void (*ended)(struct relay *r, enum relay_reason reason);
};

/* What the relays of one loop share. */
struct relay_place {
	struct loop *loop;
	const struct relay_ops *ops;
	char *scratch; /* SIZE bytes that every read goes to */
	size_t size;
	struct pipes *pipes; /* long streams go by splice(2); NULL: none do */
};

/*
 * Times in milliseconds; 0: no limit. A byte moves when it is read here, and
 * when the kernel sends it on to a reader who is slow (tcpi_last_data_sent of
 * TCP_INFO, tcp(7)): a running transfer is never cut. What it sends once more,
 * for want of an acknowledgement (tcpi_retransmits), does not count. When time
 * is over, both sockets are closed; they are reset if bytes still wait here, so
 * that what is cut off does not look whole.
 */
struct relay_limits {
	unsigned int tries;    /* calls of next() that say RELAY_TRY, >= 1 */
	int64_t connect_ms;    /* for each try; each address an equal share */
	int64_t idle_ms;       /* no byte either way, once connected */
	int64_t half_close_ms; /* the same after the first end of a stream;
				* idle_ms holds as well */
	bool timed;	       /* answered() is wanted */
};

/* One end. Fields are relay.c's. */
struct relay_session {
	struct loop_fd watch; /* watch.fd is -1 while there is no socket */
	struct relay *relay;
	char *rest;	   /* read here, not yet written to the other end */
	uint32_t rest_at;  /* what is left of it begins there */
	uint32_t rest_len; /* bytes that are left; 0 and NULL: none */
	struct pipe_pair *pipe; /* what is left is in here instead */
	uint32_t full;		/* reads in a row that filled the buffer */
	bool last;		/* the poller says that the end is here */
	bool hurt;		/* the poller has told of an error */
	bool ended;		/* we have read the end */
	bool told;		/* and the other end knows: SHUT_WR */
};

enum { RELAY_CLIENT, RELAY_SERVER };

struct relay {
	const struct relay_place *place;
	struct relay_limits limits;
	/* Bytes read from the client, and from the server. Others may load. */
	_Atomic uint64_t bytes[2];
	/* The rest is relay.c's. */
	struct relay_session session[2];
	struct loop_timer timer; /* of the state: the try, or silence */
	struct loop_task task;	 /* to ask next() */
	struct relay_target target;
	size_t address;	     /* of the target, the one after this */
	int error;	     /* why the addresses before have failed; 0 */
	int64_t began_ns;    /* the try, then the wait for an answer */
	int64_t try_end_ns;  /* INT64_MAX: no limit */
	int64_t moved_ns;    /* the last byte */
	int64_t ended_ns;    /* the first end of a stream */
	unsigned int tries;  /* so far */
	unsigned char state; /* as drawn above */
	bool asked;	     /* the server owes an answer since began_ns */
	bool spoken;	     /* a byte came, from either side */
	bool server_first;   /* the server's stream was the first to end */
};

/*
 * Begins to relay CLIENT, a connected non-blocking socket, which is the relay's
 * from now on, and has the options that the owner wants; a server's socket gets
 * TCP_NODELAY, and SO_KEEPALIVE with a first probe after RELAY_KEEPALIVE_S. *R,
 * in the owner's memory, stays where it is until ended(). Nothing is called
 * back from within: next() comes at the end of this round of the loop, or of
 * the next one.
 */
void relay_start(struct relay *r, const struct relay_place *place,
		 const struct relay_limits *limits, int client);

/* After RELAY_WAIT: asks next() again, not from within here. */
void relay_resume(struct relay *r);

/*
 * Ends it with REASON, whatever its state: both sockets are reset; while no
 * server is connected, the client's is just closed. ended() is called from
 * within. Not to be called from next(), failed(), connected() or answered().
 */
void relay_end(struct relay *r, enum relay_reason reason);

/*
 * Whether ERROR of socket(2) or connect(2) tells of us and not of the server:
 * no descriptor, no memory, no port, not allowed (EMFILE, ENFILE, ENOMEM,
 * ENOBUFS, EADDRNOTAVAIL, EADDRINUSE, EAGAIN, EACCES, EPERM, EAFNOSUPPORT).
 */
bool relay_error_is_local(int error);

#endif
