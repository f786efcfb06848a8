/* SPDX-License-Identifier: MIT */
/*
 * Fields that mean something, in whatever order and number: several mistakes in
 * one request, and fields that contradict each other.
 */
#include <stdio.h>
#include <string.h>

#include "http_any.h"
#include "http_made.h"

#define FIELDS_MAX 16

struct fields {
	struct {
		const char *name;
		char value[128];
	} field[FIELDS_MAX];
	size_t n;
	bool chunked; /* whether a body of chunks is likely to follow */
	size_t length;
};

/* N fields of that name, each a list of up to MOST of the COUNT words. */
static void lists(struct fields *f, const char *name, size_t n,
		  const char *const words[], size_t count, size_t most)
{
	for (; n > 0 && f->n < FIELDS_MAX; n--, f->n++) {
		char *p = f->field[f->n].value;

		f->field[f->n].name = name;
		*p = '\0';
		for (size_t k = judge_random_between(1, most); k > 0; k--)
			p += sprintf(p, "%s%s",
				     words[judge_random_between(0, count - 1)],
				     k > 1 ? one_in(2) ? ", " : "," : "");
	}
}

#define LISTS(f, name, n, words, most) \
	lists(f, name, n, words, sizeof(words) / sizeof((words)[0]), most)

/* Mostly one of it. */
static size_t how_many(size_t none_in, size_t two_in)
{
	return one_in(none_in) ? 0 : one_in(two_in) ? 2 : 1;
}

static void framing_fields(struct fields *f)
{
	static const char *const lengths[] = {
		"0",
		"1",
		"5",
		"05",
		"10",
		"11",
		"64",
		"65",
		"1048576",
		"1048577",
		"18446744073709551615",
		"18446744073709551616",
		"184467440737095516150",
		"99999999999999999999a",
		"",
		"+5",
		"-1",
		"0x5",
		"5 5",
		"5,5",
		"9",
		"00000000000000000000000",
	};
	static const char *const codings[] = {
		"chunked",  "chunked",	    "chunked",	  "chunked",
		"Chunked",  "gzip",	    "identity",	  "",
		"chunkedx", "gzip chunked", "chunked;a=1"
	};

	if (one_in(2)) {
		LISTS(f, "Content-Length", how_many(9, 9), lengths, 1);
		f->length = judge_random_between(0, 11);
	}
	if (one_in(2)) {
		LISTS(f, "Transfer-Encoding", how_many(9, 9), codings,
		      one_in(2) ? 1 : 3);
		f->chunked = true;
	}
}

static void other_fields(struct fields *f)
{
	static const char *const hosts[] = {
		"a", "a", "a", "", "[::1]:80", "a.example:8080"
	};
	static const char *const no_hosts[] = { "a b", "a, b", "a/b",
						"u@a", "a:b",  "[::1" };
	static const char *const options[] = {
		"close",       "close",	      "keep-alive",  "keep-alive",
		"TE",	       "Close",	      "Keep-Alive",  "",
		"closed",      "a",	      "xclose",	     "a close",
		"close;a",     "keep-alived", "xkeep-alive", "a keep-alive",
		"keep-alive;a"
	};
	static const char *const expected[] = { "100-continue", "100-Continue",
						"100-continued", "a" };
	static const char *const any[] = { "a", "" };

	if (one_in(9))
		LISTS(f, "Host", 1, no_hosts, 1);
	LISTS(f, "Host", how_many(15, 15), hosts, 1);
	if (one_in(2))
		LISTS(f, "Connection", judge_random_between(0, 4), options, 3);
	if (one_in(3))
		LISTS(f, "Expect", how_many(9, 5), expected, one_in(3) ? 2 : 1);
	LISTS(f, "X", judge_random_between(0, 2), any, 1);
}

static void in_any_order(struct made *m, struct fields *f)
{
	for (; f->n > 0; f->n--) {
		size_t i = judge_random_between(0, f->n - 1);

		add_field(m, f->field[i].name, f->field[i].value);
		f->field[i] = f->field[f->n - 1];
	}
	add(m, "\r\n");
}

static void make_request(struct made *m)
{
	static const char *const methods[] = { "GET", "POST", "OPTIONS",
					       "CONNECT" };
	static const char *const targets[] = {
		"/",
		"/",
		"/",
		"/",
		"/a%20b?c=d?e",
		"*",
		"http://b:1/c?d",
		"HTTP://h",
		"b:443",
		"http:///",
		"a",
	};
	static const char *const versions[] = { "1.1", "1.1", "1.1", "1.1",
						"1.0", "1.0", "1.2", "1.9" };
	struct fields f = { 0 };
	bool odd = one_in(6);

	add(m, "%s %s HTTP/%s\r\n", odd ? PICK(methods) : "POST",
	    odd ? PICK(targets) : "/", PICK(versions));
	framing_fields(&f);
	other_fields(&f);
	in_any_order(m, &f);
	if (f.chunked)
		add(m, "3\r\nabc\r\n0\r\n\r\n");
	else
		add(m, "%.*s", (int)f.length, "01234567890");
}

/* The line on the body, "length 5 continue": how much of it are words and digits. */
static size_t framing_len(const char *line)
{
	if (!begins(line, "length ") && !begins(line, "chunked"))
		return 0;
	return begins(line, "chunked") ? 7 : 7 + strcspn(line + 7, " \n");
}

static bool waits(const char *line)
{
	static const char word[] = " continue";
	size_t len = framing_len(line);

	return len && !strncmp(line + len, word, strlen(word));
}

/* A wait that is none: a body is there, so is it the version, or the value? */
static void about_expect(const struct difference *d)
{
	static const char old[] = " HTTP/1.0\r\n";

	judge_promise("Expect ");
	if (waits(d->got) && !waits(d->wanted) &&
	    !memmem(d->made->bytes, d->made->len, old, strlen(old)))
		judge_promise(
			"Any other value is ignored, and so is any field");
}

/* False if they do not differ in that line. */
static bool about_framing(const struct difference *d)
{
	size_t wanted = framing_len(d->wanted), got = framing_len(d->got);

	if (!wanted && !got)
		return false;
	if (wanted == got && !memcmp(d->wanted, d->got, wanted))
		about_expect(d);
	else if (begins(wanted ? d->wanted : d->got, "chunked"))
		judge_promise("Its last element must be ");
	else
		judge_promise("one, of decimal digits and nothing else,");
	return true;
}

static void about_fields(const struct difference *d)
{
	if (begins(d->wanted, "request ") && begins(d->got, "request "))
		judge_promise("a list, perhaps over several fields.");
	else if (refuses(d, 413))
		judge_promise("one, of decimal digits and nothing else,");
	else if (begins(d->wanted, "refused") && begins(d->got, "refused"))
		judge_promise("If several are wrong, the first in this order");
	else if (refuses(d, 501))
		judge_promise("Its last element must be ");
	else if (begins(d->got, "no body, but continue"))
		judge_promise("Expect ");
	else if (!about_framing(d))
		judge_promise(NULL);
}

void any_fields(struct prog *driver)
{
	static struct made m;
	uint64_t max = 0;

	judge_checking("framing_any_fields");
	judge_promise(NULL);
	for (size_t i = 0; i < 2 * CASES; i++) {
		if (i % 20 == 0)
			max = new_limit(driver);
		m.len = 0;
		for (size_t n = judge_random_between(1, 2); n > 0; n--)
			make_request(&m);
		compare(driver, &m, max, false, about_fields);
	}
	judge_checking(NULL);
}
