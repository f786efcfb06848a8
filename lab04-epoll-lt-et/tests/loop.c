/* SPDX-License-Identifier: MIT */
/* Task 1: what the loop promises (common/loop.h), on each poller. */
#include "lab04.h"

GRADED(loop, cases_on_level)
{
	poller_carries_the_loop("epoll-lt");
}

GRADED(loop, cases_on_edge)
{
	poller_carries_the_loop("epoll-et");
}
