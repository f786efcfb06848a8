/* SPDX-License-Identifier: MIT */
/* Task 4: mode iterative, and echo as every mode promises it. */
#include <poll.h>
#include <stdlib.h>

#include "lab01.h"

static void echoes_every_byte(const char *mode)
{
	struct prog *srv = echo_server(mode);
	const size_t len = 60000;
	char *data = judge_bytes(len);
	struct peer *c = peer_connect(srv);

	round_trip(c, "hello");
	peer_send_bytewise(c, "a\0b\n\r\xff", 6);
	peer_expect(c, "a\0b\n\r\xff", 6);
	peer_exchange(c, judge_random_between(1 << 20, 2 << 20));

	judge_step("half-close at once: the rest comes, then the end");
	peer_send(c, data, len);
	peer_half_close(c);
	peer_expect(c, data, len);
	peer_expect_eof(c);
	peer_close(c);

	judge_step("one that says nothing at all");
	c = peer_connect(srv);
	peer_half_close(c);
	peer_expect_eof(c);
	peer_close(c);
	new_client_is_served(srv);
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

	round_trip(first, "first");
	second = peer_connect(srv);
	third = peer_connect(srv);
	peer_send(third, "third", 5);
	peer_send(second, "second", 6);
	round_trip(first, "first again");
	early = (struct pollfd){ .fd = peer_fd(second), .events = POLLIN };
	judge_check(poll(&early, 1, 200) == 0,
		    "the second client to wait for the end of the first",
		    "it was served beside it");

	peer_close(first);
	peer_expectf(second, "second");
	round_trip(second, "second again");
	peer_reset(second);
	peer_expectf(third, "third");
	peer_half_close(third);
	peer_expect_eof(third);
	prog_stop(srv);
}
