/* SPDX-License-Identifier: MIT */
/* Task 4: dispatch.c, in its three models. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "httptest.h"

static void serves(const char *model)
{
	struct prog *srv = http_start(model, "--threads", "3");
	size_t before = prog_descriptors(srv);
	struct peer *c[4];

	for (int i = 0; i < 4; i++)
		c[i] = peer_connect(srv);
	for (int i = 0; i < 40; i++) {
		http_get(c[i % 4], i % 2 ? "/5" : "/2", "");
		http_expect_file(c[i % 4], i % 2 ? 5 : 2);
	}
	http_get(c[0], "/1", "Connection: close\r\n");
	http_expect(c[0], 200, http_file(1), strlen(http_file(1)), true);
	peer_expect_eof(c[0]);
	http_get(c[1], "/big", "");
	http_expect_big(c[1]);
	http_get(c[1], "/3", "");
	http_expect_file(c[1], 3);
	for (int i = 0; i < 4; i++)
		peer_close(c[i]);
	/* "/big" may be open, to be sent again. */
	judge_until_detail(prog_descriptors(srv) <= before + 1,
			   "the server has closed its end of each connection",
			   "%zu descriptors, and %zu before",
			   prog_descriptors(srv), before);
	prog_stop(srv);
}

GRADED(dispatch, inline_serves)
{
	struct prog *srv;

	serves("inline");
	srv = http_start("inline", "--threads", "3");
	/* A sanitizer may have one of its own. */
	judge_check(prog_threads(srv) <= 2, "no threads of a pool",
		    "%zu threads", prog_threads(srv));
	prog_stop(srv);
}

/*
 * Which thread answered these requests? A task is counted when it is
 * over, and each of the two threads may have answered just before.
 */
static void workers_do_it(const char *model)
{
	struct prog *srv;
	struct peer *c;
	long done;

	serves(model);
	srv = http_start(model, "--threads", "2");
	c = peer_connect(srv);
	for (int i = 0; i < 50 + 2; i++) {
		http_get(c, "/4", "");
		http_expect_file(c, 4);
	}
	done = http_figure(srv, "tasks_by_thread");
	judge_check(done >= 50, "a task of the pool for each request",
		    "%ld tasks for 52 requests", done);
	prog_stop(srv);
}

GRADED(dispatch, reactor_serves)
{
	workers_do_it("reactor");
}

GRADED(dispatch, proactor_serves)
{
	workers_do_it("proactor");
}

/* A burst of requests; each eighth may be for the big file, and one is. */
static void pipeline(struct peer *c, int requests, bool big)
{
	char burst[8192];
	int file[64];
	size_t len = 0;

	for (int i = 0; i < requests; i++) {
		file[i] = judge_random_between(0, HTTP_FILES - 1);
		if (big && (i == 7 || (i % 8 == 3 && judge_random() % 2)))
			file[i] = HTTP_FILES;
		len += file[i] == HTTP_FILES
			       ? (size_t)sprintf(burst + len, "GET /big "
							      "HTTP/1.1\r\n"
							      "Host: a\r\n\r\n")
			       : (size_t)sprintf(burst + len,
						 "GET /%d HTTP/1.1\r\n"
						 "Host: a\r\n\r\n",
						 file[i]);
	}
	judge_step("%d requests in one burst", requests);
	peer_send(c, burst, len);
	for (int i = 0; i < requests; i++) {
		if (file[i] == HTTP_FILES)
			http_expect_big(c);
		else
			http_expect_file(c, file[i]);
	}
	peer_close(c);
}

GRADED(dispatch, answers_in_order)
{
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--threads", "4");

		judge_step("all answers fit into the socket");
		pipeline(peer_connect(srv), 64, false);
		judge_step("and here they do not");
		pipeline(peer_connect_small(srv, 8192), 10, true);
		pipeline(peer_connect_small(srv, 8192), 64, true);
		prog_stop(srv);
	}
}

/* More clients than threads; each has more in flight than it is entitled to. */
static void hammer(struct prog *srv)
{
	enum { CLIENTS = 40, ROUNDS = 12, BURST = 5 };
	struct peer *c[CLIENTS];

	for (int i = 0; i < CLIENTS; i++)
		c[i] = peer_connect(srv);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CLIENTS; i++)
			for (int k = 0; k < BURST; k++)
				peer_sendf(c[i],
					   "GET /%d HTTP/1.1\r\nHost: a\r\n%s"
					   "\r\n",
					   (i + k + round) % HTTP_FILES,
					   k % 2 ? "A: b\r\n" : "");
		for (int i = 0; i < CLIENTS; i++)
			for (int k = 0; k < BURST; k++)
				http_expect_file(c[i],
						 (i + k + round) % HTTP_FILES);
	}
}

GRADED(dispatch, one_thread_a_client)
{
	for (int m = 1; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--threads", "8");

		hammer(srv);
		prog_stop(srv);
	}
}

/* A request a byte at a time: each one a hand-over, and each one back. */
GRADED(dispatch, watches_again)
{
	static const char text[] = "GET /6 HTTP/1.1\r\nHost: test\r\n\r\n";

	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m]);
		struct peer *c = peer_connect(srv);

		for (int i = 0; i < 5; i++) {
			peer_send_bytewise(c, text, sizeof(text) - 1);
			http_expect_file(c, 6);
		}
		prog_stop(srv);
	}
}

/* How many lines of the access log come before the first with TEXT. */
static int lines_before(const char *text)
{
	FILE *f = fopen("log", "r");
	char line[512];
	int n = 0;

	if (!f)
		judge_infra("the access log");
	while (fgets(line, sizeof(line), f) && !strstr(line, text))
		n++;
	fclose(f);
	return n;
}

/*
 * One client has sent hundreds of requests, another one, before the server
 * looks. The log shows the order of the answers.
 */
GRADED(dispatch, takes_turns)
{
	enum { MANY = 300, TURNS = 3, BUDGET = 16 };

	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--threads", "1",
					      "--access-log", "log");
		struct peer *many = peer_connect(srv), *one = peer_connect(srv);
		char burst[MANY * 32];
		size_t len = 0;
		int before;

		http_get(many, "/1", "");
		http_expect_file(many, 1);
		http_get(one, "/1", "");
		http_expect_file(one, 1);
		prog_pause(srv);
		for (int i = 0; i < MANY; i++)
			len += sprintf(burst + len, "GET /1 HTTP/1.1\r\n"
						    "Host: a\r\n\r\n");
		peer_send(many, burst, len);
		http_get(one, "/2", "");
		prog_signal(srv, SIGCONT);
		for (int i = 0; i < MANY; i++)
			http_expect_file(many, 1);
		http_expect_file(one, 2);
		prog_stop(srv);
		before = lines_before("GET /2 ") - 2;
		judge_check(before <= TURNS * BUDGET,
			    "the other client to have its turn after 16 "
			    "requests (DISPATCH_BUDGET), or a few times that",
			    "%d of %d were answered first", before, MANY);
		remove("log");
	}
}

/* Half a request, and a client that does not read: nothing is to be done. */
GRADED(dispatch, sleeps_meanwhile)
{
	static const struct prog_opts opts = { .count_calls = true };

	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_startv(
			&opts, (const char *[]){ http_models[m], NULL });
		struct peer *half = peer_connect(srv), *slow, *c;
		int64_t end;
		uint64_t waits;

		peer_send(half, "GET /1 HTTP/1.1\r\n", 17);
		slow = peer_connect_small(srv, 4096);
		http_get(slow, "/big", "");
		http_get(slow, "/1", "");
		c = peer_connect(srv);
		http_get(c, "/2", "");
		http_expect_file(c, 2);
		judge_step("nothing happens, for 400 ms");
		waits = prog_calls(srv, "epoll_wait");
		end = clock_ms() + 400;
		judge_until(clock_ms() >= end, "the time has passed");
		waits = prog_calls(srv, "epoll_wait") - waits;
		judge_check(waits < 50, "the loop sleeps",
			    "it went round %ju times in 400 ms",
			    (uintmax_t)waits);
		peer_send(half, "Host: a\r\n\r\n", 11);
		http_expect_file(half, 1);
		http_expect_big(slow);
		http_expect_file(slow, 1);
		prog_stop(srv);
	}
}

/*
 * More requests at once than a turn answers, of clients that the pool has no
 * room for: what is left of them is answered in the next turns.
 */
static void refused_in_turns(const char *model)
{
	enum { CLIENTS = 60, REQUESTS = 24 };
	struct prog *srv = http_start(model, "--threads", "1", "--queue", "1");
	struct peer *c[CLIENTS];

	judge_checking("dispatch_refused_in_turns");
	for (int i = 0; i < CLIENTS; i++)
		c[i] = peer_connect(srv);
	prog_pause(srv);
	for (int i = 0; i < CLIENTS; i++) {
		char burst[REQUESTS * 32];
		size_t len = 0;

		for (int k = 0; k < REQUESTS; k++)
			len += sprintf(burst + len, "GET /7 HTTP/1.1\r\n"
						    "Host: a\r\n\r\n");
		peer_send(c[i], burst, len);
	}
	prog_signal(srv, SIGCONT);
	for (int i = 0; i < CLIENTS; i++)
		for (int k = 0; k < REQUESTS; k++) {
			int status = http_status(c[i]);

			judge_check(status == 200 || status == 503,
				    "200 or 503 for each request", "%d",
				    status);
		}
	judge_checking(NULL);
	prog_stop(srv);
}

/* A queue of one: a client that finds it full hears 503 and does not wait. */
GRADED(dispatch, full_is_503)
{
	enum { CLIENTS = 150 };

	for (int m = 1; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--threads", "1",
					      "--queue", "1");
		struct peer *c[CLIENTS];
		int well = 0, busy = 0, status;

		for (int i = 0; i < CLIENTS; i++)
			c[i] = peer_connect(srv);
		for (int round = 0; round < 8; round++) {
			prog_pause(srv);
			for (int i = 0; i < CLIENTS; i++)
				http_get(c[i], "/7", "");
			prog_signal(srv, SIGCONT);
			for (int i = 0; i < CLIENTS; i++) {
				status = http_status(c[i]);
				well += status == 200;
				busy += status == 503;
			}
		}
		judge_check(well + busy == 8 * CLIENTS, "200 or 503 for all",
			    "%d and %d of %d", well, busy, 8 * CLIENTS);
		judge_check(well && busy, "200 for some and 503 for others",
			    "%d and %d", well, busy);
		http_get(c[0], "/7", "");
		http_expect_file(c[0], 7);
		prog_stop(srv);
		refused_in_turns(http_models[m]);
	}
}

static bool has_begun(struct peer *c)
{
	char first;

	return recv(peer_fd(c), &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

GRADED(dispatch, drains)
{
	for (int m = 0; m < 3; m++) {
		struct prog *srv =
			http_start(http_models[m], "--head-timeout", "60000");
		struct peer *idle = peer_connect(srv);
		struct peer *half = peer_connect(srv), *slow;

		http_get(idle, "/1", "");
		http_expect_file(idle, 1);
		slow = peer_connect_small(srv, 4096);
		http_get(slow, "/big", "");
		peer_send(half, "GET /3 HTTP/1.1\r\n", 17);
		http_get(idle, "/1", "");
		http_expect_file(idle, 1);
		judge_until(has_begun(slow), "the answer to /big has begun");
		prog_signal(srv, SIGTERM);
		peer_expect_eof(idle);
		peer_sendf(half, "Host: a\r\nConnection: close\r\n\r\n");
		http_expect(half, 200, http_file(3), strlen(http_file(3)),
			    true);
		peer_expect_eof(half);
		peer_close(half);
		http_expect_big(slow);
		peer_close(slow);
		prog_expect_exit(srv, 0);
	}
}

GRADED(dispatch, stops_at_once)
{
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--loops", "2");
		struct peer *half = peer_connect(srv);

		peer_send(half, "GET /3 HTTP/1.1\r\n", 17);
		prog_signal(srv, SIGTERM);
		judge_until(!peer_try_connect(srv), "the server to accept no "
						    "more clients");
		prog_signal(srv, SIGTERM);
		peer_expect_closed(half);
		prog_expect_exit(srv, 0);
	}
}

GRADED(dispatch, gives_memory_back)
{
	static const struct prog_opts opts = { .valgrind = true };

	for (int m = 1; m < 3; m++) {
		struct prog *srv = http_startv(
			&opts, (const char *[]){ http_models[m], NULL });
		struct peer *c = peer_connect(srv), *gone = peer_connect(srv);

		for (int i = 0; i < 10; i++) {
			http_get(c, "/1", "");
			http_get(c, "/2", "");
		}
		for (int i = 0; i < 10; i++) {
			http_expect_file(c, 1);
			http_expect_file(c, 2);
		}
		http_get(gone, "/big", "");
		peer_reset(gone);
		prog_stop(srv);
	}
}
