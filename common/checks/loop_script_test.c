/* SPDX-License-Identifier: MIT */
/*
 * The loop over a scripted poller: what it asks of the poller and when, and
 * what becomes of reports that cannot be had from a kernel at will.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "loop.h"
#include "cases/poller_test.h"
#include "util.h"

static struct loop *loop;
static char trace[1024];

struct watch {
	struct loop_fd lf;
	char name;
	void (*act)(struct watch *w);
	struct watch *other;
};

static void on_fd(struct loop_fd *lf, unsigned int ready)
{
	struct watch *w = CONTAINER_OF(lf, struct watch, lf);
	size_t len = strlen(trace);

	snprintf(trace + len, sizeof(trace) - len, "%c:%s%s%s%s%s ", w->name,
		 ready & POLLER_READ ? "R" : "",
		 ready & POLLER_WRITE ? "W" : "",
		 ready & POLLER_RDHUP ? "D" : "", ready & POLLER_HUP ? "H" : "",
		 ready & POLLER_ERR ? "E" : "");
	if (w->act)
		w->act(w);
}

static void begin(const struct poller_ops *ops)
{
	script_reset();
	trace[0] = '\0';
	loop = loop_create(ops, 0);
	cr_assert(loop);
}

static void begin_level(void)
{
	begin(&poller_script_level);
}

static void end(void)
{
	loop_destroy(loop);
}

static void start(struct watch *w, char name, int fd, unsigned int interest)
{
	memset(w, 0, sizeof(*w));
	w->name = name;
	loop_fd_init(&w->lf, on_fd);
	cr_assert_eq(loop_fd_start(loop, &w->lf, fd, interest), 0);
}

static void rounds(int n)
{
	while (n-- > 0)
		cr_assert_eq(loop_step(loop, -1), 0);
}

#define SAW(want)   cr_expect_str_eq(trace, want, "handlers: %s", trace)
#define ASKED(want) expect_asked(want)

static void expect_asked(const char *want)
{
	const char *got = script_log();

	cr_expect_str_eq(got, want, "want \"%s\", got \"%s\"", want, got);
}

TestSuite(loop_script, .timeout = 10, .init = begin_level, .fini = end);

Test(loop_script, order_is_the_pollers)
{
	struct watch a, b, c;

	start(&a, 'a', 100, POLLER_READ);
	start(&b, 'b', 101, POLLER_READ | POLLER_WRITE);
	start(&c, 'c', 102, POLLER_RDHUP);
	script_report(1, 102, POLLER_RDHUP);
	script_report(1, 100, POLLER_READ);
	script_report(1, 101, POLLER_READ | POLLER_WRITE);
	rounds(1);
	SAW("c:D a:R b:RW ");
	ASKED("add 100 R, add 101 RW, add 102 D, wait -1");
}

Test(loop_script, changes_cost_one_call)
{
	struct watch a, b;

	start(&a, 'a', 100, POLLER_READ);
	start(&b, 'b', 101, 0);
	ASKED("add 100 R");
	loop_fd_modify(&a.lf, POLLER_WRITE);
	loop_fd_modify(&a.lf, 0);
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	loop_fd_modify(&b.lf, POLLER_READ);
	rounds(1);
	ASKED("mod 100 RW, add 101 R, wait -1");
	loop_fd_modify(&a.lf, 0);
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	loop_fd_modify(&b.lf, 0);
	rounds(1);
	ASKED("del 101, wait -1");
	loop_fd_modify(&a.lf, 0);
	loop_fd_stop(&a.lf);
	loop_fd_stop(&b.lf);
	rounds(1);
	ASKED("del 100, wait -1");
}

/* An edge-triggered poller must be asked to say it again. */
Test(loop_script, edge_off_and_on_is_told)
{
	struct watch a;

	end();
	begin(&poller_script_edge);
	start(&a, 'a', 100, POLLER_READ | POLLER_WRITE);
	loop_fd_modify(&a.lf, POLLER_READ);
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	rounds(2);
	ASKED("add 100 RW, mod 100 RW, wait -1, wait -1");
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	rounds(1);
	ASKED("wait -1");
	/* On and off is nothing new, and nothing is left of what was. */
	loop_fd_modify(&a.lf, POLLER_INTEREST);
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	rounds(1);
	ASKED("wait -1");
	loop_fd_modify(&a.lf, 0);
	loop_fd_modify(&a.lf, POLLER_READ);
	loop_fd_modify(&a.lf, 0);
	rounds(1);
	ASKED("del 100, wait -1");
}

Test(loop_script, hup_brings_what_was_asked_for)
{
	struct watch a, b, c;

	start(&a, 'a', 100, POLLER_READ);
	start(&b, 'b', 101, POLLER_WRITE);
	start(&c, 'c', 102, POLLER_RDHUP);
	script_report(1, 100, POLLER_HUP);
	script_report(1, 101, POLLER_ERR);
	script_report(1, 102, POLLER_HUP | POLLER_ERR | POLLER_RDHUP);
	rounds(1);
	SAW("a:RH b:WE c:DHE ");
}

static void take_read(struct watch *w)
{
	loop_fd_modify(&w->other->lf, POLLER_WRITE);
}

static void silence(struct watch *w)
{
	loop_fd_modify(&w->other->lf, 0);
}

static void stop_other(struct watch *w)
{
	loop_fd_stop(&w->other->lf);
}

static void act_on(struct watch *w, void (*act)(struct watch *),
		   struct watch *other)
{
	w->act = act;
	w->other = other;
}

Test(loop_script, report_for_what_is_no_longer_asked)
{
	struct watch a, b, c, d, e;

	start(&a, 'a', 100, POLLER_READ);
	start(&b, 'b', 101, POLLER_READ | POLLER_WRITE);
	start(&c, 'c', 102, POLLER_READ);
	start(&d, 'd', 103, POLLER_READ);
	start(&e, 'e', 104, POLLER_READ);
	act_on(&a, take_read, &b);
	act_on(&b, silence, &d);
	act_on(&c, stop_other, &e);
	script_report(1, 100, POLLER_READ);
	script_report(1, 101, POLLER_READ | POLLER_WRITE);
	script_report(1, 102, POLLER_READ);
	script_report(1, 103, POLLER_READ | POLLER_HUP);
	script_report(1, 104, POLLER_READ);
	rounds(1);
	SAW("a:R b:W c:R ");
}

static struct watch reborn;

static void replace_other(struct watch *w)
{
	int fd = w->other->lf.fd;

	loop_fd_stop(&w->other->lf);
	start(&reborn, 'n', fd, POLLER_READ);
}

/* The number is stopped and started again between report and delivery. */
Test(loop_script, number_reused_in_the_batch)
{
	struct watch a, b;

	start(&a, 'a', 100, POLLER_READ);
	start(&b, 'b', 101, POLLER_READ);
	act_on(&a, replace_other, &b);
	script_report(1, 100, POLLER_READ);
	script_report(1, 101, POLLER_READ | POLLER_HUP);
	script_report(2, 101, POLLER_READ);
	rounds(1);
	SAW("a:R ");
	rounds(1);
	SAW("a:R n:R ");
}

/* The same structure, stopped and started again with the same number. */
static void restart_other(struct watch *w)
{
	struct loop_fd *lf = &w->other->lf;
	int fd = lf->fd;

	loop_fd_stop(lf);
	cr_assert_eq(loop_fd_start(loop, lf, fd, POLLER_READ), 0);
}

Test(loop_script, structure_reused_in_the_batch)
{
	struct watch a, b;

	start(&a, 'a', 100, POLLER_READ);
	start(&b, 'b', 101, POLLER_READ);
	act_on(&a, restart_other, &b);
	script_report(1, 100, POLLER_READ);
	script_report(1, 101, POLLER_READ);
	script_report(2, 101, POLLER_READ);
	rounds(2);
	SAW("a:R b:R ");
}

static void again(struct watch *w)
{
	loop_fd_again(&w->lf, POLLER_READ);
	w->act = NULL;
}

/* Ready first, in the poller's order; then those that asked, in theirs. */
Test(loop_script, again_comes_after_the_ready)
{
	struct watch a, b, c;

	start(&a, 'a', 100, POLLER_READ | POLLER_WRITE);
	start(&b, 'b', 101, POLLER_READ);
	start(&c, 'c', 102, POLLER_READ);
	a.act = b.act = again;
	script_report(1, 101, POLLER_READ);
	script_report(1, 100, POLLER_READ);
	script_report(2, 102, POLLER_READ);
	script_report(2, 100, POLLER_WRITE);
	rounds(3);
	SAW("b:R a:R c:R a:RW b:R ");
	ASKED("add 100 RW, add 101 R, add 102 R, wait -1, wait 0, wait -1");
}

Test(loop_script, refused_change_is_err)
{
	struct watch a;

	start(&a, 'a', 100, POLLER_READ);
	loop_fd_modify(&a.lf, 0);
	rounds(1);
	loop_fd_modify(&a.lf, POLLER_READ);
	script_fail("add", ENOSPC);
	rounds(1);
	SAW("a:RE ");
	ASKED("add 100 R, del 100, wait -1, add 100 R, wait 0");
	/* The poller does not know it: there is nothing to take back. */
	loop_fd_stop(&a.lf);
	ASKED("");
}

Test(loop_script, refused_start_leaves_nothing)
{
	struct loop_fd lf;

	loop_fd_init(&lf, on_fd);
	script_fail("add", EPERM);
	cr_expect_eq(loop_fd_start(loop, &lf, 100, POLLER_READ), -1);
	cr_expect_eq(errno, EPERM);
	cr_expect_not(loop_fd_started(&lf));
	cr_expect_eq(loop_fd_start(loop, &lf, 100, POLLER_READ), 0);
}

Test(loop_script, nonsense_from_the_poller_is_dropped)
{
	struct watch a;

	start(&a, 'a', 100, POLLER_READ);
	script_report(1, -1, POLLER_READ);
	script_report(1, 100000, POLLER_READ);
	script_report(1, 99, POLLER_READ);
	script_report(1, 100, POLLER_WRITE);
	script_report(1, 100, 0);
	rounds(1);
	SAW("");
}

static void nothing(struct loop_timer *timer)
{
	(void)timer;
}

static void nothing_to_do(struct loop_task *task)
{
	(void)task;
}

Test(loop_script, waits_as_long_as_it_may)
{
	struct loop_timer timer;
	struct loop_task task;

	loop_timer_init(&timer, nothing);
	loop_task_init(&task, nothing_to_do);
	rounds(1);
	ASKED("wait -1");
	loop_timer_start(loop, &timer, 1000000);
	rounds(1);
	ASKED("wait t");
	loop_step(loop, 0);
	ASKED("wait 0");
	loop_timer_stop(&timer);
	loop_step(loop, 5);
	ASKED("wait t");
	loop_post(loop, &task);
	rounds(2);
	ASKED("wait 0, wait -1");
	loop_defer(loop, &task);
	rounds(2);
	ASKED("wait 0, wait -1");
}

/* A report for descriptor 5 in each of the rounds FROM to TO. */
static void report_in(int from, int to)
{
	for (int round = from; round <= to; round++)
		script_report(round, 5, POLLER_READ);
}

Test(loop_script, lingers_when_reports_are_close)
{
	struct watch a;

	start(&a, 'a', 5, POLLER_READ);
	script_log();
	report_in(1, 4);
	rounds(2);
	ASKED("wait -1, wait -1"); /* nobody asked it to */
	loop_linger(loop, INT64_MAX / 2);
	rounds(4);
	ASKED("wait -1, wait 0, wait 0, wait 0");
	loop_linger(loop, 0);
	report_in(7, 7);
	rounds(2);
	ASKED("wait 0, wait -1");
}

/* It sleeps again once nothing has come for as long, and until two are close. */
Test(loop_script, lingers_no_longer_than_told)
{
	struct watch a;
	int64_t started_ns = loop_now_ns(loop);
	int rounds_so_far = 2;

	start(&a, 'a', 5, POLLER_READ);
	loop_linger(loop, 2000000);
	report_in(1, 2);
	rounds(2);
	script_log();
	while (loop_now_ns(loop) - started_ns < 10000000) {
		rounds(1);
		rounds_so_far++;
	}
	script_log();
	rounds(1);
	ASKED("wait -1");
	report_in(rounds_so_far + 2, rounds_so_far + 2);
	rounds(2);
	ASKED("wait -1, wait -1"); /* a report, but a lonely one */
}

Test(loop_script, eintr_is_an_empty_round)
{
	script_fail("wait", EINTR);
	cr_expect_eq(loop_step(loop, -1), 0);
	script_fail("wait", ENOMEM);
	cr_expect_eq(loop_run(loop), -1);
	cr_expect_eq(errno, ENOMEM);
	cr_expect_eq(loop_step(loop, 0), 0);
}
