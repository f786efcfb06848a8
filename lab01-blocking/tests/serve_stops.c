/* SPDX-License-Identifier: MIT */
/* Task 7: SIGTERM and SIGINT, in every mode, and once more. */
#include <signal.h>
#include <string.h>

#include "lab01.h"

static struct prog *start(const char *mode)
{
	return echo_server(mode);
}

/* serve() in MODE with a client that is served and stays. */
static struct prog *serve_one(const struct prog_opts *opts, const char *mode,
			      struct peer **c)
{
	struct prog *p = prog_start_opts(opts, "drivers/serve-driver",
					 "listener", mode, "4");

	*c = peer_connect(p);
	echo_text(*c, "hello");
	return p;
}

static void returns_after(struct prog *p, int sig, struct peer *c)
{
	prog_signal(p, sig);
	prog_expect_line(p, "0");
	peer_expect_closed(c);
	prog_expect_exit(p, 0);
}

/*
 * Once more while it ends what it has: right before it calls close(2) for the
 * first time, which it does for the client's connection. How often it has called
 * it until then, a run before that tells.
 */
static void once_more_at_its_end(const char *mode, int sig)
{
	const struct prog_opts count = { .count_calls = true };
	struct chaos chaos = { .signal = sig, .signal_before = "close" };
	const struct prog_opts opts = { .chaos = &chaos };
	struct peer *c;
	struct prog *p = serve_one(&count, mode, &c);

	chaos.signal_call = (unsigned int)prog_calls(p, "close") + 1;
	returns_after(p, sig, c);
	judge_step("the same signal once more when it closes the connection");
	p = serve_one(&opts, mode, &c);
	returns_after(p, sig, c);
}

/*
 * Both once more while it waits for a child that stands still. That the other one
 * has ended says that the first signal has been seen. A server that waits no more
 * then has come to its end, or waits for nothing, before the child goes on.
 */
static void once_more_with_children(int sig)
{
	pid_t others[2], late;
	struct prog *p = start_with_others("fork", "4", others);
	struct peer *c[2];

	for (int i = 0; i < 2; i++) {
		c[i] = peer_connect(p);
		echo_text(c[i], "hello");
	}
	late = a_child(p);
	kill(late, SIGSTOP);
	judge_until(state_of(late) == 'T', "that child stands still");
	prog_signal(p, sig);
	judge_until(prog_children(p) <= 3, "the other client's child has "
					   "ended");
	for (int i = 0; i < 2; i++)
		end_other(others[i]);
	prog_signal(p, SIGTERM);
	prog_signal(p, SIGINT);
	judge_until(strchr("SZX", state_of(prog_pid(p))),
		    "the server waits, or has ended");
	kill(late, SIGCONT);
	prog_expect_line(p, "0");
	prog_expect_line(p, "no child is left");
	for (int i = 0; i < 2; i++)
		peer_expect_closed(c[i]);
	prog_expect_exit(p, 0);
}

/* Whoever asks a program to end asks twice if it takes a while. */
static void told_more_than_once(void)
{
	static const int signals[] = { SIGTERM, SIGINT };

	judge_checking("serve_told_again");
	for (int i = 0; i < 2; i++) {
		once_more_at_its_end("iterative", signals[i]);
		once_more_with_children(signals[i]);
		once_more_at_its_end("thread", signals[i]);
	}
	judge_checking(NULL);
}

GRADED(serve, stops_when_told)
{
	judge_promise("Returns 0 after SIGTERM or SIGINT, with no");
	for (int m = 0; m < 3; m++)
		echo_stops(start, all_modes[m]);
	told_more_than_once();
}
