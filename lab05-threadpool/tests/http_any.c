/* SPDX-License-Identifier: MIT */
/*
 * What is likely to be told apart is likely here: numbers on both sides of a
 * limit, and a byte that does not belong where it is. The first cases are the
 * smallest.
 */
#include "http_any.h"

#include <stdio.h>
#include <string.h>

#include "http_made.h"

/* ---- lines and words ---- */

static void make_line(struct made *m)
{
	static const char *const methods[] = {
		"GET", "HEAD", "POST", "get", "PATCH", "!#$%&'*+-.^_`|~"
	};
	static const char *const versions[] = {
		"HTTP/1.1", "HTTP/1.0", "HTTP/1.2",  "HTTP/1.9", "HTTP/2.0",
		"HTTP/0.9", "HTTP/9.9", "HTTP/1.10", "HTTP/1",	 "HTTP/2.x",
		"HTTP/3",   "http/1.1", "HTTP/1.1 ", "HTTX/2.0", "HTTP/:.1",
	};

	if (one_in(12))
		fill(m, 'M', around(32));
	else
		add(m, "%s", PICK(methods));
	add(m, " /");
	if (one_in(20))
		fill(m, 't', around(8192) - 1);
	while (one_in(2))
		add(m, "%c", (int)judge_random_between('$', '~'));
	add(m, " %s\r\n",
	    one_in(4) ? PICK(versions) : versions[judge_random() % 3]);
}

/* Returns whether it has about as many fields as there may be. */
static bool make_head(struct made *m, size_t most)
{
	static const char *const values[] = {
		"", "a", "a b", "\"\t\"", "a:b", "\xc3\xa4", "0123456789abcdef"
	};
	static const char *const ends[] = { "",	 "\r", "X",    "X y",	   "X:",
					    ":", "\n", "\x01", " X: y\r\n" };
	size_t n = judge_random_between(0, most);
	bool full = one_in(10);
	char name[24];

	if (one_in(8))
		add(m, "\r\n");
	make_line(m);
	add_field(m, "Host", "a");
	if (full)
		n = judge_random_between(98, 100); /* beside Host */
	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "X%.*s%zu",
			 (int)judge_random_between(0, 3), "-_~", i % 7);
		add_field(m, name, PICK(values));
	}
	if (one_in(25)) {
		add(m, "X: ");
		fill_around(m, 'v', 0, 16384 - 4);
		add(m, "\r\n");
	}
	add(m, "%s", one_in(full ? 2 : 4) ? PICK(ends) : "\r\n");
	return full;
}

static void about_head(const struct difference *d)
{
	if (refuses(d, 505))
		judge_promise("A version of the right form is 505 only when");
	else if (refuses(d, 431) || refuses(d, 414) || refuses(d, 501))
		judge_promise("The parser takes that many; it refuses one");
	else if (begins(d->made->bytes, "\r\n") && refuses(d, 400) &&
		 !*d->before)
		judge_promise("One empty line is allowed before the request");
	else if (begins(d->wanted, "field") && begins(d->got, "field"))
		judge_promise("What it finds are offsets into the caller's");
	else
		judge_promise("the first byte that cannot be right decides,");
}

void any_heads(struct prog *driver)
{
	static struct made m;

	judge_checking("request_any_head");
	judge_promise("the first byte that cannot be right decides,");
	for (size_t i = 0; i < CASES; i++) {
		m.len = 0;
		if (!make_head(&m, i / 100))
			for (size_t n = judge_random_between(0, 3); n > 1; n--)
				damage(&m, 0);
		compare(driver, &m, 1 << 20, true, about_head);
	}
	judge_checking(NULL);
}

/* ---- chunks ---- */

static void make_chunk(struct made *m, size_t size, size_t most_zeros)
{
	size_t begin = m->len;

	fill(m, '0', one_in(3) ? judge_random_between(0, most_zeros) : 0);
	add(m, one_in(2) ? "%zx" : "%zX", size);
	if (one_in(4)) {
		blanks(m);
		add(m, ";a=\"%s\"", one_in(2) ? "b" : "");
		if (one_in(3))
			fill_around(m, 'x', begin, 256);
	}
	add(m, "\r\n");
}

static void make_trailers(struct made *m)
{
	size_t begin = m->len;

	for (size_t n = judge_random_between(0, 3); n > 0; n--) {
		add(m, "%s:%s", one_in(9) ? "" : "T", one_in(2) ? " v" : "");
		if (one_in(8))
			fill_around(m, 'x', begin, 4092);
		add(m, "\r\n");
	}
	add(m, "\r\n");
}

static void make_chunks(struct made *m, size_t most)
{
	for (size_t n = judge_random_between(0, most); n > 0; n--) {
		size_t size = judge_random_between(1, one_in(4) ? 40 : 5);

		make_chunk(m, size, 30);
		for (; size > 0; size--)
			add(m, "%c", (int)judge_random_between(9, 126));
		add(m, "\r\n");
	}
	if (one_in(6)) /* more than there is, or than may be */
		make_chunk(m,
			   one_in(2) ? SIZE_MAX >> judge_random_between(0, 9)
				     : judge_random_between(50, 70),
			   240);
	make_chunk(m, 0, 260);
	make_trailers(m);
}

/* The refusal may come behind the content, in which they differ as well. */
static bool refuses_later(const struct difference *d, const char *refusal)
{
	return strstr(d->wanted, refusal) || strstr(d->got, refusal);
}

static void about_chunks(const struct difference *d)
{
	if (begins(d->before, "end\n"))
		judge_promise("Bytes behind the body's end are left alone:");
	else if (refuses_later(d, "refused 413"))
		judge_promise("413 the chunks announce more than b->max bytes");
	else if (refuses_later(d, "refused 431"))
		judge_promise("431 the trailers are longer than");
	else if (!refuses_later(d, "refused 400"))
		judge_promise("Chunks (RFC 9112 7.1) of at most MAX bytes");
	else
		judge_promise(NULL);
}

void any_chunks(struct prog *driver)
{
	static struct made m;
	uint64_t max = 0;
	size_t head;

	judge_checking("body_any_chunks");
	judge_promise("Chunks (RFC 9112 7.1) of at most MAX bytes");
	for (size_t i = 0; i < CASES; i++) {
		if (i % 20 == 0)
			max = new_limit(driver);
		m.len = 0;
		add(&m, "POST / HTTP/1.1\r\nHost: a\r\n"
			"Transfer-Encoding: chunked\r\n\r\n");
		head = m.len;
		make_chunks(&m, i / 100);
		if (one_in(2))
			damage(&m, head);
		compare(driver, &m, max, false, about_chunks);
	}
	judge_checking(NULL);
}
