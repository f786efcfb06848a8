/* SPDX-License-Identifier: MIT */
/*
 * The loop over a scripted poller: how long it lets the poller wait, and what
 * becomes of a wait that fails.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>

#include "scripted_loop.h"

TestSuite(loop_wait, .timeout = 10, .init = scripted_begin_level,
	  .fini = scripted_end);

static void nothing(struct loop_timer *timer)
{
	(void)timer;
}

static void nothing_to_do(struct loop_task *task)
{
	(void)task;
}

Test(loop_wait, waits_as_long_as_it_may)
{
	struct loop_timer timer;
	struct loop_task task;

	loop_timer_init(&timer, nothing);
	loop_task_init(&task, nothing_to_do);
	scripted_rounds(1);
	scripted_asked("wait -1");
	loop_timer_start(scripted_loop, &timer, 1000000);
	scripted_rounds(1);
	scripted_asked("wait t");
	loop_step(scripted_loop, 0);
	scripted_asked("wait 0");
	loop_timer_stop(&timer);
	loop_step(scripted_loop, 5);
	scripted_asked("wait t");
	loop_post(scripted_loop, &task);
	scripted_rounds(2);
	scripted_asked("wait 0, wait -1");
	loop_defer(scripted_loop, &task);
	scripted_rounds(2);
	scripted_asked("wait 0, wait -1");
}

/* A report for descriptor 5 in each of the rounds FROM to TO. */
static void report_in(int from, int to)
{
	for (int round = from; round <= to; round++)
		script_report(round, 5, POLLER_READ);
}

Test(loop_wait, lingers_when_reports_are_close)
{
	struct watch a;

	scripted_start(&a, 'a', 5, POLLER_READ);
	script_log();
	report_in(1, 4);
	scripted_rounds(2);
	scripted_asked("wait -1, wait -1"); /* nobody asked it to */
	loop_linger(scripted_loop, INT64_MAX / 2);
	scripted_rounds(4);
	scripted_asked("wait -1, wait 0, wait 0, wait 0");
	loop_linger(scripted_loop, 0);
	report_in(7, 7);
	scripted_rounds(2);
	scripted_asked("wait 0, wait -1");
}

/* It sleeps again once nothing has come for as long, and until two are close. */
Test(loop_wait, lingers_no_longer_than_told)
{
	struct watch a;
	int64_t started_ns = loop_now_ns(scripted_loop);
	int rounds_so_far = 2;

	scripted_start(&a, 'a', 5, POLLER_READ);
	loop_linger(scripted_loop, 2000000);
	report_in(1, 2);
	scripted_rounds(2);
	script_log();
	while (loop_now_ns(scripted_loop) - started_ns < 10000000) {
		scripted_rounds(1);
		rounds_so_far++;
	}
	script_log();
	scripted_rounds(1);
	scripted_asked("wait -1");
	report_in(rounds_so_far + 2, rounds_so_far + 2);
	scripted_rounds(2);
	scripted_asked("wait -1, wait -1"); /* a report, but a lonely one */
}

Test(loop_wait, eintr_is_an_empty_round)
{
	script_fail("wait", EINTR);
	cr_expect_eq(loop_step(scripted_loop, -1), 0);
	script_fail("wait", ENOMEM);
	cr_expect_eq(loop_run(scripted_loop), -1);
	cr_expect_eq(errno, ENOMEM);
	cr_expect_eq(loop_step(scripted_loop, 0), 0);
}
