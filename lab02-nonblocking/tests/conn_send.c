/* SPDX-License-Identifier: MIT */
/* Task 2: what is sent, kept, and sent later, by way of conn-driver. */
#include <stdlib.h>
#include <string.h>

#include "conn_start.h"

GRADED(conn, sends_at_once)
{
	struct conn_test t = conn_start("1000");

	judge_promise("Sends the N bytes at DATA: at once as much");
	prog_ask(t.prog, "0", "send hello");
	expect_show(t.prog, "in 0 out 0 r- open");
	peer_expectf(t.peer, "hello");
	prog_ask(t.prog, "0", "send , and hello");
	judge_promise("Returns 0, or -1 with errno");
	prog_ask(t.prog, "0", "bytes 0");
	prog_ask(t.prog, "0", "flush");
	judge_promise("Sends the N bytes at DATA: at once as much");
	peer_expectf(t.peer, ", and hello");
	judge_promise("An idle connection holds no buffer at all");
	prog_ask(t.prog, "0", "memory");
	judge_checking("conn_interrupted_send");
	judge_promise("Sends the N bytes at DATA: at once as much");
	prog_ask(t.prog, "ok", "interrupt");
	prog_ask(t.prog, "0", "send again");
	expect_show(t.prog, "in 0 out 0 r- open");
	peer_expectf(t.peer, "again");
	judge_checking(NULL);
	conn_end(&t);

	judge_step("nobody is there any more");
	judge_promise("EPIPE after conn_finish(), or the peer has");
	t = conn_start("1000");
	peer_reset(t.peer);
	prog_ask(t.prog, "ready", "await 1");
	prog_ask(t.prog, "-1 ECONNRESET", "send hello");
	judge_promise("`MSG_NOSIGNAL`: a peer that is gone is");
	prog_ask(t.prog, "-1 EPIPE", "send hello?");
	conn_end(&t);

	judge_step("nor when what waits is to be sent");
	judge_checking("conn_flush_to_nobody");
	judge_promise("Returns 0 (look at conn_wants_write()");
	t = conn_start_stalled("3000000");
	prog_ask(t.prog, "0", "bytes 2000000");
	peer_reset(t.peer);
	prog_ask(t.prog, "ready", "await_room");
	prog_ask(t.prog, "-1 ECONNRESET", "flush");
	judge_promise("A reset by the peer is an error of this");
	prog_ask(t.prog, "-1 EPIPE", "flush");
	judge_checking(NULL);
	conn_end(&t);
	conn_without_memory_to_send();
}

#define STUFFED (16 << 20) /* well above what two sockets hold */

/*
 * The socket has no room at all when a byte is to be sent. On its way to the
 * peer, what fills it makes room a while later: then there is another byte.
 */
static void keeps_a_byte(void)
{
	struct conn_test t = conn_start_stalled("1000");
	char *sent = calloc(STUFFED, 1);
	size_t n = 0;

	if (!sent)
		judge_infra("memory");
	judge_checking("conn_a_byte_waits");
	judge_promise("Sends the N bytes at DATA: at once as much");
	do {
		n += strtoul(prog_answer(t.prog, "stuff"), NULL, 10);
		if (n >= STUFFED)
			judge_infra("a socket without an end");
		prog_ask(t.prog, "0", "send x");
		sent[n++] = 'x';
	} while (!strcmp(prog_answer(t.prog, "show"), "in 0 out 0 r- open"));
	judge_promise("True while something waits in `out`");
	prog_ask(t.prog, "in 0 out 1 rw open", "show");
	judge_promise("Sends the N bytes at DATA: at once as much");
	prog_input(t.prog, "flush_all");
	peer_expect(t.peer, sent, n);
	prog_expect_line(t.prog, "0");
	expect_show(t.prog, "in 0 out 0 r- open");
	judge_checking(NULL);
	free(sent);
	conn_end(&t);
}

GRADED(conn, keeps_what_the_socket_does_not_take)
{
	struct conn_test t = conn_start_stalled("3000000");
	const char *data = pattern(LARGE);
	size_t out, first;

	judge_promise("at once as much as the socket takes, if");
	prog_ask(t.prog, "0", "bytes 2000000");
	out = bytes_out(t.prog, 'w');
	judge_check(out > 0 && out < LARGE,
		    "a part of 2000000 bytes in `out`: the socket takes some",
		    "%zu", out);
	prog_input(t.prog, "flush_all");
	/* The first bytes of what was kept tell whether it is the rest. */
	first = LARGE - out + (out < 100 ? out : 100);
	peer_expect(t.peer, data, first);
	judge_promise("Sends from `out` as much as the socket takes");
	peer_expect(t.peer, data + first, LARGE - first);
	prog_expect_line(t.prog, "0");
	expect_show(t.prog, "in 0 out 0 r- open");
	judge_promise("An idle connection holds no buffer at all");
	prog_ask(t.prog, "0", "memory");
	conn_end(&t);
	keeps_a_byte();
}

GRADED(conn, flushes_all_that_fits)
{
	struct conn_test t = conn_start_stalled("3000000");
	const char *data = pattern(LARGE), *said;
	size_t before, after;

	judge_promise("Sends from `out` as much as the socket takes");
	prog_ask(t.prog, "0", "bytes 2000000");
	before = bytes_out(t.prog, 'w');
	peer_expect(t.peer, data, PART);
	prog_ask(t.prog, "ready", "await_room");
	/* A flush that loops gives no answer; one send(2) is success. */
	said = prog_answer(t.prog, "flush");
	judge_promise("Returns 0 (look at conn_wants_write()");
	prog_said(t.prog, said, "0");
	judge_promise("Sends from `out` as much as the socket takes");
	after = bytes_out(t.prog, 'w');
	judge_check(after < before, "fewer bytes in `out` after a flush",
		    "%zu, and %zu before", after, before);
	prog_input(t.prog, "flush_all");
	peer_expect(t.peer, data + PART, LARGE - PART);
	prog_expect_line(t.prog, "0");
	conn_end(&t);
}

GRADED(conn, nothing_overtakes_what_waits)
{
	struct conn_test t = conn_start_stalled("3000000");
	const char *data = pattern(LARGE + 5000);

	prog_ask(t.prog, "0", "bytes 2000000");
	for (size_t i = 0; i < 5; i++) {
		judge_step("there is room in the socket again");
		peer_expect(t.peer, data + i * PART, PART);
		prog_ask(t.prog, "ready", "await_room");
		prog_ask(t.prog, "0", "bytes 1000");
		prog_ask(t.prog, "0", "flush");
	}
	prog_input(t.prog, "flush_all");
	peer_expect(t.peer, data + 5 * PART, LARGE + 5000 - 5 * PART);
	prog_expect_line(t.prog, "0");
	conn_end(&t);
}

GRADED(conn, a_full_socket_is_left_alone)
{
	struct conn_test t = conn_start_stalled("3000000");
	uint64_t before, calls;
	size_t out;

	prog_ask(t.prog, "0", "bytes 2000000");
	out = bytes_out(t.prog, 'w');
	judge_check(out > 0, "bytes that wait", "none");
	before = calls_to_send(t.prog);
	for (int i = 0; i < 10; i++) {
		prog_ask(t.prog, "0", "bytes 1000");
		prog_ask(t.prog, "0", "flush");
	}
	calls = calls_to_send(t.prog) - before;
	judge_check(calls <= 30, "10 flushes to ask the socket 10 times or so",
		    "%llu calls", (unsigned long long)calls);
	conn_end(&t);
}

GRADED(conn, takes_on_all_or_nothing)
{
	struct conn_test t = conn_start("1000");

	judge_promise("ENOBUFS the ceiling of `out` could be passed");
	prog_ask(t.prog, "-1 ENOBUFS", "bytes 1001");
	judge_promise("All or nothing is taken on.");
	expect_show(t.prog, "in 0 out 0 r- open");
	prog_ask(t.prog, "0", "bytes 1000");
	peer_expect(t.peer, pattern(1000), 1000);
	judge_promise("ENOBUFS the ceiling of `out` could be passed");
	prog_ask(t.prog, "-1 ENOBUFS", "bytes 20000000");
	judge_promise("All or nothing is taken on.");
	prog_ask(t.prog, "0", "send nothing before this");
	peer_expectf(t.peer, "nothing before this");
	conn_end(&t);
}

GRADED(conn, a_full_buffer_stops_the_reading)
{
	struct conn_test t = conn_start_stalled("1000000");
	const char *data = pattern(PART), *line;
	size_t out = 0;

	judge_promise("A connection whose `out` is full wants no");
	judge_step("send until the socket is full, then up to the ceiling");
	for (int i = 0; i < 100 && out == 0; i++) {
		prog_ask(t.prog, "0", "bytes 100000");
		prog_input(t.prog, "show");
		out = strtoul(prog_line(t.prog) + strlen("in 0 out "), NULL,
			      10);
	}
	judge_check(out > 0, "bytes that wait", "none");
	prog_ask(t.prog, "0", "bytes %zu", 1000000 - out);
	prog_ask(t.prog, "in 0 out 1000000 -w open", "show");
	judge_promise("ENOBUFS the ceiling of `out` could be passed");
	prog_ask(t.prog, "-1 ENOBUFS", "send x");

	judge_step("as soon as there is room, reading makes sense again");
	judge_promise("True while reading makes sense");
	peer_expect(t.peer, data, PART);
	prog_ask(t.prog, "ready", "await_room");
	prog_ask(t.prog, "0", "flush");
	prog_input(t.prog, "show");
	line = prog_line(t.prog);
	judge_check(strstr(line, " rw ") || strstr(line, " r- "),
		    "conn_wants_read() to be true again", "%s", line);
	conn_end(&t);
}

GRADED(conn, clean_under_valgrind)
{
	const struct prog_opts opts = { .valgrind = true };
	struct conn_test t = conn_start_opts(&opts, "8000000");
	const char *data = judge_bytes(50000);

	judge_promise("Closes the socket and gives the buffers back.");
	peer_send(t.peer, data, 50000);
	prog_ask(t.prog, "ready", "await 50000");
	prog_ask(t.prog, "drained", "drain 1000000");
	prog_ask(t.prog, "0", "move");
	peer_expect(t.peer, data, 50000);
	prog_ask(t.prog, "-1 EAGAIN", "read");
	prog_ask(t.prog, "0", "bytes 7900000");
	peer_send(t.peer, data, 100);
	prog_ask(t.prog, "ready", "await 100");
	prog_ask(t.prog, "100", "read");
	judge_step("finish and close it with bytes in both buffers");
	prog_ask(t.prog, "0", "finish");
	prog_ask(t.prog, "closed", "close");
	conn_end(&t);
}
