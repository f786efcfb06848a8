/* SPDX-License-Identifier: MIT */
/* What a reload changes, and what it leaves. */
#include "live.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static void write_config(const char *listen, const char *more)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "[server]\nlisten = %s\n%s\n[log]\nfile = " FRAMED_LOG
		 "\n[accounts]\ndatabase = accounts.db\n",
		 listen, more);
	live_write("framed.conf", text);
}

static struct prog *start(const char *listen, const char *more)
{
	live_folder();
	write_config(listen, more);
	return prog_start("framed", "-c", "framed.conf");
}

GRADED(reload, a_bad_one_is_refused)
{
	struct prog *p = start("127.0.0.1:0", "workers = 2");
	pid_t pids[64];

	write_config("127.0.0.1:0", "workers = 2\nworkers = 3");
	prog_signal(p, SIGHUP);
	framed_expect_log("reload refused", 1);
	write_config("127.0.0.1:0 192.0.2.1:9", "workers = 2");
	prog_signal(p, SIGHUP);
	framed_expect_log("reload refused", 2);
	judge_step("a worker that is started later has the old one as well");
	framed_workers(p, pids);
	kill(pids[0], SIGKILL);
	framed_expect_log("killed by signal", 1);
	framed_expect_workers(p, 2);
	for (int i = 0; i < 8; i++)
		framed_ping(peer_connect(p));
	prog_stop(p);
}

GRADED(reload, port_0_keeps_its_port)
{
	struct prog *p = start("127.0.0.1:0", "workers = 2");
	struct peer *c;

	framed_reload(p);
	c = peer_connect(p);
	framed_ping(c);
	peer_close(c);
	write_config("127.0.0.1:0", "workers = 1");
	framed_reload(p);
	framed_expect_workers(p, 1);
	for (int i = 0; i < 8; i++)
		framed_ping(peer_connect(p));
	prog_stop(p);
}

GRADED(reload, without_its_database)
{
	struct prog *p = start("127.0.0.1:0", "workers = 2");
	pid_t before[64], after[64];

	framed_workers(p, before);
	if (rename("accounts.db", "elsewhere") < 0)
		judge_infra("accounts.db");
	judge_step("new workers could not open it");
	prog_signal(p, SIGHUP);
	framed_expect_log("reload refused: ", 1);
	judge_check(framed_workers(p, after) == 2 && after[0] == before[0] &&
			    after[1] == before[1],
		    "the same workers as before", "others");
	if (rename("elsewhere", "accounts.db") < 0)
		judge_infra("accounts.db");
	framed_reload(p);
	framed_expect_workers(p, 2);
	prog_stop(p);
}

/* Where it listens can be said in more than one way. */
GRADED(reload, an_address_under_another_name)
{
	struct prog *p = start("127.0.0.1:0", "workers = 2");
	struct peer *c = peer_connect(p);
	char localhost[64];

	framed_ping(c);
	write_config(prog_address(p), "workers = 2");
	framed_reload(p);
	framed_ping(peer_connect(p));
	judge_step("the other way round, and twice is one too many");
	snprintf(localhost, sizeof(localhost), "127.0.0.1:%d 127.0.0.1:0%d",
		 prog_port(p), prog_port(p));
	write_config(localhost, "workers = 2");
	prog_signal(p, SIGHUP);
	framed_expect_log("reload refused: ", 1);
	framed_ping(c);
	framed_ping(peer_connect(p));
	prog_stop(p);
}

GRADED(reload, fewer_workers_lose_nobody)
{
	struct prog *p = start("127.0.0.1:0", "workers = 4"), *load;

	load = framed_load(p, "-c", "8", "-d", "3", "--reconnect", "5");
	for (int i = 0; i < 6; i++) {
		write_config("127.0.0.1:0",
			     i % 2 ? "workers = 4" : "workers = 1");
		framed_reload(p);
	}
	prog_expect_exit(load, 0);
	framed_expect_workers(p, 4);
	prog_stop(p);
}

GRADED(reload, addresses_come_and_go)
{
	struct prog *p = start("127.0.0.1:0 127.0.0.2:0", "workers = 2");
	char address[64];
	struct peer *c = peer_connect(p);

	snprintf(address, sizeof(address), "%s", prog_address(p));
	framed_ping(c);
	judge_step("the first address is removed: who is there is served on");
	write_config("127.0.0.2:0", "workers = 2");
	framed_reload(p);
	framed_ping(c);
	judge_until(!peer_try_connect(p), "nobody listens there any more");
	judge_step("and comes back");
	write_config(address, "workers = 2");
	framed_reload(p);
	framed_ping(peer_connect(p));
	framed_ping(c);
	peer_close(c);
	prog_stop(p);
}

GRADED(reload, who_waits_at_a_removed_address)
{
	struct prog *p = start("127.0.0.1:0", "workers = "
					      "1\n[limits]\nconnections = 1");
	struct peer *c = peer_connect(p), *waits;
	size_t lines;

	framed_ping(c);
	judge_step("one more than there may be waits in the queue");
	waits = peer_connect(p);
	framed_send_ping(waits);
	lines = framed_log_lines("listening on");
	write_config("127.0.0.2:0", "workers = 1\n[limits]\nconnections = 1");
	framed_reload(p);
	framed_expect_log("listening on 127.0.0.2:", lines);
	peer_close(c);
	framed_expect_ping(waits);
	peer_close(waits);
	framed_expect_workers(p, 1);
	prog_stop(p);
}
