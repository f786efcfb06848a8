/* SPDX-License-Identifier: MIT */
/*
 * exchange - a request, from its turn to its end: what is sent, what becomes of
 * the answer, redirects, retries, and how it is counted. It knows nothing of
 * sockets; the worker that has it carries it over a connection.
 *
 *	x = exchange_new(run, stats, number, planned_ns);
 *	exchange_begin(x);		its turn has come
 *	exchange_send(x);		on a connection to x->endpoint:
 *	  exchange_unsent(x, sent)	  what to write
 *	  answer_take(), answer_end()	  what was read (answer.h)
 *	exchange_done(x) or exchange_fail(x, ...)
 *	  true: it is over, and X is gone
 *	  false: again, at x->endpoint, which may be another one now
 *
 * Everything of an exchange belongs to its worker.
 */
#ifndef LAB06_EXCHANGE_H
#define LAB06_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "exchange/endpoint.h"
#include "exchange/message.h"
#include "list.h"
#include "loop.h"
#include "report/stats.h"
#include "response.h"
#include "url/url.h"

struct run;

/* Read from a connection at a time, at most. */
#define EXCHANGE_CHUNK 65536
/* A head that is nearly whole, and a chunk behind it. */
#define EXCHANGE_IN_MAX (RESPONSE_HEAD_MAX + EXCHANGE_CHUNK)

struct exchange {
	/* turns.c's: while it waits for a connection. */
	struct list link;
	struct loop_timer timer;
	void *owner;

	/* For the worker to read. */
	struct endpoint *endpoint;
	int64_t deadline_ns; /* of the whole request; set by exchange_begin() */
	bool begun;
	bool fresh; /* only a new connection will do */

	/* The worker's while the exchange is on a connection. */
	struct times times;
	int64_t written_ns; /* when its last byte was written; 0: not yet */

	/* answer.c's; the worker may read them. */
	struct response response;
	int64_t first_ns;  /* when its answer's first byte came; 0: not yet */
	bool in_body;	   /* the final head has been taken */
	struct buf in;	   /* a head that is not whole yet */
	enum kind failure; /* after ANSWER_FAILED */
	const char *reason;

	/* The rest is exchange.c's. */
	struct run *run;
	struct stats *stats;
	uint64_t number; /* of the request, from 0 */
	size_t index;	 /* of its URL */
	int64_t planned_ns;
	const char *method;
	bool with_data;
	bool turned; /* a redirect has made a GET of it */
	bool home;   /* it goes to the server that the user named */
	struct url url;
	char *url_text; /* of a redirect; else NULL */
	char *location; /* where the present answer leads, if we follow */
	size_t follows;
	size_t retries;
	bool resent;
	char *head; /* what is sent, and a short body */
	size_t head_len;
	size_t head_size;
	struct slice body;
	int output; /* the file's descriptor, or -1 */
};

/*
 * Request NUMBER of RUN, planned for PLANNED_NS. Returns NULL without memory:
 * then it has failed.
 */
struct exchange *exchange_new(struct run *run, struct stats *stats,
			      uint64_t number, int64_t planned_ns);

/* Its turn has come at NOW_NS: its time begins, once. */
void exchange_begin(struct exchange *x, int64_t now_ns);

/*
 * Makes it ready to be sent (anew), and x->response ready for the answer.
 * x->times are empty then. Returns 0, or -1 without memory.
 */
int exchange_send(struct exchange *x);

/* The bytes that come after the first SENT; len 0 at the end. They stay. */
struct slice exchange_unsent(const struct exchange *x, size_t sent);

/*
 * It was cut off on a connection that had been used before, before any byte of
 * an answer, with UNTOUCHED if none of it was written. May it be sent once more
 * on a new one? If so, x->fresh is set.
 */
bool exchange_stale(struct exchange *x, bool untouched);

/*
 * x->response has returned a head, which is at HEAD. Returns 0, or -1 if there
 * is no file for the body: exchange_fail() with KIND_OUTPUT.
 */
int exchange_head(struct exchange *x, const char *head);

/* A piece of the final answer's body. Returns as exchange_head(). */
int exchange_content(struct exchange *x, struct slice piece);

/*
 * The answer came whole, at NOW_NS. Returns true if the request is over, and X
 * freed; false if it goes on at x->endpoint: a redirect, or a retry.
 */
bool exchange_done(struct exchange *x, int64_t now_ns);

/*
 * It failed. REASON is static text; DEPTH of a certificate, or -1. Returns as
 * exchange_done() does.
 */
bool exchange_fail(struct exchange *x, enum kind kind, const char *reason,
		   int depth);

/* The run ends: it is abandoned, or was never begun. X is freed. */
void exchange_drop(struct exchange *x);

#endif
