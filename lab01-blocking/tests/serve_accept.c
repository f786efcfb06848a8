/* SPDX-License-Identifier: MIT */
/*
 * Task 7: what accept(2) may say, and a descriptor that is not a listener. See
 * tests/drivers/serve-driver.c.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lab01.h"

/* serve() with what no program would give it; it says why it cannot begin. */
static void refuses_to_begin(const char *what, const char *mode,
			     const char *max_clients, const char *error)
{
	const struct prog_opts opts = { .no_listen = strcmp(what, "listener") !=
						     0 };
	struct prog *p = prog_start_opts(&opts, "drivers/serve-driver", what,
					 mode, max_clients);

	prog_expect_line(p, "-1 %s", error);
	prog_expect_exit(p, 0);
}

/* As above, but it can. */
static void begins(const char *mode, const char *max_clients)
{
	struct prog *p = prog_start("drivers/serve-driver", "listener", mode,
				    max_clients);

	echo_new_client(p);
	prog_signal(p, SIGTERM);
	prog_expect_line(p, "0");
	prog_expect_exit(p, 0);
}

static void begins_or_says_why(void)
{
	judge_promise("-1 with errno if it cannot begin (EINVAL for");
	for (int m = 0; m < 3; m++) {
		judge_checking("serve_no_listener");
		refuses_to_begin("closed", all_modes[m], "1", "EBADF");
		refuses_to_begin("pipe", all_modes[m], "1", "ENOTSOCK");
		refuses_to_begin("unlistening", all_modes[m], "1", "EINVAL");
		judge_checking("serve_range");
		if (m == 0)
			continue;
		refuses_to_begin("listener", all_modes[m], "0", "EINVAL");
		refuses_to_begin("listener", all_modes[m], "10001", "EINVAL");
		begins(all_modes[m], "1");
		begins(all_modes[m], "10000");
	}
	judge_promise("MODE iterative does not look at MAX_CLIENTS.");
	begins("iterative", "0");
	begins("iterative", "10001");
	judge_checking(NULL);
}

/* What is no one client's fault lasts for a while; then it works again. */
static void rests_meanwhile(const char *error)
{
	struct prog *p =
		prog_start("drivers/serve-driver", error, "thread", "4");
	unsigned int calls;
	const char *line;
	int ms;

	judge_checking("serve_rests");
	judge_promise(NULL);
	echo_new_client(p);
	prog_signal(p, SIGTERM);
	prog_expect_line(p, "0");
	line = prog_line(p);
	judge_check(sscanf(line, "%u calls in %d ms", &calls, &ms) == 2 &&
			    calls <= (unsigned int)ms + 1,
		    "accept to be left alone for a while after an error that "
		    "stays",
		    "%s, with %s", line, error);
	judge_checking(NULL);
	prog_expect_exit(p, 0);
}

/* What may last has many names: all of them, one after the other. */
static void rests_after_each(const char *mode)
{
	struct prog *p = prog_start("drivers/serve-driver", "each", mode, "4");

	judge_checking("serve_rests");
	judge_promise(NULL);
	echo_new_client(p);
	prog_signal(p, SIGTERM);
	prog_expect_line(p, "0");
	prog_expect_line(p, "rests after each");
	judge_checking(NULL);
	prog_expect_exit(p, 0);
}

/* While it is served, another file takes the listener's place. */
static void ends_without_a_listener(const char *error)
{
	judge_checking("serve_no_listener");
	judge_promise(NULL);
	for (int m = 0; m < 3; m++) {
		struct prog *p = prog_start("drivers/serve-driver", error,
					    all_modes[m], "4");

		prog_expect_line(p, "-1 %s", error);
		prog_expect_exit(p, 0);
	}
	judge_checking(NULL);
}

/* All that accept(2) may say, see accept_faults.h: each client is served. */
GRADED(serve, accept_may_fail)
{
	const struct chaos chaos = { .eintr = 30, .econnaborted = 30 };
	const struct prog_opts opts = { .chaos = &chaos };

	for (int m = 0; m < 3; m++) {
		struct prog *srv = prog_start_opts(&opts,
						   "drivers/accept-faults",
						   "--mode", all_modes[m],
						   "--listen", "127.0.0.1:0");

		for (int i = 0; i < 12; i++)
			echo_new_client(srv);
		prog_stop(srv);
	}
	begins_or_says_why();
	rests_meanwhile("EPROTO");
	rests_meanwhile("ENETDOWN");
	rests_meanwhile("EPERM");
	rests_after_each(all_modes[judge_random_between(0, 2)]);
	ends_without_a_listener("EBADF");
	ends_without_a_listener("ENOTSOCK");
	ends_without_a_listener("EINVAL");
}
