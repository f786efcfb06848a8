/* SPDX-License-Identifier: MIT */
/*
 * How programs end, and what must be gone with them. This process is the
 * subreaper (prctl(2)) of all it starts: children whose parent has ended become
 * ours, so whatever a program leaves behind is below us in the process tree,
 * whichever session or group it fled to.
 */
#include "program_end_internal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "deadline_internal.h"
#include "excerpt_internal.h"
#include "failure_internal.h"
#include "loopback_internal.h"
#include "paths_internal.h"
#include "process_table_internal.h"
#include "report_internal.h"
#include "sanitizer_internal.h"
#include "valgrind_internal.h"
#include "patience_internal.h"

#define ASLEEP_MS 2000 /* for a program to sleep before it gets a signal */

bool prog_crashed(struct prog *p)
{
	if (prog_sanitizer(p))
		return true;
	return prog_ended(p) && WIFSIGNALED(p->status) &&
	       !(p->signals_sent & (1ull << WTERMSIG(p->status)));
}

/*
 * It and all that is below it. One that has ended is a SIGCHLD on its way, and one
 * that went while the table was read may have woken it.
 */
static bool all_sleep(struct prog *p)
{
	struct process *list;
	size_t n = process_table(&list);
	bool sleep = true;

	for (size_t i = 0; i < n && sleep; i++)
		if (process_is_below(list, n, i, p->pid))
			sleep = !process_is_dead(&list[i]) &&
				!process_is_runnable(&list[i]);
	free(list);
	return sleep && prog_sleeps(p);
}

/*
 * Where a handler is put off until a call returns, a signal just before accept(2)
 * waits there for a client: it is to come when the program is in that call. One
 * that goes on all the time is not asked twice.
 */
static void let_it_sleep(struct prog *p)
{
	int64_t end = judge_deadline_in(ASLEEP_MS);

	while (p->puts_signals_off && !all_sleep(p)) {
		judge_wait(-1, 0, clock_ms() + 1);
		if (clock_ms() >= end || prog_ended(p))
			p->puts_signals_off = false;
	}
}

void prog_signal(struct prog *p, int sig)
{
	judge_step("send %s to %s", signal_name(sig), p->name);
	if (sig > 0 && sig < 64)
		p->signals_sent |= 1ull << sig;
	prog_reap(p);
	if (prog_ended(p))
		judge_fail(OUTCOME_FAIL, "the program to be running",
			   "it is not");
	loopback_wait();
	if (sig != SIGSTOP && sig != SIGCONT && sig != SIGKILL)
		let_it_sleep(p);
	kill(p->pid, sig);
}

bool prog_is_alive(struct prog *p)
{
	judge_pump();
	return !prog_ended(p);
}

void prog_expect_alive(struct prog *p)
{
	judge_step("look whether %s is running", p->name);
	if (!prog_is_alive(p))
		judge_fail(OUTCOME_FAIL, "the program to be running still",
			   "it is not");
}

/* Remembers which processes are below P, before it can disown them. */
static void remember_children(struct prog *p)
{
	struct process *list;
	size_t n = process_table(&list);

	free(p->seen);
	p->seen = judge_alloc(n * sizeof(*p->seen));
	p->nseen = 0;
	for (size_t i = 0; i < n; i++)
		if (list[i].pid != p->pid &&
		    process_is_below(list, n, i, p->pid))
			p->seen[p->nseen++] =
				(struct seen){ list[i].pid, list[i].start };
	free(list);
}

static bool was_seen(const struct prog *p, const struct process *proc)
{
	for (size_t i = 0; i < p->nseen; i++)
		if (p->seen[i].pid == proc->pid &&
		    p->seen[i].start == proc->start)
			return true;
	return false;
}

/* Whether LIST[I], a process below us, is left over from P, which has ended. */
static bool is_left_over(const struct prog *p, const struct process *list,
			 size_t n, size_t i)
{
	bool others = false;

	if (list[i].group == p->pid || list[i].session == p->pid ||
	    was_seen(p, &list[i]))
		return true;
	for (size_t k = 0; k < nprogs; k++) {
		if (prog_ended(progs[k]))
			continue;
		others = true;
		if (process_is_below(list, n, i, progs[k]->pid))
			return false;
	}
	return !others; /* who else could it be of */
}

/* How many processes P has left behind; dead ones are buried by the way. */
static size_t left_over(const struct prog *p, struct process *example)
{
	struct process *list;
	size_t n = process_table(&list), count = 0;
	pid_t self = getpid();

	for (size_t i = 0; i < n; i++) {
		if (list[i].pid == self ||
		    !process_is_below(list, n, i, self) ||
		    !is_left_over(p, list, n, i))
			continue;
		if (process_is_dead(&list[i])) {
			if (list[i].parent == self)
				waitpid(list[i].pid, NULL, WNOHANG);
			continue;
		}
		count++;
		*example = list[i];
	}
	free(list);
	return count;
}

static void check_left_over(struct prog *p)
{
	int64_t deadline = judge_deadline_in(LEFT_OVER_MS);
	struct process example;
	size_t n;

	report_checking_end("processes");
	while ((n = left_over(p, &example))) {
		if (clock_ms() >= deadline && !patience_left(&deadline))
			judge_fail(OUTCOME_FAIL,
				   "no process to be left when the program"
				   " has ended",
				   "%zu left, one of them process %d (%s),"
				   " state %c",
				   n, example.pid, example.name, example.state);
		judge_wait(-1, 0, clock_ms() + 3);
	}
}

static void wait_for_end(struct prog *p, const char *expected)
{
	int64_t deadline = judge_deadline();

	while (!prog_ended(p))
		if (judge_wait(-1, 0, deadline) == WAKE_DEADLINE &&
		    !patience_left(&deadline))
			judge_fail(OUTCOME_TIMEOUT, expected,
				   "%s was still running after %s", p->name,
				   judge_deadline_text());
	judge_pump();
}

static void check_end(struct prog *p, int status, const char *expected)
{
	const char *tool = prog_sanitizer(p);

	if (tool && strcmp(tool, "LeakSanitizer") == 0) {
		p->end_checked = true;
		report_checking_end("memory");
		judge_fail(OUTCOME_LEAK, "no memory to be leaked", "%s",
			   prog_sanitizer_summary(p));
	}
	if (prog_crashed(p))
		judge_fail(OUTCOME_CRASH, expected, "it did not");
	p->end_checked = true;
	if (!WIFEXITED(p->status) || WEXITSTATUS(p->status) != status)
		judge_fail(OUTCOME_FAIL, expected, "%s: %s", p->name,
			   status_text(p->status));
	check_left_over(p);
	if (p->opts.valgrind)
		valgrind_check(p);
	report_checking_end(NULL);
	judge_step("%s has ended with %s", p->name, status_text(p->status));
}

void prog_stop(struct prog *p)
{
	static const char *const expected = "the program to end with status 0 "
					    "after SIGTERM";

	judge_step("stop %s with SIGTERM", p->name);
	judge_pump();
	if (prog_ended(p))
		judge_fail(OUTCOME_FAIL, "the program to run until SIGTERM",
			   "it had ended by itself");
	report_checking_end("exit");
	remember_children(p);
	p->signals_sent |= 1ull << SIGTERM;
	let_it_sleep(p);
	kill(p->pid, SIGTERM);
	wait_for_end(p, expected);
	check_end(p, 0, expected);
}

void prog_expect_exit(struct prog *p, int status)
{
	char *expected = judge_format("the program to end by itself with"
				      " status %d",
				      status);

	judge_step("wait for %s to end", p->name);
	if (!prog_ended(p))
		remember_children(p);
	wait_for_end(p, expected);
	check_end(p, status, expected);
	free(expected);
}

void prog_finish(struct prog *p)
{
	prog_close_stdin(p);
	report_checking_end("exit");
	prog_expect_exit(p, 0);
}

void prog_expect_signal(struct prog *p, int sig)
{
	char *expected = judge_format("the program to be killed by %s",
				      signal_name(sig));

	judge_step("wait for %s to be killed by %s", p->name, signal_name(sig));
	if (!prog_ended(p))
		remember_children(p);
	wait_for_end(p, expected);
	p->signals_sent |= 1ull << sig;
	if (prog_crashed(p))
		judge_fail(OUTCOME_CRASH, expected, "it was not");
	p->end_checked = true;
	if (!WIFSIGNALED(p->status) || WTERMSIG(p->status) != sig)
		judge_fail(OUTCOME_FAIL, expected, "%s: %s", p->name,
			   status_text(p->status));
	check_left_over(p);
	report_checking_end(NULL);
	free(expected);
}

void kill_groups(void)
{
	for (size_t i = 0; i < nprogs; i++) {
		kill(-progs[i]->pid, SIGKILL);
		if (!prog_ended(progs[i]))
			kill(progs[i]->pid, SIGKILL);
	}
}

/* Kills what is below us; the number of processes that were. */
static size_t kill_round(void)
{
	struct process *list;
	size_t n = process_table(&list), count = 0;
	pid_t self = getpid();

	for (size_t i = 0; i < n; i++) {
		if (list[i].pid == self || !process_is_below(list, n, i, self))
			continue;
		kill(list[i].pid, SIGKILL);
		count++;
	}
	free(list);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return count;
}

void kill_all(void)
{
	int64_t deadline = judge_deadline_in(LEFT_OVER_MS);

	kill_groups();
	for (size_t i = 0; i < nprogs; i++) {
		if (!prog_ended(progs[i]))
			waitpid(progs[i]->pid, &progs[i]->status, 0);
	}
	while (nprogs && kill_round() && clock_ms() < deadline)
		;
	judge_remove_tmp();
}
