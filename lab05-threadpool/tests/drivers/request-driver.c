/* SPDX-License-Identifier: MIT */
/*
 * Drives the request parser: a line of standard input is a command, and its
 * answer is lines on standard output, up to one that is ".".
 *
 *	lines		from now on only what request.c finds is told: the
 *			request line and the fields; nothing has a body
 *	strict		"broken: ..." tells from now on what is found where
 *			there is nothing
 *	body-max N	bodies longer than N bytes are refused from now on
 *	whole BYTES	parses these bytes, given all at once
 *	each BYTES	parses these bytes, given one by one
 *	at N,N,... BYTES
 *			parses these bytes, given up to N first, then up to ...
 *	again T BYTES	parses these bytes T times, one by one, where they are
 *
 * BYTES are what is left of the line, as they are, but for \r, \n, \\ and \xNN,
 * which are one byte each:
 *
 *	each GET / HTTP/1.1\r\nHost: a\r\n\r\n
 *
 * The answer says what was found; bytes that are not plain are \xNN:
 *
 *	request GET /x?y 1.1 keep-alive	method, target, version
 *	path /x					as far as there are any
 *	query y
 *	authority example.org
 *	field Host: example.org			each of them, in order
 *	length 5				or: chunked; may have " continue"
 *	no body, but continue			what should not be
 *	body hello				all the content that came
 *	end					of this request
 *
 * and then the next request's, up to "refused STATUS", to "more" if the bytes
 * end within a request, or else to the end. Before each portion the bytes are
 * moved: they end where the readable memory ends, and pointers into where they
 * were are worth nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "request.h"
#include "util.h"

#define STREAM_MAX (1 << 20)

struct run {
	struct request r;
	bool in_body;
	bool ended;    /* refused, or the parser broke its contract */
	size_t used;   /* bytes of the stream that are consumed */
	char *content; /* of the body so far, STREAM_MAX bytes */
	size_t ncontent;
};

static char stream[STREAM_MAX];
static size_t nstream;
static char *arena_end; /* here the readable memory ends */
static uint64_t body_max = 1 << 20;
static bool lines_only, strict;

static void print_bytes(const char *name, const char *p, size_t len)
{
	printf("%s", name);
	for (size_t i = 0; i < len; i++)
		if (p[i] >= ' ' && p[i] < 0x7f && p[i] != '\\')
			putchar(p[i]);
		else
			printf("\\x%02x", (unsigned char)p[i]);
}

static void print_span(const char *name, const char *head, struct span s)
{
	print_bytes(name, head + s.at, s.len);
}

static void print_part(const char *name, const char *head, struct span s)
{
	if (!s.len)
		return;
	print_span(name, head, s);
	putchar('\n');
}

static void print_head(const struct request *r, const char *head)
{
	print_span("request ", head, r->method_name);
	if (r->method == HTTP_OTHER)
		printf("(other)");
	print_span(" ", head, r->text);
	printf(" 1.%d", r->minor);
	if (lines_only) {
		putchar('\n');
	} else {
		puts(r->keep_alive ? " keep-alive" : " close");
		print_part("path ", head, r->target.path);
		print_part("query ", head, r->target.query);
		print_part("authority ", head, r->target.authority);
	}
	for (size_t i = 0; i < r->nfields; i++) {
		print_span("field ", head, r->fields[i].name);
		print_span(": ", head, r->fields[i].value);
		putchar('\n');
	}
}

static void print_framing(const struct request *r)
{
	struct body b = r->body;
	struct slice piece;

	if (body_done(&b)) {
		if (r->expect_continue)
			puts("no body, but continue");
		return;
	}
	/* Whether it is counted shows in what it does with content. */
	if (body_feed(&b, "\n", 1, &piece) == 1)
		printf("length %ju", (uintmax_t)r->body.left);
	else
		printf("chunked");
	puts(r->expect_continue ? " continue" : "");
}

static void print_body(struct run *run)
{
	if (!run->ncontent)
		return;
	print_bytes("body ", run->content, run->ncontent);
	putchar('\n');
}

static void end_run(struct run *run, const char *what, int status)
{
	if (run->in_body)
		print_body(run);
	printf(status ? "%s %d\n" : "%s\n", what, status);
	run->ended = true;
}

/* No byte, and bytes behind the end: nothing is consumed, and no content. */
static bool takes_nothing(struct body b, const char *data, size_t len)
{
	struct slice piece = { data, 1 };

	return body_feed(&b, data, body_done(&b) ? len : 0, &piece) == 0 &&
	       piece.len == 0;
}

/* LEN bytes are left behind it, at NEXT. */
static void request_done(struct run *run, const char *next, size_t len)
{
	if (strict && !lines_only && !takes_nothing(run->r.body, next, len)) {
		end_run(run, "broken: content of nothing", 0);
		return;
	}
	print_body(run);
	puts("end");
	run->in_body = false;
	run->ncontent = 0;
	request_begin(&run->r, body_max);
}

/* Those without a number of their own are not found by it. */
static bool notes_others(const struct request *r)
{
	return r->known[FIELD_OTHER] || r->repeated >> FIELD_OTHER & 1;
}

static ssize_t on_head(struct run *run, const char *data, size_t len)
{
	ssize_t n = request_parse(&run->r, data, len);

	if (n < 0 && request_parse(&run->r, data, len) != -1)
		end_run(run, "broken: refused once, but not twice", 0);
	else if (n < 0)
		end_run(run, "refused", run->r.status);
	else if ((size_t)n > len)
		end_run(run, "broken: a head longer than what there is", 0);
	if (n <= 0 || run->ended)
		return 0;
	print_head(&run->r, data);
	if (lines_only)
		body_none(&run->r.body);
	else
		print_framing(&run->r);
	if (strict && notes_others(&run->r)) {
		end_run(run, "broken: fields of no number are noted", 0);
		return 0;
	}
	run->in_body = true;
	return n;
}

static ssize_t on_body(struct run *run, const char *data, size_t len)
{
	struct slice piece;
	ssize_t n;

	if (strict && !takes_nothing(run->r.body, data, len)) {
		end_run(run, "broken: content of nothing", 0);
		return 0;
	}
	n = body_feed(&run->r.body, data, len, &piece);

	if (n < 0) {
		if (body_feed(&run->r.body, data, 0, &piece) != -1 ||
		    body_feed(&run->r.body, data, len, &piece) != -1)
			end_run(run, "broken: refused once, but not twice", 0);
		else
			end_run(run, "refused", run->r.body.status);
		return 0;
	}
	if ((size_t)n > len || piece.len > (size_t)n ||
	    (piece.len && (piece.p < data || piece.p + piece.len > data + n))) {
		end_run(run, "broken: content that was not consumed", 0);
		return 0;
	}
	if (piece.len)
		memcpy(run->content + run->ncontent, piece.p, piece.len);
	run->ncontent += piece.len;
	return n;
}

/* All that can be said of the stream if only its first UPTO bytes are there. */
static void portion(struct run *run, size_t upto)
{
	size_t len;
	ssize_t n;
	char *data;

	do {
		len = upto - run->used;
		data = arena_end - len;
		memcpy(data, stream + run->used, len);
		n = run->in_body ? on_body(run, data, len)
				 : on_head(run, data, len);
		run->used += n;
		if (run->in_body && body_done(&run->r.body))
			request_done(run, data + n, len - n);
	} while (n && !run->ended && run->used < upto);
}

/* SPLITS is "N,N,..." or "", which is one portion; NULL: byte by byte. */
static void parse(const char *splits)
{
	static char content[STREAM_MAX];
	static struct run run;
	char *next;
	size_t upto;

	run = (struct run){ .content = content };
	memset(&run.r, 0xa5, sizeof(run.r)); /* all that counts is to be set */
	request_begin(&run.r, body_max);
	for (upto = 1; !splits && upto < nstream && !run.ended; upto++)
		portion(&run, upto);
	while (splits && *splits && !run.ended) {
		upto = strtoul(splits, &next, 10);
		if (next == splits || upto > nstream || upto < run.used)
			break;
		portion(&run, upto);
		splits = *next == ',' ? next + 1 : next;
	}
	if (!run.ended)
		portion(&run, nstream);
	if (!run.ended && (run.used < nstream || run.in_body))
		end_run(&run, "more", 0);
}

/* As fast as it goes: for measuring that bytes are looked at once. */
static void again(unsigned long times)
{
	static struct request r;
	ssize_t n = 0;

	for (; times; times--) {
		request_begin(&r, body_max);
		for (size_t len = 1; len <= nstream; len++)
			n = request_parse(&r, stream, len);
	}
	printf("head %zd\n", n);
}

/* The byte that *S begins with, escaped or not; goes on to the next. */
static char next_byte(const char **s)
{
	const char *p = *s;

	*s += 1;
	if (*p != '\\' || !p[1])
		return *p;
	*s += 1;
	if (p[1] == 'x' && http_hex(p[2]) >= 0 && http_hex(p[3]) >= 0) {
		*s += 2;
		return http_hex(p[2]) << 4 | http_hex(p[3]);
	}
	return p[1] == 'r' ? '\r' : p[1] == 'n' ? '\n' : p[1];
}

static void read_bytes(const char *s)
{
	nstream = 0;
	while (nstream < STREAM_MAX && *s)
		stream[nstream++] = next_byte(&s);
}

/* Cuts the first word off *LINE; "" at its end. */
static char *cut_word(char **line)
{
	char *word = strsep(line, " ");

	if (!*line)
		*line = word + strlen(word);
	return word;
}

static void command(char *line)
{
	char *word, *a;

	line[strcspn(line, "\n")] = '\0';
	word = cut_word(&line);
	if (!strcmp(word, "lines")) {
		lines_only = true;
	} else if (!strcmp(word, "strict")) {
		strict = true;
	} else if (!strcmp(word, "body-max")) {
		body_max = strtoull(line, NULL, 10);
	} else if (!strcmp(word, "whole") || !strcmp(word, "each")) {
		read_bytes(line);
		parse(*word == 'w' ? "" : NULL);
	} else if (!strcmp(word, "at")) {
		a = cut_word(&line);
		read_bytes(line);
		parse(a);
	} else if (!strcmp(word, "again")) {
		a = cut_word(&line);
		read_bytes(line);
		again(strtoul(a, NULL, 10));
	} else {
		printf("unknown command\n");
	}
	puts(".");
	fflush(stdout);
}

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *line = NULL, *arena;
	size_t size = 0;

	arena = mmap(NULL, STREAM_MAX + page, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (arena == MAP_FAILED ||
	    mprotect(arena + STREAM_MAX, page, PROT_NONE))
		return 1;
	arena_end = arena + STREAM_MAX;
	while (getline(&line, &size, stdin) > 0)
		command(line);
	free(line);
	return 0;
}
