/* SPDX-License-Identifier: MIT */
/* Task 4: dispatch.c, in its three models. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "httptest.h"

/* The caller has said which promise an answer is about: the model's row. */
static void serves(const char *model)
{
	struct prog *srv = http_start(model, "--threads", "3");
	size_t before = prog_descriptors(srv);
	struct peer *c[4];
	const char *row = NULL;

	for (int i = 0; i < 4; i++)
		c[i] = peer_connect(srv);
	for (int i = 0; i < 40; i++) {
		if (i == 4) /* all have had an answer, and go on */
			row = judge_promise("With ");
		http_get(c[i % 4], i % 2 ? "/5" : "/2", "");
		http_expect_file(c[i % 4], i % 2 ? 5 : 2);
	}
	judge_promise(row);
	http_get(c[0], "/1", "Connection: close\r\n");
	http_expect(c[0], 200, http_file(1), strlen(http_file(1)), true);
	peer_expect_eof(c[0]);
	http_get(c[1], "/big", "");
	http_expect_big(c[1]);
	http_get(c[1], "/3", "");
	http_expect_file(c[1], 3);
	for (int i = 0; i < 4; i++)
		peer_close(c[i]);
	judge_promise("A turn begins with client_ready(), once, in the");
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

	judge_promise("inline read, parse, answer, write");
	serves("inline");
	judge_promise("NULL with DISPATCH_INLINE.");
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
	if (!strcmp(model, "reactor"))
		judge_promise("The reactor tells a worker that a socket is");
	else
		judge_promise("the proactor, that a whole request is there:");
	judge_check(done >= 50, "a task of the pool for each request",
		    "%ld tasks for 52 requests", done);
	prog_stop(srv);
}

GRADED(dispatch, reactor_serves)
{
	judge_promise("reactor waits read, parse, answer, write");
	workers_do_it("reactor");
}

GRADED(dispatch, proactor_serves)
{
	judge_promise("proactor read, parse, write answer");
	workers_do_it("proactor");
}

#define BUDGET 16 /* DISPATCH_BUDGET, as dispatch.h has it */

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
			       ? (size_t)sprintf(burst + len,
						 "GET /big HTTP/1.1\r\n"
						 "Host: a\r\n\r\n")
			       : (size_t)sprintf(burst + len,
						 "GET /%d HTTP/1.1\r\n"
						 "Host: a\r\n\r\n",
						 file[i]);
	}
	judge_step("%d requests in one burst", requests);
	peer_send(c, burst, len);
	for (int i = 0; i < requests; i++) {
		/* Does it come at all, or was the turn before the last one? */
		if (i > 0 && i % BUDGET == 0)
			judge_promise("Then the others have their turn, and");
		else
			judge_promise("So each client has one request in");
		if (file[i] == HTTP_FILES)
			http_expect_big(c);
		else
			http_expect_file(c, file[i]);
	}
	peer_close(c);
}

GRADED(dispatch, answers_in_order)
{
	judge_promise("So each client has one request in flight,");
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
	judge_promise("A client is the loop's or one task's,");
	for (int m = 1; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--threads", "8");

		/* A reactor's sockets are reported while a task reads them. */
		if (m == 1)
			judge_promise("While it is handed over (c->handed),");
		else
			judge_promise("A client is the loop's or one task's,");
		hammer(srv);
		prog_stop(srv);
	}
}

/* Has the server closed C? What it said before is dropped. */
static bool has_ended(struct peer *c)
{
	char answer[1024];
	ssize_t n;

	do
		n = recv(peer_fd(c), answer, sizeof(answer), MSG_DONTWAIT);
	while (n > 0);
	return n == 0 || errno == ECONNRESET;
}

/*
 * There is no memory for a client: when its turn begins and when it ends, and
 * in a proactor also when it is handed over with a request, and given back.
 */
static void without_memory(const char *model)
{
	const int lost = strcmp(model, "proactor") ? 2 : 4;
	struct prog *srv = prog_start("drivers/short-of-memory", "--root",
				      "root", "--listen", "127.0.0.1:0",
				      "--model", model);
	struct peer *c;

	judge_checking("dispatch_out_of_memory");
	for (int i = 0; i < lost; i++) {
		judge_step("no memory for client %d: it is closed", i + 1);
		c = peer_connect(srv);
		http_get(c, "/1", "");
		judge_until(has_ended(c), "the client is closed");
	}
	judge_step("and there is memory for the next one");
	c = peer_connect(srv);
	http_get(c, "/1", "");
	http_expect_file(c, 1);
	judge_checking(NULL);
	prog_stop(srv);
}

/* A request a byte at a time: each one a hand-over, and each one back. */
GRADED(dispatch, watches_again)
{
	static const char text[] = "GET /6 HTTP/1.1\r\nHost: test\r\n\r\n";

	judge_promise("and ends with client_settle() and, unless that");
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m]);
		struct peer *c = peer_connect(srv);

		for (int i = 0; i < 5; i++) {
			peer_send_bytewise(c, text, sizeof(text) - 1);
			http_expect_file(c, 6);
		}
		prog_stop(srv);
		without_memory(http_models[m]);
	}
}
