/* SPDX-License-Identifier: MIT */
/*
 * Task 1. A machine that can stop at any byte. All it may remember is in
 * struct request: a state, the offset of the next byte (pos), and the offset
 * where the word that it is in began (mark).
 *
 *	START ───────────────┐
 *	  │ CR               ▼
 *	  └──► SKIP_LF ─LF─► METHOD ─SP─► TARGET ─SP─► VERSION
 *	                                                  │ CR
 *	   ┌──────────────── LF ─────────────── LINE_LF ◄─┘
 *	   ▼                                      ▲
 *	 FIELD ─token─► NAME ─":"─► BLANK ─► VALUE┘ CR
 *	   │ CR
 *	   └──► END_LF ─LF─► framing_decide() ──► PARSED
 *
 *	any state, any other byte or a limit passed ──► REFUSED
 *
 * One way to write it: a static function for each state, on_method() and so
 * on, that goes as far as it can and says one of three things: the bytes are
 * used up; another state is to have its turn; refused. request_parse() calls
 * them in a loop, by r->state.
 *
 * scan.h has the inner loops, http.h what a method or a field is called.
 */
#include "request.h"

#include <string.h>

#include "framing.h"
#include "http/scan.h"
#include "util.h"

enum {
	START, /* 0, as request.h says */
	SKIP_LF,
	METHOD,
	TARGET,
	VERSION,
	LINE_LF,
	FIELD,
	NAME,
	BLANK,
	VALUE,
	END_LF,
	PARSED,
	REFUSED,
};

void request_begin(struct request *r, uint64_t body_max)
{
	/* Not all of it needs to be cleared: what does r->nfields say? */
	TODO(r, body_max);
}

ssize_t request_parse(struct request *r, const char *data, size_t len)
{
	/*
	 * Begin with a request line that comes whole: METHOD, TARGET, VERSION.
	 * Then let it come byte by byte: continue at r->pos, keep r->mark.
	 * Then the fields: fill r->fields, and by http_field() r->known and
	 * r->repeated. Then the limits; think of the order: which byte is the
	 * first that cannot be right? Last, framing_decide().
	 */
	TODO(r, data, len);
	r->status = 501;
	return -1;
}
