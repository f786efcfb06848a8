/* SPDX-License-Identifier: MIT */
/* Task 3: mux-server on both pollers: what it promises, and what goes wrong. */
#include <signal.h>
#include <string.h>

#include "lab04.h"

void server_keeps_the_promise(const char *kind)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");

	echo_promise(srv, 8 << 20);
	echo_in_turn(srv);
	prog_stop(srv);
}

GRADED(server, level_keeps_the_promise)
{
	server_keeps_the_promise("epoll-lt");
}

GRADED(server, edge_keeps_the_promise)
{
	server_keeps_the_promise("epoll-et");
}

GRADED(server, resets_harm_nobody)
{
	pollers_outlast_resets(both_kinds);
}

/* A write that took only a part is gone on with when there is room. */
void server_feeds_slow_readers(const char *kind)
{
	struct prog *srv = mux_server(kind, "echo");

	echo_stuck(srv);
	prog_stop(srv);
}

GRADED(server, slow_readers_get_all)
{
	for (int k = 0; k < 2; k++)
		server_feeds_slow_readers(both_kinds[k]);
}

static void server_bears_faults(const char *kind)
{
	const struct chaos chaos = { .short_read = 20,
				     .short_write = 20,
				     .eintr = 20,
				     .eagain = 20,
				     .econnaborted = 20 };
	const struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");

	echo_traffic(srv);
	prog_stop(srv);
}

GRADED(server, faults_change_nothing)
{
	for (int k = 0; k < 2; k++)
		server_bears_faults(both_kinds[k]);
}

/* A burst while the server is stopped: for an edge it is one event. */
void server_takes_a_burst(const char *kind)
{
	struct peer *c[150];
	struct prog *srv = mux_server(kind, "echo");

	judge_step("the server is stopped for a moment (SIGSTOP)");
	prog_pause(srv);
	for (int i = 0; i < 150; i++) {
		c[i] = peer_connect(srv);
		peer_sendf(c[i], "client %d", i);
	}
	prog_resume(srv);
	for (int i = 0; i < 150; i++)
		peer_expectf(c[i], "client %d", i);
	for (int i = 0; i < 150; i++)
		peer_reset(c[i]);
	prog_stop(srv);
}

GRADED(server, a_burst_is_one_edge)
{
	for (int k = 0; k < 2; k++)
		server_takes_a_burst(both_kinds[k]);
}

static struct peer *join(struct prog *srv, int number)
{
	struct peer *c = peer_connect(srv);

	peer_expectf(c, "* welcome, guest%d\n", number);
	return c;
}

static const char *one_long_line(void)
{
	static char line[1 << 20];

	memset(line, 'x', sizeof(line));
	return line;
}

/* What a chat needs of a poller: writes at any time, removal in a batch. */
void server_chats(const char *kind)
{
	struct prog *srv = mux_server(kind, "chat");
	struct peer *a = join(srv, 1), *b = join(srv, 2), *c;

	peer_expectf(a, "* guest2 joined\n");
	peer_sendf(a, "hello\n");
	peer_expectf(b, "guest1: hello\n");
	peer_sendf(b, "/nick bob\n");
	peer_expectf(b, "* you are bob\n");
	peer_expectf(a, "* guest2 is now bob\n");

	judge_step("both speak while the server is stopped");
	prog_pause(srv);
	peer_sendf(a, "one\n");
	peer_sendf(b, "two\n");
	prog_resume(srv);
	peer_expectf(a, "bob: two\n");
	peer_expectf(b, "guest1: one\n");

	judge_step("a connection breaks while others are told");
	c = join(srv, 3);
	peer_expectf(a, "* guest3 joined\n");
	peer_expectf(b, "* guest3 joined\n");
	prog_pause(srv);
	peer_sendf(a, "is everybody there?\n");
	peer_reset(c);
	prog_resume(srv);
	peer_expectf(b, "guest1: is everybody there?\n");
	peer_expectf(a, "* guest3 left\n");
	peer_expectf(b, "* guest3 left\n");
	judge_step("a megabyte without a newline");
	peer_send(a, one_long_line(), 1 << 20);
	peer_sendf(a, "\n");
	peer_expectf(a, "! a line is at most 512 bytes\n");

	peer_sendf(b, "/quit\n");
	judge_until(!strcmp(peer_line(b), "* bye"), "\"* bye\" has "
						    "come as the last "
						    "line");
	peer_expect_eof(b);
	peer_expectf(a, "* bob left\n");
	prog_stop(srv);
}

GRADED(server, chat_on_both)
{
	for (int k = 0; k < 2; k++)
		server_chats(both_kinds[k]);
}

/* The limit is reached, held for a while, and released again. */
void server_runs_short(const char *kind)
{
	const struct prog_opts opts = { .nofile = 32, .count_calls = true };
	struct peer *c[40];
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	size_t room = 32 - prog_descriptors(srv);
	uint64_t calls, waits;
	int64_t cpu;

	for (size_t i = 0; i < room; i++) {
		c[i] = peer_connect(srv);
		echo_text(c[i], "I have a place");
	}
	calls = prog_calls(srv, "accept") + prog_calls(srv, "accept4");
	waits = prog_calls(srv, "epoll_wait");
	cpu = prog_cpu_ms(srv);
	for (size_t i = room; i < room + 3; i++)
		c[i] = peer_connect(srv);
	judge_step("two are turned away, one after the other");
	peer_expect_closed(c[room]);
	peer_expect_closed(c[room + 1]);
	echo_text(c[0], "and I keep it");
	calls = prog_calls(srv, "accept") + prog_calls(srv, "accept4") - calls;
	waits = prog_calls(srv, "epoll_wait") - waits;
	cpu = prog_cpu_ms(srv) - cpu;
	judge_check(calls < 1000 && waits < 1000 && cpu < 2000,
		    "a rest after each that was turned away",
		    "%llu calls of accept, %llu of epoll_wait, %lld ms "
		    "of CPU",
		    (unsigned long long)calls, (unsigned long long)waits,
		    (long long)cpu);

	judge_step("half of them leave");
	for (size_t i = 0; i < room / 2; i++)
		peer_reset(c[i]);
	echo_new_client(srv);
	echo_text(c[room - 1], "still here");
	prog_stop(srv);
}

GRADED(server, out_of_descriptors)
{
	for (int k = 0; k < 2; k++)
		server_runs_short(both_kinds[k]);
}

struct prog *server_start(const char *kind)
{
	return mux_server(kind, "echo");
}

GRADED(server, stops_when_told)
{
	for (int k = 0; k < 2; k++)
		echo_stops(server_start, both_kinds[k]);
}

void server_is_clean(const char *kind)
{
	const struct prog_opts opts = { .valgrind = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	struct peer *c = peer_connect(srv), *idle = peer_connect(srv);

	peer_exchange(c, 300000);
	echo_text(idle, "hello");
	peer_reset(c);
	echo_new_client(srv);
	prog_stop(srv);
}

GRADED(server, clean_under_valgrind)
{
	for (int k = 0; k < 2; k++)
		server_is_clean(both_kinds[k]);
}
