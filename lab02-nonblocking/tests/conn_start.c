/* SPDX-License-Identifier: MIT */
#include "conn_start.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct conn_test conn_start_opts(const struct prog_opts *opts,
				 const char *ceiling)
{
	struct prog_opts with_stdin = *opts;
	struct conn_test t;

	with_stdin.keep_stdin = true;
	t.prog = prog_start_opts(&with_stdin, "drivers/conn-driver", ceiling);
	t.peer = peer_connect(t.prog);
	return t;
}

struct conn_test conn_start(const char *ceiling)
{
	return conn_start_opts(&(struct prog_opts){ 0 }, ceiling);
}

struct conn_test conn_start_stalled(const char *ceiling)
{
	const struct prog_opts opts = { .keep_stdin = true,
					.count_calls = true };
	struct conn_test t;

	t.prog = prog_start_opts(&opts, "drivers/conn-driver", ceiling, SNDBUF);
	t.peer = peer_connect_small(t.prog, 8192);
	return t;
}

void conn_end(struct conn_test *t)
{
	prog_finish(t->prog);
}

char *pattern(size_t len)
{
	char *data = judge_bytes(len);

	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i % 251);
	return data;
}

void ask_at_once(struct prog *d, const char *want, const char *verb)
{
	const char *its = judge_promise("No call here ever waits.");
	const char *line = prog_answer(d, "%s", verb);

	judge_promise(its);
	prog_said(d, line, want);
}

/* A line of "show". */
struct shown {
	size_t in, out;
	char reads, writes;
	char state[8];
};

static bool take_apart(const char *line, struct shown *s)
{
	return sscanf(line, "in %zu out %zu %c%c %7s", &s->in, &s->out,
		      &s->reads, &s->writes, s->state) == 5;
}

static bool is_done(const struct shown *s)
{
	return strcmp(s->state, "done") == 0;
}

/*
 * The check that is about what differs, or NULL if none is: no check is about an
 * end of the stream that was missed or made up.
 */
static const char *check_of(const struct shown *want, const struct shown *got)
{
	if (got->in != want->in || got->out != want->out)
		return NULL;
	if (strcmp(got->state, want->state) != 0)
		return got->reads == want->reads &&
				       is_done(got) != is_done(want)
			       ? "conn_done"
			       : NULL;
	if (got->reads != want->reads)
		return "conn_wants_read";
	return got->writes != want->writes ? "conn_wants_write" : NULL;
}

void expect_show(struct prog *d, const char *want)
{
	const char *line = prog_answer(d, "show"), *check;
	struct shown wanted, got;

	if (!strcmp(line, want))
		return;
	check = take_apart(line, &got) && take_apart(want, &wanted)
			? check_of(&wanted, &got)
			: NULL;
	if (check) {
		judge_checking(check);
		judge_promise(NULL);
	}
	prog_said(d, line, want);
}

size_t bytes_out(struct prog *d, char wants)
{
	size_t in, out;
	const char *line;
	char r, w;

	prog_input(d, "show");
	line = prog_line(d);
	if (sscanf(line, "in %zu out %zu %c%c", &in, &out, &r, &w) != 4)
		judge_fail(OUTCOME_FAIL, "what the driver says of the buffers",
			   "%s", line);
	if (w != wants && (out > 0) == (wants == 'w')) {
		judge_checking("conn_wants_write");
		judge_promise(NULL);
	}
	judge_check(w == wants,
		    wants == 'w' ? "conn_wants_write() to be true"
				 : "conn_wants_write() to be false",
		    "%s", line);
	return out;
}
