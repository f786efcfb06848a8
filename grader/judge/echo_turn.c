/* SPDX-License-Identifier: MIT */
/*
 * Is one who sends little answered in between, when others send much? Time says
 * nothing on a busy machine, so the server's reads are counted. It is stopped
 * for what has to be there before it goes on: the megabytes, and, when it has
 * begun with them, the line.
 */
#include "echo.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "clock.h"

#define GREEDY	8
#define TURNS	5
#define TURN_MS 1000
/*
 * Reads before a line is answered that has come already. The rest of a round in
 * which each of the greedy may have some 5 are 40, and what they have sent is
 * worth 1900.
 */
#define READS_MAX 300

static uint64_t reads_of(struct prog *srv)
{
	return prog_calls(srv, "read") + prog_calls(srv, "readv") +
	       prog_calls(srv, "recv") + prog_calls(srv, "recvfrom") +
	       prog_calls(srv, "recvmsg");
}

static void send_what_fits(struct peer *c)
{
	static char data[65536];

	while (send(peer_fd(c), data, sizeof(data),
		    MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
}

/* Lets the server go on until it has begun with what is there to be read. */
static void let_begin(struct prog *srv)
{
	uint64_t before = reads_of(srv);
	int64_t begin = clock_ms();

	prog_resume(srv);
	while (reads_of(srv) == before && clock_ms() - begin < TURN_MS)
		;
	prog_pause(srv);
}

/*
 * How many reads C's line had to wait for at least: they are counted before the
 * look at the answer, so when there is none, it has not come after so many.
 */
static uint64_t waits_for_turn(struct prog *srv, struct peer *c)
{
	struct pollfd answer = { .fd = peer_fd(c), .events = POLLIN };
	uint64_t before = reads_of(srv), reads = 0, now;
	int64_t begin;

	peer_send(c, "me too", 6);
	judge_until(peer_has_arrived(c), "it is where the server can read it");
	begin = clock_ms();
	prog_resume(srv);
	for (;;) {
		now = reads_of(srv) - before;
		if (poll(&answer, 1, 0) == 1 || clock_ms() - begin > TURN_MS)
			break;
		reads = now;
	}
	peer_expectf(c, "me too");
	return reads;
}

/* A single answer may have been under way for long, on a busy machine. */
void echo_in_turn(struct prog *srv)
{
	struct peer *modest = peer_connect(srv), *greedy[GREEDY];
	int late = 0;

	for (int round = 0; round < TURNS; round++) {
		for (int i = 0; i < GREEDY; i++) {
			greedy[i] = peer_connect(srv);
			echo_text(greedy[i], "hello");
		}
		echo_text(modest, "hello");
		prog_pause(srv);
		judge_step("%d clients send what fits", GREEDY);
		for (int i = 0; i < GREEDY; i++)
			send_what_fits(greedy[i]);
		let_begin(srv);
		late += waits_for_turn(srv, modest) > READS_MAX;
		for (int i = 0; i < GREEDY; i++)
			peer_reset(greedy[i]);
	}
	judge_check(late <= TURNS / 2,
		    "one who sends little to be answered in between",
		    "%d of %d times more than %d reads from those who send "
		    "much came first",
		    late, TURNS, READS_MAX);
	peer_close(modest);
}
