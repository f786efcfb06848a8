/* SPDX-License-Identifier: MIT */
/* How framed begins, in front and behind, and how it ends. */
#include "live.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct prog_opts no_listen = { .no_listen = true };

/* framed with these words ends with STATUS, and says ERRORS. */
static void expect_end(int status, const char *errors, const char *const *words)
{
	struct prog *p = prog_spawn(&no_listen, "framed", words);

	prog_expect_exit(p, status);
	judge_check(live_says(p, errors), errors, "%s", prog_errors(p));
}

#define EXPECT_END(status, errors, ...) \
	expect_end(status, errors, (const char *[]){ __VA_ARGS__, NULL })

GRADED(start, bad_words)
{
	live_folder();
	live_write("f.conf", "[server]\nworkers = 0\n");
	live_write("g.conf", "[server]\nlisten = 127.0.0.1:0\nport = 1\n");
	EXPECT_END(2, "usage:", "--listen", "127.0.0.1:0");
	EXPECT_END(2, "usage:", "-t");
	EXPECT_END(0, "", "--help");
	EXPECT_END(1, "nowhere.conf", "-c", "nowhere.conf");
	EXPECT_END(1, "f.conf:2", "-c", "f.conf");
	EXPECT_END(1, "g.conf:3", "-c", "g.conf", "-t");
	live_write("f.conf", "[server]\nlisten = 127.0.0.1:0\n");
	EXPECT_END(1, "workers", "-c", "f.conf", "-s", "server.workers=257");
	EXPECT_END(1, "no.such", "-c", "f.conf", "-s", "no.such=1");
	EXPECT_END(0, "", "-c", "f.conf", "-t", "-s", "server.workers=256");
	judge_check(access("framed.db", F_OK) < 0, "-t starts nothing",
		    "there is a database");
}

GRADED(start, one_on_an_address)
{
	struct prog *p;
	char listen[64];

	live_folder();
	p = framed_start(NULL);
	snprintf(listen, sizeof(listen), "server.listen=%s", prog_address(p));
	EXPECT_END(1, "Address already in use", "-c", "framed.conf", "-s",
		   listen, "-s", "accounts.database=other.db");
	framed_ping(peer_connect(p));
	prog_stop(p);
}

GRADED(start, as_a_daemon)
{
	struct prog *p;
	pid_t master;

	live_folder();
	p = framed_start("server.daemon=yes", "server.pid_file=pid");
	judge_until(process_has_ended(prog_pid(p)), "the starter has ended");
	master = (pid_t)live_number("pid");
	judge_check(master > 1 && !kill(master, 0),
		    "the pid of a living master in the pid file", "%d", master);
	framed_ping(peer_connect(p));
	kill(master, SIGTERM);
	judge_until(process_has_ended(master), "the master has ended");
	judge_check(access("pid", F_OK) < 0, "the pid file is gone",
		    "it is not");
	prog_expect_exit(p, 0);
}

GRADED(start, one_pid_file_one_owner)
{
	struct prog *p;

	live_folder();
	p = framed_start("server.pid_file=pid");
	judge_check(live_number("pid") == prog_pid(p), "its pid in the file",
		    "%ld", live_number("pid"));
	EXPECT_END(1, "held by process", "-c", "framed.conf", "-s",
		   "server.pid_file=pid", "-s", "accounts.database=other.db");
	framed_ping(peer_connect(p));
	prog_stop(p);
	judge_check(access("pid", F_OK) < 0, "the pid file is gone",
		    "it is not");
}

GRADED(start, signals_before_it_serves)
{
	struct prog *p;
	int log;

	live_folder();
	if (mkfifo("log", 0600) < 0)
		judge_infra("log");
	live_write("f.conf", "[server]\nlisten = 127.0.0.1:0\nworkers = 1\n"
			     "pid_file = pid\n[log]\nfile = log\n");
	p = prog_spawn(&no_listen, "framed",
		       (const char *[]){ "-c", "f.conf", NULL });
	judge_until(live_number("pid") == prog_pid(p), "its pid is in the "
						       "file");
	judge_step("it waits for who reads its log, and has no worker yet");
	prog_signal(p, SIGHUP);
	prog_signal(p, SIGUSR1);
	prog_signal(p, SIGUSR2);
	log = open("log", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log < 0)
		judge_infra("log");
	judge_check(!strncmp(prog_line(p), "listening on ", 13),
		    "it serves, whatever signals came before", "it does not");
	prog_stop(p);
	close(log);
}

GRADED(start, a_daemon_that_cannot)
{
	struct prog *p;
	char listen[64];

	live_folder();
	p = framed_start(NULL);
	snprintf(listen, sizeof(listen), "server.listen=%s", prog_address(p));
	EXPECT_END(1, "Address already in use", "-c", "framed.conf", "-s",
		   listen, "-s", "server.daemon=yes", "-s",
		   "accounts.database=other.db", "-s", "server.pid_file=pid");
	judge_check(access("pid", F_OK) < 0, "no pid file is left", "one is");
	prog_stop(p);
}

GRADED(start, quits_at_once)
{
	struct prog *p;
	struct peer *c;

	live_folder();
	p = framed_start("server.threads=1");
	c = peer_connect(p);
	for (int i = 0; i < 30; i++)
		framed_send(c, LOGIN, "somebody", "secret");
	prog_signal(p, SIGQUIT);
	prog_expect_exit(p, 0);
	peer_expect_closed(c);
}

GRADED(start, term_to_a_worker)
{
	struct prog *p;
	struct peer *c;
	pid_t before[64], after[64];

	live_folder();
	p = framed_start("server.workers=1");
	c = peer_connect(p);
	framed_ping(c);
	framed_workers(p, before);
	framed_send(c, LOGIN, "somebody", "secret");
	framed_send_ping(c);
	usleep(50 * 1000);
	judge_step("SIGTERM to the worker");
	kill(before[0], SIGTERM);
	framed_expect(c, LOGIN, 2, "somebody");
	framed_expect_ping(c);
	peer_expect_eof(c);
	judge_until(framed_workers(p, after) == 1 && after[0] != before[0],
		    "another worker has its place");
	framed_ping(peer_connect(p));
	prog_stop(p);
}
