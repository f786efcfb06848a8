/* SPDX-License-Identifier: MIT */
/*
 * Task 4: worker.c and names that a driver resolves, to addresses that let it wait.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "between.h"
#include "bottest.h"
#include "clock.h"

/* ORIGIN's port on another address, where nobody answers. */
static struct peer_listener *listen_silent(struct prog *origin)
{
	char address[32];

	snprintf(address, sizeof(address), "127.0.0.2:%d", prog_port(origin));
	return peer_listen_silent(address);
}

/*
 * The first address of a name refuses, but not at once: its socket is watched by
 * then. The next one mostly has the same number.
 */
void names_one_address_after_the_other(void)
{
	const struct prog_opts opts = { .no_listen = true };
	struct prog *origin = origin_start("--tickets", "2"), *bot;
	struct peer_listener *silent = listen_silent(origin);
	char to[64];
	const char *args[] = { "--json",
			       "--cacert",
			       ORIGIN_CA,
			       "--connect-timeout",
			       "120",
			       "-c",
			       "3",
			       "-n",
			       "12",
			       "--connect-to",
			       to,
			       "http://a.test/ok",
			       "https://a.test/ok",
			       NULL };
	json_t *r;

	judge_checking("worker_next_address");
	snprintf(to, sizeof(to), "::two.test:%d", prog_port(origin));
	bot = prog_spawn(&opts, "drivers/bot-of-names", args);
	judge_until(peer_listener_waiting(silent) >= 3, "three connects wait");
	peer_listener_close(silent);
	r = bot_report(bot, 0);
	bot_expect_done(r, 12);
	json_decref(r);
	judge_checking(NULL);
	prog_stop(origin);
}

#define LOOK_UP_US 300000 /* late.test takes longer */

/* The phases follow each other: to connect takes none of the look-up's time. */
void names_phases_follow_each_other(void)
{
	const struct prog_opts opts = { .no_listen = true };
	struct prog *origin = origin_start("--tickets", "2");
	char to[64];
	const char *args[] = {
		"--json",	    "-n", "1", "-c", "1", "--connect-to", to,
		"http://a.test/ok", NULL
	};
	long dns = 0, connect = LOOK_UP_US;

	judge_checking("worker_phases_follow");
	snprintf(to, sizeof(to), "::late.test:%d", prog_port(origin));
	/* On a busy machine it may take as long, too. */
	for (int i = 0; i < 4 && connect >= LOOK_UP_US; i++) {
		json_t *r = bot_report(
			prog_spawn(&opts, "drivers/bot-of-names", args), 0);

		bot_expect_done(r, 1);
		dns = bot_number(r, "phases_us.dns.p50");
		connect = bot_number(r, "phases_us.connect.p50");
		json_decref(r);
		judge_check(dns >= LOOK_UP_US,
			    "the time of the look-up for \"dns\"", "%ld us",
			    dns);
	}
	judge_check(connect < LOOK_UP_US,
		    "\"connect\" to begin with the dial, not with the look-up",
		    "%ld us, and %ld us for \"dns\"", connect, dns);
	judge_checking(NULL);
	prog_stop(origin);
}

/*
 * Its name is resolved when nobody waits for it any more: whatever has begun with
 * it is over at once.
 */
void names_given_up_while_resolved(void)
{
	const struct prog_opts opts = { .no_listen = true };
	struct prog *origin = origin_start("--tickets", "2"), *bot;
	struct peer_listener *silent = listen_silent(origin);
	int64_t begin_ms = clock_ms();
	char to[64];
	/* The second request keeps bot from ending. */
	const char *args[] = {
		"--json", "--timeout",	  "1", "--rate",
		"0.01",	  "-n",		  "2", "-c",
		"2",	  "--connect-to", to,  "http://a.test/ok",
		NULL
	};

	judge_checking("worker_given_up");
	snprintf(to, sizeof(to), "::slow.test:%d", prog_port(origin));
	bot = prog_spawn(&opts, "drivers/bot-of-names", args);
	judge_until(access("asked", F_OK) == 0, "the name is looked up");
	judge_until(clock_ms() - begin_ms > 1500 && prog_sleeps(bot),
		    "the request has been given up");
	judge_step("now the resolver answers");
	fclose(fopen("answer", "we"));
	judge_until(access("answered", F_OK) == 0 && prog_sleeps(bot),
		    "bot has been told");
	judge_until_detail(peer_listener_waiting(silent) == 0,
			   "no connect is under way for a request that failed",
			   "%zu are", peer_listener_waiting(silent));
	prog_signal(bot, SIGINT);
	json_decref(bot_report(bot, 130));
	judge_checking(NULL);
	peer_listener_close(silent);
	prog_stop(origin);
}
