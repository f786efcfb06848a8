/* SPDX-License-Identifier: MIT */
/* Task 3: health.c, the checks. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "between.h"
#include "drivertest.h"
#include "util.h"

static struct prog *checker(const char *period, const char *a, const char *b)
{
	struct prog *d = prog_driver("check-driver", period, a, b);

	prog_expect_line(d, "checking");
	return d;
}

/* A check connects, and closes at once without a word. */
static void expect_check(struct peer_listener *l)
{
	struct peer *c = peer_accept(l);

	judge_check(peer_drain(c) == 0, "a connection without a byte",
		    "some came");
	peer_close(c);
}

/*
 * A driver that has checked L three times, a second apart. This process may have
 * heard late that it began, which makes the time look shorter: then once more.
 */
static struct prog *three_checks(struct peer_listener *l)
{
	struct prog *d;
	int64_t ms;

	for (int tries = 1;; tries++) {
		int64_t begin;

		d = checker("1", peer_listener_address(l), NULL);
		begin = clock_ms();
		judge_promise("DONE is called with each result;");
		for (int i = 0; i < 3; i++) {
			prog_expect_line(d, "good");
			judge_promise("until one is good, and closes that "
				      "connection");
			expect_check(l);
			judge_promise("Begins to check whether one of the "
				      "COUNT");
		}
		ms = clock_ms() - begin;
		if (ms >= 1900 || tries == 3)
			break;
		prog_finish(d);
	}
	judge_check(ms >= 1900, "a check each second", "3 within %lld ms",
		    (long long)ms);
	return d;
}

GRADED(health, checks_a_server)
{
	struct peer_listener *l = peer_listen("127.0.0.3:0");
	char address[64];
	struct prog *d;

	strcpy(address, peer_listener_address(l));
	judge_promise("Begins to check whether one of the COUNT");
	d = three_checks(l);
	judge_promise("it is bad if none is, or after PERIOD_S");
	peer_listener_close(l);
	/* One that the kernel took before the close may still be good. */
	while (strcmp(prog_line(d), "bad") != 0)
		;
	judge_promise("Begins to check whether one of the COUNT");
	l = peer_listen(address);
	while (strcmp(prog_line(d), "good") != 0)
		;
	prog_finish(d);
}

/*
 * Half of the period goes to a first address that is silent. So from one check's
 * end to the next is a period, and a half more if it counted from the end. What
 * a busy machine makes late is measured again.
 */
static void keeps_its_period(struct prog *d, struct peer_listener *l)
{
	int64_t before = 0, now = 0, least = INT64_MAX;

	judge_checking("health_period");
	for (int i = 0; i < 6 && least >= 2500; i++) {
		prog_expect_line(d, "good");
		now = clock_ms();
		expect_check(l);
		if (i > 0)
			least = MIN(least, now - before);
		before = now;
	}
	judge_check(least < 2500,
		    "checks 2 s apart, from the beginning of one to the next",
		    "%lld ms, and each takes one second", (long long)least);
	judge_checking(NULL);
}

/* A check each 30 days, which are more milliseconds than an int has. */
static void long_period(struct peer_listener *silent)
{
	struct prog *d =
		checker("2592000", peer_listener_address(silent), NULL);
	int64_t began = clock_ms();

	judge_checking("health_long_period");
	judge_until(clock_ms() - began > 300, "300 ms have passed");
	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(health, a_silent_server_is_bad)
{
	struct peer_listener *silent = peer_listen_silent("127.0.0.1:0");
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = checker("1", peer_listener_address(silent), NULL);
	size_t before;

	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	before = prog_descriptors(d);
	prog_input(d, "start");
	prog_expect_line(d, "bad");
	prog_expect_line(d, "bad");
	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	judge_check(prog_descriptors(d) == before,
		    "no descriptor left by checks that are over",
		    "%zu, and %zu before", prog_descriptors(d), before);
	prog_finish(d);
	/* With a second address there is time left for it. */
	d = checker("2", peer_listener_address(silent),
		    peer_listener_address(l));
	keeps_its_period(d, l);
	prog_finish(d);
	long_period(silent);
}

/* It takes connections, and resets each before anybody looks. */
static void takes_and_resets(void)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = checker("1", peer_listener_address(l), NULL);

	judge_checking("health_takes_and_resets");
	prog_expect_line(d, "good");
	expect_check(l);
	prog_input(d, "late");
	for (int i = 0; i < 2; i++) {
		peer_reset(peer_accept(l));
		prog_expect_line(d, "good");
	}
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(health, addresses_in_their_order)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct peer_listener *other = peer_listen("127.0.0.1:0");
	struct prog *d;

	judge_promise("A check connects to the addresses in their");
	d = checker("1", peer_nowhere(), peer_listener_address(l));
	prog_expect_line(d, "good");
	expect_check(l);
	prog_finish(d);
	judge_promise("it is bad if none is, or after PERIOD_S");
	d = checker("1", peer_nowhere(), peer_nowhere());
	prog_expect_line(d, "bad");
	prog_finish(d);
	judge_promise("A check connects to the addresses in their");
	d = checker("1", peer_listener_address(l),
		    peer_listener_address(other));
	prog_expect_line(d, "good");
	prog_finish(d);
	judge_check(!peer_accept_now(other),
		    "no connect to the second address once the first is good",
		    "one");
	takes_and_resets();
}

/* Each call of a check fails in each way: which of them tell of the server? */
static void every_error(struct prog *d)
{
	static const int ours[] = { EMFILE, ENFILE, ENOBUFS, ENOMEM,
				    EADDRNOTAVAIL };

	judge_checking("health_any_error");
	for (int error = 1; error < 134; error++) {
		const char *name = strerrorname_np(error);
		bool is_ours = false;

		/* These say that a connect goes on, or was there. */
		if (!name || error == EINTR || error == EINPROGRESS ||
		    error == ECONNRESET || error == EPIPE)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(ours); i++)
			is_ours |= error == ours[i];
		for (int call = 0; call < 2; call++) {
			prog_input(d, "fail %s %s", call ? "connect" : "socket",
				   name);
			prog_expect_line(d, is_ours ? "no result" : "bad");
		}
	}
	judge_checking(NULL);
}

/*
 * What fails at once is told later, when who has started the check is through
 * with what it was doing.
 */
static void not_from_within(struct prog *d)
{
	judge_checking("health_not_from_within");
	prog_input(d, "fail socket EACCES");
	prog_expect_line(d, "bad");
	judge_checking(NULL);
}

/* One address is refused, and of the other one nothing can be known. */
static void one_of_two_tells(void)
{
	struct prog *d = checker("60", peer_nowhere(), peer_nowhere());

	judge_checking("health_one_of_two");
	prog_expect_line(d, "bad");
	prog_input(d, "fail-second connect EADDRNOTAVAIL");
	prog_expect_line(d, "bad");
	prog_input(d, "fail connect EADDRNOTAVAIL");
	prog_expect_line(d, "no result");
	judge_checking(NULL);
	prog_finish(d);
}

/* What a check has learnt of the server says nothing of the next one. */
static void the_next_knows_nothing(void)
{
	struct prog *d;

	judge_checking("health_next_check");
	for (int call = 0; call < 2; call++) {
		d = checker("1", peer_nowhere(), peer_nowhere());
		prog_expect_line(d, "bad");
		prog_input(d, "next %s",
			   call ? "connect ENOBUFS" : "socket EMFILE");
		prog_expect_line(d, "no result");
		prog_finish(d);
	}
	judge_checking(NULL);
}

/* With as many descriptors as the program has without a check. */
GRADED(health, our_own_trouble_is_no_result)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog_opts opts = { .no_listen = true,
				  .keep_stdin = true,
				  .count_calls = true };
	const char *args[] = { "1", peer_listener_address(l), NULL };
	struct prog *d = checker(args[0], args[1], NULL);

	prog_expect_line(d, "good");
	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	opts.nofile = prog_descriptors(d);
	not_from_within(d);
	every_error(d);
	prog_finish(d);
	d = prog_spawn(&opts, "drivers/check-driver", args);
	prog_expect_line(d, "checking");
	judge_until(prog_calls(d, "socket") >= 2, "two checks have found no "
						  "descriptor");
	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	prog_finish(d);
	one_of_two_tells();
	the_next_knows_nothing();
}

GRADED(health, stops_and_starts)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct peer_listener *silent = peer_listen_silent("127.0.0.1:0");
	struct prog_opts opts = { .no_listen = true,
				  .keep_stdin = true,
				  .valgrind = true };
	const char *args[] = { "600", peer_listener_address(silent), NULL };
	struct prog *d;
	size_t before;
	int64_t began;

	judge_promise("Begins to check whether one of the COUNT");
	d = checker("1", peer_listener_address(l), NULL);
	prog_expect_line(d, "good");
	judge_promise("Checks no more; no descriptor is left open.");
	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	expect_check(l);
	judge_promise("Begins to check whether one of the COUNT");
	prog_input(d, "start");
	prog_expect_line(d, "good");
	judge_promise("May call health_check_stop().");
	prog_input(d, "stop-in-done");
	prog_expect_line(d, "good");
	prog_expect_line(d, "stopped");
	/* And stays so: the next line is the answer to the next command. */
	began = clock_ms();
	judge_until(clock_ms() - began > 1300, "more than a period has passed");
	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	prog_finish(d);
	judge_promise("Checks no more; no descriptor is left open.");
	d = prog_spawn(&opts, "drivers/check-driver", args);
	prog_expect_line(d, "checking");
	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	before = prog_descriptors(d);
	prog_input(d, "start");
	judge_until(prog_descriptors(d) > before, "an attempt is under way");
	prog_input(d, "stop");
	prog_expect_line(d, "stopped");
	judge_check(prog_descriptors(d) == before, "no descriptor left open",
		    "%zu, and %zu before", prog_descriptors(d), before);
	prog_finish(d);
}
