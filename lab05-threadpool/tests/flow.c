/* SPDX-License-Identifier: MIT */
/*
 * Task 6, a challenge: flow.c alone, by way of tests/drivers/flow-driver.c, where
 * the judge says what completes next. Any order of completions that the kernel may
 * come up with, and both sides of the ceiling.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "util.h"

#define ROUNDS 400

struct flow_answer {
	size_t holds, sends;
	char receives[16];
};

static struct flow_answer ask(struct prog *d, const char *command, size_t n)
{
	struct flow_answer a;
	const char *line;

	judge_promise("So one send is in flight at most, and the bytes");
	line = prog_answer(d, "%s %zu", command, n);
	judge_check(sscanf(line, "holds %zu: %15[a-z], sends %zu", &a.holds,
			   a.receives, &a.sends) == 3,
		    "what is in flight for the flow", "%s", line);
	return a;
}

/* What has to be in flight for a flow whose peer may send more. */
static void check(const struct flow_answer *a, size_t ceiling)
{
	bool cancels = !strcmp(a->receives, "cancels");
	bool receives = !strcmp(a->receives, "receives");

	judge_promise("A send may take a part: the rest is sent before");
	judge_check(!a->holds == !a->sends,
		    "a send in flight as long as the flow holds something",
		    "it holds %zu bytes and sends %zu", a->holds, a->sends);
	judge_promise("A flow that holds CEILING bytes or more receives");
	judge_check(a->holds < ceiling || !receives,
		    "the receive to be cancelled at the ceiling",
		    "it holds %zu bytes, its ceiling is %zu, and it receives",
		    a->holds, ceiling);
	judge_check(a->holds >= ceiling || receives || cancels,
		    "a receive below the ceiling",
		    "it holds %zu bytes, its ceiling is %zu, and nothing is "
		    "received",
		    a->holds, ceiling);
}

/* One byte below the ceiling, and at it; and back below. */
static void both_sides(size_t ceiling)
{
	struct prog *d = prog_driver("flow-driver");
	struct flow_answer a = ask(d, "open", ceiling);

	check(&a, ceiling);
	if (ceiling > 1) {
		a = ask(d, "receive", ceiling - 1);
		check(&a, ceiling);
		judge_check(!strcmp(a.receives, "receives"),
			    "no cancellation below the ceiling",
			    "it holds %zu bytes, and %s", a.holds, a.receives);
	}
	a = ask(d, "receive", 1);
	check(&a, ceiling);
	a = ask(d, "cancel", 0);
	check(&a, ceiling);
	a = ask(d, "send", 1);
	check(&a, ceiling);
	prog_ask(d, "gone", "close");
	prog_finish(d);
}

static void any_order(void)
{
	const size_t ceiling = judge_random_between(1, 9000);
	struct prog *d = prog_driver("flow-driver");
	struct flow_answer a = ask(d, "open", ceiling);

	for (int i = 0; i < ROUNDS; i++) {
		bool cancels = !strcmp(a.receives, "cancels");
		bool receives = !strcmp(a.receives, "receives");
		size_t what = judge_random() % 3;
		size_t n = judge_random_between(1, 3000);

		if (judge_random() % 3 == 0 && a.holds < ceiling)
			n = ceiling - a.holds;
		if (what == 0 && receives)
			a = ask(d, "receive", n);
		else if (what == 1 && cancels)
			a = ask(d, "cancel", 0);
		else if (a.sends)
			a = ask(d, "send", n);
		check(&a, ceiling);
	}
	if (!strcmp(a.receives, "cancels"))
		a = ask(d, "cancel", 0);
	while (a.holds)
		a = ask(d, "send", 9000);
	judge_step("the peer sends no more");
	prog_ask(d, "gone", "receive 0");
	prog_finish(d);
}

/* A flow with 10 bytes to send, and what ANSWER is to an error in COMMAND. */
static void fails(const char *command, int error, const char *want)
{
	struct prog *d = prog_driver("flow-driver");

	ask(d, "open", 4096);
	ask(d, "receive", 10);
	judge_checking("completion_flow_ends");
	prog_ask(d, want, "%s %d", command, error);
	if (strstr(want, "cancels"))
		prog_ask(d, "gone", "cancel");
	else
		prog_ask(d, "gone", "close");
	judge_checking(NULL);
	prog_finish(d);
}

static void errors(void)
{
	static const int of_the_connection[] = { ECONNRESET, ETIMEDOUT, EPIPE,
						 EHOSTUNREACH };

	judge_step("errors of a receive, and of a send");
	for (size_t i = 0; i < ARRAY_LEN(of_the_connection); i++) {
		judge_promise("CLOSING: cancels what is in flight");
		fails("error", of_the_connection[i],
		      "holds 10: cancels, sends 10");
		fails("send-error", of_the_connection[i],
		      "holds 10: cancels, sends 0");
	}
	judge_promise("Out of provided buffers (ENOBUFS) is not an error");
	fails("error", ENOBUFS, "holds 10: receives, sends 10");
}

/* flows_close() and flows_drain(), of N bytes held. */
static void ends(size_t n)
{
	struct prog *d = prog_driver("flow-driver");
	char want[64];

	judge_step("the end, with %zu bytes of 100 held", n);
	ask(d, "open", 100);
	if (n)
		ask(d, "receive", n);
	judge_checking("completion_flow_ends");
	judge_promise("Closes all of them, whatever they hold, as soon as");
	prog_ask(d, "gone", "close");
	judge_checking(NULL);
	prog_finish(d);
	if (n == 100) /* what comes behind it may be in the socket */
		return;

	d = prog_driver("flow-driver");
	ask(d, "open", 100);
	if (n)
		ask(d, "receive", n);
	judge_checking("completion_flow_ends");
	judge_promise("From now on no flow waits for more bytes:");
	snprintf(want, sizeof(want), "holds %zu: waits, sends %zu", n, n);
	prog_ask(d, n ? want : "gone", "drain");
	if (n)
		prog_ask(d, "gone", "send %zu", n);
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(completion, keeps_to_its_ceiling)
{
	both_sides(1);
	both_sides(2);
	both_sides(judge_random_between(3, 4096));
	for (int i = 0; i < 6; i++)
		any_order();
	errors();
	ends(0);
	ends(1);
	ends(99);
	ends(100);
}
