/* SPDX-License-Identifier: MIT */
/* Task 3: the echo, the same on both pollers; what it costs, and what ends. */
#include "lab03.h"

static void keeps_its_promise(const char *kind)
{
	struct prog *srv = mux_server(kind, "echo");

	echo_promise(srv, 20 << 20);
	prog_stop(srv);
}

GRADED(echo, on_select)
{
	keeps_its_promise("select");
}

GRADED(echo, on_poll)
{
	keeps_its_promise("poll");
}

GRADED(echo, resets_harm_nobody)
{
	pollers_outlast_resets(both_kinds);
}

GRADED(echo, survives_faults)
{
	const struct chaos chaos = { .short_read = 40,
				     .short_write = 40,
				     .eintr = 30,
				     .eagain = 30,
				     .econnaborted = 20 };
	const struct prog_opts opts = { .chaos = &chaos };

	for (int k = 0; k < 2; k++) {
		struct prog *srv =
			mux_server_opts(&opts, both_kinds[k], "echo");

		echo_traffic(srv);
		echo_stuck(srv);
		echo_new_client(srv);
		prog_stop(srv);
	}
}

static struct prog *start(const char *kind)
{
	return mux_server(kind, "echo");
}

GRADED(echo, stops_when_told)
{
	for (int k = 0; k < 2; k++) {
		echo_stops(start, both_kinds[k]);
		echo_stops_any_time(start, both_kinds[k]);
	}
}

#define IDLE_MS 300
#define WINDOWS 5

/*
 * So long nothing happens: it must not wake up, nor use the processor. What was
 * to be done before may be late on a busy machine: another window is tried.
 */
static void expect_asleep(struct prog *srv, const char *kind)
{
	int64_t cpu, switches;
	uint64_t waits;

	for (int i = 0; i < WINDOWS; i++) {
		cpu = prog_cpu_ms(srv);
		switches = prog_switches(srv);
		waits = waits_of(srv, kind);
		let_pass(IDLE_MS);
		cpu = prog_cpu_ms(srv) - cpu;
		switches = prog_switches(srv) - switches;
		waits = waits_of(srv, kind) - waits;
		if (waits <= 3 && switches <= 5 && cpu <= 20)
			break;
	}
	judge_check(waits <= 3 && switches <= 5 && cpu <= 20,
		    "a server with nothing to do to sleep in one wait",
		    "%llu waits, %lld wake-ups, %lld ms of CPU in %d ms",
		    (unsigned long long)waits, (long long)switches,
		    (long long)cpu, IDLE_MS);
}

/* Idle: nobody there; many who have spoken; one whose answer is stuck. */
static void idle_costs_nothing(const char *kind)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	struct peer *stalled;

	expect_asleep(srv, kind);
	for (int i = 0; i < 60; i++)
		echo_text(peer_connect(srv), "and now silence");
	expect_asleep(srv, kind);
	judge_step("one sends without reading, until its answers are stuck");
	stalled = peer_connect_small(srv, 8192);
	peer_send_until_full(stalled);
	expect_asleep(srv, kind);
	judge_check(waits_of(srv, kind) > 0,
		    "the kernel to be asked by its name", "no call of %s",
		    kind);
	prog_stop(srv);
}

GRADED(echo, idle_costs_nothing)
{
	idle_costs_nothing("select");
	idle_costs_nothing("poll");
}

#define QUESTIONS 200
#define STUFF_MAX (16 << 20)

/* One question, one wake-up: more mean that it was woken for nothing. */
static void wakes_for_a_reason(const char *kind)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	struct peer *c = peer_connect(srv), *stalled;
	const char *data = judge_bytes(STUFF_MAX);
	uint64_t waits;

	echo_text(c, "hello");
	waits = waits_of(srv, kind);
	for (int i = 0; i < QUESTIONS; i++)
		echo_text(c, "what now?");
	waits = waits_of(srv, kind) - waits;
	judge_check(waits <= QUESTIONS + QUESTIONS / 4,
		    "one wait for each of 200 questions, or a few more",
		    "%llu waits", (unsigned long long)waits);

	judge_step("answers get stuck, and are then read: it may sleep again");
	stalled = peer_connect_small(srv, 8192);
	peer_expect(stalled, data,
		    echo_send_until_stuck(stalled, data, STUFF_MAX));
	echo_text(c, "and now?");
	expect_asleep(srv, kind);
	prog_stop(srv);
}

GRADED(echo, wakes_for_a_reason)
{
	wakes_for_a_reason("select");
	wakes_for_a_reason("poll");
}
