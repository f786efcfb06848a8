/* SPDX-License-Identifier: MIT */
/* Limits: connections, descriptors, packets too fast, a full disk. */
#include "live.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

/* An idle server uses no CPU, though somebody waits to be accepted. */
static void expect_calm(struct prog *p)
{
	long before = live_workers_cpu_ms(p);

	usleep(500 * 1000);
	before = live_workers_cpu_ms(p) - before;
	judge_check(before < 200, "a server that waits, and does not spin",
		    "%ld ms of CPU time in 500 ms", before);
}

GRADED(limits, connections)
{
	struct prog *p;
	struct peer *a, *b, *waits;

	live_folder();
	p = framed_start("server.workers=1", "limits.connections=2");
	a = peer_connect(p);
	b = peer_connect(p);
	framed_ping(a);
	framed_ping(b);
	waits = peer_connect(p);
	framed_send_ping(waits);
	expect_calm(p);
	framed_ping(a);
	peer_close(b);
	framed_expect_ping(waits);
	prog_stop(p);
}

GRADED(limits, descriptors)
{
	static const struct prog_opts few = { .nofile = 48 };
	struct peer *c[60], *speaks;
	struct prog *p;

	live_folder();
	p = framed_startv(&few, (const char *[]){ "server.workers=1", NULL });
	speaks = peer_connect(p);
	judge_step("one client speaks, the others hold all descriptors");
	for (int i = 0; i < 60; i++) {
		c[i] = peer_connect(p);
		framed_ping(c[i]);
		framed_ping(speaks);
	}
	framed_expect_log(": limit", 1);
	peer_expect_eof(c[0]);
	expect_calm(p);
	for (int i = 0; i < 60; i++)
		peer_close(c[i]);
	framed_ping(speaks);
	prog_stop(p);
}

GRADED(limits, flood)
{
	struct prog *p;
	struct peer *c;

	live_folder();
	p = framed_start("flood.enabled=yes", "flood.packets=5",
			 "flood.within_ms=60000");
	c = peer_connect(p);
	for (int i = 0; i < 4; i++)
		framed_ping(c);
	framed_send_ping(c);
	framed_expect_log(": flood", 1);
	judge_check(framed_figure(p, "closed_flood") == 1, "one in the figures",
		    "another number");
	prog_stop(p);
	p = framed_start("flood.enabled=no");
	c = peer_connect(p);
	for (int i = 0; i < 200; i++)
		framed_ping(c);
	prog_stop(p);
}

GRADED(limits, a_full_disk_costs_lines)
{
	struct prog *p;
	struct peer *c;

	live_folder();
	p = framed_start("log.file=/dev/full", "stats.every_seconds=1");
	for (int i = 0; i < 50; i++) {
		c = peer_connect(p);
		framed_ping(c);
		peer_close(c);
	}
	c = peer_connect(p);
	framed_send(c, REGISTER, "ann", "secret");
	framed_expect(c, REGISTER, 0, "ann");
	prog_stop(p);
}

/* What files may grow to from now on, of the process PID. */
static void limit_files(pid_t pid, rlim_t bytes)
{
	struct rlimit limit;

	if (prlimit(pid, RLIMIT_FSIZE, NULL, &limit) < 0)
		judge_infra("prlimit");
	limit.rlim_cur = MIN(bytes, limit.rlim_max);
	if (prlimit(pid, RLIMIT_FSIZE, &limit, NULL) < 0)
		judge_infra("prlimit");
}

GRADED(limits, a_file_that_may_not_grow)
{
	struct prog *p;
	struct peer *c;
	pid_t pids[64];

	live_folder();
	p = framed_start("server.workers=1");
	judge_until(framed_workers(p, pids) == 1, "there is a worker");
	limit_files(prog_pid(p), 0);
	limit_files(pids[0], 0);
	prog_signal(p, SIGUSR2);
	prog_signal(p, SIGUSR1);
	c = peer_connect(p);
	framed_send(c, REGISTER, "ann", "secret");
	framed_expect(c, REGISTER, 4, "ann");
	peer_close(c);
	limit_files(prog_pid(p), RLIM_INFINITY);
	limit_files(pids[0], RLIM_INFINITY);
	judge_step("there is room again");
	c = peer_connect(p);
	framed_send(c, REGISTER, "ann", "secret");
	framed_expect(c, REGISTER, 0, "ann");
	framed_figure(p, "later");
	judge_check(framed_log_lines("is started") == 1, "one worker, ever",
		    "%zu", framed_log_lines("is started"));
	prog_stop(p);
}

GRADED(limits, a_log_that_cannot_be_opened_again)
{
	struct prog *p;

	live_folder();
	if (mkdir("logs", 0755) < 0)
		judge_infra("logs");
	p = framed_start("log.file=logs/log");
	symlink("logs/log", "log");
	rename("logs/log", "logs/old");
	if (mkdir("logs/log", 0755) < 0)
		judge_infra("logs/log");
	prog_signal(p, SIGUSR1);
	unlink("log");
	symlink("logs/old", "log");
	framed_expect_log("Is a directory", 1);
	framed_ping(peer_connect(p));
	prog_stop(p);
}
