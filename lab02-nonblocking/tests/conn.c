/* SPDX-License-Identifier: MIT */
/* Tasks 1 and 3: what is read, and the end, by way of conn-driver. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"
#include "conn_start.h"

GRADED(conn, reads_what_is_there)
{
	struct conn_test t = conn_start("1000");

	judge_promise("Makes *C the connection on FD, a connected");
	expect_show(t.prog, "in 0 out 0 r- open");
	judge_promise("One recv(2) of at most CONN_CHUNK bytes");
	peer_send(t.peer, "hello", 5);
	prog_ask(t.prog, "ready", "await 5");
	prog_ask(t.prog, "5", "read");
	expect_show(t.prog, "in 5 out 0 r- open");
	/* Those that came now, not all that are there. */
	judge_promise("Returns the number of bytes;");
	peer_send(t.peer, " again", 6);
	prog_ask(t.prog, "ready", "await 6");
	prog_ask(t.prog, "6", "read");
	judge_promise("One recv(2) of at most CONN_CHUNK bytes");
	prog_ask(t.prog, "11 hello again", "take");
	expect_show(t.prog, "in 0 out 0 r- open");
	conn_end(&t);
}

GRADED(conn, eagain_is_not_an_error)
{
	struct conn_test t = conn_start("1000");

	judge_promise("EAGAIN nothing there now; nothing is wrong");
	ask_at_once(t.prog, "-1 EAGAIN", "read");
	judge_promise("CONN_DRAINED the socket is empty: wait until");
	ask_at_once(t.prog, "drained", "drain 100");
	judge_promise("EAGAIN nothing there now; nothing is wrong");
	expect_show(t.prog, "in 0 out 0 r- open");
	judge_promise("CONN_DRAINED the socket is empty: wait until");
	peer_send(t.peer, "hello", 5);
	prog_ask(t.prog, "ready", "await 5");
	ask_at_once(t.prog, "drained", "drain 100");
	expect_show(t.prog, "in 5 out 0 r- open");
	judge_promise("EAGAIN nothing there now; nothing is wrong");
	ask_at_once(t.prog, "-1 EAGAIN", "read");
	prog_ask(t.prog, "5 hello", "take");
	conn_end(&t);
}

GRADED(conn, holds_no_memory_when_idle)
{
	struct conn_test t = conn_start("100000");
	const char *held;

	judge_promise("That 0 gives the memory back");
	prog_ask(t.prog, "-1 EAGAIN", "read");
	prog_ask(t.prog, "drained", "drain 100");
	prog_ask(t.prog, "0", "memory");
	judge_promise("An idle connection holds no buffer at all");
	peer_send(t.peer, "hello", 5);
	prog_ask(t.prog, "ready", "await 5");
	prog_ask(t.prog, "drained", "drain 100");
	prog_input(t.prog, "memory");
	held = prog_line(t.prog);
	judge_check(strtoul(held, NULL, 10) > 0, "memory for five bytes", "%s",
		    held);
	prog_ask(t.prog, "5 hello", "take");
	prog_ask(t.prog, "-1 EAGAIN", "read");
	prog_ask(t.prog, "0", "memory");
	conn_end(&t);
}

/* More has come than fits: it stops there, and says so. */
static void drains_to_the_ceiling(struct conn_test *t)
{
	const char *said = prog_answer(t->prog, "drain 100000");

	/* Who finds the socket empty has taken all, wherever it is. */
	if (strcmp(said, "drained") != 0)
		judge_promise("CONN_MORE stopped at the budget or the");
	prog_said(t->prog, said, "more");
	judge_promise("Each buffer holds up to CEILING bytes");
	expect_show(t->prog, "in 1000 out 0 -- open");
}

GRADED(conn, reads_no_further_than_its_ceiling)
{
	struct conn_test t = conn_start("1000");
	char *text = judge_bytes(2501);

	for (int i = 0; i < 2500; i++)
		text[i] = (char)('a' + i % 23);
	judge_promise("Each buffer holds up to CEILING bytes");
	peer_send(t.peer, text, 2500);
	prog_ask(t.prog, "ready", "await 2500");
	for (int i = 0; i < 2; i++) {
		drains_to_the_ceiling(&t);
		judge_promise("ENOBUFS `in` is full: consume first");
		prog_ask(t.prog, "-1 ENOBUFS", "read");
		judge_promise("Each buffer holds up to CEILING bytes");
		prog_input(t.prog, "take");
		prog_expect_line(t.prog, "1000 %.1000s", text + i * 1000);
	}
	prog_ask(t.prog, "drained", "drain 100000");
	expect_show(t.prog, "in 500 out 0 r- open");
	prog_input(t.prog, "take");
	prog_expect_line(t.prog, "500 %.500s", text + 2000);
	conn_end(&t);
}

/* What is in `in`, from the driver's "show". */
static size_t bytes_in(struct prog *d)
{
	prog_input(d, "show");
	return strtoul(prog_line(d) + 3, NULL, 10);
}

/* It stops before the end of all that is there. How much is in `in` then. */
static size_t drain_to(struct prog *d, size_t budget, size_t all)
{
	char said[64];
	size_t in;

	snprintf(said, sizeof(said), "%s", prog_answer(d, "drain %zu", budget));
	in = bytes_in(d);
	/* It has kept to the budget, then, and says another thing. */
	if (in < all)
		judge_promise("CONN_MORE stopped at the budget or the");
	prog_said(d, said, "more");
	judge_promise("conn_read() again and again, until the socket");
	return in;
}

GRADED(conn, drains_to_the_budget_and_no_more)
{
	const struct prog_opts opts = { .count_calls = true };
	struct conn_test t = conn_start_opts(&opts, "1000000");
	const size_t len = 200000;
	uint64_t calls = calls_to_receive(t.prog);
	size_t in;

	judge_promise("The budget keeps a fast sender from being all");
	peer_send(t.peer, judge_bytes(len), len);
	prog_ask(t.prog, "ready", "await 200000");
	in = drain_to(t.prog, 50000, len);
	judge_check(in >= 50000 && in < 50000 + CONN_CHUNK,
		    "50000 bytes or a little more", "%zu", in);
	calls = calls_to_receive(t.prog) - calls;
	judge_promise("How much conn_read() asks the kernel for");
	judge_check(calls <= 5, "5 calls at most: as many chunks as fit",
		    "%llu", (unsigned long long)calls);
	judge_step("a budget of whole chunks is used up by them");
	judge_promise("conn_read() again and again, until the socket");
	in = drain_to(t.prog, 3 * CONN_CHUNK, len) - in;
	judge_check(in >= 3 * CONN_CHUNK && in < 4 * CONN_CHUNK,
		    "3 chunks, and less than one more", "%zu bytes", in);
	judge_promise("Returns CONN_DRAINED the socket is empty");
	prog_ask(t.prog, "drained", "drain 1000000");
	judge_promise("conn_read() again and again, until the socket");
	in = bytes_in(t.prog);
	judge_check(in == len, "all 200000 bytes", "%zu", in);
	conn_end(&t);
}

GRADED(conn, the_end_is_not_an_error)
{
	struct conn_test t = conn_start("1000");

	judge_promise("CONN_EOF the stream has ended (`in` may hold");
	peer_send(t.peer, "bye", 3);
	peer_half_close(t.peer);
	prog_ask(t.prog, "ready", "await 4"); /* the end is readable, too */
	prog_ask(t.prog, "eof", "drain 1000");
	expect_show(t.prog, "in 3 out 0 -- eof");
	judge_step("the other direction goes on");
	judge_promise("The other direction goes on.");
	prog_ask(t.prog, "0", "send and you?");
	peer_expectf(t.peer, "and you?");
	judge_promise("into `in` is fine.");
	prog_ask(t.prog, "0", "move");
	peer_expectf(t.peer, "bye");
	judge_promise("True once nothing is left to do");
	expect_show(t.prog, "in 0 out 0 -- eof");
	judge_promise("when `out` is empty, now or later, the peer");
	prog_ask(t.prog, "0", "finish");
	expect_show(t.prog, "in 0 out 0 -- done");
	peer_expect_eof(t.peer);
	conn_end(&t);

	judge_step("read() says it, too");
	judge_promise("0 at the end of the stream (and sets `eof`);");
	t = conn_start("1000");
	peer_half_close(t.peer);
	prog_ask(t.prog, "ready", "await 1");
	prog_ask(t.prog, "0", "read");
	expect_show(t.prog, "in 0 out 0 -- eof");
	judge_promise("An idle connection holds no buffer at all");
	prog_ask(t.prog, "0", "memory");
	conn_end(&t);
}

/* Descriptor 0 is one like any other; SENDS: once sending is written. */
static void descriptor_zero(bool sends)
{
	const struct prog_opts opts = { .keep_stdin = true };
	struct conn_test t;

	judge_checking("conn_zero");
	judge_promise(NULL);
	t.prog = prog_start_opts(&opts, "drivers/conn-driver", "1000", "0",
				 "zero");
	t.peer = peer_connect(t.prog);
	peer_send(t.peer, "hello", 5);
	prog_ask(t.prog, "ready", "await 5");
	prog_ask(t.prog, "drained", "drain 100");
	if (sends) {
		prog_ask(t.prog, "0", "move");
		peer_expect(t.peer, "hello", 5);
	}
	prog_ask(t.prog, "closed", "close");
	peer_expect_eof(t.peer);
	judge_checking(NULL);
	conn_end(&t);
}

/* What came before it is read first: that must not hide it. */
static void reset_behind_bytes(void)
{
	struct conn_test t = conn_start("1000");

	judge_promise("CONN_LOST with errno, as conn_read() says");
	peer_send(t.peer, "hello", 5);
	prog_ask(t.prog, "ready", "await 5");
	peer_reset(t.peer);
	prog_ask(t.prog, "ready", "await 6"); /* the reset is readable, too */
	prog_ask(t.prog, "lost ECONNRESET", "drain 1000");
	conn_end(&t);
}

GRADED(conn, a_reset_is_an_error)
{
	struct conn_test t = conn_start("1000");

	judge_promise("A reset by the peer is an error of this");
	peer_reset(t.peer);
	prog_ask(t.prog, "ready", "await 1");
	judge_promise("CONN_LOST with errno, as conn_read() says");
	prog_ask(t.prog, "lost ECONNRESET", "drain 1000");
	judge_checking("conn_close_twice");
	judge_promise("`conn_close` sets `fd` to -1; a second call");
	prog_ask(t.prog, "closed", "close");
	judge_promise("May be called twice.");
	prog_ask(t.prog, "closed", "close");
	judge_checking(NULL);
	conn_end(&t);

	judge_promise("others of recv(2), ECONNRESET above all");
	t = conn_start("1000");
	peer_reset(t.peer);
	prog_ask(t.prog, "ready", "await 1");
	prog_ask(t.prog, "-1 ECONNRESET", "read");
	conn_end(&t);
	reset_behind_bytes();
	conn_without_memory(5);
	conn_without_memory(40000); /* for the first of them there is some */
	descriptor_zero(false);
}

GRADED(conn, our_end_comes_after_the_rest)
{
	struct conn_test t = conn_start_stalled("3000000");
	const char *data = pattern(LARGE);

	judge_promise("After `conn_finish`, `conn_send` fails with");
	prog_ask(t.prog, "0", "bytes 2000000");
	judge_promise("Returns 0, or -1 with errno as conn_flush().");
	prog_ask(t.prog, "0", "finish");
	judge_promise("EPIPE after conn_finish(), or the peer has");
	prog_ask(t.prog, "-1 EPIPE", "send too late");
	prog_ask(t.prog, "-1 EPIPE", "bytes 0");
	judge_promise("After `conn_finish`, `conn_send` fails with");
	judge_check(bytes_out(t.prog, 'w') > 0, "bytes that wait", "none");
	prog_input(t.prog, "flush_all");
	peer_expect(t.peer, data, LARGE);
	judge_promise("Once `out` is empty after conn_finish()");
	peer_expect_eof(t.peer);
	prog_expect_line(t.prog, "0");
	expect_show(t.prog, "in 0 out 0 r- open");

	judge_step("the other direction goes on");
	judge_promise("The other direction goes on.");
	peer_send(t.peer, "and now me", 10);
	prog_ask(t.prog, "ready", "await 10");
	prog_ask(t.prog, "drained", "drain 100");
	prog_ask(t.prog, "10 and now me", "take");
	peer_half_close(t.peer);
	prog_ask(t.prog, "ready", "await 1");
	prog_ask(t.prog, "eof", "drain 100");
	expect_show(t.prog, "in 0 out 0 -- done");
	judge_checking("conn_finish_twice");
	judge_promise(NULL);
	prog_ask(t.prog, "0", "finish");
	prog_ask(t.prog, "0", "flush");
	judge_checking(NULL);
	conn_end(&t);
	conn_follows_the_model();
	descriptor_zero(true);
}
