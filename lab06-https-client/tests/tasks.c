/* SPDX-License-Identifier: MIT */
/* Task 3: tasks.c, by way of tests/drivers/tasks-driver.c. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "origintest.h"
#include "util.h"

#define DRIVER "tasks-driver"

static struct prog *origin, *d;
static int port; /* of the origin */

static const char *answers(const char *want)
{
	const char *line = prog_line(d);

	if (strncmp(line, want, strlen(want)) != 0)
		judge_fail(OUTCOME_FAIL, want, "%s", line);
	return line;
}

/* Gives a command and wants an answer that begins so; returns all of it. */
static const char *says(const char *command, const char *want)
{
	prog_input(d, "%s", command);
	return answers(want);
}

/* The origin, and a driver with tasks of this capacity. */
static void begin(int capacity)
{
	origin = origin_start("--trap", "refused", "--trap", "never-accepts");
	port = prog_port(origin);
	d = prog_driver(DRIVER);
	prog_input(d, "create %d any", capacity);
	answers("created");
}

static void end(void)
{
	prog_finish(d);
	prog_stop(origin);
}

static void push_ms(int i, const char *host, int to, int ms)
{
	prog_input(d, "push %d %s %d %d", i, host, to, ms);
	answers("queued");
}

static void push(int i, const char *host)
{
	push_ms(i, host, port, 10000);
}

static const char *waits(int i, const char *want)
{
	prog_input(d, "wait %d", i);
	return answers(want);
}

/* Connected, to that address of ours, and as the header says. */
static void connected(int i, const char *address, const char *dns)
{
	char want[128];

	snprintf(want, sizeof(want), "connected %s:%d %s", address, port, dns);
	waits(i, want);
}

GRADED(tasks, connects)
{
	begin(10);
	says("name a.test 127.0.0.1", "yes");
	push(0, "127.0.0.1");
	connected(0, "127.0.0.1", "without waiting");
	push(1, "a.test");
	connected(1, "127.0.0.1", "after a look-up");
	push(2, "a.test");
	connected(2, "127.0.0.1", "without waiting");
	for (int i = 10; i < 40; i++) {
		push(i, i % 2 ? "a.test" : "127.0.0.1");
		if (i % 10 == 9)
			says("all", "connected 10 failed 0");
	}
	says("called", "called 33");
	end();
}

GRADED(tasks, looks_up_once)
{
	begin(100);
	says("stuck a.test 127.0.0.1", "yes");
	says("name b.test error NONAME", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
	for (int i = 1; i < 20; i++)
		push(i, i % 2 ? "A.Test" : "a.test");
	says("called", "called 0");
	says("free a.test", "yes");
	for (int i = 0; i < 20; i++)
		connected(i, "127.0.0.1", "after a look-up");
	push(20, "a.TEST");
	connected(20, "127.0.0.1", "without waiting");
	says("lookups a.test", "lookups 1");
	judge_step("a name that there is not");
	for (int i = 30; i < 35; i++) {
		push(i, "b.test");
		waits(i, "failed ENOENT unresolved");
	}
	says("lookups b.test", "lookups 1");
	end();
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

	begin(10);
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
	end();
}

GRADED(tasks, keeps_to_the_family)
{
	begin(10);
	says("name two.test ::1 127.0.0.1", "yes");
	says("destroy", "destroyed");
	says("create 10 4", "created");
	push(0, "two.test");
	connected(0, "127.0.0.1", "after a look-up");
	push(1, "::1");
	waits(1, "failed ENOENT unresolved");
	says("destroy", "destroyed");
	says("create 10 6", "created");
	push(2, "two.test");
	waits(2, "failed ECONNREFUSED resolved");
	push(3, "127.0.0.1");
	waits(3, "failed ENOENT unresolved");
	end();
}

GRADED(tasks, tries_all_addresses)
{
	char list[512] = "name many.test";

	begin(10);
	says("name a.test 127.0.0.2 127.0.0.3 127.0.0.1", "yes");
	push(0, "a.test");
	connected(0, "127.0.0.1", "after a look-up");
	says("name b.test 127.0.0.2 127.0.0.3", "yes");
	push(1, "b.test");
	waits(1, "failed ECONNREFUSED resolved");
	judge_step("16 addresses, of which the last is the good one");
	for (int i = 2; i < 17; i++)
		sprintf(list + strlen(list), " 127.0.0.%d", i);
	strcat(list, " 127.0.0.1");
	says(list, "yes");
	push(2, "many.test");
	connected(2, "127.0.0.1", "after a look-up");
	judge_step("17 addresses: the last is left out");
	strcpy(list, "name more.test");
	for (int i = 2; i < 18; i++)
		sprintf(list + strlen(list), " 127.0.0.%d", i);
	strcat(list, " 127.0.0.1");
	says(list, "yes");
	push(3, "more.test");
	waits(3, "failed ECONNREFUSED resolved");
	end();
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
	int64_t begun_ms;
	int silent, left;

	begin(10);
	origin_trap(origin, "refused");
	silent = atoi(strrchr(origin_trap(origin, "never-accepts"), ':') + 1);
	snprintf(address, sizeof(address), "127.0.0.2:%d", silent);
	l = peer_listen(address);
	says("name a.test 127.0.0.1 127.0.0.2", "yes");
	push_ms(0, "a.test", silent, 2000);
	judge_step("the first address is silent, the second is not");
	left = atoi(says("first 0", "under way, ") + strlen("under way, "));
	judge_check(left > 0 && left <= 1000,
		    "half of 2000 ms for the first of two addresses", "%d ms",
		    left);
	snprintf(want, sizeof(want), "connected 127.0.0.2:%d", silent);
	waits(0, want);
	peer_listener_close(l);
	judge_step("silent, and no other");
	push_ms(1, "127.0.0.1", silent, 300);
	waits(1, "failed ETIMEDOUT resolved");
	judge_step("the error is that of the last address");
	push_ms(2, "a.test", silent, 1000);
	waits(2, "failed ECONNREFUSED resolved");
	judge_step("what the look-up took is not taken from it");
	says("stuck slow.test 127.0.0.1", "yes");
	push_ms(3, "slow.test", silent, 1200);
	says("looking slow.test", "yes");
	poll(NULL, 0, 800);
	begun_ms = clock_ms();
	says("free slow.test", "yes");
	times_out(3, begun_ms, 1200);
	judge_step("what one address has left is the next one's");
	says("name b.test 127.0.0.9 127.0.0.1", "yes");
	begun_ms = clock_ms();
	push_ms(4, "b.test", silent, 1000);
	times_out(4, begun_ms, 1000);
	end();
}

/*
 * A queue of 10, full of tasks for a.test, NA of them or all but those, and for
 * b.test; a.test's leave it. Who was refused is told, or is not.
 */
static void leaves_a_part(int na, bool told)
{
	begin(10);
	says("stuck a.test 127.0.0.1", "yes");
	says("stuck b.test 127.0.0.1", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
	for (int i = 1; i < 3; i++)
		push(i, told ? "b.test" : "a.test");
	prog_input(d, "fill %c.test %d 50", told ? 'a' : 'b', port);
	answers("queued ");
	says("free a.test", "yes");
	for (int i = 0; i < na; i++)
		connected(i, "127.0.0.1", "after a look-up");
	says("looking b.test", "yes");
	says("rooms", told ? "rooms 1" : "rooms 0");
	says("free b.test", "yes");
	says("room", "room");
	end();
}

GRADED(tasks, is_bounded)
{
	int n;

	begin(5);
	says("stuck a.test 127.0.0.1", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
	prog_input(d, "fill a.test %d 50", port);
	n = atoi(answers("queued ") + strlen("queued "));
	judge_check(n == 4 || n == 5,
		    "room for 5; the one that is being looked up may count",
		    "%d were taken behind it", n);
	prog_input(d, "push 1 a.test %d 1000", port);
	answers("full");
	says("rooms", "rooms 0");
	says("free a.test", "yes");
	says("room", "room");
	connected(0, "127.0.0.1", "after a look-up");
	prog_input(d, "all");
	prog_expect_line(d, "connected %d failed 0", n);
	says("rooms", "rooms 1");
	push(2, "a.test");
	connected(2, "127.0.0.1", "without waiting");
	says("rooms", "rooms 1");
	end();
	judge_step("less than half of the queue is free");
	leaves_a_part(3, false);
	judge_step("more than half of it is");
	leaves_a_part(1, true);
}

GRADED(tasks, stuck_stops_no_others)
{
	begin(3);
	says("name known.test 127.0.0.1", "yes");
	says("stuck stuck.test 127.0.0.1", "yes");
	push(0, "known.test");
	connected(0, "127.0.0.1", "after a look-up");
	push(1, "stuck.test");
	says("looking stuck.test", "yes");
	for (int i = 2; i < 12; i++) {
		push(i, i % 2 ? "known.test" : "127.0.0.1");
		connected(i, "127.0.0.1", "without waiting");
	}
	judge_step("even when the queue is full of those who wait");
	prog_input(d, "fill stuck.test %d 50", port);
	answers("queued ");
	push(20, "known.test");
	connected(20, "127.0.0.1", "without waiting");
	says("free stuck.test", "yes");
	connected(1, "127.0.0.1", "after a look-up");
	says("all", "connected ");
	end();
}

GRADED(tasks, first_come_first_looked_up)
{
	begin(100);
	says("stuck a.test 127.0.0.1", "yes");
	says("name b.test 127.0.0.1", "yes");
	says("name c.test 127.0.0.1", "yes");
	says("name d.test 127.0.0.1", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
	push(1, "c.test");
	push(2, "d.test");
	push(3, "b.test");
	push(4, "c.test");
	says("free a.test", "yes");
	says("all", "connected 5 failed 0");
	says("order", "order a.test c.test d.test b.test");
	end();
}

GRADED(tasks, loses_none)
{
	for (int capacity = 1; capacity <= 16; capacity *= 4) {
		begin(capacity);
		says("name a.test 127.0.0.2 127.0.0.1", "yes");
		prog_input(d, "hammer 4 300 a.test %d", port);
		answers("hammered 1200");
		end();
	}
}

GRADED(tasks, ends_at_any_time)
{
	static const struct prog_opts opts = { .no_listen = true,
					       .keep_stdin = true,
					       .valgrind = true };

	origin = origin_start("--tickets", "0");
	port = prog_port(origin);
	d = prog_spawn(&opts, "drivers/" DRIVER, (const char *[]){ NULL });
	says("create 10 any", "created");
	says("name b.test 127.0.0.1", "yes");
	push(0, "b.test");
	connected(0, "127.0.0.1", "after a look-up");
	says("destroy", "destroyed");
	judge_step("in the middle of a look-up, with others waiting");
	says("create 10 any", "created");
	says("stuck a.test 127.0.0.1", "yes");
	push(1, "a.test");
	says("looking a.test", "yes");
	push(2, "a.test");
	push(3, "c.test");
	says("destroy", "destroyed");
	says("free a.test", "yes");
	says("called", "called 1");
	judge_until(prog_threads(d) == 1, "the task thread has ended");
	says("create 1 any", "created");
	says("destroy", "destroyed");
	says("called", "called 1");
	end();
}

/* Two seconds in which only the kernel has something to do. */
GRADED(tasks, waits_asleep)
{
	int64_t before;
	int silent;

	begin(10);
	origin_trap(origin, "refused");
	silent = atoi(strrchr(origin_trap(origin, "never-accepts"), ':') + 1);
	before = prog_cpu_ms(d);
	push_ms(0, "127.0.0.1", silent, 2000);
	waits(0, "failed ETIMEDOUT resolved");
	judge_check(prog_cpu_ms(d) - before < 100,
		    "less than 100 ms of CPU time in two seconds of waiting",
		    "%jd ms", (intmax_t)(prog_cpu_ms(d) - before));
	end();
}
