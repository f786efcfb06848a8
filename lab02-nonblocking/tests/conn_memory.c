/* SPDX-License-Identifier: MIT */
/* Tasks 1 and 2: no memory for what has come, or for what is to be sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn_start.h"

/* N bytes have come; what conn_drain() says of them. */
static const char *drains(struct conn_test *t, size_t n)
{
	peer_send(t->peer, judge_bytes(n), n);
	prog_ask(t->prog, "ready", "await %zu", n);
	return prog_answer(t->prog, "drain 100000");
}

/* The allocations that the buffer takes for N bytes fail, one in each run. */
void conn_without_memory(size_t n)
{
	const struct prog_opts count = { .count_calls = true };
	struct conn_test t = conn_start_opts(&count, "100000");
	uint64_t before, after;

	judge_checking("conn_no_memory");
	judge_promise(NULL);
	expect_show(t.prog, "in 0 out 0 r- open");
	before = prog_allocations(t.prog);
	drains(&t, n);
	after = prog_allocations(t.prog);
	conn_end(&t);
	for (uint64_t i = before + 1; i <= after; i++) {
		const struct chaos chaos = { .fail_alloc = (unsigned int)i };
		const struct prog_opts opts = { .chaos = &chaos };
		const char *said;

		t = conn_start_opts(&opts, "100000");
		expect_show(t.prog, "in 0 out 0 r- open");
		said = drains(&t, n);
		judge_promise("CONN_LOST with errno, as conn_read() says");
		if (!strncmp(said, "lost ", 5))
			judge_promise("ENOMEM no memory for the buffer");
		judge_check(!strcmp(said, "lost ENOMEM"),
			    "\"lost ENOMEM\": no memory for the buffer",
			    "\"%s\"", said);
		conn_end(&t);
	}
	judge_checking(NULL);
}

#define SOCKET_MAX (16 << 20) /* well above what two sockets hold */

/* With room for little on the way, and ALLOCATION is one that fails. */
static struct conn_test start_stalled_without(unsigned int allocation)
{
	const struct chaos chaos = { .fail_alloc = allocation };
	const struct prog_opts opts = { .chaos = &chaos, .keep_stdin = true };
	struct conn_test t;

	t.prog = prog_start_opts(&opts, "drivers/conn-driver", "1000", SNDBUF);
	t.peer = peer_connect_small(t.prog, 8192);
	return t;
}

/*
 * The first byte that the socket does not take is the first to need memory. On
 * its way to the peer, what fills the socket may make room once more, and then
 * it is another byte.
 */
void conn_without_memory_to_send(void)
{
	const struct prog_opts count = { .count_calls = true };
	struct conn_test t = conn_start_opts(&count, "1000");
	unsigned int before;
	char said[32];
	size_t n = 0;

	judge_checking("conn_no_memory_to_send");
	expect_show(t.prog, "in 0 out 0 r- open");
	before = prog_allocations(t.prog);
	conn_end(&t);
	t = start_stalled_without(before + 1);
	expect_show(t.prog, "in 0 out 0 r- open");
	do {
		n += strtoul(prog_answer(t.prog, "stuff"), NULL, 10);
		if (n >= SOCKET_MAX)
			judge_infra("a socket without an end");
		snprintf(said, sizeof(said), "%s",
			 prog_answer(t.prog, "send x"));
	} while (!strcmp(said, "0") &&
		 !strcmp(prog_answer(t.prog, "show"), "in 0 out 0 r- open"));
	judge_check(
		!strcmp(said, "-1 ENOMEM"),
		"\"-1 ENOMEM\" for the first byte that has to wait in `out`",
		"\"%s\"", said);
	judge_checking(NULL);
	conn_end(&t);
}
