/* SPDX-License-Identifier: MIT */
/*
 * Drives the response parser: a line of standard input is a command, and its
 * answer is lines on standard output, up to one that is ".".
 *
 *	method GET	the answers that follow are to this method
 *	body-max N	the limit on bodies from now on; "none": no limit
 *	eof yes		from now on the stream ends behind its bytes; or no
 *	whole BYTES	parses these bytes, given all at once
 *	each BYTES	parses these bytes, given one by one
 *	at N,N,... BYTES
 *			parses these bytes, given up to N first, then up to ...
 *	when BYTES	gives them one by one, and says after how many of them
 *			the status was known, and after how many the verdict
 *	again T BYTES	parses a head T times, one by one
 *
 * BYTES are what is left of the line; see portions.h.
 *
 *	interim 103			an interim answer
 *	answer 200 1.1 keep-alive	the final one; or close
 *	location /x			if there is one
 *	length 5			or chunked, or until-eof; nothing: none
 *	body hello			all the content that came
 *	end				of this answer
 *
 * and then the next answer's, up to "refused KIND" (malformed, too-large or
 * truncated), or to "more" if the bytes end within an answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "portions.h"
#include "response.h"
#include "util.h"

struct run {
	struct response r;
	bool in_body;
	bool ended;  /* refused, or the parser broke its contract */
	size_t used; /* bytes of the stream that are consumed */
	size_t ncontent;
	char content[PORTIONS_MAX];
};

static struct run run;
static size_t nstream;
static uint64_t body_max = UINT64_MAX;
static bool head_request, ends;

static void end_run(const char *what)
{
	puts(what);
	run.ended = true;
}

static void print_body(void)
{
	if (!run.ncontent)
		return;
	printf("body ");
	portions_print(run.content, run.ncontent);
	putchar('\n');
	run.ncontent = 0;
}

static void refused(void)
{
	static const char *const kinds[] = {
		[RESPONSE_OK] = "refused without an error",
		[RESPONSE_MALFORMED] = "refused malformed",
		[RESPONSE_TOO_LARGE] = "refused too-large",
		[RESPONSE_TRUNCATED] = "refused truncated",
	};

	print_body();
	if (run.r.error >= ARRAY_LEN(kinds))
		end_run("refused with an error that there is not");
	else if (!run.r.reason || !*run.r.reason)
		end_run("refused without a reason");
	else
		end_run(kinds[run.r.error]);
}

static void print_framing(void)
{
	struct body b = run.r.body;
	struct slice piece;

	if (run.r.until_eof)
		puts("until-eof");
	else if (body_done(&b))
		return;
	/* Whether it is counted shows in what it does with content. */
	else if (body_feed(&b, "\n", 1, &piece) == 1)
		printf("length %ju\n", (uintmax_t)run.r.body.left);
	else
		puts("chunked");
}

static void print_head(const char *data)
{
	if (response_interim(&run.r)) {
		printf("interim %d\n", run.r.status);
		return;
	}
	printf("answer %d 1.%d %s\n", run.r.status, run.r.minor,
	       run.r.keep_alive ? "keep-alive" : "close");
	if (run.r.location.len) {
		printf("location ");
		portions_print(data + run.r.location.at, run.r.location.len);
		putchar('\n');
	}
	print_framing();
}

/* What was refused takes nothing any more, however good it is. */
static bool is_refused_for_good(void)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n\r\n";
	static const char body[] = "0\r\n\r\n";
	struct response r = run.r;
	struct slice piece;

	if (run.in_body ? response_body(&r, body, strlen(body), &piece) == -1
			: response_head(&r, head, strlen(head)) == -1)
		return true;
	end_run("broken: refused once, but not twice");
	return false;
}

static size_t on_head(const char *data, size_t len)
{
	ssize_t n = response_head(&run.r, data, len);

	if (n < 0) {
		if (is_refused_for_good())
			refused();
		return 0;
	}
	if ((size_t)n > len) {
		end_run("broken: a head longer than what there is");
		return 0;
	}
	if (n) {
		print_head(data);
		run.in_body = !response_interim(&run.r);
	}
	return n;
}

static size_t on_body(const char *data, size_t len)
{
	struct slice piece = { 0 };
	ssize_t n = response_body(&run.r, data, len, &piece);

	if (n < 0) {
		if (is_refused_for_good())
			refused();
		return 0;
	}
	if ((size_t)n > len || piece.len > (size_t)n ||
	    (piece.len && (piece.p < data || piece.p + piece.len > data + n))) {
		end_run("broken: content that was not consumed");
		return 0;
	}
	if (piece.len)
		memcpy(run.content + run.ncontent, piece.p, piece.len);
	run.ncontent += piece.len;
	return n;
}

static void answer_done(void)
{
	print_body();
	puts("end");
	run.in_body = false;
	response_begin(&run.r, head_request, body_max);
}

/* All that can be said of the stream if only its first UPTO bytes are there. */
static void portion(size_t upto)
{
	size_t n;

	do {
		const char *data = portions_show(run.used, upto);

		n = (run.in_body ? on_body : on_head)(data, upto - run.used);
		run.used += n;
		if (!run.ended && run.in_body && response_done(&run.r))
			answer_done();
	} while (n && !run.ended && run.used < upto);
}

static void begin(const char *bytes)
{
	nstream = portions_read(bytes);
	run.in_body = run.ended = false;
	run.used = run.ncontent = 0;
	response_begin(&run.r, head_request, body_max);
}

/* What is to be said when all bytes were given. */
static void finish(void)
{
	if (run.ended ||
	    (run.used == nstream && !run.in_body && nstream && !run.r.interims))
		return;
	if (!ends) {
		print_body();
		end_run("more");
	} else if (response_eof(&run.r) < 0) {
		refused();
	} else if (!response_done(&run.r)) {
		end_run("broken: ended, but not done");
	} else {
		answer_done();
	}
}

/* SPLITS is "N,N,..." or "", which is one portion; NULL: byte by byte. */
static void parse(const char *splits, const char *bytes)
{
	char *next;
	size_t upto;

	begin(bytes);
	for (upto = 1; !splits && upto < nstream && !run.ended; upto++)
		portion(upto);
	while (splits && *splits && !run.ended) {
		upto = strtoul(splits, &next, 10);
		if (next == splits || upto > nstream || upto < run.used)
			break;
		portion(upto);
		splits = *next == ',' ? next + 1 : next;
	}
	if (!run.ended)
		portion(nstream);
	finish();
}

static void when(const char *bytes)
{
	struct response r;
	bool known = false;
	ssize_t n = 0;

	nstream = portions_read(bytes);
	response_begin(&r, head_request, body_max);
	for (size_t upto = 1; upto <= nstream && !n; upto++) {
		n = response_head(&r, portions_show(0, upto), upto);
		if (!known && r.status && n >= 0) {
			printf("status %d after %zu\n", r.status, upto);
			known = true;
		}
		if (n)
			printf("%s after %zu\n", n < 0 ? "refused" : "head",
			       upto);
	}
	if (!n)
		puts("more");
}

/* As fast as it goes: for measuring that bytes are looked at once. */
static void again(unsigned long times, const char *bytes)
{
	struct response r;
	ssize_t n = 0;
	const char *data;

	nstream = portions_read(bytes);
	data = portions_show(0, nstream);
	for (; times; times--) {
		response_begin(&r, head_request, body_max);
		for (size_t len = 1; len <= nstream; len++)
			n = response_head(&r, data, len);
	}
	printf("head %zd\n", n);
}

static void command(const char *word, char *rest)
{
	char *first = strsep(&rest, " ");

	if (!rest)
		rest = "";
	if (!strcmp(word, "method"))
		head_request = !strcmp(first, "HEAD");
	else if (!strcmp(word, "body-max"))
		body_max = *first == 'n' ? UINT64_MAX
					 : strtoull(first, NULL, 10);
	else if (!strcmp(word, "eof"))
		ends = *first == 'y';
	else if (!strcmp(word, "at"))
		parse(first, rest);
	else if (!strcmp(word, "again"))
		again(strtoul(first, NULL, 10), rest);
	else
		puts("unknown command");
}

/* Of these the rest of the line is all bytes, spaces too. */
static void line(char *text)
{
	char *word, *rest = text;

	text[strcspn(text, "\n")] = '\0';
	word = strsep(&rest, " ");
	if (!rest)
		rest = word + strlen(word);
	if (!strcmp(word, "whole"))
		parse("", rest);
	else if (!strcmp(word, "each"))
		parse(NULL, rest);
	else if (!strcmp(word, "when"))
		when(rest);
	else
		command(word, rest);
	puts(".");
	fflush(stdout);
}

int main(void)
{
	char *text = NULL;
	size_t size = 0;

	if (portions_begin() < 0)
		return 1;
	while (getline(&text, &size, stdin) > 0)
		line(text);
	free(text);
	return 0;
}
