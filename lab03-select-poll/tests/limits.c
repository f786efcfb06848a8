/* SPDX-License-Identifier: MIT */
/* Task 3: many, and too many; and of task 5, no memory. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>

#include "lab03.h"

#define CROWD_MAX 2000
#define SPARE	  100 /* descriptors that the test needs for itself */

/* How many connections the test can have, at most WANT. */
static size_t affordable(size_t want)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		judge_infra("setrlimit");
	if (files.rlim_max - SPARE < want)
		want = files.rlim_max - SPARE;
	judge_step("%zu connections", want);
	return want;
}

GRADED(echo, silent_crowd)
{
	const size_t n = affordable(CROWD_MAX);
	const struct prog_opts opts = { .nofile = n + SPARE,
					.count_calls = true };
	struct prog *srv = mux_server_opts(&opts, "poll", "echo");
	size_t empty = prog_descriptors(srv);
	size_t before = prog_rss_kib(srv);
	struct peer *crowd[CROWD_MAX];
	uint64_t waits;

	for (size_t i = 0; i < n; i++)
		crowd[i] = peer_connect(srv);
	judge_until(prog_descriptors(srv) >= empty + n, "all are accepted");
	judge_step("one that is silent may cost 1 KiB");
	prog_expect_rss(srv, before, n + 512);
	waits = waits_of(srv, "poll");
	echo_text(crowd[n / 2], "one of them speaks");
	echo_new_client(srv);
	waits = waits_of(srv, "poll") - waits;
	judge_check(waits < 20, "to be woken by those who speak only",
		    "%llu waits for two", (unsigned long long)waits);
	for (size_t i = 0; i < n; i++)
		i % 3 ? peer_close(crowd[i]) : peer_reset(crowd[i]);
	judge_until(prog_descriptors(srv) <= empty, "all are closed");
	echo_new_client(srv);
	prog_stop(srv);
}

/* Served, or closed at once. */
static bool is_served(struct peer *c)
{
	char text[8];

	send(peer_fd(c), "hello\n", 6, MSG_NOSIGNAL);
	return peer_next(c, text, 6, "an answer, or the end") > 0;
}

/* Descriptors beyond FD_SETSIZE cannot be watched by select(2). */
GRADED(echo, beyond_the_set)
{
	const size_t n = affordable(FD_SETSIZE + 100);
	const struct prog_opts opts = { .nofile = n + SPARE };
	struct prog *srv = mux_server_opts(&opts, "select", "echo");
	struct peer *crowd[FD_SETSIZE + 100];
	size_t served = 0;

	for (size_t i = 0; i < n; i++) {
		crowd[i] = peer_connect(srv);
		served += is_served(crowd[i]);
	}
	judge_check(served <= FD_SETSIZE - 5 && served + SPARE >= n - SPARE,
		    "those to be served whose descriptors are below FD_SETSIZE,"
		    " and the others to be closed",
		    "%zu of %zu were served", served, n);
	judge_check(n <= FD_SETSIZE || strstr(prog_errors(srv), "turned away"),
		    "a line about those who are turned away", "\"%s\"",
		    prog_errors(srv));
	judge_step("one leaves, and another one has its place");
	peer_close(crowd[10]);
	peer_close(crowd[11]);
	judge_until(prog_descriptors(srv) < FD_SETSIZE - 1, "it is closed");
	judge_check(is_served(peer_connect(srv)), "the next one to be served",
		    "it was closed");
	prog_expect_alive(srv);
	prog_stop(srv);
}

static void out_of_descriptors(const char *kind)
{
	const struct prog_opts opts = { .nofile = 24, .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	struct peer *c[40];
	int64_t cpu;

	for (int i = 0; i < 40; i++)
		c[i] = peer_connect(srv);
	for (int i = 0; i < 10; i++)
		echo_text(c[i], "hello");
	judge_until(prog_descriptors(srv) >= 24, "its limit is reached");
	cpu = prog_cpu_ms(srv);
	let_pass(300);
	cpu = prog_cpu_ms(srv) - cpu;
	judge_check(cpu <= 60, "to wait until there are descriptors again",
		    "%lld ms of CPU in 300 ms", (long long)cpu);
	echo_text(c[3], "still served");
	judge_step("30 leave: those that waited are served");
	for (int i = 0; i < 30; i++)
		peer_close(c[i]);
	for (int i = 30; i < 40; i++)
		echo_text(c[i], "at last");
	prog_stop(srv);
}

GRADED(echo, out_of_descriptors)
{
	out_of_descriptors("select");
	out_of_descriptors("poll");
}

#define CLIENTS 15 /* with the server's own, more than 16 descriptors */
#define MOST	50
#define SOME	6

/* How many allocations it takes to start, and to serve all clients. */
static void count_allocations(const char *kind, const char *app,
			      uint64_t *start, uint64_t *all)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, app);
	struct peer *c;

	*start = prog_allocations(srv);
	for (int i = 0; i < CLIENTS; i++) {
		c = peer_connect(srv);
		judge_check(is_served(c), "an answer", "the end");
	}
	*all = prog_allocations(srv);
	prog_stop(srv);
}

static void fail_allocation(const char *kind, const char *app, uint64_t n)
{
	const struct chaos chaos = { .fail_alloc = (unsigned int)n };
	const struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv;
	int lost = 0;

	judge_step("allocation %llu fails", (unsigned long long)n);
	srv = mux_server_opts(&opts, kind, app);
	/* How many allocations a client takes is not always the same. */
	for (int i = 0; i < CLIENTS + 3; i++)
		lost += !is_served(peer_connect(srv));
	judge_check(lost <= 1,
		    "one connection to be lost at most, and all others served",
		    "%d of %d were lost", lost, CLIENTS + 3);
	prog_expect_alive(srv);
	prog_stop(srv);
}

/*
 * On poll, each allocation, or every second one, and so on, if there are many;
 * on select a few in a row.
 */
static void any_allocation_may_fail(const char *app)
{
	uint64_t start, all, n, step;

	count_allocations("poll", app, &start, &all);
	step = (all - start + MOST - 1) / MOST;
	n = start + judge_random_between(1, step ? step : 1);
	for (; n <= all; n += step)
		fail_allocation("poll", app, n);
	count_allocations("select", app, &start, &all);
	n = judge_random_between(start,
				 all > start + SOME ? all - SOME : start);
	for (int i = 1; i <= SOME; i++)
		fail_allocation("select", app, n + (uint64_t)i);
}

GRADED(echo, any_allocation_may_fail)
{
	any_allocation_may_fail("echo");
}

#define WHO_MAX 2048

/* What C gets until TEXT, or until its end; at most WHO_MAX - 1 bytes. */
static void read_up_to(struct peer *c, const char *text, char *got)
{
	size_t len = 0;
	ssize_t n = 1;

	got[0] = '\0';
	while (n > 0 && len < WHO_MAX - 1 && !strstr(got, text)) {
		n = peer_next(c, got + len, WHO_MAX - 1 - len, text);
		if (n > 0)
			len += (size_t)n;
		got[len] = '\0';
	}
}

/* A full room, in which the names do not fit into a small block. */
static struct room full_room(const struct prog_opts *opts)
{
	struct room room = room_open(opts, "poll", ROOM_MAX);

	for (int i = 0; i < ROOM_MAX; i++) {
		peer_sendf(room.member[i], "/nick a-longer-name-%02d\n", i);
		room_others(&room, room.member[i],
			    "* guest%d is now a-longer-name-%02d", i + 1, i);
		peer_expectf(room.member[i], "* you are a-longer-name-%02d\n",
			     i);
	}
	return room;
}

/* The answer to /who, all of it, or none: the line behind it comes anyway. */
static void who_is_whole_or_none(struct room *room)
{
	static const char behind[] = "* you are z\n";
	struct peer *c = room->member[ROOM_MAX - 1];
	char got[WHO_MAX], want[WHO_MAX];
	int n = sprintf(want, "* %d here:", ROOM_MAX);

	for (int i = 0; i < ROOM_MAX; i++)
		n += sprintf(want + n, " a-longer-name-%02d", i);
	sprintf(want + n, "\n%s", behind);
	peer_sendf(c, "/who\n/nick z\n");
	read_up_to(c, behind, got);
	judge_check(!*got || !strcmp(got, behind) || !strcmp(got, want),
		    "the whole answer to /who, or none of it", "\"%s\"", got);
}

static void who_without_memory(void)
{
	const struct prog_opts opts = { .count_calls = true };
	struct room room = full_room(&opts);
	uint64_t before = prog_allocations(room.srv), after;

	judge_checking("chat_whole_answers");
	who_is_whole_or_none(&room);
	after = prog_allocations(room.srv);
	prog_stop(room.srv);
	for (uint64_t n = before + 1; n <= after; n++) {
		const struct chaos chaos = { .fail_alloc = (unsigned int)n };
		const struct prog_opts failing = { .chaos = &chaos };

		judge_step("allocation %llu fails", (unsigned long long)n);
		room = full_room(&failing);
		who_is_whole_or_none(&room);
		prog_expect_alive(room.srv);
		prog_stop(room.srv);
	}
	judge_checking(NULL);
}

GRADED(chat, any_allocation_may_fail)
{
	any_allocation_may_fail("chat");
	who_without_memory();
}

GRADED(echo, clean_under_valgrind)
{
	const struct prog_opts opts = { .valgrind = true };

	for (int k = 0; k < 2; k++) {
		struct prog *srv =
			mux_server_opts(&opts, both_kinds[k], "echo");
		struct peer *c[20];

		for (int i = 0; i < 20; i++) {
			c[i] = peer_connect(srv);
			echo_text(c[i], "hello");
		}
		peer_exchange(c[0], 200000);
		for (int i = 0; i < 20; i += 2)
			peer_reset(c[i]);
		peer_close(c[7]);
		echo_new_client(srv);
		prog_stop(srv);
	}
}
