/* SPDX-License-Identifier: MIT */
/* The table of paths. A line is a path, its recipe and what is told to it. */
#include "practice/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/counts.h"
#include "practice/recipes.h"
#include "util.h"

#define HEAD	    "HTTP/1.1%20200%20Practice%0d%0a"
#define CRLF	    "%0d%0a"
#define LENGTH(n)   "Content-Length:%20" n CRLF
#define CHUNKED	    "Transfer-Encoding:%20chunked" CRLF
#define RAW(answer) recipe_raw, "text=" answer

static const struct path {
	const char *name;
	const char *help;
	void (*recipe)(struct visit *v, struct question *q);
	const char *defaults;
} paths[] = {
	/* what a good server does */
	{ "ok", "an answer with a Content-Length", recipe_answer, "" },
	{ "chunked", "in chunks, of \"chunk\" bytes", recipe_answer,
	  "as=chunked" },
	{ "odd-chunks", "in chunks of 7, cut at every byte", recipe_answer,
	  "as=chunked&chunk=7&size=300&cut=1&extension=;a=%22b%22&"
	  "trailer=X:%20y" },
	{ "until-eof", "no length: the end is the end", recipe_answer,
	  "as=eof&then=close" },
	{ "http10", "HTTP/1.0, which closes", recipe_answer,
	  "minor=0&then=close" },
	{ "echo", "the request as it came, and on what connection", recipe_echo,
	  "" },
	{ "interim", "\"interim\" times 103 before the answer", recipe_answer,
	  "interim=3" },
	{ "redirect", "\"count\" redirects with \"code\", then \"to\"",
	  recipe_redirect, "" },
	{ "loop", "a redirect to itself", recipe_redirect, "count=1&to=/loop" },
	{ "gather", "waits until \"count\" requests are there", recipe_gather,
	  "" },
	{ "slow", "begins after \"delay\" ms", recipe_answer, "delay=200" },
	{ "drop-traps", "and from now on the trap never-accepts refuses",
	  recipe_drop_traps, "" },
	{ "stats", "what was counted", recipe_stats, "" },
	/* late, or never */
	{ "stall-start", "no byte of an answer", recipe_answer,
	  "at=start&then=stall" },
	{ "stall-interim", "a 103, then silence", recipe_answer,
	  "at=final&interim=1&then=stall" },
	{ "stall-head", "half a head, then silence", recipe_answer,
	  "at=head&then=stall" },
	{ "stall-body", "half a body, then silence", recipe_answer,
	  "at=body&then=stall&size=1000" },
	{ "stall-chunk", "the same in chunks", recipe_answer,
	  "as=chunked&at=body&then=stall&size=1000" },
	{ "dribble", "a byte each \"pause\" ms", recipe_answer,
	  "cut=1&wire=1&pause=50&size=1000" },
	{ "drip-head", "the same, of a head that does not end", recipe_endless,
	  "first=" HEAD "X:%20&again=y&cut=1&wire=1&pause=50" },
	{ "drip-interim", "a 103 each \"pause\" ms", recipe_endless,
	  "again=HTTP/1.1%20103%20Wait" CRLF CRLF "&wire=4096&pause=100" },
	/* cut off */
	{ "reset-start", "RST instead of an answer", recipe_answer,
	  "at=start&then=reset" },
	{ "reset-head", "RST in the head", recipe_answer,
	  "at=head&then=reset" },
	{ "reset-body", "RST in the body", recipe_answer,
	  "at=body&then=reset&size=1000" },
	{ "reset-end", "RST right behind the answer", recipe_answer,
	  "then=reset" },
	{ "close-start", "the end instead of an answer", recipe_answer,
	  "at=start&then=close" },
	{ "close-interim", "a 103, then the end", recipe_answer,
	  "at=final&interim=1&then=close" },
	{ "close-head", "the end in the head", recipe_answer,
	  "at=head&then=close" },
	{ "close-body", "the end in the body", recipe_answer,
	  "at=body&then=close&size=1000" },
	{ "close-chunk", "the end in the chunks", recipe_answer,
	  "as=chunked&at=body&then=close&size=1000" },
	{ "cut-eof", "until-eof, in TLS without close_notify", recipe_answer,
	  "as=eof&then=cut" },
	{ "cut-body", "the end in the body, without close_notify",
	  recipe_answer, "at=body&then=cut&size=1000" },
	{ "cut-end", "a whole answer, the end without close_notify",
	  recipe_answer, "then=cut" },
	/* after the answer */
	{ "close-after", "says keep-alive, and closes", recipe_answer,
	  "then=close" },
	{ "close-next", "closes when the next request comes", recipe_answer,
	  "next=close" },
	{ "reset-next", "resets when the next request comes", recipe_answer,
	  "next=reset" },
	{ "half-next", "the next request gets half an answer", recipe_answer,
	  "next=half" },
	{ "extra", "bytes behind the answer", recipe_answer, "extra=surplus" },
	{ "extra-answer", "an answer that nobody asked for behind it",
	  recipe_answer, "extra=" HEAD LENGTH("6") CRLF "forged" },
	{ "late-extra", "the same, \"ms\" later", recipe_answer,
	  "then=wait&ms=100&extra=" HEAD LENGTH("6") CRLF "forged" },
	/* what is no answer */
	{ "raw", "\"text\", as it is", recipe_raw, "" },
	{ "noise", "no HTTP at all", RAW("220%20hello" CRLF) },
	{ "upgrade", "101, unasked", RAW("HTTP/1.1%20101%20Up" CRLF CRLF) },
	{ "status-99", "a status below 100", recipe_answer, "code=99" },
	{ "status-600", "a status above 599", recipe_answer, "code=600" },
	{ "lengths", "two lengths that differ",
	  RAW(HEAD LENGTH("3") LENGTH("4") CRLF "abcd") },
	{ "length-and-chunks", "a length, and chunks",
	  RAW(HEAD LENGTH("5") CHUNKED CRLF "0" CRLF CRLF) },
	{ "huge-length", "a length of 2^63",
	  RAW(HEAD LENGTH("9223372036854775808") CRLF) },
	{ "huge-chunk", "a chunk of 2^64 bytes",
	  RAW(HEAD CHUNKED CRLF "10000000000000000" CRLF "abc") },
	{ "bad-chunk", "a chunk's size that is no number",
	  RAW(HEAD CHUNKED CRLF "zz" CRLF) },
	{ "controls", "control bytes in the reason phrase",
	  RAW("HTTP/1.1%20200%20%1b]0;x%07" CRLF LENGTH("0") CRLF) },
	/* too much */
	{ "huge-head", "a head of \"head-size\" bytes", recipe_answer,
	  "head-size=65537" },
	{ "many-interims", "101 interim answers", recipe_answer,
	  "interim=101" },
	{ "endless-head", "fields without an end", recipe_endless,
	  "first=" HEAD "&again=X:%20y" CRLF },
	{ "endless-body", "chunks without an end", recipe_endless,
	  "first=" HEAD CHUNKED CRLF "&again=4" CRLF "abcd" CRLF },
	{ "endless-eof", "a body without a length or an end", recipe_endless,
	  "first=" HEAD CRLF "&again=abcd" },
	{ "endless-interim", "interim answers without an end", recipe_endless,
	  "again=HTTP/1.1%20100%20Wait" CRLF CRLF },
	{ "endless-trailers", "trailers without an end", recipe_endless,
	  "first=" HEAD CHUNKED CRLF "0" CRLF "&again=X:%20y" CRLF },
	{ "endless-chunk-line", "a chunk line without an end", recipe_endless,
	  "first=" HEAD CHUNKED CRLF "1;a=&again=b" },
	/* in TLS */
	{ "key-update", "key updates within the body", recipe_answer,
	  "at=body&then=key-update&size=100000&every=5000" },
	{ "ask-update", "key updates that ask for one", recipe_answer,
	  "at=body&then=ask-update&size=100000&every=5000" },
	{ "ticket", "another ticket within the body", recipe_answer,
	  "at=body&then=ticket&size=1000" },
	{ "renegotiate", "TLS 1.2: a new handshake within the body",
	  recipe_answer, "at=body&then=renegotiate&size=1000" },
};

static const struct path *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		if (strcmp(paths[i].name, name) == 0)
			return &paths[i];
	return NULL;
}

/* What an earlier request said about this one; true: that was all. */
static bool owed(struct visit *v)
{
	char next[sizeof(v->next)];

	memcpy(next, v->next, sizeof(next));
	v->next[0] = '\0';
	if (strcmp(next, "close") == 0)
		stream_end(&v->s, END_CLOSE);
	else if (strcmp(next, "reset") == 0)
		stream_end(&v->s, END_RESET);
	else if (strcmp(next, "cut") == 0)
		stream_end(&v->s, END_CUT);
	else if (strcmp(next, "half") == 0) {
		stream_write(&v->s, "HTTP/1.1 200 Pr", 15);
		stream_end(&v->s, END_CLOSE);
	}
	return v->s.gone;
}

static void set_manner(struct visit *v, const struct question *q)
{
	size_t at = 0;

	v->s.cut = question_number(q, "cut", 0);
	v->s.wire = question_number(q, "wire", v->s.wire);
	v->s.pause_ms = question_number(q, "pause", v->s.pause_ms);
	question_text(q, "next", &at, v->next, sizeof(v->next));
}

void paths_answer(struct visit *v, struct question *q)
{
	const struct path *p = find(*q->path ? q->path : "ok");
	size_t wire = v->s.wire, at = 0;
	char after[16];
	int pause_ms = v->s.pause_ms;

	if (owed(v))
		return;
	q->defaults = p ? p->defaults : "code=404";
	set_manner(v, q);
	if (!question_number(q, "unread", 0) &&
	    question_read_body(q, &v->s, question_number(q, "rate", 0)) < 0)
		return;
	if (stream_wait(&v->s, question_number(q, "delay", 0)) < 0)
		return;
	(p ? p->recipe : recipe_answer)(v, q);
	if (question_text(q, "after", &at, after, sizeof(after)) > 0)
		stream_end(&v->s, END_STALL);
	v->s.wire = wire;
	v->s.pause_ms = pause_ms;
}

void paths_help(void)
{
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		printf("  /%-18s %s\n", paths[i].name, paths[i].help);
}
