/* SPDX-License-Identifier: MIT */
/* Task 2, lines, and what io.c says when something breaks in the middle. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io_play.h"

/* The answer of read_line(). That it is never EINTR is a promise of its own. */
static void expect_line(struct io *io, const char *want)
{
	char expected[80];
	const char *line;

	snprintf(expected, sizeof(expected), "the answer %s", want);
	line = prog_line_for(io->prog, expected);
	if (!strcmp(line, "-1 EINTR"))
		judge_promise("else what read(2) says; never EINTR");
	judge_check(!strcmp(line, want), expected, "%s", line);
}

static void expect_read_line(struct io *io, int size, const char *want)
{
	prog_input(io->prog, "read_line %d", size);
	expect_line(io, want);
}

/* A reader that is made anew has nothing left of its former life. */
static void read_ahead_is_forgotten(void)
{
	struct io io = io_start(NULL);

	judge_checking("line_reader_anew");
	judge_promise(NULL);
	peer_send(io.peer, "one\ntwo\n", 8);
	expect_read_line(&io, 64, "4 one\\n");
	prog_ask(io.prog, "so be it", "anew");
	peer_send(io.peer, "three\n", 6);
	expect_read_line(&io, 64, "6 three\\n");
	judge_checking(NULL);
	io_end(&io);
}

/* The connection breaks within a line, of which BEGUN was read by COMMAND. */
static void broken_in_a_line(const char *check, const char *command,
			     const char *begun)
{
	struct io io = io_start(NULL);

	judge_checking(check);
	judge_promise(NULL);
	begin_to(&io, command);
	feed(&io, begun);
	peer_reset(io.peer);
	prog_expect_line(io.prog, "-1 ECONNRESET");
	judge_checking(NULL);
	io_end(&io);
}

/* It breaks between two lines; what was handed out is not handed out again. */
static void broken_between_lines(void)
{
	struct io io = io_start(NULL);

	judge_checking("line_after_an_error");
	judge_promise(NULL);
	peer_send(io.peer, "one\n", 4);
	expect_read_line(&io, 64, "4 one\\n");
	peer_reset(io.peer);
	expect_read_line(&io, 64, "-1 ECONNRESET");
	expect_read_line(&io, 64, "0");
	judge_checking(NULL);
	io_end(&io);
}

/* Whatever read(2) says, before a line or within it. */
static void any_error_in_a_line(void)
{
	struct io io = io_start(NULL);

	judge_checking("line_any_error");
	judge_promise(NULL);
	for (int error = 1; error <= EHWPOISON; error++) {
		if (!is_an_error(error))
			continue;
		peer_send(io.peer, "abcd\n", 5);
		ask_failing(&io, error, 0, "read_line 64");
		ask_failing(&io, error, 1, "read_line 64");
		/* What has become of the line's begin is not told. */
		prog_ask(io.prog, "so be it", "anew");
		expect_read_line(&io, 64, "4 bcd\\n");
	}
	judge_checking(NULL);
	io_end(&io);
}

GRADED(io, read_line_cuts_the_stream)
{
	const struct chaos chaos = { .short_read = 30, .eintr = 30 };
	struct io io = io_start(&chaos);

	judge_promise("Reads the next line into LINE, SIZE bytes");
	peer_send(io.peer, "one\ntwo\n\nthree\nfo", 17);
	expect_read_line(&io, 64, "4 one\\n");
	expect_read_line(&io, 64, "4 two\\n");
	expect_read_line(&io, 64, "1 \\n");
	expect_read_line(&io, 64, "6 three\\n");
	prog_input(io.prog, "read_line 64");
	prog_signal(io.prog, SIGUSR1);
	peer_send_bytewise(io.peer, "ur\n", 3);
	expect_line(&io, "5 four\\n");
	judge_promise("A line may hold any byte, NUL too");
	peer_send(io.peer, "a\0b\nlast", 8);
	expect_read_line(&io, 64, "4 a\\x00b\\n");
	judge_promise("If the stream ends within a line");
	peer_half_close(io.peer);
	expect_read_line(&io, 64, "4 last");
	judge_promise("Returns the number of bytes, newline included");
	expect_read_line(&io, 64, "0");
	io_end(&io);
	read_ahead_is_forgotten();
	/* That is no last line. */
	broken_in_a_line("line_error", "read_line 64", "half a line");
	broken_between_lines();
	any_error_in_a_line();
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
	judge_promise("A line may be longer than `LINE_READER_SIZE`");
	peer_send(io->peer, line, 6001);
	prog_input(io->prog, "read_line 6002");
	judge_check(!strcmp(prog_line(io->prog), want),
		    "the line of 6000 y and a newline", "something else");
	judge_checking("line_in_few_calls");
	judge_promise(NULL);
	expect_few(io->prog, "read", before);
	judge_checking(NULL);
	free(line);
	free(want);
}

/* A line that comes in pieces, the first of which fills the buffer or nearly. */
static void too_long_in_pieces(struct io *io)
{
	static const char *const pieces[] = { "123", "1234567", "12345678",
					      "123456789" };

	judge_promise("EMSGSIZE the line is longer: all of it");
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		begin_to(io, "read_line 8");
		feed(io, pieces[i]);
		peer_send(io->peer, "abcdefghij\n", 11);
		prog_expect_line(io->prog, "-1 EMSGSIZE");
	}
	judge_promise("Reads the next line into LINE, SIZE bytes");
	begin_to(io, "read_line 8");
	feed(io, "123456");
	peer_send(io->peer, "\n", 1);
	prog_expect_line(io->prog, "7 123456\\n");
}

/* The last line has no newline, and is too long all the same. */
static void too_long_at_the_end(void)
{
	struct io io = io_start(NULL);

	judge_checking("line_too_long_at_the_end");
	judge_promise(NULL);
	begin_to(&io, "read_line 8");
	feed(&io, "123456789");
	peer_half_close(io.peer);
	prog_expect_line(io.prog, "-1 EMSGSIZE");
	expect_read_line(&io, 8, "0");
	judge_checking(NULL);
	io_end(&io);
}

GRADED(io, read_line_too_long)
{
	struct io io = io_start(NULL);
	char xs[10001];

	judge_promise("Reads the next line into LINE, SIZE bytes");
	peer_send(io.peer, "123456\n", 7);
	expect_read_line(&io, 8, "7 123456\\n");
	peer_send(io.peer, "1234567\nok\n", 11);
	expect_read_line(&io, 8, "-1 EMSGSIZE");
	/* What follows is there already. */
	judge_promise("Only `-1, EMSGSIZE` may lose bytes");
	expect_read_line(&io, 8, "3 ok\\n");
	long_line_that_fits(&io);
	judge_promise("EMSGSIZE the line is longer: all of it");
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
	judge_promise("If the stream ends within a line");
	peer_send(io.peer, "1234567", 7);
	peer_half_close(io.peer);
	expect_read_line(&io, 8, "7 1234567");
	judge_promise("Returns the number of bytes, newline included");
	expect_read_line(&io, 8, "0");
	judge_promise("else what read(2) says; never EINTR");
	prog_input(io.prog, "hang_up");
	prog_expect_line(io.prog, "closed");
	expect_read_line(&io, 8, "-1 EBADF");
	io_end(&io);
	too_long_at_the_end();
	/* Too long already: the error is told all the same. */
	broken_in_a_line("line_too_long_and_broken", "read_line 8",
			 "123456789");
}
