/* SPDX-License-Identifier: MIT */
/* io_play - tests/drivers/io-driver.c, as the tests drive it. */
#ifndef LAB01_IO_PLAY_H
#define LAB01_IO_PLAY_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

/* The driver with its one connection, with faults or without. */
struct io {
	struct prog *prog;
	struct peer *peer;
};

static inline struct io io_start(const struct chaos *chaos)
{
	const struct prog_opts opts = { .chaos = chaos,
					.count_calls = true,
					.keep_stdin = true };
	struct io io;

	io.prog = prog_start_opts(&opts, "drivers/io-driver");
	io.peer = peer_connect(io.prog);
	return io;
}

static inline void io_end(struct io *io)
{
	prog_finish(io->prog);
}

/*
 * What was called for some thousand bytes that were all there: a call for each
 * byte is not how to do it. The driver reads its commands, too.
 */
static inline void expect_few(struct prog *p, const char *function,
			      uint64_t before)
{
	uint64_t calls = prog_calls(p, function) - before;

	judge_check(calls <= 200, "a few calls, and not one for each byte",
		    "%llu calls of %s(2)", (unsigned long long)calls, function);
}

/* Tells the driver to read, and waits until it does. */
static inline void begin_to(struct io *io, const char *command)
{
	uint64_t before = prog_calls(io->prog, "read");

	prog_input(io->prog, "%s", command);
	judge_until(prog_calls(io->prog, "read") > before, "the driver reads");
}

/* Sends TEXT to a driver that reads, and waits until it reads on behind it. */
static inline void feed(struct io *io, const char *text)
{
	uint64_t before = prog_calls(io->prog, "read");

	peer_send(io->peer, text, strlen(text));
	judge_until(prog_calls(io->prog, "read") > before,
		    "the driver reads on");
}

/*
 * In the next command CALLS calls of read(2) or write(2) move a byte each and the
 * one behind them fails with ERROR: that is what COMMAND returns.
 */
static inline void ask_failing(struct io *io, int error, int calls,
			       const char *command)
{
	char want[40];

	snprintf(want, sizeof(want), "-1 %s", strerrorname_np(error));
	prog_ask(io->prog, "ok", "fail %d %d", error, calls);
	prog_ask(io->prog, want, "%s", command);
}

/* What read(2) and write(2) may say, but for EINTR; sockets and files differ. */
static inline bool is_an_error(int error)
{
	return strerrorname_np(error) && error != EINTR;
}

/* What the driver writes: see its head. */
static inline void *pattern(size_t len)
{
	unsigned char *data = malloc(len);

	if (!data)
		judge_infra("%zu bytes", len);
	for (size_t i = 0; i < len; i++)
		data[i] = i % 251;
	return data;
}

#endif
