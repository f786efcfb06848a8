/* SPDX-License-Identifier: MIT */
#include "http_made.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "http_oracle.h"
#include "vector.h"

bool one_in(size_t n)
{
	return judge_random_between(1, n) == 1;
}

void add(struct made *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	m->len += (size_t)vsnprintf(m->bytes + m->len, MADE_MAX - m->len, fmt,
				    ap);
	va_end(ap);
}

void fill(struct made *m, char c, size_t n)
{
	memset(m->bytes + m->len, c, n);
	m->len += n;
}

size_t around(size_t limit)
{
	return judge_random_between(limit - 2, limit + 2);
}

void fill_around(struct made *m, char c, size_t from, size_t limit)
{
	size_t there = m->len - from, want = around(limit);

	fill(m, c, there < want ? want - there : 0);
}

void blanks(struct made *m)
{
	while (one_in(3))
		add(m, one_in(3) ? "\t" : " ");
}

void add_field(struct made *m, const char *name, const char *value)
{
	for (; *name; name++)
		add(m, "%c", *name ^ (isalpha(*name) && one_in(8) ? 0x20 : 0));
	add(m, ":");
	blanks(m);
	add(m, "%s", value);
	blanks(m);
	add(m, "\r\n");
}

void damage(struct made *m, size_t from)
{
	static const char nasty[] = "\r\n\t :;,?#0a\x01\x7f\x80";
	size_t at = judge_random_between(from, m->len - 1);
	char c = one_in(12) ? '\0'
			    : nasty[judge_random_between(0, sizeof(nasty) - 2)];

	switch (judge_random_between(0, 2)) {
	case 0:
		m->bytes[at] = c;
		return;
	case 1:
		memmove(m->bytes + at + 1, m->bytes + at, m->len - at);
		m->bytes[at] = c;
		m->len++;
		return;
	default:
		memmove(m->bytes + at, m->bytes + at + 1, m->len - at - 1);
		m->len--;
	}
}

uint64_t new_limit(struct prog *driver)
{
	static const uint64_t limits[] = { 0, 1, 10, 64, 1 << 20, UINT64_MAX };
	uint64_t max = PICK(limits);

	prog_ask(driver, ".", "body-max %ju", (uintmax_t)max);
	return max;
}

bool refuses(const struct difference *d, int status)
{
	char line[16];

	snprintf(line, sizeof(line), "refused %d", status);
	return begins(d->wanted, line) || begins(d->got, line);
}

bool begins(const char *text, const char *word)
{
	return !strncmp(text, word, strlen(word));
}

static struct difference find_difference(const struct made *m, const char *want,
					 const char *got)
{
	struct difference d = { m, "", want, got };

	for (size_t i = 0; want[i] && want[i] == got[i]; i++) {
		if (want[i] == '\n') {
			d.before = d.wanted;
			d.wanted = want + i + 1;
			d.got = got + i + 1;
		}
	}
	return d;
}

void compare(struct prog *driver, const struct made *m, uint64_t max,
	     bool lines, void (*about)(const struct difference *d))
{
	static char want[ORACLE_WANT_MAX];
	size_t first = judge_random_between(0, m->len);
	char how[64] = "whole";
	struct difference d;
	const char *got;

	if (!http_oracle(m->bytes, m->len, max, lines, want))
		return;
	if (one_in(2))
		snprintf(how, sizeof(how), "at %zu,%zu", first,
			 judge_random_between(first, m->len));
	vector_command(driver, how, m->bytes, m->len);
	got = vector_answer(driver);
	if (strcmp(got, want) == 0)
		return;
	d = find_difference(m, want, got);
	about(&d);
	judge_fail(OUTCOME_FAIL, *want ? want : "nothing", "%s", got);
}
