/* SPDX-License-Identifier: MIT */
/* Task 8: the whole program, and what its clients see of it. */
#include "framedtest.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "asking.h"

GRADED(framed, registers_and_logs_in)
{
	struct prog *p = framed_start("server.workers=1");
	struct peer *c = peer_connect(p);

	framed_ping(c);
	framed_send(c, REGISTER, "ann", "secret");
	framed_expect(c, REGISTER, 0, "ann");
	framed_send(c, REGISTER, "ann", "another");
	framed_expect(c, REGISTER, 1, "ann");
	framed_send(c, LOGIN, "ann", "secret");
	framed_expect(c, LOGIN, 0, "ann");
	framed_send(c, LOGIN, "ann", "another");
	framed_expect(c, LOGIN, 2, "ann");
	framed_send(c, LOGIN, "bob", "secret");
	framed_expect(c, LOGIN, 2, "bob");
	framed_send(c, LOGIN, "a\nb", "secret");
	framed_expect(c, LOGIN, 3, "");
	framed_ping(c);
	prog_stop(p);
}

GRADED(framed, order_of_the_answers)
{
	struct prog *p = framed_start("server.threads=4");
	struct peer *c = peer_connect(p);
	int kinds[40];

	framed_send(c, REGISTER, "ann", "secret");
	framed_expect(c, REGISTER, 0, "ann");
	for (int i = 0; i < 40; i++) {
		kinds[i] = judge_random() % 3 ? PING : LOGIN;
		if (kinds[i] == PING)
			framed_send_ping(c);
		else
			framed_send(c, LOGIN, "ann", i % 2 ? "secret" : "no");
	}
	for (int i = 0; i < 40; i++)
		if (kinds[i] == PING)
			framed_expect_ping(c);
		else
			framed_expect(c, LOGIN, i % 2 ? 0 : 2, "ann");
	prog_stop(p);
}

GRADED(framed, one_name_one_owner)
{
	struct prog *p = framed_start("server.workers=4");
	struct peer *c[12];
	int done = 0, taken = 0;

	for (int i = 0; i < 12; i++)
		c[i] = peer_connect(p);
	for (int i = 0; i < 12; i++)
		framed_send(c[i], REGISTER, "wanted", "secret");
	for (int i = 0; i < 12; i++) {
		int result = framed_result(c[i], REGISTER, "wanted");

		done += result == 0;
		taken += result == 1;
	}
	judge_check(done == 1 && taken == 11,
		    "one register done, and eleven times \"taken\"",
		    "%d done, %d taken", done, taken);
	prog_stop(p);
}

GRADED(framed, malformed_costs_one_connection)
{
	struct prog *p = framed_start("server.workers=1");
	struct peer *honest = peer_connect(p), *c;
	static const struct {
		const char *bytes;
		size_t n;
		const char *reason;
	} bad[] = {
		{ "\0\7\0\0\0\0\0\0", 8, ": length" },
		{ "\x75\x31\0\0\0\0\0\0", 8, ": length" },
		{ "\0\10\0\0\0\0\0\1", 8, ": crc" },
		{ "\0\11\0\6\1\2\3\4x", 9, ": crc" },
	};

	judge_promise("Answers to packets before a bad one are");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		size_t lines = framed_log_lines(bad[i].reason);

		c = peer_connect(p);
		judge_step("two pings, a bad packet, and a ping behind it");
		framed_send_ping(c);
		framed_send_ping(c);
		peer_send(c, bad[i].bytes, bad[i].n);
		framed_send_ping(c);
		framed_expect_ping(c);
		framed_expect_ping(c);
		peer_expect_eof(c);
		framed_expect_log(bad[i].reason, lines + 1);
		framed_ping(honest);
	}
	judge_check(framed_figure(p, "closed_length") == 2 &&
			    framed_figure(p, "closed_crc") == 2,
		    "two of each in the statistics", "not so");
	judge_step("a code without handler, and a ping with a body: dropped");
	judge_promise("A code without handler, and a ping with a body,");
	peer_send(honest, "\0\10\0\1\0\0\0\0", 8);
	peer_send(honest,
		  "\0\11\0\0\xe8\xb7\xbe\x43"
		  "a",
		  9);
	framed_ping(honest);
	judge_check(framed_figure(p, "dropped") == 2, "two dropped packets",
		    "another number");
	prog_stop(p);
}

GRADED(framed, stale_answers)
{
	struct prog *p = framed_start("server.workers=1", "server.threads=1",
				      "limits.recycle_seconds=0");
	struct peer *witness = peer_connect(p), *c;

	for (int i = 0; i < 20; i++) {
		c = peer_connect(p);
		framed_ping(c);
		framed_send(c, LOGIN, "slow", "secret");
		framed_send(c, LOGIN, "slower", "secret");
		framed_ping(witness);
		judge_step("its client goes, and another takes the slot");
		peer_reset(c);
		framed_ping(witness);
		c = peer_connect(p);
		framed_ping(c);
		framed_send(c, LOGIN, "fast", "x");
		framed_expect(c, LOGIN, 2, "fast");
		framed_ping(c);
		peer_close(c);
	}
	judge_check(framed_log_lines("killed by signal") == 0,
		    "no worker that dies", "one has died");
	/* How long a server waits for who stays is not the question here. */
	peer_close(witness);
	prog_stop(p);
}

/* Sends pings, as many as the socket takes now; false if it is closed. */
static bool send_pings(struct peer *c)
{
	static size_t sent; /* may end in the middle of one */
	static char bytes[8 * 4096];
	ssize_t n;

	for (size_t i = 1; i < sizeof(bytes); i += 8)
		bytes[i] = 8;
	for (int i = 0; i < 1000; i++) {
		n = send(peer_fd(c), bytes + sent % 8, sizeof(bytes) - 8,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0)
			return errno == EAGAIN;
		sent += (size_t)n;
	}
	return true;
}

GRADED(framed, a_full_socket_is_no_signal)
{
	struct prog *p = framed_start("server.workers=1");
	pid_t before[64], after[64];
	static char answers[65536];
	struct peer *c;

	judge_promise("A client that goes away costs its connection,");
	framed_workers(p, before);
	for (int i = 0; i < 30; i++) {
		c = peer_connect(p);
		for (int k = 0; k < 50; k++)
			framed_send_ping(c);
		framed_send(c, LOGIN, "gone", "secret");
		peer_reset(c);
	}
	c = peer_connect(p);
	framed_ping(c);
	judge_check(framed_workers(p, after) == 1 && after[0] == before[0],
		    "the same worker as before", "another one");
	judge_step("a client that never reads is closed");
	judge_promise("A client that does not read its answers is");
	c = peer_connect_small(p, 4096);
	judge_until(!send_pings(c) || framed_log_lines(": send-queue") > 0,
		    "the server has had enough of it");
	judge_promise("the log says their names.");
	framed_expect_log(": send-queue", 1);
	judge_promise("A client that does not read its answers is");
	while (recv(peer_fd(c), answers, sizeof(answers), 0) > 0)
		;
	prog_stop(p);
}

GRADED(framed, heartbeat)
{
	struct prog *p = framed_start("heartbeat.wait_seconds=2",
				      "heartbeat.kick_at_once=yes");
	struct peer *silent = peer_connect(p), *noisy = peer_connect(p);

	framed_ping(silent);
	judge_step("one is silent, and one sends a ping each 200 ms");
	while (framed_log_lines(": heartbeat") == 0) {
		framed_ping(noisy);
		usleep(200 * 1000);
	}
	peer_expect_eof(silent);
	framed_ping(noisy);
	peer_close(noisy);
	judge_check(framed_figure(p, "closed_heartbeat") == 1,
		    "one that was closed for its silence", "another number");
	prog_stop(p);
}

/* Descriptors that this process may have, less some. */
static int as_many_as_limits_allow(int most)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max != RLIM_INFINITY && (int)limit.rlim_max - 200 < most)
		return (int)limit.rlim_max - 200;
	return most;
}

GRADED(framed, ten_thousand_clients)
{
	struct prog *p = framed_start("server.workers=2"), *load;
	char connections[16], requests[16];
	int n = as_many_as_limits_allow(10000);

	snprintf(connections, sizeof(connections), "%d", n);
	snprintf(requests, sizeof(requests), "%d", 2 * n);
	load = framed_load(p, "-c", connections, "-n", requests, "--json");
	judge_step("what framed-load says: %s", prog_line(load));
	prog_expect_exit(load, 0);
	judge_check(framed_figure(p, "pings") == 2 * n, "twice as many pings",
		    "another number");
	prog_stop(p);
}

GRADED(framed, titles)
{
	struct prog *p = framed_start("server.workers=2");
	pid_t pids[64];
	char path[64], title[256];
	size_t n = framed_workers(p, pids);

	pids[n] = prog_pid(p);
	for (size_t i = 0; i <= n; i++) {
		const char *expected = i == n ? "framed: master process"
					      : "framed: worker process";
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%d/cmdline", pids[i]);
		f = fopen(path, "re");
		if (!f)
			judge_infra("%s", path);
		memset(title, 0, sizeof(title));
		if (!fread(title, 1, sizeof(title) - 1, f))
			title[0] = '\0';
		fclose(f);
		/* Of a program under Valgrind ps shows Valgrind. */
		if (getenv("JUDGE_INSTRUMENTED") && strstr(title, "valgrind"))
			continue;
		judge_check(!strcmp(title, expected), expected,
			    "ps shows \"%s\"", title);
	}
	prog_stop(p);
}

GRADED(framed, no_byte_of_the_heap)
{
	static const struct prog_opts opts = { .valgrind = true };
	struct prog *p = framed_startv(
		&opts, (const char *[]){ "server.workers=1", "server.threads=2",
					 NULL });
	struct peer *c = peer_connect(p);

	judge_promise("No answer holds a byte that was not put there");
	framed_send(c, REGISTER, "a-client-with-a-long-name", "his-password");
	framed_expect(c, REGISTER, 0, "a-client-with-a-long-name");
	framed_send(c, LOGIN, "b", "p");
	framed_expect(c, LOGIN, 2, "b");
	framed_ping(c);
	peer_send_bytewise(c,
			   "\0\11\0\1\xe8\xb7\xbe\x43"
			   "a",
			   9);
	framed_ping(c);
	peer_close(c);
	prog_stop(p);
}
