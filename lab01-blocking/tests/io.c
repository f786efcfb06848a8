/* SPDX-License-Identifier: MIT */
/* Tasks 1 and 2: io.c, by way of tests/drivers/io-driver.c. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

/* The driver with its one connection, with faults or without. */
struct io {
	struct prog *prog;
	struct peer *peer;
};

static struct io io_start(const struct chaos *chaos)
{
	const struct prog_opts opts = { .chaos = chaos,
					.count_calls = true,
					.keep_stdin = true };
	struct io io;

	io.prog = prog_start_opts(&opts, "drivers/io-driver");
	io.peer = peer_connect(io.prog);
	return io;
}

static void io_end(struct io *io)
{
	prog_finish(io->prog);
}

/*
 * What was called for some thousand bytes that were all there: a call for each
 * byte is not how to do it. The driver reads its commands, too.
 */
static void expect_few(struct prog *p, const char *function, uint64_t before)
{
	uint64_t calls = prog_calls(p, function) - before;

	judge_check(calls <= 200, "a few calls, and not one for each byte",
		    "%llu calls of %s(2)", (unsigned long long)calls, function);
}

/* The bytes are there before they are asked for. */
static void many_in_few_calls(struct io *io)
{
	uint64_t before = prog_calls(io->prog, "read");
	char many[6001], want[6010];

	memset(many, 'm', 6000);
	many[6000] = '\0';
	sprintf(want, "6000 %s", many);
	peer_send(io->peer, many, 6000);
	prog_input(io->prog, "read_full 6000");
	judge_check(!strcmp(prog_line(io->prog), want), "6000 times m",
		    "something else");
	expect_few(io->prog, "read", before);
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

	/* read_some() takes what is there and does not wait for more. */
	prog_input(io.prog, "read_some 100");
	peer_send(io.peer, "x", 1);
	prog_expect_line(io.prog, "1 x");
	many_in_few_calls(&io);
	io_end(&io);
}

/* Tells the driver to read, and waits until it does. */
static void begin_to(struct io *io, const char *command)
{
	uint64_t before = prog_calls(io->prog, "read");

	prog_input(io->prog, "%s", command);
	judge_until(prog_calls(io->prog, "read") > before, "the driver reads");
}

/* Sends TEXT to a driver that reads, and waits until it reads on behind it. */
static void feed(struct io *io, const char *text)
{
	uint64_t before = prog_calls(io->prog, "read");

	peer_send(io->peer, text, strlen(text));
	judge_until(prog_calls(io->prog, "read") > before, "the driver reads "
							   "on");
}

/* How often it calls read(2) for VERB of four bytes that are all there. */
static uint64_t reads_for(struct io *io, const char *verb)
{
	uint64_t before = prog_calls(io->prog, "read");

	peer_send(io->peer, "abcd", 4);
	prog_ask(io->prog, "4 abcd", "%s 4", verb);
	return prog_calls(io->prog, "read") - before;
}

/* What follows is left alone, also if it is there before the rest is read. */
static void takes_no_more(struct io *io)
{
	uint64_t some = reads_for(io, "read_some");
	uint64_t full = reads_for(io, "read_full");

	judge_check(full <= some, "no call of read once all bytes are there",
		    "%llu too many", (unsigned long long)(full - some));
	begin_to(io, "read_full 4");
	feed(io, "ab");
	peer_send(io->peer, "cdefgh", 6);
	prog_expect_line(io->prog, "4 abcd");
	prog_ask(io->prog, "4 efgh", "read_full 4");
}

GRADED(io, read_full_stops_at_the_end)
{
	struct io io = io_start(NULL);

	takes_no_more(&io);
	prog_input(io.prog, "read_full 3");
	peer_send(io.peer, "one", 3);
	prog_expect_line(io.prog, "3 one");
	prog_input(io.prog, "read_full 10");
	peer_send(io.peer, "two", 3);
	peer_half_close(io.peer);
	prog_expect_line(io.prog, "3 two");
	prog_input(io.prog, "read_full 10");
	prog_expect_line(io.prog, "0");
	prog_input(io.prog, "read_some 10");
	prog_expect_line(io.prog, "0");
	io_end(&io);
}

GRADED(io, read_survives_signals)
{
	static const char *const verbs[] = { "read_some", "read_full" };
	const struct chaos chaos = { .eintr = 50 };
	struct io io = io_start(&chaos);

	for (int i = 0; i < 30; i++) {
		prog_input(io.prog, "%s 3", verbs[i % 2]);
		prog_signal(io.prog, SIGUSR1);
		prog_signal(io.prog, SIGUSR1);
		peer_send(io.peer, "abc", 3);
		prog_expect_line(io.prog, "3 abc");
	}
	io_end(&io);
}

GRADED(io, errors_are_told)
{
	struct io io = io_start(NULL);

	prog_input(io.prog, "read_some 2");
	peer_send(io.peer, "ok", 2);
	prog_expect_line(io.prog, "2 ok");
	prog_input(io.prog, "read_full 4");
	peer_reset(io.peer);
	prog_expect_line(io.prog, "-1 ECONNRESET");
	prog_input(io.prog, "write_full 10");
	prog_expect_line(io.prog, "-1 EPIPE");
	prog_input(io.prog, "hang_up");
	prog_expect_line(io.prog, "closed");
	prog_input(io.prog, "read_some 4");
	prog_expect_line(io.prog, "-1 EBADF");
	io_end(&io);
}

/* What the driver writes: see its head. */
static void *pattern(size_t len)
{
	unsigned char *data = malloc(len);

	if (!data)
		judge_infra("%zu bytes", len);
	for (size_t i = 0; i < len; i++)
		data[i] = i % 251;
	return data;
}

GRADED(io, write_full_writes_all)
{
	const struct chaos chaos = { .short_write = 60 };
	struct io io = io_start(&chaos);
	const size_t len = 1 << 20;
	char *want = pattern(len);
	uint64_t before;

	before = prog_calls(io.prog, "write");
	prog_input(io.prog, "write_full 6000");
	peer_expect(io.peer, want, 6000);
	prog_expect_line(io.prog, "6000");
	expect_few(io.prog, "write", before);
	prog_input(io.prog, "write_full %zu", len);
	peer_expect(io.peer, want, len);
	prog_expect_line(io.prog, "%zu", len);
	prog_input(io.prog, "write_full 0");
	prog_expect_line(io.prog, "0");
	prog_input(io.prog, "write_full 9");
	prog_expect_line(io.prog, "9");
	peer_expect(io.peer, want, 9);
	io_end(&io);
	free(want);
}

/*
 * More than the buffers hold, so that the driver blocks in the middle, and a
 * signal makes its write(2) return a short count or EINTR.
 */
GRADED(io, write_full_survives_signals)
{
	const struct chaos chaos = { .eintr = 50 };
	struct io io = io_start(&chaos);
	const size_t len = 16 << 20, piece = len / 32;
	char *want = pattern(len);

	prog_input(io.prog, "write_full %zu", len);
	for (size_t i = 0; i < len; i += piece) {
		prog_signal(io.prog, SIGUSR1);
		peer_expect(io.peer, want + i, piece);
		prog_signal(io.prog, SIGUSR1);
	}
	prog_expect_line(io.prog, "%zu", len);
	io_end(&io);
	free(want);
}

static void expect_read_line(struct io *io, int size, const char *want)
{
	prog_input(io->prog, "read_line %d", size);
	prog_expect_line(io->prog, "%s", want);
}

GRADED(io, read_line_cuts_the_stream)
{
	const struct chaos chaos = { .short_read = 30, .eintr = 30 };
	struct io io = io_start(&chaos);

	peer_send(io.peer, "one\ntwo\n\nthree\nfo", 17);
	expect_read_line(&io, 64, "4 one\\n");
	expect_read_line(&io, 64, "4 two\\n");
	expect_read_line(&io, 64, "1 \\n");
	expect_read_line(&io, 64, "6 three\\n");
	prog_input(io.prog, "read_line 64");
	prog_signal(io.prog, SIGUSR1);
	peer_send_bytewise(io.peer, "ur\n", 3);
	prog_expect_line(io.prog, "5 four\\n");
	peer_send(io.peer, "a\0b\nlast", 8);
	expect_read_line(&io, 64, "4 a\\x00b\\n");
	peer_half_close(io.peer);
	expect_read_line(&io, 64, "4 last");
	expect_read_line(&io, 64, "0");
	io_end(&io);
}

/* A line longer than what is read ahead, but not than the buffer. */
static void long_line_that_fits(struct io *io)
{
	char *line = malloc(6001), *want = malloc(6020);
	uint64_t before = prog_calls(io->prog, "read");

	if (!line || !want)
		judge_infra("memory");
	memset(line, 'y', 6000);
	line[6000] = '\n';
	sprintf(want, "6001 %.6000s\\n", line);
	peer_send(io->peer, line, 6001);
	prog_input(io->prog, "read_line 6002");
	judge_check(!strcmp(prog_line(io->prog), want),
		    "the line of 6000 y and a newline", "something else");
	expect_few(io->prog, "read", before);
	free(line);
	free(want);
}

/* A line that comes in pieces, the first of which fills the buffer or nearly. */
static void too_long_in_pieces(struct io *io)
{
	static const char *const pieces[] = { "123", "1234567", "12345678",
					      "123456789" };

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		begin_to(io, "read_line 8");
		feed(io, pieces[i]);
		peer_send(io->peer, "abcdefghij\n", 11);
		prog_expect_line(io->prog, "-1 EMSGSIZE");
	}
	begin_to(io, "read_line 8");
	feed(io, "123456");
	peer_send(io->peer, "\n", 1);
	prog_expect_line(io->prog, "7 123456\\n");
}

GRADED(io, read_line_too_long)
{
	struct io io = io_start(NULL);
	char xs[10001];

	peer_send(io.peer, "123456\n", 7);
	expect_read_line(&io, 8, "7 123456\\n");
	peer_send(io.peer, "1234567\nok\n", 11);
	expect_read_line(&io, 8, "-1 EMSGSIZE");
	expect_read_line(&io, 8, "3 ok\\n");
	long_line_that_fits(&io);
	memset(xs, 'x', sizeof(xs));
	xs[10000] = '\n';
	prog_input(io.prog, "read_line 100");
	peer_send(io.peer, xs, sizeof(xs));
	prog_expect_line(io.prog, "-1 EMSGSIZE");
	peer_send(io.peer, "next\n", 5);
	expect_read_line(&io, 8, "5 next\\n");
	/* All that was read ahead is used up: what follows comes alone. */
	too_long_in_pieces(&io);
	prog_input(io.prog, "read_line 8");
	peer_send(io.peer, "\n", 1);
	prog_expect_line(io.prog, "1 \\n");
	peer_send(io.peer, "1234567", 7);
	peer_half_close(io.peer);
	expect_read_line(&io, 8, "7 1234567");
	expect_read_line(&io, 8, "0");
	prog_input(io.prog, "hang_up");
	prog_expect_line(io.prog, "closed");
	expect_read_line(&io, 8, "-1 EBADF");
	io_end(&io);
}
