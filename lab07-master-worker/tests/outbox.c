/* SPDX-License-Identifier: MIT */
/*
 * Task 6: the order of the answers and the send queue, by way of outbox-driver.
 */
#include "asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct prog *start(void)
{
	return prog_driver("outbox-driver");
}

/* What "show" says. */
struct shown {
	unsigned int oldest, next, owed, behind, queued;
};

static struct shown shown_in(const char *line)
{
	struct shown s = { 0 };

	sscanf(line, "%u %u %u %u %u", &s.oldest, &s.next, &s.owed, &s.behind,
	       &s.queued);
	return s;
}

/* Which sentence it breaks, that an outbox is not as it should be. */
static void promise_of_shown(struct shown is, struct shown should)
{
	if (is.next != should.next || is.owed != should.owed)
		judge_promise("The next packet will be answered later:");
	else if (is.queued < should.queued)
		judge_promise("If it is its turn, it goes to the send queue,");
	else if (is.queued > should.queued && is.behind == should.behind)
		judge_promise("An answer that waits for its turn is not in");
	else if (is.queued > should.queued)
		judge_promise("Each packet that will be answered has a");
	else if (is.oldest != should.oldest)
		judge_promise("Nothing leaves before 5 is answered; then 5");
	else
		judge_promise("Whether nothing is owed, waits for its turn,");
}

static void expect_shown(struct prog *d, const char *want)
{
	char said[128];

	judge_promise("Each packet that will be answered has a");
	snprintf(said, sizeof(said), "%s", prog_answer(d, "show"));
	if (strcmp(said, want) != 0)
		promise_of_shown(shown_in(said), shown_in(want));
	prog_said(d, said, want);
	judge_promise("Each packet that will be answered has a");
}

/* Two packets that are answered later, and an answer behind each. */
static void owe_two(struct prog *d)
{
	for (int i = 1; i <= 3; i += 2) {
		judge_promise("The next packet will be answered later:");
		prog_ask(d, i == 1 ? "1" : "3", "expect");
		judge_promise("outbox_expect() and outbox_answer() in one,");
		prog_ask(d, "ok", "reply %d 8", i + 1);
	}
}

GRADED(outbox, answers_in_the_order_of_packets)
{
	struct prog *d = start();

	judge_promise("Makes *B an empty one, with the first sequence");
	prog_ask(d, "1 1 0 0 0 free empty", "show");
	owe_two(d);
	expect_shown(d, "1 5 2 2 0 free busy");
	prog_ask(d, "ok", "send");
	prog_ask(d, "-", "take 1000");
	prog_ask(d, "ok", "answer 3 3 68");
	expect_shown(d, "1 5 1 3 0 free busy");
	prog_ask(d, "ok", "answer 1 1 68");
	expect_shown(d, "5 5 0 0 4 blocked busy");
	judge_promise("If it is its turn, it goes to the send queue,");
	prog_ask(d, "-", "take 1000");
	judge_promise("Each packet that will be answered has a");
	prog_ask(d, "ok", "send");
	prog_ask(d, "1 2 3 4", "take 1000");
	expect_shown(d, "5 5 0 0 0 free empty");
	prog_finish(d);
}

/* After a clear: whose numbers go on, and of whom nothing is left. */
static void expect_cleared(struct prog *d, const char *want)
{
	char said[128];

	judge_promise("Drops everything, owed or queued.");
	prog_ask(d, "ok", "clear");
	snprintf(said, sizeof(said), "%s", prog_answer(d, "show"));
	if (shown_in(said).next != shown_in(want).next)
		judge_promise("Sequence numbers go on where they were, so");
	prog_said(d, said, want);
}

/*
 * A client goes of whom there is one of each: an answer in the send queue, a
 * packet that is owed one, and answers that wait behind it. The next client in
 * its place begins with none, and so it counts.
 */
static void cleared_of_each_kind(void)
{
	struct prog *d = start();

	judge_checking("outbox_cleared_numbers");
	for (unsigned int i = 1; i <= 12; i += 4) {
		char want[64];

		judge_step("a client goes, and of its answers one is in the "
			   "send queue, one is owed, and two wait behind that");
		judge_promise("Each packet that will be answered has a");
		prog_ask(d, "ok", "reply %u 8", i);
		snprintf(want, sizeof(want), "%u", i + 1);
		prog_ask(d, want, "expect");
		prog_ask(d, "ok", "reply %u 8", i + 2);
		prog_ask(d, "ok", "reply %u 8", i + 3);
		snprintf(want, sizeof(want), "%u %u 1 2 1 blocked busy", i + 1,
			 i + 4);
		prog_ask(d, want, "show");
		snprintf(want, sizeof(want), "%u %u 0 0 0 free empty", i + 4,
			 i + 4);
		expect_cleared(d, want);
	}
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(outbox, stale_answers)
{
	struct prog *d = start();

	judge_promise("no answer is owed to a packet of this number");
	prog_ask(d, "ESTALE", "answer 1 9 8");
	prog_ask(d, "1", "expect");
	prog_ask(d, "2", "expect");
	prog_ask(d, "ESTALE", "answer 3 9 8");
	prog_ask(d, "ok", "answer 2 2 8");
	judge_step("a packet that has been answered, but not its turn");
	prog_ask(d, "ESTALE", "answer 2 9 8");
	prog_ask(d, "ok", "answer 1 1 8");
	prog_ask(d, "ESTALE", "answer 1 9 8");
	prog_ask(d, "ESTALE", "answer 2 9 8");
	judge_promise("Returns 0, or -1 with errno ESTALE (no answer");
	prog_ask(d, "ok", "send");
	prog_ask(d, "1 2", "take 1000");
	prog_ask(d, "3", "expect");
	judge_step("the client goes, and another has the slot");
	expect_cleared(d, "4 4 0 0 0 free empty");
	judge_promise("Sequence numbers go on where they were, so");
	prog_ask(d, "ESTALE", "answer 3 9 8");
	prog_ask(d, "4", "expect");
	prog_ask(d, "ESTALE", "answer 3 9 8");
	prog_ask(d, "ok", "answer 4 4 8");
	prog_ask(d, "ok", "send");
	prog_ask(d, "4", "take 1000");
	prog_finish(d);
	cleared_of_each_kind();
}

/*
 * Takes bytes from the socket, N at most, and checks that the packets that are
 * whole by now are those that come next. Returns the last one.
 */
static int take(struct prog *d, int last, size_t n)
{
	char *answer = strdup(prog_answer(d, "take %zu", n)), *rest = answer,
	     *word;

	if (!answer)
		judge_infra("memory");
	while ((word = strsep(&rest, " ")) && strcmp(word, "-")) {
		last++;
		/* The driver's word for one that has come damaged. */
		if (!strcmp(word, "wrong"))
			judge_promise("They are copied.");
		judge_check(atoi(word) == last,
			    "every answer once, in the order of the packets",
			    "the answer to %s, where %d is next", word, last);
	}
	free(answer);
	return last;
}

/* ---- generated: answers in any order ---- */

#define PACKETS 300

GRADED(outbox, any_order_of_being_done)
{
	struct prog *d = start();
	bool owed[PACKETS + 1] = { false }, here[PACKETS + 1] = { false };
	int next = 1, oldest = 1, taken = 1;

	judge_promise("leave by that number, whichever is done first");
	while (taken <= PACKETS) {
		int which = (int)judge_random_between(0, 3);

		if (which == 0 && next <= PACKETS) {
			prog_ask(d, "ok", "reply %d %zu", next,
				 judge_random_between(8, 80));
			here[next++] = true;
		} else if (which == 1 && next <= PACKETS) {
			char expected[16];

			snprintf(expected, sizeof(expected), "%d", next);
			prog_ask(d, expected, "expect");
			owed[next++] = true;
		} else if (oldest < next) {
			int i = (int)judge_random_between((size_t)oldest,
							  (size_t)next - 1);

			judge_promise("Returns 0, or -1 with errno ESTALE (no");
			prog_ask(d, owed[i] ? "ok" : "ESTALE",
				 "answer %d %d %zu", i, i,
				 judge_random_between(8, 80));
			judge_promise("leave by that number, whichever is");
			here[i] = true;
			owed[i] = false;
		}
		while (oldest < next && here[oldest])
			oldest++;
		if (judge_random_between(0, 3) && next <= PACKETS)
			continue;
		prog_ask(d, "ok", "send");
		taken = take(d, taken - 1, 100000) + 1;
		if (taken < oldest)
			judge_promise("If it is its turn, it goes to the send");
		judge_check(taken == oldest, "all answers whose turn has come",
			    "the last one is %d, and it should be %d",
			    taken - 1, oldest - 1);
	}
	prog_ask(d, "301 301 0 0 0 free empty", "show");
	prog_finish(d);
}

/* Once, and a full socket is no error. */
static void expect_sent(struct prog *d)
{
	const char *said;

	judge_promise("Sends as much of the queue as the non-blocking");
	said = prog_answer(d, "send");
	if (!strstr(said, "calls of send(2)"))
		judge_promise("or -1 with the errno of send(2), not EAGAIN");
	prog_said(d, said, "ok");
	judge_promise("Answers whose turn has come and that the");
}

/* Of 60 answers the socket has taken some. */
static void expect_some_left(struct prog *d)
{
	char said[128];
	struct shown is;

	snprintf(said, sizeof(said), "%s", prog_answer(d, "show"));
	is = shown_in(said);
	if (is.queued > 0 && !strstr(said, " blocked"))
		judge_promise("Whether something is in the send queue.");
	judge_check(is.oldest == 61 && is.next == 61 && !is.owed &&
			    !is.behind && is.queued > 0 && is.queued < 60 &&
			    strstr(said, " blocked busy"),
		    "some answers sent, some left", "not so");
	judge_promise("Answers whose turn has come and that the");
}

GRADED(outbox, a_full_socket)
{
	struct prog *d = start();
	int last = 0;

	judge_promise("If nothing is owed, it goes straight to the");
	for (int i = 1; i <= 60; i++)
		prog_ask(d, "ok", "reply %d %zu", i,
			 judge_random_between(300, 9000));
	expect_sent(d);
	expect_some_left(d);
	for (int rounds = 0; last < 60; rounds++) {
		judge_check(rounds < 5000, "all answers in the end",
			    "only %d of them", last);
		last = take(d, last, judge_random_between(1, 3000));
		expect_sent(d);
	}
	prog_ask(d, "61 61 0 0 0 free empty", "show");
	prog_finish(d);
}

/* Five answers, each of them longer than what the socket holds. */
static void counts_five(struct prog *d)
{
	size_t queued, left;

	for (int i = 1; i <= 5; i++)
		prog_ask(d, "ok", "reply %d 30000", i);
	prog_ask(d, "ok", "send");
	sscanf(prog_answer(d, "show"), "%*u %*u %*u %*u %zu", &queued);
	judge_check(queued == 5, "an answer that is partly sent still counts",
		    "%zu answers are counted of 5, after a few KiB were sent",
		    queued);
	for (left = queued; left;) {
		prog_answer(d, "take 4096");
		prog_ask(d, "ok", "send");
		sscanf(prog_answer(d, "show"), "%*u %*u %*u %*u %zu", &queued);
		judge_check(queued <= left, "fewer and fewer",
			    "%zu answers are counted, and %zu before", queued,
			    left);
		left = queued;
	}
	while (strcmp(prog_answer(d, "take 4096"), "-"))
		;
}

GRADED(outbox, counts_what_is_partly_sent)
{
	struct prog *d = start();

	for (int i = 0; i < 4; i++)
		counts_five(d);
	judge_checking("outbox_cleared_halfway");
	judge_promise("Drops everything, owed or queued.");
	/* From what the socket takes whole to what it takes a part of. */
	for (int size = 6000; size <= 30000; size += 3000) {
		judge_step("a client goes while one of its answers is partly "
			   "sent: the next one's count is its own");
		prog_ask(d, "ok", "reply 1 %d", size);
		prog_ask(d, "ok", "send");
		prog_ask(d, "ok", "next-client");
		counts_five(d);
	}
	judge_checking(NULL);
	judge_promise(NULL);
	prog_finish(d);
}

/* Whatever it is but a full socket: nothing more will be taken. */
static void gone_in_many_ways(void)
{
	static const char *const errors[] = { "ECONNRESET", "ETIMEDOUT",
					      "EHOSTUNREACH", "ENETUNREACH",
					      "ENOBUFS" };
	struct prog *d = start();

	judge_checking("outbox_each_errno");
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		prog_ask(d, "ok", "reply 1 8");
		prog_ask(d, "ok", "fail %s", errors[i]);
		prog_ask(d, errors[i], "send");
	}
	prog_ask(d, "ok", "fail EAGAIN");
	prog_ask(d, "ok", "send");
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(outbox, a_client_that_is_gone)
{
	struct prog *d = start();
	const char *said;

	judge_promise("or -1 with the errno of send(2), not EAGAIN");
	judge_step("one whose send(2) was interrupted is not gone");
	prog_ask(d, "ok", "reply 1 8");
	prog_ask(d, "ok", "interrupt");
	prog_ask(d, "ok", "send");
	prog_ask(d, "ok", "send");
	prog_ask(d, "1", "take 8");
	prog_ask(d, "ok", "hang-up");
	prog_ask(d, "ok", "send");
	prog_ask(d, "ok", "reply 2 8");
	judge_promise("Raises no SIGPIPE.");
	said = prog_answer(d, "send");
	judge_promise("or -1 with the errno of send(2), not EAGAIN");
	prog_said(d, said, "EPIPE");
	prog_ask(d, "ok", "clear");
	prog_ask(d, "3 3 0 0 0 free empty", "show");
	prog_finish(d);
	gone_in_many_ways();
}

GRADED(outbox, memory)
{
	struct prog *d = start();
	const char *result;

	judge_promise("Drops everything, owed or queued.");
	prog_ask(d, "0", "held");
	for (int i = 1; i <= 50; i++) {
		prog_answer(d, "expect");
		prog_ask(d, "ok", "reply %d 3000", i);
	}
	prog_ask(d, "ok", "clear");
	prog_ask(d, "0", "held");
	judge_step("memory comes to its end at each call in turn");
	for (int n = 1; n <= 6; n++) {
		prog_ask(d, "ok", "no-memory %d", n);
		for (int i = 0; i < 4; i++) {
			if (i % 2)
				judge_promise("and nothing has changed, or");
			else
				judge_promise("Returns that, 1 or more, or 0");
			result = prog_answer(d,
					     i % 2 ? "reply 1 3000" : "expect");
			judge_check(strcmp(result, "ENOMEM") == 0 ||
					    strcmp(result, "ok") == 0 ||
					    atoi(result) > 0,
				    "ENOMEM, or success", "%s", result);
		}
		judge_promise("Drops everything, owed or queued.");
		prog_ask(d, "ok", "memory");
		prog_ask(d, "ok", "clear");
		prog_ask(d, "0", "held");
	}
	prog_finish(d);
}
