/* SPDX-License-Identifier: MIT */
/* Task 1: conn_drain() when there is no memory for what has come. */
#include <string.h>

#include "conn_start.h"

static uint64_t allocations(struct prog *p)
{
	return prog_calls(p, "malloc") + prog_calls(p, "calloc") +
	       prog_calls(p, "realloc");
}

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
	before = allocations(t.prog);
	drains(&t, n);
	after = allocations(t.prog);
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
