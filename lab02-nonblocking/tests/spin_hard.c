/* SPDX-License-Identifier: MIT */
/* Task 7: what goes wrong, costs the client with whom it goes wrong. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "lab02.h"

/* send(2) fails once, for a reason that the next recv(2) does not tell again. */
static void what_cannot_be_sent(void)
{
	struct prog *p = prog_start("drivers/spin-driver", "unsendable");
	struct peer *c = peer_connect(p), *other = peer_connect(p);

	judge_checking("spin_send_fails");
	judge_promise("it is closed when both directions have ended");
	echo_text(c, "hello");
	judge_step("the next call of send fails: EHOSTUNREACH");
	peer_send(c, "hello", 5);
	peer_expect_closed(c);
	echo_text(other, "hello");
	judge_checking(NULL);
	prog_stop(p);
}

GRADED(spin, resets_harm_nobody)
{
	struct prog *srv = spin_server();

	judge_promise("**A lost client** is closed, whatever call");
	echo_resets_all_closed(srv);
	prog_stop(srv);
	what_cannot_be_sent();
}

GRADED(spin, memory_of_stalled_clients_is_bounded)
{
	struct prog *srv = spin_server_with("--ceiling", "32768");
	size_t before;
	struct peer *c;

	judge_promise("**A client that does not read** costs at most");
	echo_new_client(srv);
	before = prog_rss_kib(srv);
	for (int i = 0; i < 4; i++) {
		c = peer_connect_small(srv, 8192);
		peer_send_until_full(c);
	}
	judge_step("four clients do not read: two buffers of 32 KiB for each");
	prog_expect_rss(srv, before, 2048);
	echo_new_client(srv);
	prog_stop(srv);
}

/* Connections that say nothing: no struct peer and no trace for each. */
static int *silent_connections(struct prog *srv, size_t n)
{
	int *fds = calloc(n, sizeof(*fds));
	struct addr to;

	if (!fds || addr_parse(prog_address(srv), &to) < 0)
		judge_infra("connections");
	judge_step("%zu clients connect and say nothing", n);
	for (size_t i = 0; i < n; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fds[i] < 0)
			judge_infra("socket %zu", i);
		if (connect(fds[i], &to.sa, to.len) < 0)
			judge_fail(OUTCOME_FAIL,
				   "the program to take all connections",
				   "connection %zu: %s", i, strerror(errno));
	}
	return fds;
}

#define SILENT 2000
#define SPARE  100 /* descriptors for all else */

/* SILENT, or fewer where so many descriptors are not to be had. */
static size_t how_many(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		judge_infra("RLIMIT_NOFILE");
	if (r.rlim_cur < SILENT + SPARE)
		r.rlim_cur = r.rlim_max < SILENT + SPARE ? r.rlim_max
							 : SILENT + SPARE;
	if (r.rlim_cur < 2 * SPARE || setrlimit(RLIMIT_NOFILE, &r) < 0)
		judge_infra("RLIMIT_NOFILE %zu", (size_t)r.rlim_cur);
	return r.rlim_cur - SPARE < SILENT ? r.rlim_cur - SPARE : SILENT;
}

GRADED(spin, thousands_that_say_nothing)
{
	size_t n = how_many();
	struct prog *srv = spin_server();
	size_t descriptors = prog_descriptors(srv), before;
	struct peer *c = peer_connect(srv);
	int *fds;

	judge_promise("served at one time, >= 1; others wait in the");
	echo_text(c, "first");
	before = prog_rss_kib(srv);
	fds = silent_connections(srv, n);
	judge_until(prog_descriptors(srv) >= descriptors + n,
		    "all of them are accepted");
	for (int i = 0; i < 3; i++)
		echo_text(c, "one that talks");
	echo_new_client(srv);
	judge_step("less than 1 KiB for a client that says nothing");
	judge_promise("2000 clients cost less than 1 KiB each.");
	prog_expect_rss(srv, before, n);
	judge_step("they all leave");
	judge_promise("Its descriptor and its place are free again.");
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
	judge_until(prog_descriptors(srv) == descriptors + 1,
		    "their descriptors are closed");
	echo_text(c, "still here");
	free(fds);
	prog_stop(srv);
}

GRADED(spin, gives_descriptors_back)
{
	struct prog *srv = spin_server();
	size_t descriptors = prog_descriptors(srv);

	for (int i = 0; i < 30; i++) {
		struct peer *c = peer_connect(srv);

		echo_text(c, "hello");
		if (i % 3 == 0)
			peer_reset(c);
		else if (i % 3 == 1)
			peer_close(c);
		else
			echo_new_client(srv);
	}
	judge_until(prog_descriptors(srv) <= descriptors + 10,
		    "only the ten that are left have a descriptor");
	prog_stop(srv);
}

/* Somebody waits in the queue all the time, and nobody else for him. */
static void does_not_sleep(struct prog *srv, struct peer *c)
{
	int64_t before = prog_switches(srv), slept;

	judge_checking("spin_does_not_sleep");
	for (int i = 0; i < 100; i++)
		echo_text(c, "and not made to wait");
	slept = prog_switches(srv) - before;
	judge_check(slept < 50, "a server that does not sleep",
		    "it slept %lld times in 100 rounds of echo",
		    (long long)slept);
	judge_checking(NULL);
}

GRADED(spin, out_of_descriptors)
{
	const struct prog_opts opts = { .nofile = 24 };
	struct prog *srv = spin_server_opts(&opts, NULL, NULL);
	struct peer *c[30];

	for (int i = 0; i < 30; i++) {
		c[i] = peer_connect(srv);
		peer_send(c[i], "hello", 5);
	}
	for (int i = 0; i < 10; i++)
		peer_expect(c[i], "hello", 5);
	judge_until(prog_descriptors(srv) >= 23, "it has taken clients up to "
						 "its limit");
	echo_text(c[0], "those who are in are served");
	does_not_sleep(srv, c[0]);
	judge_step("ten leave: others get their descriptors");
	for (int i = 0; i < 10; i++)
		peer_close(c[i]);
	for (int i = 10; i < 20; i++)
		peer_expect(c[i], "hello", 5);
	prog_stop(srv);
}

/* There is no listener, or not any more: -1, with nothing left behind. */
static void no_listener_is_told(void)
{
	static const char *const what[][2] = {
		{ "unlistening", "-1 EINVAL" },
		{ "datagrams", "-1 EOPNOTSUPP" },
		{ "pipe", "-1 ENOTSOCK" },
		{ "closed", "-1 EBADF" },
	};
	const struct prog_opts opts = { .no_listen = true };
	struct prog *p;

	judge_checking("spin_no_listener");
	judge_promise(NULL);
	for (size_t i = 0; i < sizeof(what) / sizeof(what[0]); i++) {
		p = prog_start_opts(&opts, "drivers/spin-driver", what[i][0]);
		prog_expect_line(p, "%s", what[i][1]);
		prog_expect_exit(p, 0);
	}
	p = prog_start("drivers/spin-driver", "listener");
	echo_text(peer_connect(p), "hello");
	echo_text(peer_connect(p), "hello");
	judge_step("SIGUSR1: the listener is shut down");
	prog_signal(p, SIGUSR1);
	prog_expect_line(p, "-1 EINVAL");
	prog_expect_line(p, "0 descriptors more");
	judge_checking(NULL);
	prog_expect_exit(p, 0);
}

/* All that accept(2) may say, see common/cases/accept_faults.h. */
GRADED(spin, accept_may_fail)
{
	struct prog *srv =
		prog_start("drivers/accept-faults", "--listen", "127.0.0.1:0");

	judge_promise("**accept fails**: `EBADF`, `EINVAL`, `ENOTSOCK`");
	for (int i = 0; i < 12; i++)
		echo_new_client(srv);
	prog_stop(srv);
	no_listener_is_told();
}

GRADED(spin, short_counts_and_eagain)
{
	const struct chaos chaos = { .short_read = 40,
				     .short_write = 40,
				     .eagain = 40,
				     .econnaborted = 10 };
	const struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv = spin_server_opts(&opts, "--ceiling", "5000");
	struct peer *c = peer_connect(srv);

	judge_promise("For each client: all its bytes come back in");
	echo_traffic(srv);
	peer_exchange(c, 300000);
	peer_half_close(c);
	peer_expect_eof(c);
	prog_stop(srv);
}

GRADED(spin, clean_under_valgrind)
{
	const struct prog_opts opts = { .valgrind = true };
	struct prog *srv = spin_server_opts(&opts, "--ceiling", "3000");
	struct peer *c = peer_connect(srv), *stays = peer_connect(srv);

	peer_exchange(c, 100000);
	peer_reset(c);
	echo_new_client(srv);
	echo_text(stays, "here when it ends");
	c = peer_connect_small(srv, 8192);
	peer_send_until_full(c);
	prog_stop(srv);
}
