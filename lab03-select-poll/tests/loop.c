/* SPDX-License-Identifier: MIT */
/* Tasks 1 and 2: the loop (common/loop.h) on your poller. */
#include "lab03.h"

GRADED(select, carries_the_loop)
{
	judge_promise("one runs all of the loop's own cases.");
	poller_carries_the_loop("select");
}

GRADED(poll, carries_the_loop)
{
	judge_promise("one runs all of the loop's own cases.");
	poller_carries_the_loop("poll");
}
