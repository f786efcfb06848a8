/* SPDX-License-Identifier: MIT */
/* Task 7: a lack of memory costs the client whom it hits. */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "lab02.h"

/* How many SRV makes before the first client; it is stopped then. */
static unsigned int allocations_to_start(struct prog *srv)
{
	unsigned int n;

	judge_until((prog_expect_alive(srv),
		     prog_calls(srv, "accept4") + prog_calls(srv, "accept") >
			     1),
		    "the server asks for clients");
	n = prog_allocations(srv);
	prog_stop(srv);
	return n;
}

static const char text[] = "shall I live?";

static struct peer *asks(struct prog *srv)
{
	struct peer *c = peer_connect(srv);

	judge_step("it sends \"%s\"", text);
	send(peer_fd(c), text, sizeof(text), MSG_NOSIGNAL);
	return c;
}

/* The text comes back, or the connection is closed. */
static void served_or_lost(struct peer *c)
{
	char got[sizeof(text)];
	size_t len = 0;
	ssize_t n = 1;

	judge_step("a client is served, or it is the one that is lost");
	while (n > 0 && len < sizeof(text)) {
		n = peer_next(c, got + len, sizeof(got) - len,
			      "an echo, or the end of the connection");
		if (n > 0)
			len += (size_t)n;
	}
	peer_close(c);
}

/* Clients come until MADE allocations were made, and then one who is served. */
static void serve_until(struct prog *srv, unsigned int made)
{
	for (int k = 0; k < 50 && prog_allocations(srv) < made; k++)
		served_or_lost(asks(srv));
	echo_new_client(srv);
}

/* One that sends and does not read, if it is not the one that is lost. */
static void stall(struct prog *srv)
{
	struct peer *c = peer_connect_small(srv, 8192);
	const char *data = judge_bytes(100000);

	judge_step("a client sends as much as is taken, and reads nothing");
	for (int i = 0; i < 100; i++)
		if (send(peer_fd(c), data, 100000, MSG_NOSIGNAL) < 0)
			break;
}

/*
 * More clients than there is memory for. Who takes the memory as clients come
 * does not fail, and stops as it is told to.
 */
static void no_memory_to_begin(void)
{
	struct prog *p = prog_start("drivers/spin-driver", "multitude");
	const char *line = prog_line(p);

	judge_checking("spin_no_memory_to_begin");
	judge_check(!strcmp(line, "-1 ENOMEM") || !strcmp(line, "0"),
		    "-1 and ENOMEM, or clients to be accepted", "\"%s\"", line);
	prog_expect_line(p, "0 descriptors more");
	judge_checking(NULL);
	prog_expect_exit(p, 0);
}

/*
 * The allocations fail that the first turn of a client makes, one in each run: for
 * what has come, and, as the socket is full, for what is to be sent. It comes
 * while the server stands still: each turn in which nothing is there may allocate,
 * too.
 */
static void no_memory_to_send(void)
{
	const struct prog_opts count = { .count_calls = true };
	struct prog *p = prog_start_opts(&count, "drivers/spin-driver", "full");
	unsigned int begin = allocations_to_start(p);

	judge_checking("spin_no_memory_to_send");
	for (unsigned int i = 1; i <= 4; i++) {
		const struct chaos chaos = { .fail_alloc = begin + i };
		const struct prog_opts opts = { .chaos = &chaos };
		struct peer *c;

		judge_step("allocation %u after the start fails", i);
		p = prog_start_opts(&opts, "drivers/spin-driver", "full");
		prog_pause(p);
		c = asks(p);
		judge_until(peer_has_arrived(c),
			    "all is where the server can read it");
		prog_resume(p);
		served_or_lost(c);
		serve_until(p, begin + i);
		prog_stop(p);
	}
	judge_checking(NULL);
}

GRADED(spin, any_allocation_may_fail)
{
	const struct prog_opts count = { .count_calls = true };
	unsigned int begin =
		allocations_to_start(spin_server_opts(&count, NULL, NULL));

	no_memory_to_begin();
	no_memory_to_send();
	for (unsigned int i = 1; i <= 16; i++) {
		const struct chaos chaos = { .fail_alloc = begin + i };
		const struct prog_opts opts = { .chaos = &chaos };
		struct prog *srv = spin_server_opts(&opts, NULL, NULL);

		judge_step("allocation %u after the start fails", i);
		if (i % 4 == 0)
			stall(srv);
		serve_until(srv, begin + i);
		prog_expect_alive(srv);
		prog_stop(srv);
	}
}
