/* SPDX-License-Identifier: MIT */
/*
 * Task 6, a challenge: completion.c, by way of uring-echo. The promise of labs 1
 * to 4, by the same clients, and what only completions can get wrong. Faults
 * cannot be injected into liburing's system calls, which are inline: small
 * buffers, small queues and resets do that work. Where io_uring is not allowed,
 * all are skipped.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "between.h"
#include "clock.h"
#include "echo.h"
#include "judge.h"
#include "util.h"

/* uring-echo on any port of 127.0.0.1, with one option at least. */
#define uring_echo(...) uring_echo_opts(NULL, __VA_ARGS__)
#define uring_echo_opts(opts, ...)                                   \
	uring_echo_optsv((opts),                                     \
			 (const char *[]){ "uring-echo", "--listen", \
					   "127.0.0.1:0", __VA_ARGS__, NULL })

static struct prog *uring_echo_optsv(const struct prog_opts *opts,
				     const char *const argv[])
{
	const struct prog_opts none = { 0 };

	judge_needs_uring(6, 1);
	return prog_start_optsv(opts ? opts : &none, argv);
}

/* The first client is descriptor 0. */
static void a_client_is_0(void)
{
	struct prog *srv =
		prog_start("drivers/completion-driver", "serve", "behind");
	size_t before = prog_descriptors(srv);
	struct peer *c = peer_connect(srv);

	judge_checking("completion_descriptor_0");
	judge_promise("It keeps the promise of labs 1 to 4:");
	echo_text(c, "I am client 0");
	peer_exchange(c, 20000);
	peer_half_close(c);
	peer_expect_eof(c);
	judge_until(prog_descriptors(srv) == before,
		    "the server's end is closed");
	judge_checking(NULL);
	prog_stop(srv);
}

GRADED(completion, keeps_the_promise)
{
	struct prog *srv;

	judge_promise("It keeps the promise of labs 1 to 4:");
	srv = uring_echo("--buffers", "512");
	echo_promise(srv, 8 << 20);
	echo_end_at_once(srv);
	prog_stop(srv);
	a_client_is_0();
}

GRADED(completion, slow_readers_get_all)
{
	static const char *const ceilings[] = { "65536", "4194304" };

	judge_promise("A send may take a part: the rest is sent before");
	for (int i = 0; i < 2; i++) {
		struct prog *srv = uring_echo("--ceiling", ceilings[i]);

		echo_stuck(srv);
		prog_stop(srv);
	}
}

/* The queue is full all the time, and every multishot request ends early. */
GRADED(completion, small_queues_lose_nothing)
{
	struct prog *srv;

	judge_promise("A multishot receive ends on errors, and whenever");
	srv = uring_echo("--completions", "2", "--buffers", "4");
	echo_traffic(srv);
	echo_every_byte(srv);
	echo_own_bytes(srv, 2);
	prog_stop(srv);
}

#define BURST 150

static void burst(struct prog *srv, struct peer *c[BURST])
{
	judge_step("the server is stopped for a moment (SIGSTOP)");
	prog_pause(srv);
	for (int i = 0; i < BURST; i++) {
		c[i] = peer_connect(srv);
		peer_sendf(c[i], "client %d", i);
	}
	prog_resume(srv);
	for (int i = 0; i < BURST; i++)
		peer_expectf(c[i], "client %d", i);
}

GRADED(completion, a_burst_is_accepted)
{
	struct prog *srv = uring_echo("--completions", "4");
	struct peer *c[BURST];

	burst(srv, c);
	for (int i = 0; i < BURST; i++)
		peer_reset(c[i]);
	echo_new_client(srv);
	prog_stop(srv);
}

/* More comes at once than all the provided buffers hold. */
GRADED(completion, out_of_buffers_is_no_error)
{
	const size_t len = 30000;
	const char *data = judge_bytes(len + BURST);
	struct peer *c[BURST];
	struct prog *srv;

	judge_promise("Out of provided buffers (ENOBUFS) is not an error");
	srv = uring_echo("--buffers", "2");
	burst(srv, c);
	prog_pause(srv);
	for (int i = 0; i < BURST; i++)
		peer_send(c[i], data + i, len);
	prog_resume(srv);
	for (int i = 0; i < BURST; i++)
		peer_expect(c[i], data + i, len);
	prog_stop(srv);
}

/* One that sends and does not read is held to its ceiling. */
GRADED(completion, a_stalled_client_is_bounded)
{
	const size_t len = 64 << 20;
	const char *data = judge_bytes(len);
	struct peer *c, *other;
	size_t before, sent;
	struct prog *srv;

	judge_promise("It keeps the promise of labs 1 to 4:");
	srv = uring_echo("--buffers", "16");
	other = peer_connect(srv);
	echo_text(other, "the first one");
	before = prog_rss_kib(srv);
	c = peer_connect_small(srv, 8192);
	sent = echo_send_until_stuck(c, data, len);
	judge_promise("A flow that holds CEILING bytes or more receives");
	judge_check(sent < len,
		    "the server to stop reading from a client that "
		    "does not read",
		    "it took all of %zu bytes", len);
	judge_promise("It never holds more than CEILING and all the");
	prog_expect_rss(srv, before, 2048);
	judge_promise("It keeps the promise of labs 1 to 4:");
	echo_text(other, "somebody else");
	judge_promise("A flow that holds CEILING bytes or more receives");
	peer_half_close(c);
	peer_expect(c, data, sent);
	peer_expect_eof(c);
	prog_stop(srv);
}

/* Up to CEILING bytes are held for a client: then nothing is received from it. */
static void they_die_while_it_is_stopped(const char *ceiling)
{
	const size_t len = 1 << 20;
	const char *data = judge_bytes(len);
	struct prog *srv = uring_echo("--buffers", "512", "--ceiling", ceiling);
	struct peer *c, *next;

	judge_step("they die while the server is stopped");
	for (int i = 0; i < 5; i++) {
		c = peer_connect_small(srv, 4096);
		echo_send_until_stuck(c, data, len);
		prog_pause(srv);
		peer_reset(c);
		next = peer_connect(srv);
		peer_sendf(next, "I am somebody else");
		prog_resume(srv);
		peer_expectf(next, "I am somebody else");
	}
	prog_stop(srv);
}

/* Connections die with sends in flight, and others take their places. */
GRADED(completion, the_dead_get_no_completions)
{
	const size_t len = 1 << 20;
	const char *data = judge_bytes(len);
	struct peer *c, *next;
	struct prog *srv;

	judge_promise("So no completion ever meets a flow that is gone,");
	srv = uring_echo("--buffers", "512");
	echo_resets_all_closed(srv);
	for (int i = 0; i < 10; i++) {
		c = peer_connect_small(srv, 4096);
		echo_send_until_stuck(c, data, len);
		peer_reset(c);
		next = peer_connect(srv);
		peer_exchange(next, 20000);
		peer_reset(next);
	}
	judge_step("they die, and nobody comes who takes their memory");
	for (int i = 0; i < 5; i++) {
		size_t before = prog_descriptors(srv);

		c = peer_connect_small(srv, 4096);
		echo_send_until_stuck(c, data, len);
		prog_pause(srv);
		peer_reset(c);
		prog_resume(srv);
		judge_promise("A request that was submitted is IN FLIGHT");
		judge_until(prog_descriptors(srv) <= before,
			    "the dead client's descriptor is closed");
		judge_promise("So no completion ever meets a flow that is");
		peer_exchange(peer_connect(srv), 1000);
	}
	prog_stop(srv);
	judge_step("a send in flight, and no receive: the ceiling is reached");
	they_die_while_it_is_stopped("65536");
	judge_step("a send and a receive in flight");
	they_die_while_it_is_stopped("4194304");
}

/* With room for a listener and the signals, and for nothing else. */
static void cannot_start(void)
{
	const struct prog_opts opts = { .nofile = 5, .no_listen = true };
	struct prog *srv;

	judge_promise("Returns it, or NULL with errno (what ring_open()");
	srv = uring_echo_opts(&opts, "--buffers", "8");
	prog_expect_exit(srv, 1);
	judge_check(strstr(prog_errors(srv), strerror(EMFILE)),
		    "\"Too many open files\" on standard error", "\"%s\"",
		    prog_errors(srv));
	judge_checking("completion_nothing_open");
	srv = prog_start_opts(&(struct prog_opts){ .no_listen = true },
			      "drivers/completion-driver");
	prog_expect_line(srv, "EMFILE, 0 descriptors more");
	prog_expect_line(srv, "created and destroyed, 0 descriptors more");
	judge_checking("completion_descriptor_0");
	judge_promise("Returns it, or NULL with errno (what ring_open()");
	prog_expect_line(srv, "EMFILE, 0 descriptors more");
	prog_expect_line(srv, "created and destroyed, 0 descriptors more");
	judge_checking(NULL);
	prog_expect_exit(srv, 0);

	judge_step("io_uring_enter(2) fails, with any errno");
	judge_checking("completion_enter_fails");
	srv = prog_driver("completion-driver", "enter");
	prog_expect_line(srv, "as it should be");
	judge_checking(NULL);
	prog_finish(srv);
}

/* Whether the first socket of SRV, its listener, is one that blocks. */
static bool listener_blocks(struct prog *srv)
{
	char path[64], target[64] = "";
	unsigned int flags = 0;
	int fd = 2;
	FILE *f;

	while (strncmp(target, "socket:", 7) && ++fd < 32) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", prog_pid(srv),
			 fd);
		if (readlink(path, target, sizeof(target) - 1) < 0)
			target[0] = '\0';
	}
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", prog_pid(srv), fd);
	f = fopen(path, "re");
	if (!f || fscanf(f, "pos: %*d flags: %o", &flags) != 1)
		judge_infra("%s", path);
	fclose(f);
	return !(flags & O_NONBLOCK);
}

/* No descriptor is left but the reserve; HOW is the driver's word. */
static void three_are_turned_away(const char *how)
{
	const struct prog_opts opts = { .nofile = 16 };
	struct peer *c[16];
	struct prog *srv;
	size_t room;

	srv = prog_start_opts(&opts, "drivers/completion-driver", "serve", how);
	room = 16 - prog_descriptors(srv);
	for (size_t i = 0; i < room; i++) {
		c[i] = peer_connect(srv);
		echo_text(c[i], "I have a place");
	}
	for (int i = 0; i < 3; i++)
		peer_expect_closed(peer_connect(srv));
	for (size_t i = 0; i < room; i++)
		echo_text(c[i], "and I keep it");
	prog_stop(srv);
}

GRADED(completion, runs_short_of_descriptors)
{
	const struct prog_opts opts = { .nofile = 32 };
	struct prog *srv;
	struct peer *c[40];
	int64_t cpu, began_ms, took_ms;
	size_t room;

	judge_promise("Returns it, or NULL with errno (what ring_open()");
	srv = uring_echo_opts(&opts, "--buffers", "512");
	judge_promise("Out of descriptors: one client that waits is");
	room = 32 - prog_descriptors(srv);
	for (size_t i = 0; i < room; i++) {
		c[i] = peer_connect(srv);
		echo_text(c[i], "I have a place");
	}
	cpu = prog_cpu_ms(srv);
	began_ms = clock_ms();
	for (size_t i = room; i < room + 3; i++)
		c[i] = peer_connect(srv);
	judge_step("three are turned away, one after the other");
	for (size_t i = room; i < room + 3; i++)
		peer_expect_closed(c[i]);
	took_ms = clock_ms() - began_ms;
	judge_check(took_ms >= 190, "two rests of 100 ms between the three",
		    "all of them were turned away in %lld ms",
		    (long long)took_ms);
	echo_text(c[0], "and I keep it");
	cpu = prog_cpu_ms(srv) - cpu;
	judge_check(cpu < 200, "a rest after each that was turned away",
		    "%lld ms of CPU", (long long)cpu);
	judge_checking("completion_listener_blocks");
	judge_until(listener_blocks(srv), "the listener blocks, as it did");
	judge_checking(NULL);
	judge_step("half of them leave");
	for (size_t i = 0; i < room / 2; i++)
		peer_reset(c[i]);
	judge_until(prog_descriptors(srv) <= 32 - room / 2,
		    "the places of those that left are free");
	echo_new_client(srv);
	echo_text(c[room - 1], "still here");
	prog_stop(srv);
	judge_checking("completion_descriptor_0");
	judge_promise("Out of descriptors: one client that waits is");
	three_are_turned_away("before");
	judge_checking("completion_out_of_all");
	three_are_turned_away("enfile");
	judge_checking(NULL);
	cannot_start();
}

/* Whether a new client gets its line back; false if it is closed. */
static bool is_served(struct prog *srv)
{
	struct peer *c = peer_connect(srv);
	char back[8];
	ssize_t n;

	send(peer_fd(c), "hello", 5, MSG_NOSIGNAL);
	n = peer_next(c, back, sizeof(back),
		      "the client to be answered, or closed");
	peer_reset(c);
	return n == 5;
}

/*
 * Each allocation fails once: one client is lost at most. There is one provided
 * buffer, so if the lost client keeps it, no other is served.
 */
GRADED(completion, an_allocation_fails)
{
	const struct prog_opts count = { .count_calls = true };
	struct prog *srv = uring_echo_opts(&count, "--buffers", "1");
	uint64_t before = prog_allocations(srv), all;

	echo_new_client(srv);
	all = prog_allocations(srv);
	prog_stop(srv);
	judge_check(all > before, "memory to be taken for a client", "none");
	for (uint64_t n = before + 1; n <= all && n < before + 8; n++) {
		const struct chaos chaos = { .fail_alloc = (unsigned int)n };
		const struct prog_opts opts = { .chaos = &chaos };
		int lost = 0;

		srv = uring_echo_opts(&opts, "--buffers", "1");
		for (int i = 0; i < 6; i++)
			lost += !is_served(srv);
		judge_check(lost <= 1, "one client to be lost at most",
			    "%d were", lost);
		prog_stop(srv);
	}
}

#define DRAINED	 6
#define TRIES	 3
#define PAUSE_MS 100 /* COMPLETION_PAUSE_MS */

/* Accepting rests for want of a descriptor, and then the drain begins. */
static void no_client_within_the_drain(void)
{
	const struct prog_opts opts = { .nofile = 16 };
	struct prog *srv = uring_echo_opts(&opts, "--buffers", "8");
	size_t room = 16 - prog_descriptors(srv);
	struct peer *slow = peer_connect(srv);
	int64_t began;

	judge_checking("completion_rest_ends_in_drain");
	echo_text(slow, "I have a place");
	for (size_t i = 1; i < room; i++)
		echo_text(peer_connect(srv), "so have I");
	peer_send_until_full(slow);
	peer_expect_closed(peer_connect(srv));
	prog_signal(srv, SIGTERM);
	began = clock_ms();
	judge_until(clock_ms() - began > 3 * PAUSE_MS,
		    "the rest is over, and the drain is not");
	peer_drain(slow);
	prog_expect_exit(srv, 0);
	judge_checking(NULL);
}

/* Stopped; bytes come, SIGTERM, and more bytes. */
static void send_around_the_signal(struct prog *srv, struct peer *const c[],
				   const char *data, size_t len)
{
	judge_step("stopped; bytes come, SIGTERM, and more bytes");
	prog_pause(srv);
	for (int i = 0; i < DRAINED; i++) {
		if (i == DRAINED / 2)
			prog_signal(srv, SIGTERM);
		peer_send(c[i], data + i, len);
	}
	prog_resume(srv);
}

/* Whether all of it comes before the end. */
static bool comes(struct peer *c, const char *want, size_t len)
{
	static const char *const what = "what this client has sent";
	char got[4096];
	size_t done = 0;
	ssize_t n = 1;

	while (done < len && n > 0) {
		n = peer_next(c, got, MIN(len - done, sizeof(got)), what);
		if (n > 0) {
			judge_check(memcmp(got, want + done, (size_t)n) == 0,
				    what, "something else after %zu bytes",
				    done);
			done += (size_t)n;
		}
	}
	return done == len;
}

/* Whether each got what it had sent; it must be so if this is the LAST try. */
static bool drains_all(bool last)
{
	const size_t len = 30000;
	const char *data = judge_bytes(len + DRAINED);
	struct peer *c[DRAINED], *idle;
	struct prog *srv;
	bool all = true;

	judge_promise("Serves until STOP is readable, and then drains:");
	srv = uring_echo("--buffers", "2");
	idle = peer_connect(srv);
	for (int i = 0; i < DRAINED; i++) {
		c[i] = peer_connect(srv);
		echo_text(c[i], "hello");
	}
	judge_promise("From now on no flow waits for more bytes:");
	send_around_the_signal(srv, c, data, len);
	for (int i = 0; i < DRAINED; i++) {
		if (last)
			peer_expect(c[i], data + i, len);
		else if (!comes(c[i], data + i, len))
			all = false;
		peer_expect_closed(c[i]);
	}
	peer_expect_closed(idle);
	prog_expect_exit(srv, 0);
	return all;
}

/*
 * What has come is sent, although the signal is there as well. With two buffers,
 * most of it is in the sockets still when the drain begins. A busy machine may
 * not get there in the 2 s of a drain.
 */
GRADED(completion, drains)
{
	int left = TRIES;

	while (left && !drains_all(left == 1))
		left--;
	no_client_within_the_drain();
}

static struct prog *start(const char *buffers)
{
	return uring_echo("--buffers", buffers);
}

GRADED(completion, ends_when_told)
{
	judge_promise("those that are not done after COMPLETION_DRAIN_MS");
	echo_stops(start, "64");
	judge_promise("Closes all of them, whatever they hold, as soon as");
	echo_stops_any_time(start, "2");
}

/* Closed with bytes in both of its queues, where the judge plays the kernel. */
static void both_queues_are_freed(void)
{
	const struct prog_opts opts = { .keep_stdin = true,
					.no_listen = true,
					.valgrind = true };
	struct prog *d = prog_start_opts(&opts, "drivers/flow-driver");

	judge_promise("the descriptor is closed, the memory freed");
	prog_ask(d, "holds 0: receives, sends 0", "open 4096");
	prog_ask(d, "holds 10: receives, sends 10", "receive 10");
	prog_ask(d, "holds 15: receives, sends 10", "receive 5");
	prog_ask(d, "gone", "close");
	prog_finish(d);
}

GRADED(completion, clean_under_valgrind)
{
	const struct prog_opts opts = { .valgrind = true };
	struct prog *srv = uring_echo_opts(&opts, "--buffers", "512");
	struct peer *c = peer_connect(srv), *idle = peer_connect(srv), *stuck;

	peer_exchange(c, 300000);
	echo_text(idle, "hello");
	peer_reset(c);
	stuck = peer_connect_small(srv, 8192);
	peer_send_until_full(stuck);
	echo_new_client(srv);
	prog_stop(srv);
	both_queues_are_freed();
}

#define IDLE 400

/* A receive that waits has no buffer: one is enough for all. */
GRADED(completion, idle_clients_hold_no_buffer)
{
	struct prog *srv = uring_echo("--buffers", "1");
	static struct peer *c[IDLE];
	size_t before;

	echo_new_client(srv);
	before = prog_rss_kib(srv);
	for (int i = 0; i < IDLE; i++) {
		c[i] = peer_connect(srv);
		echo_text(c[i], "I have been here");
	}
	prog_expect_rss(srv, before, IDLE);
	for (int i = 0; i < IDLE; i++)
		echo_text(c[i], "and I am here still");
	prog_stop(srv);
}
