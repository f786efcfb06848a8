/* SPDX-License-Identifier: MIT */
/* Task 3: tasks.c: the queue, whom it keeps waiting, and its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "taskstest.h"

/* The loop that was refused hears that there is room. */
static void room_is_told(void)
{
	judge_checking("tasks_room_is_told");
	prog_input(d, "room");
	prog_line_for(d, "ROOM to be posted to the loop that was refused, now "
			 "that half of the queue is free");
	judge_checking(NULL);
}

/*
 * A queue of 10: NA tasks for a.test, NB for b.test, and as many more as are
 * taken, for a.test if TOLD, else for b.test. Those for a.test leave it. TOLD:
 * half of it is free then, and whoever was refused hears that there is room.
 */
static void leaves_a_part(int na, int nb, bool told)
{
	judge_promise("At most CAPACITY tasks, 1 or more, wait in the");
	begin_tasks(10);
	says("stuck a.test 127.0.0.1", "yes");
	says("stuck b.test 127.0.0.1", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
	for (int i = 1; i < na + nb; i++)
		push(i, i < na ? "a.test" : "b.test");
	prog_input(d, "fill %c.test %d 50", told ? 'a' : 'b', port);
	answers("queued ");
	says("free a.test", "yes");
	for (int i = 0; i < na; i++)
		connected(i, "127.0.0.1", "after a look-up");
	says("looking b.test", "yes");
	judge_promise("is posted once to task->loop when half of the");
	if (told)
		room_is_told();
	says("rooms", told ? "rooms 1" : "rooms 0");
	says("free b.test", "yes");
	if (!told)
		room_is_told();
	end();
}

/* A queue of one: half of it is free when nothing is in it. */
static void room_for_one(void)
{
	judge_promise("At most CAPACITY tasks, 1 or more, wait in the");
	begin_tasks(1);
	says("stuck a.test 127.0.0.1", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
	prog_input(d, "fill a.test %d 50", port);
	answers("queued ");
	judge_promise("is posted once to task->loop when half of the");
	says("rooms", "rooms 0");
	says("free a.test", "yes");
	room_is_told();
	end();
}

/* As many loops as may wait, and one caller who wants to hear of nothing. */
static void many_loops_wait(void)
{
	judge_promise("At most CAPACITY tasks, 1 or more, wait in the");
	begin_tasks(2);
	says("stuck a.test 127.0.0.1", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
	prog_input(d, "fill a.test %d 50", port);
	answers("queued ");
	judge_checking("tasks_rooms");
	judge_promise("Then ROOM, if it is not NULL, is posted once to");
	judge_step("the loop that waits for room is refused 70 times more");
	for (int i = 0; i < 70; i++) {
		prog_input(d, "push 2 a.test %d 10000", port);
		answers("full");
	}
	judge_step("a caller without a ROOM is refused, and 63 loops more");
	prog_input(d, "alone 1 a.test %d 10000", port);
	answers("full");
	prog_input(d, "refused 63 a.test %d", port);
	answers("refused 63");
	says("free a.test", "yes");
	connected(0, "127.0.0.1", "after a look-up");
	judge_promise("How many different loops may wait for room in");
	prog_input(d, "told");
	prog_line_for(d, "told 63: each of 64 loops (TASKS_ROOMS_MAX) hears "
			 "that there is room");
	judge_checking(NULL);
	room_is_told();
	end();
}

/*
 * More than fit were taken: N behind the one that is being looked up. Either all
 * of them wait in the queue, or those that found no place in it are lost.
 */
static void too_many(int n)
{
	char want[32];

	judge_promise("-1 with errno EAGAIN if the queue is full, and");
	says("free a.test", "yes");
	snprintf(want, sizeof(want), "called %d", n + 1);
	judge_until(strcmp(prog_answer(d, "called"), want) == 0,
		    "the handlers of all tasks that were taken are called");
	judge_promise("At most CAPACITY tasks, 1 or more, wait in the");
	judge_fail(OUTCOME_FAIL,
		   "room for 5; the one that is being looked up may count",
		   "%d were taken behind it", n);
}

GRADED(tasks, is_bounded)
{
	int n;

	judge_promise("At most CAPACITY tasks, 1 or more, wait in the");
	begin_tasks(5);
	says("stuck a.test 127.0.0.1", "yes");
	push(0, "a.test");
	says("looking a.test", "yes");
	prog_input(d, "fill a.test %d 50", port);
	n = atoi(answers("queued ") + strlen("queued "));
	if (n > 5)
		too_many(n);
	judge_check(n == 4 || n == 5,
		    "room for 5; the one that is being looked up may count",
		    "%d were taken behind it", n);
	judge_promise("-1 with errno EAGAIN if the queue is full, and");
	prog_input(d, "push 1 a.test %d 1000", port);
	answers("full");
	judge_promise("is posted once to task->loop when half of the");
	says("rooms", "rooms 0");
	says("free a.test", "yes");
	room_is_told();
	judge_promise("At most CAPACITY tasks, 1 or more, wait in the");
	connected(0, "127.0.0.1", "after a look-up");
	prog_input(d, "all");
	prog_expect_line(d, "connected %d failed 0", n);
	judge_promise("is posted once to task->loop when half of the");
	says("rooms", "rooms 1");
	push(2, "a.test");
	connected(2, "127.0.0.1", "without waiting");
	says("rooms", "rooms 1");
	end();
	judge_step("less than half of the queue is free");
	leaves_a_part(3, 0, false);
	judge_step("more than half of it is");
	leaves_a_part(1, 2, true);
	judge_step("half of it is");
	leaves_a_part(1, 5, true);
	room_for_one();
	many_loops_wait();
}

GRADED(tasks, stuck_stops_no_others)
{
	judge_promise("here it keeps nobody waiting but those who need");
	begin_tasks(3);
	says("name known.test 127.0.0.1", "yes");
	says("stuck stuck.test 127.0.0.1", "yes");
	push(0, "known.test");
	connected(0, "127.0.0.1", "after a look-up");
	judge_promise("Never waits.");
	push(1, "stuck.test");
	judge_promise("here it keeps nobody waiting but those who need");
	says("looking stuck.test", "yes");
	for (int i = 2; i < 12; i++) {
		judge_promise("Never waits.");
		push(i, i % 2 ? "known.test" : "127.0.0.1");
		judge_promise("If the name is known and the thread is in a");
		connected(i, "127.0.0.1", "without waiting");
	}
	judge_step("an address of IPv6 needs no look-up either");
	judge_checking("tasks_numeric_ipv6");
	push(19, "::1");
	/* Nobody is there; without IPv6, there is not even a way. */
	judge_check(strstr(waits(19, "failed "), " resolved") != NULL,
		    "an address to be tried", "none was known");
	judge_checking(NULL);
	judge_step("even when the queue is full of those who wait");
	judge_promise("Never waits.");
	prog_input(d, "fill stuck.test %d 50", port);
	answers("queued ");
	judge_promise("If the name is known and the thread is in a");
	push(20, "known.test");
	connected(20, "127.0.0.1", "without waiting");
	judge_promise("here it keeps nobody waiting but those who need");
	says("free stuck.test", "yes");
	connected(1, "127.0.0.1", "after a look-up");
	says("all", "connected ");
	end();
}

/* Twenty tasks wait for one name; and then their turn comes. */
static void first_come_first_dialled(void)
{
	begin_tasks(100);
	says("stuck a.test 127.0.0.1", "yes");
	judge_checking("tasks_dials_in_order");
	for (int i = 0; i < 20; i++)
		push(i, "a.test");
	says("looking a.test", "yes");
	says("free a.test", "yes");
	for (int i = 0; i < 20; i++)
		connected(i, "127.0.0.1", "after a look-up");
	says("dialled 20", "in order");
	judge_checking(NULL);
	end();
}

GRADED(tasks, first_come_first_looked_up)
{
	begin_tasks(100);
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
	first_come_first_dialled();
}

/* What a name is known for changes under those who push. */
static void name_becomes_known(void)
{
	judge_checking("tasks_pushed_at_its_end");
	begin_tasks(20000);
	for (int i = 0; i < 5; i++) {
		prog_input(d, "stuck none%d.test error EAI_NONAME", i);
		answers("yes");
		prog_input(d, "flood none%d.test %d", i, port);
		answers("flooded");
		prog_input(d, "lookups none%d.test", i);
		answers("lookups 1");
	}
	end();
	judge_checking(NULL);
}

GRADED(tasks, loses_none)
{
	static const char *const wanted = "hammered 1200: all tasks of the "
					  "four loops are called back; "
					  "a loop that was refused goes on "
					  "when ROOM is posted to it";

	for (int capacity = 1; capacity <= 16; capacity *= 4) {
		const char *line;

		judge_promise("Returns 0, and the handler will be called,");
		begin_tasks(capacity);
		says("name a.test 127.0.0.2 127.0.0.1", "yes");
		prog_input(d, "hammer 4 300 a.test %d", port);
		/* Whoever sleeps for ever waits for a ROOM, most likely. */
		judge_promise("Then ROOM, if it is not NULL, is posted");
		line = prog_line_for(d, wanted);
		judge_promise("Returns 0, and the handler will be called,");
		judge_check(!strcmp(line, "hammered 1200"), wanted, "%s", line);
		end();
	}
	judge_promise(NULL);
	name_becomes_known();
}

GRADED(tasks, ends_at_any_time)
{
	static const struct prog_opts opts = { .no_listen = true,
					       .keep_stdin = true,
					       .valgrind = true };

	judge_promise("Starts the task thread.");
	origin = origin_start("--tickets", "0");
	port = prog_port(origin);
	d = prog_spawn(&opts, "drivers/tasks-driver", (const char *[]){ NULL });
	says("create 10 any", "created");
	says("name b.test 127.0.0.1", "yes");
	push(0, "b.test");
	connected(0, "127.0.0.1", "after a look-up");
	judge_promise("Ends the task thread;");
	says("destroy", "destroyed");
	judge_promise("Starts the task thread.");
	judge_step("in the middle of a look-up, with others waiting");
	says("create 10 any", "created");
	says("stuck a.test 127.0.0.1", "yes");
	push(1, "a.test");
	says("looking a.test", "yes");
	push(2, "a.test");
	push(3, "c.test");
	judge_promise("It waits for the thread, but not for a look-up: a");
	says("destroy", "destroyed");
	says("free a.test", "yes");
	judge_promise("tasks that still wait are dropped, their handlers");
	says("called", "called 1");
	judge_promise("It waits for the thread, but not for a look-up: a");
	judge_until(prog_threads(d) == 1, "the task thread has ended");
	says("called", "called 1");
	judge_promise("Ends the task thread;");
	says("create 1 any", "created");
	says("destroy", "destroyed");
	judge_promise("tasks that still wait are dropped, their handlers");
	says("called", "called 1");
	end();
}

/* Two seconds in which only the kernel has something to do. */
GRADED(tasks, waits_asleep)
{
	int64_t before;
	int silent;

	begin_tasks(10);
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
