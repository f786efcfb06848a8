/* SPDX-License-Identifier: MIT */
/* Task 4: mode iterative, and echo as every mode promises it. */
#include <poll.h>
#include <signal.h>

#include "lab01.h"

static void echoes_every_byte(const char *mode)
{
	struct prog *srv = echo_server(mode);

	echo_every_byte(srv);
	prog_stop(srv);
}

GRADED(iterative, echoes_every_byte)
{
	echoes_every_byte("iterative");
}

GRADED(fork, echoes_every_byte)
{
	echoes_every_byte("fork");
}

GRADED(thread, echoes_every_byte)
{
	echoes_every_byte("thread");
}

GRADED(iterative, one_after_the_other)
{
	struct prog *srv = echo_server("iterative");
	struct peer *first = peer_connect(srv), *second, *third;
	struct pollfd early;

	judge_promise("Clients that come meanwhile wait, and are");
	echo_text(first, "first");
	second = peer_connect(srv);
	third = peer_connect(srv);
	peer_send(third, "third", 5);
	peer_send(second, "second", 6);
	echo_text(first, "first again");
	judge_promise("a client is not served, not even in part");
	early = (struct pollfd){ .fd = peer_fd(second), .events = POLLIN };
	judge_check(poll(&early, 1, 200) == 0,
		    "the second client to wait for the end of the first",
		    "it was served beside it");

	judge_promise("Clients that come meanwhile wait, and are");
	peer_close(first);
	peer_expectf(second, "second");
	echo_text(second, "second again");
	peer_reset(second);
	peer_expectf(third, "third");
	peer_half_close(third);
	peer_expect_eof(third);
	prog_stop(srv);
}

/*
 * main.c's own handler ends the process at once. That serve() has returned is
 * seen by what main() does then: it closes the listener.
 */
static void returns_after(struct prog *srv, int sig)
{
	uint64_t before = prog_calls(srv, "close"), after;

	prog_signal(srv, sig);
	prog_expect_exit(srv, 0);
	after = prog_calls(srv, "close");
	judge_check(after > before,
		    "serve() to return, and main() to close the listener",
		    "the program ended without a call of close(2): where is"
		    " serve()'s handler of this signal?");
}

GRADED(iterative, returns_when_told)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv;
	struct peer *c;

	judge_step("idle");
	srv = echo_server_opts(&opts, "iterative");
	echo_new_client(srv);
	returns_after(srv, SIGINT);

	judge_step("with a client that says nothing");
	srv = echo_server_opts(&opts, "iterative");
	c = peer_connect(srv);
	echo_text(c, "hello");
	returns_after(srv, SIGTERM);
	peer_expect_eof(c);
}
