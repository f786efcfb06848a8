/* SPDX-License-Identifier: MIT */
/* All of it at once; not part of a handout. */
#include "../lab02.h"

GRADED(hidden, traffic_with_faults)
{
	const struct chaos chaos = { .short_read = 30,
				     .short_write = 30,
				     .eagain = 50,
				     .econnaborted = 10,
				     .emfile = 10 };
	const struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv = spin_server_opts(&opts, NULL, NULL);

	for (int i = 0; i < 3; i++)
		echo_traffic(srv);
	prog_stop(srv);
}

static struct prog *start(const char *clients)
{
	return spin_server_with("--clients", clients);
}

GRADED(hidden, stops_at_any_moment)
{
	for (int i = 0; i < 10; i++)
		echo_stops_any_time(start, i % 2 ? "2" : "100");
}
