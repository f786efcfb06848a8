/* SPDX-License-Identifier: MIT */
/* The given echo-client stands on io.c: standard input comes back. */
#include <stdlib.h>

#include "lab01.h"

GRADED(client, large_input_comes_back)
{
	const struct chaos chaos = { .short_read = 20,
				     .short_write = 20,
				     .eintr = 20 };
	const struct prog_opts opts = { .chaos = &chaos,
					.no_listen = true,
					.keep_stdin = true };
	struct prog *srv = echo_server("iterative");
	struct prog *client =
		prog_start_opts(&opts, "echo-client", prog_address(srv));
	const size_t len = 8 << 20;
	char *data = judge_bytes(len);

	prog_input_bytes(client, data, len);
	prog_close_stdin(client);
	prog_expect_output(client, data, len);
	prog_expect_exit(client, 0);
	prog_stop(srv);
}
