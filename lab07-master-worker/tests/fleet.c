/* SPDX-License-Identifier: MIT */
/* Task 8: master and workers under load: deaths, reloads, the end. */
#include "framedtest.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "asking.h"

#include "clock.h"

#define CLIENTS 24

/* Whether C is still connected: a ping is answered. */
static bool lives(struct peer *c)
{
	char byte[8];

	if (send(peer_fd(c), "\0\10\0\0\0\0\0\0", 8, MSG_NOSIGNAL) != 8)
		return false;
	return peer_next(c, byte, sizeof(byte), "an answer, or the end") > 0;
}

GRADED(fleet, a_worker_is_killed)
{
	struct prog *p = framed_start("server.workers=2");
	struct peer *c[CLIENTS];
	pid_t pids[64];
	size_t lost = 0;

	judge_promise("A worker that dies is replaced in the turn");
	for (int i = 0; i < CLIENTS; i++) {
		c[i] = peer_connect(p);
		framed_ping(c[i]);
	}
	framed_workers(p, pids);
	judge_step("SIGKILL to one of two workers");
	kill(pids[0], SIGKILL);
	judge_promise("How it ended is in the log already (log.h):");
	framed_expect_log("was killed by signal 9", 1);
	judge_promise("A worker that dies is replaced in the turn");
	framed_expect_workers(p, 2);
	for (int i = 0; i < CLIENTS; i++)
		lost += !lives(c[i]);
	judge_check(lost < CLIENTS, "only the clients of that worker lost",
		    "all of them are");
	for (int i = 0; i < CLIENTS; i++) {
		struct peer *n = peer_connect(p);

		framed_ping(n);
		peer_close(n);
	}
	prog_stop(p);
}

GRADED(fleet, who_waits_is_not_lost)
{
	struct prog *p = framed_start("server.workers=2");
	struct peer *c[CLIENTS];
	pid_t pids[64];

	framed_workers(p, pids);
	judge_step("one of two workers stands still, and clients connect: some "
		   "of them wait in its queue");
	kill(pids[0], SIGSTOP);
	for (int i = 0; i < CLIENTS; i++) {
		c[i] = peer_connect(p);
		framed_send_ping(c[i]);
	}
	judge_step("that worker is killed");
	kill(pids[0], SIGKILL);
	for (int i = 0; i < CLIENTS; i++)
		framed_expect_ping(c[i]);
	prog_stop(p);
}

GRADED(fleet, the_master_is_killed)
{
	struct prog *p = framed_start("server.workers=3");
	struct peer *c = peer_connect(p);
	pid_t pids[64];
	size_t n;

	framed_ping(c);
	n = framed_workers(p, pids);
	prog_signal(p, SIGKILL);
	for (size_t i = 0; i < n; i++)
		judge_until(process_has_ended(pids[i]), "a worker ends that "
							"has lost its master");
	prog_expect_signal(p, SIGKILL);
	peer_expect_closed(c);
}

GRADED(fleet, reloads_under_load)
{
	struct prog *p = framed_start("server.workers=2");
	struct prog *stay, *come;

	stay = framed_load(p, "-c", "10", "-d", "6", "--json");
	come = framed_load(p, "-c", "10", "-d", "6", "--reconnect", "20",
			   "--json");
	for (int i = 0; i < 20; i++)
		framed_reload(p);
	judge_step("what framed-load says: %s", prog_line(stay));
	prog_expect_exit(stay, 0);
	judge_step("what framed-load says: %s", prog_line(come));
	prog_expect_exit(come, 0);
	framed_expect_workers(p, 2);
	prog_stop(p);
}

GRADED(fleet, two_reloads_in_an_instant)
{
	struct prog *p = framed_start("server.workers=2"), *load;

	load = framed_load(p, "-c", "10", "-d", "4", "--reconnect", "10",
			   "--json");
	for (int i = 0; i < 5; i++) {
		prog_signal(p, SIGHUP);
		usleep((useconds_t)judge_random_between(0, 20000));
		framed_reload(p);
	}
	judge_step("what framed-load says: %s", prog_line(load));
	prog_expect_exit(load, 0);
	framed_expect_workers(p, 2);
	prog_stop(p);
}

GRADED(fleet, signals_to_all_of_them)
{
	static const int signals[] = { SIGHUP, SIGUSR1, SIGUSR2 };
	struct prog *p = framed_start("server.workers=2");
	struct peer *c = peer_connect(p);
	pid_t pids[64];

	judge_promise("Workers ignore HUP, USR1 and USR2 that do not");
	framed_ping(c);
	for (int i = 0; i < 9; i++) {
		size_t n = framed_workers(p, pids);
		int signo = signals[i % 3];

		judge_step("a signal to the master and to its workers, as "
			   "killall does");
		for (size_t k = 0; k < n; k++)
			kill(pids[k], signo);
		/* To the master: it must be neither lost nor deadly. */
		judge_promise("So none can arrive between a look and the");
		if (signo == SIGHUP)
			framed_reload(p);
		else
			prog_signal(p, signo);
		judge_promise("Workers ignore HUP, USR1 and USR2 that do not");
		for (size_t k = 0; k < n; k++)
			kill(pids[k], signo);
		framed_ping(c);
	}
	judge_check(!framed_log_lines("killed by signal"),
		    "no worker that dies of it", "one has died");
	peer_close(c);
	framed_expect_workers(p, 2);
	prog_stop(p);
}

GRADED(fleet, log_rotation)
{
	struct prog *p = framed_start("server.workers=2"), *load;
	size_t lines = 0, requests = 2000;
	char name[32];

	load = framed_load(p, "-c", "8", "-n", "2000", "--reconnect", "1",
			   "--json");
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "log.%d", i);
		rename(FRAMED_LOG, name);
		prog_signal(p, SIGUSR1);
		judge_until(framed_log_lines("opened again") > 0,
			    "the log is opened again");
	}
	judge_step("what framed-load says: %s", prog_line(load));
	prog_expect_exit(load, 0);
	prog_stop(p);
	lines = framed_log_lines(": peer");
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "log.%d", i);
		rename(name, FRAMED_LOG);
		lines += framed_log_lines(": peer");
	}
	judge_check(lines >= requests && lines <= requests + 16,
		    "a line in one of the logs for each connection closed",
		    "%zu lines, and %zu connections", lines, requests);
}

GRADED(fleet, drains)
{
	struct prog *p = framed_start("server.workers=2");
	struct peer *idle = peer_connect(p), *busy = peer_connect(p);

	framed_ping(idle);
	framed_ping(busy);
	judge_step("a login and a ping, and SIGTERM before they are answered");
	framed_send(busy, LOGIN, "somebody", "secret");
	framed_send_ping(busy);
	usleep(20 * 1000);
	prog_signal(p, SIGTERM);
	peer_expect_eof(idle);
	framed_expect(busy, LOGIN, 2, "somebody");
	framed_expect_ping(busy);
	peer_expect_eof(busy);
	prog_expect_exit(p, 0);
}

GRADED(fleet, leaving_worker_serves_its_clients)
{
	struct prog *p = framed_start("server.workers=1");
	struct peer *old = peer_connect(p), *c;
	pid_t pids[64];

	framed_ping(old);
	framed_reload(p);
	for (int i = 0; i < 20; i++) {
		framed_ping(old);
		c = peer_connect(p);
		framed_ping(c);
		peer_close(c);
	}
	judge_check(framed_workers(p, pids) == 2,
		    "the old worker stays while it has a client", "it is gone");
	peer_close(old);
	framed_expect_workers(p, 1);
	judge_step("with drain_seconds=1 it does not wait for ever");
	prog_stop(p);
	p = framed_start("server.workers=1", "server.drain_seconds=1");
	old = peer_connect(p);
	framed_ping(old);
	framed_reload(p);
	peer_expect_eof(old);
	framed_expect_workers(p, 1);
	prog_stop(p);
}

/* Two workers live, and of those before them nothing is left to do. */
static void comes_to_rest(struct prog *p)
{
	framed_expect_workers(p, 2);
	judge_until(prog_sleeps(p), "the master has closed what was theirs");
}

GRADED(fleet, a_hundred_reloads)
{
	struct prog *p = framed_start("server.workers=2");
	size_t descriptors, memory;

	for (int i = 0; i < 5; i++)
		framed_reload(p);
	comes_to_rest(p);
	descriptors = prog_descriptors(p);
	memory = prog_rss_kib(p);
	for (int i = 0; i < 95; i++)
		framed_reload(p);
	comes_to_rest(p);
	judge_check(prog_descriptors(p) == descriptors,
		    "as many descriptors as before", "%zu, and %zu before",
		    prog_descriptors(p), descriptors);
	prog_expect_rss(p, memory, 256);
	framed_ping(peer_connect(p));
	prog_stop(p);
}

GRADED(fleet, statistics_when_idle)
{
	struct prog *p = framed_start("stats.every_seconds=1");
	size_t before;

	framed_expect_log(" stats ", 3);
	before = framed_log_lines(" stats ");
	framed_ping(peer_connect(p));
	judge_check(framed_figure(p, "pings") == 1 &&
			    framed_log_lines(" stats ") > before,
		    "one ping in the statistics", "another number");
	prog_stop(p);
}
