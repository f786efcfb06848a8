/* SPDX-License-Identifier: MIT */
/* Tasks 1 and 2: io.c, by way of tests/drivers/io-driver.c. */
#include <string.h>

#include "judge.h"

/* The driver on one connection, with faults or without. */
struct io {
	struct prog *prog;
	struct peer *peer;
};

static struct io io_start(const struct chaos *chaos)
{
	const struct prog_opts opts = { .chaos = chaos, .keep_stdin = true };
	struct io io;

	io.prog = prog_start_opts(&opts, "drivers/io-driver");
	io.peer = peer_connect(io.prog);
	return io;
}

GRADED(io, read_full_gathers)
{
	const struct chaos chaos = { .short_read = 60 };
	struct io io = io_start(&chaos);

	prog_input(io.prog, "read_full 26");
	peer_send_bytewise(io.peer, "abcdefgh", 8);
	peer_send(io.peer, "ijklmnopqrstuvwxyz0123", 22);
	prog_expect_line(io.prog, "26 abcdefghijklmnopqrstuvwxyz");
	prog_input(io.prog, "read_full 4");
	prog_expect_line(io.prog, "4 0123");
	prog_stop(io.prog);
}
