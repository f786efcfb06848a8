/* SPDX-License-Identifier: MIT */
#include "conn_start.h"

#include <stdio.h>
#include <stdlib.h>

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
	judge_check(w == wants,
		    wants == 'w' ? "conn_wants_write() to be true"
				 : "conn_wants_write() to be false",
		    "%s", line);
	return out;
}
