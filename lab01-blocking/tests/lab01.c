/* SPDX-License-Identifier: MIT */
#include <signal.h>
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
	while (fscanf(f, "%d", &pid) == 1)
		;
	if (!pid)
		judge_fail(OUTCOME_FAIL, "a child process for the client",
			   "none");
	fclose(f);
	return pid;
}

char state_of(pid_t pid)
{
	char path[64], state = 'X';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return 'X';
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	fclose(f);
	return state;
}

struct prog *start_with_others(const char *mode, const char *max_clients,
			       pid_t others[2])
{
	struct prog *p =
		prog_start("drivers/serve-driver", "others", mode, max_clients);
	const char *line = prog_line(p);

	if (sscanf(line, "others %d %d", &others[0], &others[1]) != 2)
		judge_infra("\"%s\"", line);
	return p;
}

/* When it is waited for is asked by other_children_are_reaped(). */
void end_other(pid_t pid)
{
	judge_step("a child ends that serve() has not made");
	kill(pid, SIGKILL);
	judge_until(state_of(pid) == 'Z' || state_of(pid) == 'X',
		    "it has ended");
}

/*
 * The only place is taken, and somebody waits for it: once the main thread waits,
 * too, whoever is let in has been let in.
 */
static void ends_at_the_bound(struct prog *p, pid_t other,
			      size_t (*workers)(struct prog *srv))
{
	struct peer *in = peer_connect(p), *waits;

	echo_text(in, "hello");
	waits = peer_connect(p);
	peer_send(waits, "later", 5);
	end_other(other);
	judge_until(state_of(prog_pid(p)) == 'S', "the server waits");
	judge_promise("The range of max_clients: how many children");
	judge_check(workers(p) <= 1,
		    "one client to be served, with --max-clients 1, and the "
		    "other one to wait until it leaves",
		    "%zu are served", workers(p));
	judge_promise("While there are as many, nothing is accepted");
	peer_close(in);
	peer_expectf(waits, "later");
	peer_half_close(waits);
	peer_expect_eof(waits);
}

/* One signal stands for both, and the other one was there first. */
static void ends_with_a_client(struct prog *p, pid_t other)
{
	struct peer *c = peer_connect(p);

	echo_text(c, "hello");
	prog_pause(p);
	end_other(other);
	peer_close(c);
	judge_until(prog_children(p) == 0, "no child runs");
	prog_resume(p);
	judge_promise("While there are as many, nothing is accepted");
	echo_new_client(p);
}

void other_children_have_no_place(const char *mode,
				  size_t (*workers)(struct prog *srv))
{
	pid_t others[2];
	struct prog *p = start_with_others(mode, "1", others);

	judge_checking("serve_other_children");
	judge_promise("While there are as many, nothing is accepted");
	ends_at_the_bound(p, others[0], workers);
	ends_with_a_client(p, others[1]);
	judge_checking(NULL);
	prog_stop(p);
}

void other_children_are_reaped(const char *mode)
{
	pid_t others[2];
	struct prog *p = start_with_others(mode, "4", others);

	judge_checking("serve_reaps_other_children");
	echo_new_client(p);
	for (size_t i = 0; i < 2; i++) {
		end_other(others[i]);
		judge_until(prog_children(p) == 1 - i, "it has ended");
		prog_expect_no_zombies(p);
	}
	judge_checking(NULL);
	prog_stop(p);
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
