/* SPDX-License-Identifier: MIT */
/* All of it at once; not part of a handout. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "../lab01.h"

#define CLIENTS 8

static void some_traffic(struct peer *c[CLIENTS])
{
	char *data[CLIENTS];
	size_t len[CLIENTS];

	for (int i = 0; i < CLIENTS; i++) {
		len[i] = judge_random_between(1, 30000);
		data[i] = judge_bytes(len[i]);
		peer_send(c[i], data[i], len[i]);
	}
	for (int i = CLIENTS; i--;)
		peer_expect(c[i], data[i], len[i]);
}

GRADED(hidden, traffic_with_faults)
{
	const struct chaos chaos = { .short_read = 30,
				     .short_write = 30,
				     .eintr = 30,
				     .econnaborted = 10 };
	const struct prog_opts opts = { .chaos = &chaos };

	for (int m = 1; m < 3; m++) {
		struct prog *srv = echo_server_opts(&opts, all_modes[m]);
		struct peer *c[CLIENTS];

		for (int i = 0; i < CLIENTS; i++)
			c[i] = peer_connect(srv);
		for (int round = 0; round < 5; round++)
			some_traffic(c);
		peer_reset(c[0]);
		for (int i = 1; i < CLIENTS; i++) {
			peer_half_close(c[i]);
			peer_expect_eof(c[i]);
		}
		prog_stop(srv);
	}
}

/*
 * Sends from DATA until nothing is taken any more: the server has all buffers
 * full and is stuck in the middle of a write. The number of bytes sent.
 */
static size_t send_until_stuck(struct peer *c, const char *data, size_t len)
{
	struct pollfd room = { .fd = peer_fd(c), .events = POLLOUT };
	size_t done = 0;
	ssize_t n;

	while (done < len && poll(&room, 1, 200) == 1) {
		n = send(peer_fd(c), data + done, len - done,
			 MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			done += n;
		else if (errno != EAGAIN)
			break;
	}
	judge_step("a client sends %zu bytes without reading any", done);
	return done;
}

GRADED(hidden, stuck_side_by_side)
{
	const size_t len = 16 << 20;
	const char *data = judge_bytes(len);

	for (int m = 1; m < 3; m++) {
		struct prog *srv = echo_server(all_modes[m]);
		struct peer *c[3];
		size_t sent[3];

		for (int i = 0; i < 3; i++) {
			c[i] = peer_connect_small(srv, 32768);
			sent[i] = send_until_stuck(c[i], data + 1000 * i,
						   len - 1000 * i);
		}
		for (int i = 0; i < 3; i++) {
			peer_half_close(c[i]);
			peer_expect(c[i], data + 1000 * i, sent[i]);
			peer_expect_eof(c[i]);
		}
		prog_stop(srv);
	}
}

/* SIGTERM at a random moment: the shorter the step, the likelier the gap. */
GRADED(hidden, stops_at_any_moment)
{
	for (int i = 0; i < 15; i++) {
		struct prog *srv = prog_start("echo-server", "--mode",
					      all_modes[i % 3], "--listen",
					      "127.0.0.1:0", "--max-clients",
					      "2");
		size_t clients = judge_random_between(0, 4);

		for (size_t k = 0; k < clients; k++) {
			struct peer *c = peer_connect(srv);

			peer_send(c, "hello", 5);
			if (judge_random() % 4 == 0)
				peer_close(c);
		}
		prog_stop(srv);
	}
}
