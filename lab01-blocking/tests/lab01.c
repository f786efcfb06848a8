/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "lab01.h"

pid_t a_child(struct prog *srv)
{
	char path[64];
	int pid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", prog_pid(srv),
		 prog_pid(srv));
	f = fopen(path, "re");
	if (!f)
		judge_infra("%s", path);
	if (fscanf(f, "%d", &pid) != 1)
		judge_fail(OUTCOME_FAIL, "a child process for the client",
			   "none");
	fclose(f);
	return pid;
}

/* An idle client; for a server that is stopped right after it. */
static struct peer *idle_client(struct prog *srv)
{
	struct peer *c = peer_connect(srv);

	echo_text(c, "hello");
	return c;
}

void clients_end_with_it(const char *mode, const char *worker)
{
	struct prog *srv = echo_server(mode);
	struct peer *idle = idle_client(srv);

	peer_send_until_full(peer_connect_small(srv, 8192));
	echo_new_client(srv);
	prog_stop(srv);
	peer_expect_closed(idle);

	judge_step("while the bound is reached, and the server waits for a"
		   " %s to end",
		   worker);
	srv = prog_start("echo-server", "--mode", mode, "--max-clients", "1",
			 "--listen", "127.0.0.1:0");
	idle = idle_client(srv);
	prog_stop(srv);
	peer_expect_closed(idle);
}
