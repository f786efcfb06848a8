/* SPDX-License-Identifier: MIT */
/* Task 1: io.c, by way of tests/drivers/io-driver.c. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io_play.h"

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
	struct io io;

	judge_promise("Reads LEN bytes into BUF, in as many reads");
	io = io_start(&chaos);
	prog_input(io.prog, "read_full 26");
	peer_send_bytewise(io.peer, "abcdefgh", 8);
	peer_send(io.peer, "ijklmnopqrstuvwxyz0123", 22);
	prog_expect_line(io.prog, "26 abcdefghijklmnopqrstuvwxyz");
	prog_input(io.prog, "read_full 4");
	prog_expect_line(io.prog, "4 0123");

	/* read_some() takes what is there and does not wait for more. */
	judge_promise("Reads what is there, 1 to LEN bytes");
	prog_input(io.prog, "read_some 100");
	peer_send(io.peer, "x", 1);
	prog_expect_line(io.prog, "1 x");
	judge_promise("Reads LEN bytes into BUF, in as many reads");
	many_in_few_calls(&io);
	io_end(&io);
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
	uint64_t some, full;

	judge_promise("Returns the number of bytes; 0 if the stream");
	some = reads_for(io, "read_some");
	judge_promise("Reads LEN bytes into BUF, in as many reads");
	full = reads_for(io, "read_full");
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
	judge_promise("Returns LEN; fewer, 0 included, only if");
	prog_input(io.prog, "read_full 3");
	peer_send(io.peer, "one", 3);
	prog_expect_line(io.prog, "3 one");
	prog_input(io.prog, "read_full 10");
	peer_send(io.peer, "two", 3);
	peer_half_close(io.peer);
	prog_expect_line(io.prog, "3 two");
	prog_input(io.prog, "read_full 10");
	prog_expect_line(io.prog, "0");
	judge_promise("Returns the number of bytes; 0 if the stream");
	prog_input(io.prog, "read_some 10");
	prog_expect_line(io.prog, "0");
	io_end(&io);
}

GRADED(io, read_survives_signals)
{
	static const char *const verbs[] = { "read_some", "read_full" };
	const struct chaos chaos = { .eintr = 50 };
	struct io io;

	judge_promise("The same as read(2), but a signal does not");
	io = io_start(&chaos);
	for (int i = 0; i < 30; i++) {
		prog_input(io.prog, "%s 3", verbs[i % 2]);
		prog_signal(io.prog, SIGUSR1);
		prog_signal(io.prog, SIGUSR1);
		peer_send(io.peer, "abc", 3);
		prog_expect_line(io.prog, "3 abc");
	}
	io_end(&io);
}

/* The connection breaks when some of the bytes have moved. */
static void broken_in_the_middle(void)
{
	const size_t len = 16 << 20;
	struct io io = io_start(NULL);
	const char *line;

	judge_checking("io_error_behind_bytes");
	judge_promise("-1 with read(2)'s errno (never EINTR)");
	begin_to(&io, "read_full 4");
	feed(&io, "ab");
	peer_reset(io.peer);
	prog_expect_line(io.prog, "-1 ECONNRESET");
	io_end(&io);

	io = io_start(NULL);
	judge_promise("-1 with write(2)'s errno (never EINTR)");
	prog_input(io.prog, "write_full %zu", len);
	judge_until(prog_calls(io.prog, "write") > 0, "the driver writes");
	peer_reset(io.peer);
	line = prog_line(io.prog);
	judge_check(!strcmp(line, "-1 ECONNRESET") || !strcmp(line, "-1 EPIPE"),
		    "\"-1 ECONNRESET\" or \"-1 EPIPE\"", "\"%s\"", line);
	judge_checking("io_leaves_alone");
	judge_promise("These functions leave that setting alone");
	prog_ask(io.prog, "as it was", "sigpipe");
	judge_promise("No function here closes it.");
	prog_ask(io.prog, "closed", "hang_up");
	judge_checking(NULL);
	io_end(&io);
}

/*
 * Whatever read(2) or write(2) says, at once or behind a byte. EAGAIN is one of
 * them: it ends the time that a blocking socket has by SO_RCVTIMEO or SO_SNDTIMEO
 * (socket(7)). The bytes are there all the while, and there is room.
 */
static void any_error(void)
{
	struct io io = io_start(NULL);

	judge_checking("io_any_error");
	for (int error = 1; error <= EHWPOISON; error++) {
		if (!is_an_error(error))
			continue;
		peer_send(io.peer, "abcd", 4);
		judge_promise("-1 with read(2)'s errno, which is never");
		ask_failing(&io, error, 0, "read_some 4");
		judge_promise("-1 with read(2)'s errno (never EINTR)");
		ask_failing(&io, error, 0, "read_full 4");
		ask_failing(&io, error, 1, "read_full 4");
		prog_ask(io.prog, "3 bcd", "read_full 3");
		judge_promise("-1 with write(2)'s errno (never EINTR)");
		ask_failing(&io, error, 0, "write_full 4");
		ask_failing(&io, error, 1, "write_full 4");
	}
	judge_checking(NULL);
	io_end(&io);
}

GRADED(io, errors_are_told)
{
	struct io io;

	judge_promise("An error is -1 and the system's errno");
	io = io_start(NULL);
	prog_input(io.prog, "read_some 2");
	peer_send(io.peer, "ok", 2);
	prog_expect_line(io.prog, "2 ok");
	judge_promise("-1 with read(2)'s errno (never EINTR)");
	prog_input(io.prog, "read_full 4");
	peer_reset(io.peer);
	prog_expect_line(io.prog, "-1 ECONNRESET");
	judge_promise("-1 with write(2)'s errno (never EINTR)");
	prog_input(io.prog, "write_full 10");
	prog_expect_line(io.prog, "-1 EPIPE");
	judge_checking("io_leaves_alone");
	judge_promise("No function here closes it.");
	prog_input(io.prog, "hang_up");
	prog_expect_line(io.prog, "closed");
	judge_checking(NULL);
	judge_promise("-1 with read(2)'s errno, which is never");
	prog_input(io.prog, "read_some 4");
	prog_expect_line(io.prog, "-1 EBADF");
	io_end(&io);
	broken_in_the_middle();
	any_error();
}

/*
 * What write_full() has returned for LEN bytes, all of which came. The driver
 * says so instead if a call of write(2) was not for all that was left.
 */
static void expect_written(struct io *io, size_t len)
{
	char expected[40];
	const char *line, *want = expected + strlen("the answer ");

	snprintf(expected, sizeof(expected), "the answer %zu", len);
	judge_promise("Returns LEN; -1 with write(2)'s errno");
	line = prog_line_for(io->prog, expected);
	if (!strcmp(line, "asked for another number")) {
		judge_checking(NULL);
		judge_promise("Writes the LEN bytes at BUF");
	}
	judge_check(!strcmp(line, want), expected, "%s", line);
	judge_promise("Writes the LEN bytes at BUF");
}

/* More bytes than an int can count, and than one write(2) takes. */
static void counts_beyond_int(void)
{
	static const size_t lens[] = { 2147483649, 4294967297 };
	struct io io = io_start(NULL);

	judge_checking("io_counts_beyond_int");
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		prog_input(io.prog, "write_null %zu", lens[i]);
		expect_written(&io, lens[i]);
	}
	judge_checking(NULL);
	io_end(&io);
}

GRADED(io, write_full_writes_all)
{
	const struct chaos chaos = { .short_write = 60 };
	const size_t len = 1 << 20;
	char *want = pattern(len);
	uint64_t before;
	struct io io;

	judge_promise("Writes the LEN bytes at BUF");
	io = io_start(&chaos);
	before = prog_calls(io.prog, "write");
	prog_input(io.prog, "write_full 6000");
	peer_expect(io.peer, want, 6000);
	expect_written(&io, 6000);
	expect_few(io.prog, "write", before);
	prog_input(io.prog, "write_full %zu", len);
	peer_expect(io.peer, want, len);
	expect_written(&io, len);
	judge_promise("`write_full` with nothing to write returns 0.");
	prog_input(io.prog, "write_full 0");
	prog_expect_line(io.prog, "0");
	judge_promise("Writes the LEN bytes at BUF");
	prog_input(io.prog, "write_full 9");
	expect_written(&io, 9);
	peer_expect(io.peer, want, 9);
	io_end(&io);
	free(want);
	counts_beyond_int();
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
