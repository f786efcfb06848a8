/* SPDX-License-Identifier: MIT */
/* All of it at once; not part of a handout. */
#include "../lab01.h"

GRADED(hidden, traffic_with_faults)
{
	const struct chaos chaos = { .short_read = 30,
				     .short_write = 30,
				     .eintr = 30,
				     .econnaborted = 10 };
	const struct prog_opts opts = { .chaos = &chaos };

	for (int m = 1; m < 3; m++) {
		struct prog *srv = echo_server_opts(&opts, all_modes[m]);

		echo_traffic(srv);
		prog_stop(srv);
	}
}

GRADED(hidden, stuck_side_by_side)
{
	for (int m = 1; m < 3; m++) {
		struct prog *srv = echo_server(all_modes[m]);

		echo_stuck(srv);
		prog_stop(srv);
	}
}

static struct prog *start_with(const struct prog_opts *opts, const char *mode)
{
	return echo_server_opts(opts, mode, "--max-clients", "2");
}

static struct prog *start_with_room_for_two(const char *mode)
{
	return start_with(&(struct prog_opts){ 0 }, mode);
}

GRADED(hidden, stops_at_any_moment)
{
	for (int m = 0; m < 3; m++)
		echo_stops_in_the_gap(start_with, all_modes[m]);
	for (int i = 0; i < 15; i++)
		echo_stops_any_time(start_with_room_for_two, all_modes[i % 3]);
}
