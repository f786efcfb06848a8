/* SPDX-License-Identifier: MIT */
/*
 * logic - what a packet asks for, and what it is answered.
 *
 * A table has a handler for each code. Three codes have one:
 *
 *	code		body of the packet		body of the answer
 *	0 ping		none				none
 *	5 register	i32 type			i32 result
 *			char user[56]			char user[56]
 *			char password[40]
 *	6 login		char user[56]			i32 result
 *			char password[40]		char user[56]
 *
 * Numbers are in network byte order. A user and a password end with a NUL
 * within their field, and what follows the NUL is ignored. An answer has its
 * packet's code, and no byte in it but those above: `user` is filled up with
 * NUL.
 *
 * A ping is answered on the spot. The others need a hash that is slow on
 * purpose, so they become work for the threads of a pool:
 *
 *	                  logic_begin()
 *	packet ──────────────┬──► LOGIC_ANSWERED   work->answer is the answer
 *	                     ├──► LOGIC_DROPPED    no answer, ever
 *	                     └──► LOGIC_SLOW ──► logic_run(), on any thread
 *	                                    └──► logic_busy(), no thread is free
 *	                                               │
 *	                  logic_stale() ◄──────────────┘  work->answer is the
 *	                  is it still wanted?             answer
 *
 * Nothing here sends, or knows of sockets.
 */
#ifndef LAB07_LOGIC_H
#define LAB07_LOGIC_H

#include <stddef.h>
#include <stdint.h>

#include "frame.h"

#define LOGIC_PING     0
#define LOGIC_REGISTER 5
#define LOGIC_LOGIN    6
#define LOGIC_CODES    7 /* codes from here on have no handler */

#define LOGIC_USER	 56 /* bytes of the fields, NUL included */
#define LOGIC_PASSWORD	 40
#define LOGIC_ANSWER_MAX (FRAME_HEADER + 4 + LOGIC_USER)

enum logic_result {
	LOGIC_DONE = 0,
	LOGIC_TAKEN = 1,     /* register: the name is taken */
	LOGIC_DENIED = 2,    /* login: no such user, or wrong password */
	LOGIC_MALFORMED = 3, /* see logic_begin() */
	LOGIC_LATER = 4,     /* try again later; nothing was stored */
};

/*
 * The keeper of the accounts. logic_run() calls it on any thread, several at a
 * time. USER and PASSWORD are strings that logic_begin() found to be right.
 */
struct logic_accounts {
	enum logic_result (*enroll)(void *arg, const char *user,
				    const char *password, int32_t type);
	enum logic_result (*login)(void *arg, const char *user,
				   const char *password);
	void *arg;
};

/* Where a packet came from. */
struct logic_origin {
	int fd;
	uint32_t generation; /* of the connection's slot, see session.h */
	uint64_t sequence;   /* of the packet, see session.h */
};

/* The same of a connection as it is now. */
struct logic_conn {
	int fd; /* -1: closed */
	uint32_t generation;
	uint64_t oldest; /* packets that wait for an answer have the */
	uint64_t next;	 /* sequence numbers oldest <= n < next */
};

struct logic_handler; /* see logic.c */

struct logic_work {
	struct logic_origin origin; /* the caller's; logic_begin() keeps it */
	uint16_t code;
	const struct logic_handler *handler;
	int32_t type;
	char user[LOGIC_USER];
	char password[LOGIC_PASSWORD];
	enum logic_result result; /* of what the answer says; ping: DONE */
	size_t answer_size;	  /* bytes of `answer`, header included */
	unsigned char answer[LOGIC_ANSWER_MAX];
};

enum logic_verdict { LOGIC_ANSWERED, LOGIC_DROPPED, LOGIC_SLOW };

/*
 * Looks at the packet *F and fills in all of *W but `origin`.
 *
 * Returns
 *   LOGIC_ANSWERED	a ping: its answer is the same eight bytes. Or a
 *			malformed register or login: result 3, `user` all NUL
 *   LOGIC_DROPPED	a code without handler, or a ping with a body
 *   LOGIC_SLOW		a register or login to be run
 *
 * A register or login is malformed if its body has not exactly the length of
 * its fields, or if user or password are empty, do not end within their field,
 * hold a control byte (1 to 31, 127), or are not UTF-8 (RFC 3629: no overlong
 * form, no surrogate, nothing above U+10FFFF).
 */
enum logic_verdict logic_begin(struct logic_work *w, const struct frame *f);

/*
 * Does the slow part of *W, and puts the answer into it. The answer's `user` is
 * the one of the packet, and all NUL with result 3. The password is wiped from
 * *W, whatever the result (explicit_bzero(3)). Any thread; *W is the caller's
 * alone meanwhile.
 */
void logic_run(struct logic_work *w, const struct logic_accounts *accounts);

/* The same with result 4 and without doing anything: nobody had time for it. */
void logic_busy(struct logic_work *w);

enum logic_stale {
	LOGIC_FRESH,
	LOGIC_STALE_DESCRIPTOR, /* the connection is closed, or has another */
	LOGIC_STALE_GENERATION, /* the slot belongs to another client by now */
	LOGIC_STALE_SEQUENCE,	/* the packet does not wait for an answer */
	LOGIC_STALE_CODE,	/* a code outside of the table */
	LOGIC_STALE_HANDLER,	/* not the handler that the table has for it */
};

/*
 * Whether the answer of *W may still be sent on the connection *NOW, or the
 * first of the reasons above, in their order, why not. A descriptor alone
 * proves nothing: the number may have been closed and given to a new client.
 */
enum logic_stale logic_stale(const struct logic_work *w,
			     const struct logic_conn *now);

#endif
