/* SPDX-License-Identifier: MIT */
/*
 * Drives the thread pool: a line of standard input is a command of up to three
 * words, and its answer is one line on standard output. Where a call's result
 * is printed it is "ok" or the errno's name.
 *
 *	jitter SEED	see jitter.h
 *	no-thread N	the N-th pthread_create() from now on fails
 *	create T C	pool_create(T, C)
 *	submit N	pool_submit() of N tasks
 *	try N		pool_try_submit() of N tasks: how many were accepted
 *			and refused, and why
 *	until MS	pool_submit_until() of one task, MS from now; and if it
 *			came back before that, or waited until later
 *	bare N		pool_submit() of N tasks that have no cancel()
 *	until-at TIME	the same, until TIME of the clock
 *	gate		a task that stays until "open"; answers when it runs
 *	open		lets all tasks at the gate go
 *	waiter		a thread calls pool_submit(); answers when it sleeps
 *	waiter-until	the same with pool_submit_until(), an hour from now
 *	waiter-at TIME	the same, until TIME of the clock
 *	waiter-end	what pool_submit() returned there
 *	crowd N		N threads wait to submit, and the gate opens; see crowd.h
 *	inside		what pool_submit() returns in a task, with a full queue,
 *			and pool_submit_until() as well
 *	inside-shut	the same, when the task has shut the pool down
 *	across		what pool_submit_until() returns in a task, for another
 *			pool whose queue is full
 *	meddle		a task whose callbacks call the pool
 *	meddle-too	one more of them
 *	meddled		what the pool answered there
 *	meet N TIMES	N tasks that wait for each other, so often; see meeting.h
 *	own-mask	are the signals of the caller's thread as they were?
 *	mask		does a task find all signals blocked?
 *	idle		answers when no task is queued or being run
 *	nap MS		answers MS later
 *	shutdown HOW	pool_shutdown(), "drain" or "cancel"
 *	join		pool_join()
 *	free		pool_free()
 *	stats		pool_stats(), and the sum over pool_thread_done()
 *	each		pool_thread_done() of each thread
 *	tasks		what became of the tasks since "create"; the gate's, the
 *			mask's and inside's own are not among them
 *	order		were they begun in order?
 *	hammer P N	see hammer.h
 *	race P N HOW	see hammer.h; answers when all submitters have left
 *	cycles N T	see hammer.h
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "crowd.h"
#include "hammer.h"
#include "jitter.h"
#include "meeting.h"
#include "special.h"
#include "tally.h"
#include "util.h"

#define HOUR_MS 3600000

static struct pool *pool;
static sigset_t at_start;

static const char *create(size_t threads, size_t capacity)
{
	tally_reset();
	pool = pool_create(threads, capacity);
	return special_result(pool ? 0 : -1);
}

static const char *submit(unsigned long n)
{
	int err = 0;

	while (n-- && !err)
		err = tally_submit(pool, TALLY_WAIT, 0);
	return special_result(err);
}

static void try_submit(unsigned long n)
{
	unsigned long accepted = 0, refused = 0;
	int why = 0;

	while (n--)
		if (!tally_submit(pool, TALLY_TRY, 0)) {
			accepted++;
		} else {
			why = errno;
			refused++;
		}
	printf("accepted %lu refused %lu", accepted, refused);
	if (refused)
		printf(" %s", strerrorname_np(why));
	putchar('\n');
}

static void submit_until(int64_t deadline)
{
	const char *text, *when = "";
	int err;

	jitter_forget_waits();
	err = tally_submit(pool, TALLY_UNTIL, deadline);
	text = special_result(err);
	if (err && clock_ms() < deadline)
		when = " early";
	else if (jitter_latest_wait_ms() > MAX(deadline, 0) + 1)
		when = ", with a wait until after the deadline";
	printf("%s%s\n", text, when);
}

static void wait_idle(void)
{
	int64_t deadline = clock_ms() + SPECIAL_PATIENCE_MS;
	struct pool_stats s;

	pool_stats(pool, &s);
	while ((s.depth || s.running) && clock_ms() < deadline) {
		usleep(200);
		pool_stats(pool, &s);
	}
	if (s.depth || s.running)
		printf("still %zu queued and %zu running after %d ms\n",
		       s.depth, s.running, SPECIAL_PATIENCE_MS);
	else
		puts("ok");
}

static void print_stats(void)
{
	struct pool_stats s;
	uint64_t done = 0;

	pool_stats(pool, &s);
	for (size_t i = 0; i < s.threads; i++)
		done += pool_thread_done(pool, i);
	printf("threads %zu capacity %zu depth %zu peak %zu running %zu "
	       "accepted %ju refused %ju done %ju cancelled %ju by-thread "
	       "%ju\n",
	       s.threads, s.capacity, s.depth, s.peak, s.running,
	       (uintmax_t)s.accepted, (uintmax_t)s.refused, (uintmax_t)s.done,
	       (uintmax_t)s.cancelled, (uintmax_t)done);
}

static void print_each(void)
{
	struct pool_stats s;

	pool_stats(pool, &s);
	for (size_t i = 0; i < s.threads; i++)
		printf("%s%ju", i ? " " : "",
		       (uintmax_t)pool_thread_done(pool, i));
	putchar('\n');
}

static void print_tasks(void)
{
	struct tally t;

	tally_count(&t);
	printf("accepted %lu run %lu cancelled %lu wrong %lu\n", t.accepted,
	       t.run, t.cancelled, t.wrong);
}

static const char *in_order(void)
{
	struct tally t;

	tally_count(&t);
	return t.in_order ? "in order" : "out of order";
}

static enum pool_shutdown how(const char *word)
{
	return *word == 'd' ? POOL_DRAIN : POOL_CANCEL;
}

/* Commands that submit or count; false for any other. */
static bool load_command(const char *word, unsigned long a, unsigned long b,
			 const char *text)
{
	if (!strcmp(word, "submit"))
		puts(submit(a));
	else if (!strcmp(word, "try"))
		try_submit(a);
	else if (!strcmp(word, "until"))
		submit_until(clock_ms() + (int64_t)a);
	else if (!strcmp(word, "until-at"))
		submit_until((int64_t)a);
	else if (!strcmp(word, "hammer"))
		puts(hammer(pool, a, b));
	else if (!strcmp(word, "race"))
		puts((hammer_race(pool, a, b, how(text)), "ok"));
	else if (!strcmp(word, "cycles"))
		printf("wrong %lu\n", hammer_cycles(a, b));
	else if (!strcmp(word, "tasks"))
		print_tasks();
	else if (!strcmp(word, "order"))
		puts(in_order());
	else if (!strcmp(word, "stats"))
		print_stats();
	else if (!strcmp(word, "each"))
		print_each();
	else
		return false;
	return true;
}

static const char *meet(unsigned int n, unsigned long times)
{
	const char *text = "ok";

	while (times-- && !strcmp(text, "ok"))
		text = meeting(pool, n);
	return text;
}

static const char *own_mask(void)
{
	sigset_t now;

	pthread_sigmask(SIG_SETMASK, NULL, &now);
	for (int sig = 1; sig < SIGRTMAX; sig++)
		if (sigismember(&now, sig) != sigismember(&at_start, sig))
			return "changed";
	return "as it was";
}

static bool special_command(const char *word, unsigned long a, unsigned long b)
{
	if (!strcmp(word, "meet"))
		puts(meet((unsigned int)a, b));
	else if (!strcmp(word, "own-mask"))
		puts(own_mask());
	else if (!strcmp(word, "gate"))
		puts(special_gate(pool));
	else if (!strcmp(word, "open"))
		puts((special_open(), "ok"));
	else if (!strcmp(word, "waiter"))
		puts(special_waiter(pool, TALLY_WAIT, 0));
	else if (!strcmp(word, "waiter-until"))
		puts(special_waiter(pool, TALLY_UNTIL, clock_ms() + HOUR_MS));
	else if (!strcmp(word, "waiter-at"))
		puts(special_waiter(pool, TALLY_UNTIL, (int64_t)a));
	else if (!strcmp(word, "waiter-end"))
		puts(special_waiter_end());
	else if (!strcmp(word, "crowd"))
		puts(crowd(pool, (unsigned int)a));
	else if (!strcmp(word, "inside"))
		puts(special_inside(pool));
	else if (!strcmp(word, "inside-shut"))
		puts(special_inside_shut(pool));
	else if (!strcmp(word, "across"))
		puts(special_across(pool));
	else if (!strcmp(word, "meddle"))
		puts(special_meddle(pool, true));
	else if (!strcmp(word, "meddle-too"))
		puts(special_meddle(pool, false));
	else if (!strcmp(word, "meddled"))
		puts(special_meddled());
	else if (!strcmp(word, "mask"))
		puts(special_mask(pool));
	else if (!strcmp(word, "bare"))
		puts(special_bare(pool, a));
	else
		return false;
	return true;
}

/* The pool's life. */
static void pool_command(const char *word, unsigned long a, unsigned long b,
			 const char *text)
{
	if (!strcmp(word, "jitter"))
		puts((jitter_set(a), "ok"));
	else if (!strcmp(word, "no-thread"))
		puts((jitter_fail_create(a), "ok"));
	else if (!strcmp(word, "create"))
		puts(create(a, b));
	else if (!strcmp(word, "idle"))
		wait_idle();
	else if (!strcmp(word, "nap"))
		puts((usleep(a * 1000), "ok"));
	else if (!strcmp(word, "shutdown"))
		puts((pool_shutdown(pool, how(text)), "ok"));
	else if (!strcmp(word, "join"))
		puts((pool_join(pool), "ok"));
	else if (!strcmp(word, "free"))
		puts((pool_free(pool), "ok"));
	else
		puts("unknown command");
}

int main(void)
{
	char line[256], *words[4];

	pthread_sigmask(SIG_SETMASK, NULL, &at_start);
	while (fgets(line, sizeof(line), stdin)) {
		unsigned long a, b;

		words[0] = strtok(line, " \n");
		for (int i = 1; i < 4; i++)
			words[i] = strtok(NULL, " \n") ?: "";
		if (!words[0])
			continue;
		a = strtoul(words[1], NULL, 10);
		b = strtoul(words[2], NULL, 10);
		if (!load_command(words[0], a, b, words[3]) &&
		    !special_command(words[0], a, b))
			pool_command(words[0], a, b, words[1]);
		fflush(stdout);
	}
	return 0;
}
