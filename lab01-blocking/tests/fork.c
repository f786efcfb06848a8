/* SPDX-License-Identifier: MIT */
/* Task 5: mode fork. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "lab01.h"

/* How many sockets the process has open. */
static size_t sockets(pid_t pid)
{
	char path[64], target[64];
	struct dirent *entry;
	size_t n = 0;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir)
		judge_infra("%s", path);
	while ((entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, target,
				 sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		n += !strncmp(target, "socket:", 7);
	}
	closedir(dir);
	return n;
}

GRADED(fork, serves_side_by_side)
{
	struct prog *srv = echo_server("fork");

	echo_side_by_side(srv);
	prog_stop(srv);
}

GRADED(fork, no_zombies)
{
	struct prog *srv = echo_server("fork");
	struct peer *c[24];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 24; i++) {
			c[i] = peer_connect(srv);
			echo_text(c[i], "hello");
		}
		judge_check(prog_children(srv) == 24, "24 children",
			    "%zu children", prog_children(srv));
		judge_step("24 clients leave at once; nobody comes");
		for (int i = 0; i < 24; i++)
			peer_close(c[i]);
		prog_expect_no_children(srv);
		prog_expect_no_zombies(srv);
	}
	echo_new_client(srv);
	prog_stop(srv);
	other_children_are_reaped("iterative");
	other_children_are_reaped("fork");
}

GRADED(fork, descriptors_where_they_belong)
{
	struct prog *srv = echo_server("fork");
	size_t before = prog_descriptors(srv);
	struct peer *c[8];

	for (int i = 0; i < 8; i++) {
		c[i] = peer_connect(srv);
		echo_text(c[i], "hello");
	}
	judge_until_detail(prog_descriptors(srv) == before,
			   "the parent has none of its clients' sockets",
			   "%zu descriptors are open in it, 8 clients being"
			   " there, and %zu were before them,",
			   prog_descriptors(srv), before);
	judge_check(sockets(a_child(srv)) == 1,
		    "a child to hold one socket, its client's",
		    "%zu sockets (the listener?)", sockets(a_child(srv)));
	for (int i = 0; i < 8; i++) {
		peer_half_close(c[i]);
		peer_expect_eof(c[i]);
	}
	prog_stop(srv);
}

static void within_bound(struct prog *srv, struct peer *c[])
{
	(void)c;
	judge_promise("The range of max_clients: how many children");
	judge_check(prog_children(srv) <= 3, "3 children at most", "%zu",
		    prog_children(srv));
	/* Then those that wait are looked at. */
	judge_promise("While there are as many, nothing is accepted");
}

/* N clients leave in any order, and each child is waited for. */
static void come_and_leave(struct prog *srv, size_t n)
{
	size_t order[] = { 0, 1, 2 };
	struct peer *c[3];

	judge_promise("While there are as many, nothing is accepted");
	for (size_t i = 0; i < n; i++) {
		c[i] = peer_connect(srv);
		echo_text(c[i], "hello");
	}
	judge_promise("A child that has ended is reaped at once");
	for (size_t i = 0; i < n; i++) {
		size_t k = judge_random_between(i, n - 1), at = order[k];

		order[k] = order[i];
		peer_close(c[at]);
		judge_until(prog_children(srv) == n - 1 - i,
			    "its child has been waited for");
	}
}

/*
 * See tests/drivers/pids-again.c. A table of three is full, and then has places
 * that nobody has written to since.
 */
static void numbers_are_used_again(void)
{
	struct prog *srv = prog_start("drivers/pids-again", "--mode", "fork",
				      "--max-clients", "3", "--listen",
				      "127.0.0.1:0");

	judge_checking("fork_numbers_again");
	for (int i = 0; i < 8; i++) {
		come_and_leave(srv, 3);
		come_and_leave(srv, judge_random_between(1, 2));
	}
	judge_promise("While there are as many, nothing is accepted");
	echo_bound_of_three(srv, within_bound);
	judge_checking(NULL);
	prog_stop(srv);
}

/* When one of those has ended that serve() has not made, and one is there. */
static size_t children_of_clients(struct prog *srv)
{
	return prog_children(srv) - 1;
}

/* A child that stands still for a while has its place: it has not ended. */
static void a_stopped_child_has_its_place(void)
{
	struct prog *srv = prog_start("echo-server", "--mode", "fork",
				      "--max-clients", "1", "--listen",
				      "127.0.0.1:0");
	struct peer *c = peer_connect(srv), *next;
	struct pollfd early = { .events = POLLIN };
	pid_t child;

	judge_checking("fork_stopped_child");
	judge_promise(NULL);
	echo_text(c, "hello");
	child = a_child(srv);
	judge_step("its child stands still (SIGSTOP)");
	kill(child, SIGSTOP);
	judge_until(state_of(child) == 'T', "it stands still");
	prog_signal(srv, SIGCHLD);
	next = peer_connect(srv);
	peer_send(next, "later", 5);
	early.fd = peer_fd(next);
	judge_check(poll(&early, 1, 300) == 0,
		    "the next client to wait until the first one has left",
		    "it was served, or closed");
	kill(child, SIGCONT);
	echo_text(c, "still here");
	peer_close(c);
	peer_expectf(next, "later");
	judge_checking(NULL);
	prog_stop(srv);
}

GRADED(fork, keeps_its_bound)
{
	struct prog *srv = prog_start("echo-server", "--mode", "fork",
				      "--max-clients", "3", "--listen",
				      "127.0.0.1:0");

	judge_promise("In the modes fork and thread no client waits");
	echo_bound_of_three(srv, within_bound);
	prog_stop(srv);
	numbers_are_used_again();
	a_stopped_child_has_its_place();
	other_children_have_no_place("fork", children_of_clients);
}

/* A signal to a child ends that child, and it alone. */
static void children_take_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM };
	struct prog *srv = echo_server("fork");

	judge_checking("children_signals");
	for (int i = 0; i < 2; i++) {
		struct peer *c = peer_connect(srv);

		echo_text(c, "hello");
		judge_step("send %s to its child",
			   i == 0 ? "SIGINT" : "SIGTERM");
		kill(a_child(srv), signals[i]);
		peer_expect_closed(c);
		prog_expect_no_children(srv);
		prog_expect_no_zombies(srv);
	}
	judge_checking(NULL);
	echo_new_client(srv);
	prog_stop(srv);
}

/* A shell's jobs are groups: others may be in the server's. */
static void children_alone(void)
{
	struct prog *p =
		prog_start("drivers/serve-driver", "group", "fork", "4");
	struct peer *c = peer_connect(p);

	judge_checking("fork_ends_its_children");
	echo_text(c, "hello");
	prog_signal(p, SIGTERM);
	prog_expect_line(p, "0");
	prog_expect_line(p, "it is there");
	judge_checking(NULL);
	peer_expect_closed(c);
	prog_expect_exit(p, 0);
}

/* SIGTERM comes to a child that has not done anything yet. */
static void children_that_have_not_begun(void)
{
	struct prog *p = prog_start("drivers/late-children", "--mode", "fork",
				    "--listen", "127.0.0.1:0");
	struct peer *c = peer_connect(p);

	judge_checking("fork_ends_new_children");
	judge_promise("Then it accepts no more, ends its children");
	judge_until(prog_children(p) == 1, "there is a child");
	prog_signal(p, SIGTERM);
	peer_expect_closed(c);
	prog_expect_exit(p, 0);
	judge_checking(NULL);
}

/*
 * One child stands still, so that it ends later than the other one, and later than
 * two that serve() has not made. A server that does not wait for it has its time
 * to return; nothing is asked of one that does.
 */
static void one_child_ends_later(void)
{
	pid_t others[2], late;
	struct prog *p = start_with_others("fork", "4", others);
	struct peer *c[2];
	int64_t began;

	judge_checking("fork_waits_for_all");
	for (int i = 0; i < 2; i++) {
		c[i] = peer_connect(p);
		echo_text(c[i], "hello");
	}
	late = a_child(p);
	kill(late, SIGSTOP);
	judge_until(state_of(late) == 'T', "that child stands still");
	prog_signal(p, SIGTERM);
	judge_until(prog_children(p) <= 3, "the other client's child has "
					   "ended");
	for (int i = 0; i < 2; i++)
		end_other(others[i]);
	began = clock_ms();
	judge_until(clock_ms() - began > 300, "the server has had its time");
	kill(late, SIGCONT);
	prog_expect_line(p, "0");
	prog_expect_line(p, "no child is left");
	prog_expect_exit(p, 0);
	judge_checking(NULL);
}

GRADED(fork, children_go_too)
{
	clients_end_with_it("fork", "child");
	children_take_signals();
	children_alone();
	children_that_have_not_begun();
	one_child_ends_later();
}
