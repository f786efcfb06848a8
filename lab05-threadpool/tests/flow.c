/* SPDX-License-Identifier: MIT */
/*
 * Task 6, a challenge: flow.c alone, by way of tests/drivers/flow-driver.c, where
 * the judge says what completes next. Any order of completions that the kernel may
 * come up with, and both sides of the ceiling.
 */
#include <stdio.h>
#include <string.h>

#include "judge.h"

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

GRADED(completion, keeps_to_its_ceiling)
{
	both_sides(1);
	both_sides(2);
	both_sides(judge_random_between(3, 4096));
	for (int i = 0; i < 6; i++)
		any_order();
}
