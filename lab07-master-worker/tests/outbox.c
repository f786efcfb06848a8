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

GRADED(outbox, answers_in_the_order_of_packets)
{
	struct prog *d = start();

	prog_ask(d, "1 1 0 0 0 free empty", "show");
	prog_ask(d, "1", "expect");
	prog_ask(d, "ok", "reply 2 8");
	prog_ask(d, "3", "expect");
	prog_ask(d, "ok", "reply 4 8");
	prog_ask(d, "1 5 2 2 0 free busy", "show");
	prog_ask(d, "ok", "send");
	prog_ask(d, "-", "take 1000");
	prog_ask(d, "ok", "answer 3 3 68");
	prog_ask(d, "1 5 1 3 0 free busy", "show");
	prog_ask(d, "ok", "answer 1 1 68");
	prog_ask(d, "5 5 0 0 4 blocked busy", "show");
	prog_ask(d, "-", "take 1000");
	prog_ask(d, "ok", "send");
	prog_ask(d, "1 2 3 4", "take 1000");
	prog_ask(d, "5 5 0 0 0 free empty", "show");
	prog_finish(d);
}

GRADED(outbox, stale_answers)
{
	struct prog *d = start();

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
	prog_ask(d, "ok", "send");
	prog_ask(d, "1 2", "take 1000");
	prog_ask(d, "3", "expect");
	judge_step("the client goes, and another has the slot");
	prog_ask(d, "ok", "clear");
	prog_ask(d, "4 4 0 0 0 free empty", "show");
	prog_ask(d, "ESTALE", "answer 3 9 8");
	prog_ask(d, "4", "expect");
	prog_ask(d, "ESTALE", "answer 3 9 8");
	prog_ask(d, "ok", "answer 4 4 8");
	prog_ask(d, "ok", "send");
	prog_ask(d, "4", "take 1000");
	prog_finish(d);
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

			prog_ask(d, owed[i] ? "ok" : "ESTALE",
				 "answer %d %d %zu", i, i,
				 judge_random_between(8, 80));
			here[i] = true;
			owed[i] = false;
		}
		while (oldest < next && here[oldest])
			oldest++;
		if (judge_random_between(0, 3) && next <= PACKETS)
			continue;
		prog_ask(d, "ok", "send");
		taken = take(d, taken - 1, 100000) + 1;
		judge_check(taken == oldest, "all answers whose turn has come",
			    "the last one is %d, and it should be %d",
			    taken - 1, oldest - 1);
	}
	prog_ask(d, "301 301 0 0 0 free empty", "show");
	prog_finish(d);
}

GRADED(outbox, a_full_socket)
{
	struct prog *d = start();
	size_t queued;
	int last = 0;

	for (int i = 1; i <= 60; i++)
		prog_ask(d, "ok", "reply %d %zu", i,
			 judge_random_between(300, 9000));
	prog_ask(d, "ok", "send");
	judge_check(sscanf(prog_answer(d, "show"), "61 61 0 0 %zu blocked busy",
			   &queued) == 1 &&
			    queued > 0 && queued < 60,
		    "some answers sent, some left", "not so");
	for (int rounds = 0; last < 60; rounds++) {
		judge_check(rounds < 5000, "all answers in the end",
			    "only %d of them", last);
		last = take(d, last, judge_random_between(1, 3000));
		prog_ask(d, "ok", "send");
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
	prog_finish(d);
}

GRADED(outbox, a_client_that_is_gone)
{
	struct prog *d = start();

	judge_step("one whose send(2) was interrupted is not gone");
	prog_ask(d, "ok", "reply 1 8");
	prog_ask(d, "ok", "interrupt");
	prog_ask(d, "ok", "send");
	prog_ask(d, "ok", "send");
	prog_ask(d, "1", "take 8");
	prog_ask(d, "ok", "hang-up");
	prog_ask(d, "ok", "send");
	prog_ask(d, "ok", "reply 2 8");
	prog_ask(d, "EPIPE", "send");
	prog_ask(d, "ok", "clear");
	prog_ask(d, "3 3 0 0 0 free empty", "show");
	prog_finish(d);
}

GRADED(outbox, memory)
{
	struct prog *d = start();
	const char *result;

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
			result = prog_answer(d,
					     i % 2 ? "reply 1 3000" : "expect");
			judge_check(strcmp(result, "ENOMEM") == 0 ||
					    strcmp(result, "ok") == 0 ||
					    atoi(result) > 0,
				    "ENOMEM, or success", "%s", result);
		}
		prog_ask(d, "ok", "memory");
		prog_ask(d, "ok", "clear");
		prog_ask(d, "0", "held");
	}
	prog_finish(d);
}
