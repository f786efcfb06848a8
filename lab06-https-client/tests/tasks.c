/* SPDX-License-Identifier: MIT */
/* Task 3: tasks.c, by way of tests/drivers/tasks-driver.c. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "taskstest.h"
#include "util.h"

/* Task I, to HOST, as connected() has it, with a promise for each part. */
static void pushed_and_connected(int i, const char *host, const char *dns)
{
	char connection[64], all[128];
	const char *line;

	judge_promise("Queues TASK.");
	push(i, host);
	judge_promise("resolves its name, starts the connect, and");
	snprintf(connection, sizeof(connection), "connected 127.0.0.1:%d",
		 port);
	line = waits(i, connection);
	if (strstr(line, "blocking") || strstr(line, "inherited"))
		judge_promise("Returns a connected socket, non-blocking and");
	else
		judge_promise("it waited so long for a look-up; 0: for none");
	snprintf(all, sizeof(all), "%s %s", connection, dns);
	begins(line, all);
	judge_promise("resolves its name, starts the connect, and");
}

GRADED(tasks, connects)
{
	judge_promise("resolves its name, starts the connect, and");
	begin_tasks(10);
	says("name a.test 127.0.0.1", "yes");
	pushed_and_connected(0, "127.0.0.1", "without waiting");
	pushed_and_connected(1, "a.test", "after a look-up");
	pushed_and_connected(2, "a.test", "without waiting");
	for (int i = 10; i < 40; i++) {
		push(i, i % 2 ? "a.test" : "127.0.0.1");
		if (i % 10 == 9)
			says("all", "connected 10 failed 0");
	}
	says("called", "called 33");
	end();
}

/* Whatever the reason: nobody asks for that name again. */
static void fails_for_good(const char *error, const char *want)
{
	char host[32];

	snprintf(host, sizeof(host), "%s.test", error);
	prog_input(d, "name %s error %s", host, error);
	answers("yes");
	for (int i = 30; i < 33; i++) {
		push(i, host);
		waits(i, want);
	}
	prog_input(d, "lookups %s", host);
	answers("lookups 1");
}

GRADED(tasks, looks_up_once)
{
	judge_promise("A name is resolved once in the life of the");
	begin_tasks(100);
	says("stuck a.test 127.0.0.1", "yes");
	judge_promise("Resolves nothing.");
	push(0, "a.test");
	judge_promise("A name is resolved once in the life of the");
	says("looking a.test", "yes");
	for (int i = 1; i < 20; i++)
		push(i, i % 2 ? "A.Test" : "a.test");
	says("called", "called 0");
	says("free a.test", "yes");
	for (int i = 0; i < 20; i++)
		connected(i, "127.0.0.1", "after a look-up");
	push(21, "a.test");
	connected(21, "127.0.0.1", "without waiting");
	judge_promise("the same pointer for the same host (in whatever");
	push(20, "a.TEST");
	connected(20, "127.0.0.1", "without waiting");
	judge_promise("A name is resolved once in the life of the");
	says("lookups a.test", "lookups 1");
	judge_step("look-ups that fail");
	fails_for_good("NONAME", "failed ENOENT unresolved");
	fails_for_good("AGAIN", "failed EIO unresolved");
	fails_for_good("MEMORY", "failed ENOMEM unresolved");
	end();
}

/* A driver, of whose tasks one waits for a name that is being looked up. */
static void begin_stuck(const struct chaos *chaos)
{
	const struct prog_opts opts = { .no_listen = true,
					.keep_stdin = true,
					.count_calls = true,
					.chaos = chaos };

	d = prog_start_opts(&opts, "drivers/tasks-driver");
	says("create 10 any", "created");
	says("stuck a.test 127.0.0.1", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
}

static bool is_one_of_three(const char *line)
{
	return !strcmp(line, "failed ENOMEM unresolved") ||
	       !strcmp(line, "failed EIO unresolved") ||
	       !strcmp(line, "failed ENOENT unresolved");
}

/* The resolver has answered, and there is no place for its addresses. */
static void no_memory_for_addresses(void)
{
	struct chaos chaos = { 0 };
	unsigned int after;
	const char *line;

	judge_checking("tasks_no_memory");
	begin_stuck(NULL);
	chaos.fail_alloc = prog_allocations(d);
	says("free a.test", "yes");
	connected(0, "127.0.0.1", "after a look-up");
	after = prog_allocations(d);
	prog_finish(d);
	while (chaos.fail_alloc++ < after) {
		judge_step("allocation number %u fails", chaos.fail_alloc);
		begin_stuck(&chaos);
		says("free a.test", "yes");
		line = waits(0, "");
		/* The resolver may need it, or the dial. */
		judge_check(!strstr(line, " unresolved") ||
				    is_one_of_three(line),
			    "\"failed ENOMEM unresolved\"", "\"%s\"", line);
		prog_finish(d);
	}
	judge_checking(NULL);
}

GRADED(tasks, tells_failures_apart)
{
	static const struct {
		const char *name, *list, *want;
	} fails[] = {
		{ "noname", "error NONAME", "failed ENOENT unresolved" },
		{ "nodata", "error NODATA", "failed ENOENT unresolved" },
		{ "again", "error AGAIN", "failed EIO unresolved" },
		{ "fail", "error FAIL", "failed EIO unresolved" },
		{ "memory", "error MEMORY", "failed ENOMEM unresolved" },
		{ "system", "error SYSTEM", "failed EIO unresolved" },
		{ "family", "error FAMILY", "failed ENOENT unresolved" },
	};
	int refused;

	begin_tasks(10);
	for (int i = 0; i < (int)ARRAY_LEN(fails); i++) {
		prog_input(d, "name %s %s", fails[i].name, fails[i].list);
		answers("yes");
		push(i, fails[i].name);
		waits(i, fails[i].want);
	}
	refused = atoi(strrchr(origin_trap(origin, "refused"), ':') + 1);
	push_ms(8, "127.0.0.1", refused, 10000);
	waits(8, "failed ECONNREFUSED resolved");
	judge_step("and those after it are served");
	push(9, "127.0.0.1");
	connected(9, "127.0.0.1", "without waiting");
	prog_finish(d);
	no_memory_for_addresses();
	prog_stop(origin);
}

GRADED(tasks, keeps_to_the_family)
{
	begin_tasks(10);
	says("name two.test ::1 127.0.0.1", "yes");
	says("destroy", "destroyed");
	says("create 10 4", "created");
	push(0, "two.test");
	connected(0, "127.0.0.1", "after a look-up");
	push(1, "::1");
	waits(1, "failed ENOENT unresolved");
	says("destroy", "destroyed");
	says("create 10 6", "created");
	if (judge_has_ipv6()) {
		push(2, "two.test");
		waits(2, "failed ECONNREFUSED resolved");
	}
	push(3, "127.0.0.1");
	waits(3, "failed ENOENT unresolved");
	end();
}

/* These addresses, each with a space before it, were dialled: no others. */
static void tried(const char *addresses)
{
	char want[512];
	const char *line;

	snprintf(want, sizeof(want), "tried%s", addresses);
	prog_input(d, "tried");
	line = answers("tried");
	judge_check(!strcmp(line, want), want, "%s", line);
}

/*
 * A link-local address is one on a link: without the scope it is another one,
 * or none (RFC 4007). The longest has 15 letters behind "%"; here it has the ten
 * figures of a number, since nobody has an interface of such a name.
 */
static void scope_is_kept(void)
{
	static const char *const link =
		" fe80::1%1 fe80:1111:2222:3333:4444:5555:6666:7777%1000000000"
		" 127.0.0.1";
	char command[256];

	if (!judge_has_ipv6())
		return;
	judge_checking("tasks_scope");
	judge_step("addresses that hold on one link only");
	snprintf(command, sizeof(command), "name link.test%s", link);
	says(command, "yes");
	says("tried", "tried");
	push(4, "link.test");
	connected(4, "127.0.0.1", "after a look-up");
	tried(link);
	push(5, "fe80::1%1");
	waits(5, "failed ENETUNREACH resolved");
	tried(" fe80::1%1");
	judge_checking(NULL);
}

GRADED(tasks, tries_all_addresses)
{
	char list[512] = "name many.test";
	const char *addresses = list + strlen(list);

	judge_promise("All addresses of a name are tried, in the");
	begin_tasks(10);
	says("name a.test 127.0.0.2 127.0.0.3 127.0.0.1", "yes");
	push(0, "a.test");
	connected(0, "127.0.0.1", "after a look-up");
	judge_promise("or -1 with the last address' error");
	says("name b.test 127.0.0.2 127.0.0.3", "yes");
	push(1, "b.test");
	waits(1, "failed ECONNREFUSED resolved");
	judge_promise("Addresses of a name that are kept; more are left");
	judge_step("16 addresses, of which the last is the good one");
	for (int i = 2; i < 17; i++)
		sprintf(list + strlen(list), " 127.0.0.%d", i);
	strcat(list, " 127.0.0.1");
	says(list, "yes");
	says("tried", "tried");
	push(2, "many.test");
	connected(2, "127.0.0.1", "after a look-up");
	judge_promise("All addresses of a name are tried, in the");
	tried(addresses);
	judge_promise("Addresses of a name that are kept; more are left");
	judge_step("17 addresses: the last is left out");
	strcpy(list, "name more.test");
	for (int i = 2; i < 18; i++)
		sprintf(list + strlen(list), " 127.0.0.%d", i);
	strcat(list, " 127.0.0.1");
	says(list, "yes");
	push(3, "more.test");
	waits(3, "failed ECONNREFUSED resolved");
	scope_is_kept();
	end();
}

/* What the result says of task I, for which somebody waited since BEGUN_MS. */
static void had_times(int i, int64_t begun_ms, int least_ago, int least_waited)
{
	long ago, waited;
	const char *line;

	judge_checking("tasks_times");
	prog_input(d, "times %d", i);
	line = answers("began ");
	judge_check(sscanf(line, "began %ld ms ago, waited %ld ms", &ago,
			   &waited) == 2,
		    "two times", "%s", line);
	judge_check(ago >= least_ago && ago <= clock_ms() - begun_ms + 1,
		    "dial_ns to be when the first dial began",
		    "%ld ms ago, of %d to %jd", ago, least_ago,
		    (intmax_t)(clock_ms() - begun_ms));
	judge_check(waited >= least_waited,
		    "dns_ns to be how long it waited for a look-up",
		    "%ld ms, and not %d or more", waited, least_waited);
	judge_checking(NULL);
}

/* Task I, for which nobody is there, had all of its time. */
static void times_out(int i, int64_t begun_ms, int ms)
{
	char want[64];
	int took;

	waits(i, "failed ETIMEDOUT resolved");
	took = clock_ms() - begun_ms;
	snprintf(want, sizeof(want), "%d ms for the connect", ms);
	judge_check(took >= ms - 1, want, "%d ms", took);
}

GRADED(tasks, shares_the_time)
{
	struct peer_listener *l;
	char address[64], want[64];
	int64_t begun_ms = clock_ms();
	int silent, left;

	judge_promise("for all addresses, from the first dial on");
	begin_tasks(10);
	origin_trap(origin, "refused");
	silent = atoi(strrchr(origin_trap(origin, "never-accepts"), ':') + 1);
	snprintf(address, sizeof(address), "127.0.0.2:%d", silent);
	l = peer_listen(address);
	says("name a.test 127.0.0.1 127.0.0.2", "yes");
	push_ms(0, "a.test", silent, 2000);
	judge_step("the first address is silent, the second is not");
	judge_promise("While EINPROGRESS: the socket to watch for");
	left = atoi(says("first 0", "under way, ") + strlen("under way, "));
	judge_promise("each with an equal share of the time that is");
	judge_check(left > 0 && left <= 1000,
		    "half of 2000 ms for the first of two addresses", "%d ms",
		    left);
	snprintf(want, sizeof(want), "connected 127.0.0.2:%d", silent);
	judge_promise("Goes on after EINPROGRESS: looks what became of");
	waits(0, want);
	had_times(0, begun_ms, left - 1, 0);
	peer_listener_close(l);
	judge_promise("for all addresses, from the first dial on");
	judge_step("silent, and no other");
	push_ms(1, "127.0.0.1", silent, 300);
	waits(1, "failed ETIMEDOUT resolved");
	judge_promise("or -1 with the last address' error: ETIMEDOUT,");
	judge_step("the error is that of the last address");
	push_ms(2, "a.test", silent, 1000);
	waits(2, "failed ECONNREFUSED resolved");
	judge_promise("for all addresses, from the first dial on");
	judge_step("what the look-up took is not taken from it");
	says("stuck slow.test 127.0.0.1", "yes");
	push_ms(3, "slow.test", silent, 1200);
	says("looking slow.test", "yes");
	poll(NULL, 0, 800);
	begun_ms = clock_ms();
	says("free slow.test", "yes");
	times_out(3, begun_ms, 1200);
	had_times(3, begun_ms, 1199, 799);
	judge_promise("each with an equal share of the time that is");
	judge_step("what one address has left is the next one's");
	says("name b.test 127.0.0.9 127.0.0.1", "yes");
	begun_ms = clock_ms();
	push_ms(4, "b.test", silent, 1000);
	times_out(4, begun_ms, 1000);
	end();
}
