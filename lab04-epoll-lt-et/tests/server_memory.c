/* SPDX-License-Identifier: MIT */
/* Task 3: mux-server, when an allocation fails. */
#include <string.h>
#include <sys/socket.h>

#include "lab04.h"

/* Sends a line; true if it came back, false if the connection was closed. */
static bool is_served(struct prog *srv)
{
	struct peer *c = peer_try_connect(srv);
	char back[5];
	ssize_t n;

	if (!c)
		return false;
	send(peer_fd(c), "hello", sizeof(back), MSG_NOSIGNAL);
	n = peer_next(c, back, sizeof(back),
		      "an answer, or the connection closed");
	peer_reset(c);
	return n == sizeof(back) && !memcmp(back, "hello", sizeof(back));
}

static uint64_t allocations(struct prog *p, bool faulty)
{
	static const char *const names[] = { "malloc", "calloc", "realloc" };
	uint64_t n = 0;

	for (int i = 0; i < 3; i++)
		n += faulty ? prog_calls_faulty(p, names[i])
			    : prog_calls(p, names[i]);
	return n;
}

/* The server's N-th allocation fails; START of them are its own. */
static void loses_one_at_most(const char *kind, uint64_t n)
{
	const struct chaos chaos = { .fail_alloc = (unsigned int)n };
	const struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	int lost = 0;

	for (int i = 0; i < 30 && allocations(srv, true) == 0; i++)
		lost += !is_served(srv);
	lost += !is_served(srv);
	judge_check(lost <= 1, "one connection to be lost at most",
		    "%d were, as allocation %llu failed", lost,
		    (unsigned long long)n);
	echo_new_client(srv);
	prog_stop(srv);
}

void server_loses_one(const char *kind)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	uint64_t start, all;

	prog_stop(srv);
	srv = mux_server_opts(&opts, kind, "echo");
	start = allocations(srv, false);
	for (int i = 0; i < 3; i++)
		is_served(srv);
	all = allocations(srv, false);
	prog_stop(srv);
	judge_step("%llu allocations before it is ready, then %llu",
		   (unsigned long long)start,
		   (unsigned long long)(all - start));
	for (uint64_t n = start + 1; n <= all && n < start + 20; n++)
		loses_one_at_most(kind, n);
}

GRADED(server, an_allocation_fails)
{
	for (int k = 0; k < 2; k++)
		server_loses_one(both_kinds[k]);
}
