/* SPDX-License-Identifier: MIT */
/* All of it at once; not part of a handout. */
#include <stdlib.h>

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
