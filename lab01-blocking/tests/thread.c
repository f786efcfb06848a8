/* SPDX-License-Identifier: MIT */
/* Task 6: mode thread. */
#include <stdio.h>
#include <unistd.h>

#include "lab01.h"

GRADED(thread, serves_side_by_side)
{
	struct prog *srv = echo_server("thread");

	judge_promise("In the modes fork and thread no client waits");
	echo_side_by_side(srv);
	judge_promise("a thread for each client");
	judge_check(prog_children(srv) == 0, "threads, not processes",
		    "%zu children", prog_children(srv));
	prog_stop(srv);
}

/*
 * Many at once, so that threads start while the loop is already further on.
 * Then some that do not read: their threads are stuck in the middle of a write
 * while others read, which tells a buffer that two of them share.
 */
GRADED(thread, each_its_own_client)
{
	struct prog *srv = echo_server("thread");

	/* Either sentence may be broken here; only the second one below. */
	echo_own_bytes(srv, 10);
	judge_promise("The buffer is the thread's own, on its stack");
	echo_stuck(srv);
	prog_stop(srv);
}

static void within_bound(struct prog *srv, struct peer *c[])
{
	(void)c;
	judge_promise("`--max-clients N`: never more than *N* threads");
	judge_check(prog_threads(srv) <= 4,
		    "4 threads at most: the main thread and 3", "%zu",
		    prog_threads(srv));
	/* Then those that wait are looked at. */
	judge_promise("While there are as many, nothing is accepted");
}

static size_t threads_of_clients(struct prog *srv)
{
	return prog_threads(srv) - 1;
}

GRADED(thread, keeps_its_bound)
{
	struct prog *srv = prog_start("echo-server", "--mode", "thread",
				      "--max-clients", "3", "--listen",
				      "127.0.0.1:0");

	judge_promise("In the modes fork and thread no client waits");
	echo_bound_of_three(srv, within_bound);
	prog_stop(srv);
	other_children_have_no_place("thread", threads_of_clients);
}

/* The size of the program's address space (proc(5), statm). */
static size_t address_space_mib(struct prog *p)
{
	char path[64];
	size_t pages;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", prog_pid(p));
	f = fopen(path, "re");
	if (!f || fscanf(f, "%zu", &pages) != 1)
		judge_infra("%s", path);
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE) >> 20;
}

/*
 * A thread that nobody joins or detaches leaves its stack behind, 8 MiB of
 * addresses: 300 of them are 2400 MiB.
 */
GRADED(thread, gives_everything_back)
{
	struct prog *srv = echo_server("thread");
	size_t descriptors = prog_descriptors(srv), before, after;

	judge_promise("Each thread closes its client.");
	for (int i = 0; i < 30; i++)
		echo_new_client(srv);
	before = address_space_mib(srv);
	for (int i = 0; i < 300; i++)
		echo_new_client(srv);
	judge_promise("After the last client the main thread is");
	judge_until_detail(prog_threads(srv) == 1,
			   "only the main thread is left",
			   "%zu threads are left", prog_threads(srv));
	judge_promise("Each thread closes its client.");
	judge_until_detail(prog_descriptors(srv) == descriptors,
			   "no client's descriptor is open",
			   "%zu descriptors are open, and %zu were before the"
			   " first client,",
			   prog_descriptors(srv), descriptors);
	judge_promise("Join the threads or detach them");
	after = address_space_mib(srv);
	if (after > before + 1000)
		judge_fail(OUTCOME_LEAK,
			   "the stacks of threads that have ended to be freed",
			   "300 clients later it has %zu MiB more",
			   after - before);
	prog_stop(srv);
	other_children_are_reaped("thread");
}

GRADED(thread, threads_go_too)
{
	clients_end_with_it("thread", "thread");
}
