/* SPDX-License-Identifier: MIT */
/*
 * The loop over a scripted poller: what it asks of the poller, and what becomes
 * of reports that cannot be had from a kernel at will.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "scripted_loop.h"

TestSuite(loop_script, .timeout = 10, .init = scripted_begin_level,
	  .fini = scripted_end);

Test(loop_script, order_is_the_pollers)
{
	struct watch a, b, c;

	scripted_start(&a, 'a', 100, POLLER_READ);
	scripted_start(&b, 'b', 101, POLLER_READ | POLLER_WRITE);
	scripted_start(&c, 'c', 102, POLLER_RDHUP);
	script_report(1, 102, POLLER_RDHUP);
	script_report(1, 100, POLLER_READ);
	script_report(1, 101, POLLER_READ | POLLER_WRITE);
	scripted_rounds(1);
	scripted_saw("c:D a:R b:RW ");
	scripted_asked("add 100 R, add 101 RW, add 102 D, wait -1");
}

Test(loop_script, changes_cost_one_call)
{
	struct watch a, b;

	scripted_start(&a, 'a', 100, POLLER_READ);
	scripted_start(&b, 'b', 101, 0);
	scripted_asked("add 100 R");
	loop_fd_modify(&a.lf, POLLER_WRITE);
	loop_fd_modify(&a.lf, 0);
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	loop_fd_modify(&b.lf, POLLER_READ);
	scripted_rounds(1);
	scripted_asked("mod 100 RW, add 101 R, wait -1");
	loop_fd_modify(&a.lf, 0);
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	loop_fd_modify(&b.lf, 0);
	scripted_rounds(1);
	scripted_asked("del 101, wait -1");
	loop_fd_modify(&a.lf, 0);
	loop_fd_stop(&a.lf);
	loop_fd_stop(&b.lf);
	scripted_rounds(1);
	scripted_asked("del 100, wait -1");
}

/* An edge-triggered poller must be asked to say it again. */
Test(loop_script, edge_off_and_on_is_told)
{
	struct watch a;

	scripted_end();
	scripted_begin(&poller_script_edge);
	scripted_start(&a, 'a', 100, POLLER_READ | POLLER_WRITE);
	loop_fd_modify(&a.lf, POLLER_READ);
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	scripted_rounds(2);
	scripted_asked("add 100 RW, mod 100 RW, wait -1, wait -1");
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	scripted_rounds(1);
	scripted_asked("wait -1");
	/* On and off is nothing new, and nothing is left of what was. */
	loop_fd_modify(&a.lf, POLLER_INTEREST);
	loop_fd_modify(&a.lf, POLLER_READ | POLLER_WRITE);
	scripted_rounds(1);
	scripted_asked("wait -1");
	loop_fd_modify(&a.lf, 0);
	loop_fd_modify(&a.lf, POLLER_READ);
	loop_fd_modify(&a.lf, 0);
	scripted_rounds(1);
	scripted_asked("del 100, wait -1");
}

Test(loop_script, hup_brings_what_was_asked_for)
{
	struct watch a, b, c;

	scripted_start(&a, 'a', 100, POLLER_READ);
	scripted_start(&b, 'b', 101, POLLER_WRITE);
	scripted_start(&c, 'c', 102, POLLER_RDHUP);
	script_report(1, 100, POLLER_HUP);
	script_report(1, 101, POLLER_ERR);
	script_report(1, 102, POLLER_HUP | POLLER_ERR | POLLER_RDHUP);
	scripted_rounds(1);
	scripted_saw("a:RH b:WE c:DHE ");
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

	scripted_start(&a, 'a', 100, POLLER_READ);
	scripted_start(&b, 'b', 101, POLLER_READ | POLLER_WRITE);
	scripted_start(&c, 'c', 102, POLLER_READ);
	scripted_start(&d, 'd', 103, POLLER_READ);
	scripted_start(&e, 'e', 104, POLLER_READ);
	act_on(&a, take_read, &b);
	act_on(&b, silence, &d);
	act_on(&c, stop_other, &e);
	script_report(1, 100, POLLER_READ);
	script_report(1, 101, POLLER_READ | POLLER_WRITE);
	script_report(1, 102, POLLER_READ);
	script_report(1, 103, POLLER_READ | POLLER_HUP);
	script_report(1, 104, POLLER_READ);
	scripted_rounds(1);
	scripted_saw("a:R b:W c:R ");
}

static struct watch reborn;

static void replace_other(struct watch *w)
{
	int fd = w->other->lf.fd;

	loop_fd_stop(&w->other->lf);
	scripted_start(&reborn, 'n', fd, POLLER_READ);
}

/* The number is stopped and started again between report and delivery. */
Test(loop_script, number_reused_in_the_batch)
{
	struct watch a, b;

	scripted_start(&a, 'a', 100, POLLER_READ);
	scripted_start(&b, 'b', 101, POLLER_READ);
	act_on(&a, replace_other, &b);
	script_report(1, 100, POLLER_READ);
	script_report(1, 101, POLLER_READ | POLLER_HUP);
	script_report(2, 101, POLLER_READ);
	scripted_rounds(1);
	scripted_saw("a:R ");
	scripted_rounds(1);
	scripted_saw("a:R n:R ");
}

/* The same structure, stopped and started again with the same number. */
static void restart_other(struct watch *w)
{
	struct loop_fd *lf = &w->other->lf;
	int fd = lf->fd;

	loop_fd_stop(lf);
	cr_assert_eq(loop_fd_start(scripted_loop, lf, fd, POLLER_READ), 0);
}

Test(loop_script, structure_reused_in_the_batch)
{
	struct watch a, b;

	scripted_start(&a, 'a', 100, POLLER_READ);
	scripted_start(&b, 'b', 101, POLLER_READ);
	act_on(&a, restart_other, &b);
	script_report(1, 100, POLLER_READ);
	script_report(1, 101, POLLER_READ);
	script_report(2, 101, POLLER_READ);
	scripted_rounds(2);
	scripted_saw("a:R b:R ");
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

	scripted_start(&a, 'a', 100, POLLER_READ | POLLER_WRITE);
	scripted_start(&b, 'b', 101, POLLER_READ);
	scripted_start(&c, 'c', 102, POLLER_READ);
	a.act = b.act = again;
	script_report(1, 101, POLLER_READ);
	script_report(1, 100, POLLER_READ);
	script_report(2, 102, POLLER_READ);
	script_report(2, 100, POLLER_WRITE);
	scripted_rounds(3);
	scripted_saw("b:R a:R c:R a:RW b:R ");
	scripted_asked("add 100 RW, add 101 R, add 102 R, wait -1, wait 0, "
		       "wait -1");
}

Test(loop_script, refused_change_is_err)
{
	struct watch a;

	scripted_start(&a, 'a', 100, POLLER_READ);
	loop_fd_modify(&a.lf, 0);
	scripted_rounds(1);
	loop_fd_modify(&a.lf, POLLER_READ);
	script_fail("add", ENOSPC);
	scripted_rounds(1);
	scripted_saw("a:RE ");
	scripted_asked("add 100 R, del 100, wait -1, add 100 R, wait 0");
	/* The poller does not know it: there is nothing to take back. */
	loop_fd_stop(&a.lf);
	scripted_asked("");
}

Test(loop_script, refused_start_leaves_nothing)
{
	struct loop_fd lf;

	loop_fd_init(&lf, scripted_on_fd);
	script_fail("add", EPERM);
	cr_expect_eq(loop_fd_start(scripted_loop, &lf, 100, POLLER_READ), -1);
	cr_expect_eq(errno, EPERM);
	cr_expect_not(loop_fd_started(&lf));
	cr_expect_eq(loop_fd_start(scripted_loop, &lf, 100, POLLER_READ), 0);
}

Test(loop_script, nonsense_from_the_poller_is_dropped)
{
	struct watch a;

	scripted_start(&a, 'a', 100, POLLER_READ);
	script_report(1, -1, POLLER_READ);
	script_report(1, 100000, POLLER_READ);
	script_report(1, 99, POLLER_READ);
	script_report(1, 100, POLLER_WRITE);
	script_report(1, 100, 0);
	scripted_rounds(1);
	scripted_saw("");
}
