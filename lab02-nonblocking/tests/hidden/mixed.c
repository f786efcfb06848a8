/* SPDX-License-Identifier: MIT */
/* All of it at once; not part of a handout. */
#include "../lab02.h"

GRADED(hidden, stuck_side_by_side)
{
	struct prog *srv = spin_server_with("--ceiling", "30000");

	echo_stuck(srv);
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
