/* SPDX-License-Identifier: MIT */
/*
 * Task 1. A machine that can stop at any byte. All it may remember is in
 * struct response: a state, the offset of the next byte (pos), the offset where
 * the word that it is in began (mark), and what the fields said so far.
 *
 *	STATUS ─┬──────────── CR ──────────────┐
 *	        └─SP─► REASON ─ CR ─► LINE_LF ◄┘
 *	                                 │ LF  ▲
 *	      ┌──────────────────────────┘     │ CR
 *	      ▼                                │
 *	    FIELD ─token─► NAME ─":"─► BLANK ─► VALUE
 *	      │ CR
 *	      └──► END_LF ─LF─► what does it mean? ─► HEAD_DONE
 *
 *	any state, any other byte or a limit passed ──► REFUSED
 *
 * One way to write it: a static function for each state, that goes as far as it
 * can and says one of three things: the bytes are used up; another state is to
 * have its turn; refused. response_head() calls them in a loop, by r->state.
 *
 * http/scan.h has the inner loops, http/http.h what a field is called and how
 * a list is taken apart, body.h the bodies. http_field() is of lab 5's server
 * and knows no Location: http_word_is() tells that one.
 */
#include "response.h"

#include <string.h>

#include "http/scan.h"
#include "util.h"

enum {
	STATUS, /* 0: what response_begin() leaves */
	REASON,
	LINE_LF,
	FIELD,
	NAME,
	BLANK,
	VALUE,
	END_LF,
	HEAD_DONE,
	REFUSED,
};

void response_begin(struct response *r, bool head_request, uint64_t body_max)
{
	/* Of what a head before said nothing may be left. */
	TODO(r, head_request, body_max);
}

ssize_t response_head(struct response *r, const char *data, size_t len)
{
	/*
	 * Begin with a status line that comes whole; then byte by byte: go on
	 * at r->pos, keep r->mark. Then the fields: note what Content-Length,
	 * Transfer-Encoding, Connection and Location say, and weigh it at the
	 * head's end, in the order of the table in the header. Then the
	 * limits: no byte at or behind RESPONSE_HEAD_MAX is looked at.
	 *
	 * If the last head was an interim answer's, this is a new one.
	 */
	TODO(r, data, len);
	return -1;
}

ssize_t response_body(struct response *r, const char *data, size_t len,
		      struct slice *piece)
{
	/* body_feed() does most of it; what does its b->status mean here? */
	TODO(r, data, len, piece);
	return -1;
}

int response_eof(struct response *r)
{
	TODO(r);
	return -1;
}
