/* SPDX-License-Identifier: MIT */
/* Task 7: what goes wrong, in every mode. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "lab01.h"

static void resets_harm_nobody(const char *mode)
{
	struct prog *srv = echo_server(mode);
	struct peer *other = NULL;

	if (strcmp(mode, "iterative")) {
		other = peer_connect(srv);
		echo_text(other, "hello");
	}
	echo_resets(srv, other);
	prog_stop(srv);
}

GRADED(iterative, resets_harm_nobody)
{
	resets_harm_nobody("iterative");
}

GRADED(fork, resets_harm_nobody)
{
	resets_harm_nobody("fork");
}

GRADED(thread, resets_harm_nobody)
{
	resets_harm_nobody("thread");
}

/* SIGUSR1 has a handler in main.c; SIGCHLD comes with no child ended. */
static const int harmless[] = { SIGUSR1, SIGCHLD };

static void signals_with_room(const char *mode)
{
	struct prog *srv = echo_server(mode);
	struct peer *c;

	for (int i = 0; i < 10; i++)
		prog_signal(srv, harmless[i % 2]);
	c = peer_connect(srv);
	for (int i = 0; i < 20; i++) {
		prog_signal(srv, harmless[i % 2]);
		echo_text(c, "is anybody there?");
	}
	peer_half_close(c);
	peer_expect_eof(c);
	prog_signal(srv, SIGUSR1);
	echo_new_client(srv);
	prog_stop(srv);
}

/* The server waits for one of two clients to leave, and a third one waits. */
static void signals_at_the_bound(const char *mode)
{
	struct prog *srv = prog_start("echo-server", "--mode", mode,
				      "--max-clients", "2", "--listen",
				      "127.0.0.1:0");
	struct peer *c[3];
	struct pollfd early;

	for (int i = 0; i < 3; i++)
		c[i] = peer_connect(srv);
	for (int i = 0; i < 2; i++)
		echo_text(c[i], "hello");
	peer_send(c[2], "later", 5);
	for (int i = 0; i < 20; i++) {
		prog_signal(srv, harmless[i % 2]);
		echo_text(c[i % 2], "still here");
	}
	early = (struct pollfd){ .fd = peer_fd(c[2]), .events = POLLIN };
	judge_check(poll(&early, 1, 200) == 0,
		    "the third client to wait until one of two has left",
		    "it was served, or closed, when signals came");
	peer_close(c[0]);
	peer_expectf(c[2], "later");
	echo_text(c[1], "and still here");
	prog_stop(srv);
}

GRADED(serve, signals_change_nothing)
{
	for (int m = 0; m < 3; m++)
		signals_with_room(all_modes[m]);
	for (int m = 2; m > 0; m--)
		signals_at_the_bound(all_modes[m]);
}

GRADED(serve, out_of_descriptors)
{
	const struct prog_opts opts = { .nofile = 24, .count_calls = true };
	struct prog *srv = echo_server_opts(&opts, "thread");
	int64_t begin, now;
	struct peer *c[30];
	uint64_t calls;

	judge_promise("on anything else (EMFILE, ENFILE, ENOBUFS");
	for (int i = 0; i < 30; i++) {
		c[i] = peer_connect(srv);
		peer_send(c[i], "hello", 5);
	}
	for (int i = 0; i < 10; i++)
		peer_expect(c[i], "hello", 5);
	judge_until_detail(prog_descriptors(srv) >= 23,
			   "24 descriptors, its limit, are nearly all in use",
			   "%zu are open", prog_descriptors(srv));

	judge_step("count the calls of accept for a while");
	judge_promise("How long serve() leaves accept(2) alone");
	calls = prog_calls(srv, "accept") + prog_calls(srv, "accept4");
	begin = clock_ms();
	judge_until(clock_ms() - begin >= 300, "300 ms have passed");
	calls = prog_calls(srv, "accept") + prog_calls(srv, "accept4") - calls;
	now = clock_ms();
	judge_check(calls <= (uint64_t)(now - begin),
		    "accept to be left alone for a while after EMFILE",
		    "%llu calls in %lld ms", (unsigned long long)calls,
		    (long long)(now - begin));

	judge_step("ten leave: others get their descriptors");
	judge_promise("on anything else (EMFILE, ENFILE, ENOBUFS");
	for (int i = 0; i < 10; i++)
		peer_close(c[i]);
	for (int i = 10; i < 20; i++)
		peer_expect(c[i], "hello", 5);
	prog_stop(srv);
}

/* fork(2) and pthread_create(3) fail three times: see fork-faults.c. */
GRADED(serve, out_of_processes)
{
	for (int m = 1; m < 3; m++) {
		struct prog *srv = prog_start("drivers/fork-faults", "--mode",
					      all_modes[m], "--max-clients",
					      "2", "--listen", "127.0.0.1:0");

		for (int i = 0; i < 3; i++) {
			struct peer *c = peer_connect(srv);

			peer_expect_closed(c);
			peer_close(c);
		}
		for (int i = 0; i < 4; i++)
			echo_new_client(srv);
		prog_stop(srv);
		serve_places_are_used_again(all_modes[m], "1");
		serve_places_are_used_again(all_modes[m], "2");
	}
}

static uint64_t reads_and_writes(struct prog *srv)
{
	return prog_calls(srv, "read") + prog_calls(srv, "recv") +
	       prog_calls(srv, "write") + prog_calls(srv, "send");
}

/* A megabyte and its way back, in pieces of more than a few bytes. */
static void echo_in_few_calls(struct prog *srv)
{
	const size_t len = 1 << 20;
	uint64_t calls = reads_and_writes(srv);
	struct peer *c = peer_connect(srv);

	peer_exchange(c, len);
	calls = reads_and_writes(srv) - calls;
	judge_promise("Many bytes are read and written with each");
	judge_check(calls <= len / 64,
		    "the echo to read and write many bytes with each call",
		    "%llu calls for %zu bytes", (unsigned long long)calls, len);
	judge_promise("A hundred megabytes through one client");
	peer_half_close(c);
	peer_expect_eof(c);
}

GRADED(serve, hundred_megabytes)
{
	const struct prog_opts opts = { .count_calls = true };

	judge_promise("A hundred megabytes through one client");
	for (int m = 1; m < 3; m++) {
		struct prog *srv = echo_server_opts(&opts, all_modes[m]);

		echo_in_few_calls(srv);
		echo_large(srv, m == 1 ? 100 << 20 : 30 << 20);
		prog_stop(srv);
	}
}

/*
 * Children that end by themselves may leave it to the kernel to close what they
 * have open, and Valgrind would report that. So these end of SIGTERM, one now
 * and two when serve() sends it.
 */
static void use_with_children(struct prog *srv)
{
	for (int i = 0; i < 3; i++) {
		struct peer *c = peer_connect(srv);

		peer_exchange(c, 100000);
		if (i > 0)
			continue;
		judge_step("send SIGTERM to the child of this client");
		kill(a_child(srv), SIGTERM);
		peer_expect_closed(c);
		prog_expect_no_children(srv);
		prog_expect_no_zombies(srv);
	}
}

static void use(struct prog *srv)
{
	struct peer *c = peer_connect(srv);

	peer_exchange(c, 300000);
	peer_reset(c);
	echo_new_client(srv);
	echo_new_client(srv);
}

GRADED(serve, clean_under_valgrind)
{
	const struct prog_opts opts = { .valgrind = true };

	for (int m = 0; m < 3; m++) {
		struct prog *srv = echo_server_opts(&opts, all_modes[m]);

		if (strcmp(all_modes[m], "fork"))
			use(srv);
		else
			use_with_children(srv);
		prog_stop(srv);
	}
}
