/* SPDX-License-Identifier: MIT */
/*
 * One factor for all deadlines, since a slow machine or a slow tool is slow
 * everywhere; and none lasts beyond the test, or the report would be lost.
 */
#include "deadline_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "judge.h"

static double slack = 1;
static int64_t test_end_ms;

void deadline_begin(void)
{
	const char *s = getenv("JUDGE_SLACK");

	if (s && atof(s) > 0)
		slack = atof(s);
	test_end_ms = clock_ms() + (JUDGE_TEST_S - JUDGE_TEST_SPARE_S) * 1000;
}

int64_t judge_stretched(int64_t ms)
{
	return (int64_t)((double)ms * slack);
}

int64_t judge_deadline_in(int64_t ms)
{
	int64_t at = clock_ms() + judge_stretched(ms);

	return at < test_end_ms ? at : test_end_ms;
}

int64_t judge_deadline(void)
{
	return judge_deadline_in(JUDGE_DEADLINE_MS);
}

const char *judge_deadline_text(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "%g s", JUDGE_DEADLINE_MS / 1000 * slack);
	return text;
}

const char *judge_since_text(int64_t begin_ms)
{
	long long ms = clock_ms() - begin_ms;
	static char text[32];

	if (ms < 1000)
		snprintf(text, sizeof(text), "0.%lld s", ms / 100);
	else
		snprintf(text, sizeof(text), "%lld s", ms / 1000);
	return text;
}

void judge_slack_at_least(double factor)
{
	if (slack < factor)
		slack = factor;
}
