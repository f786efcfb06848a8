/* SPDX-License-Identifier: MIT */
/* Task 4: dispatch.c, and the end of its server. */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "httptest.h"

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

/* The worker is done with its answer when the loop has ended. */
static void stops_before_the_answer(const char *model)
{
	struct prog *srv = prog_start("drivers/late-answers", "--root", "root",
				      "--listen", "127.0.0.1:0", "--model",
				      model);
	struct peer *c = peer_connect(srv);

	judge_checking("dispatch_leaves_no_task");
	judge_promise("Frees D, after the pool was shut down and joined,");
	http_get(c, "/1", "");
	prog_expect_line(srv, "a worker has a request");
	prog_signal(srv, SIGTERM);
	judge_until(!peer_try_connect(srv), "the server to accept no more "
					    "clients");
	prog_signal(srv, SIGTERM);
	prog_expect_exit(srv, 0);
	judge_checking(NULL);
}

GRADED(dispatch, stops_at_once)
{
	judge_promise("the second one ends it at once.");
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--loops", "2");
		struct peer *half = peer_connect(srv);

		judge_promise("the second one ends it at once.");
		peer_send(half, "GET /3 HTTP/1.1\r\n", 17);
		prog_signal(srv, SIGTERM);
		judge_until(!peer_try_connect(srv), "the server to accept no "
						    "more clients");
		prog_signal(srv, SIGTERM);
		peer_expect_closed(half);
		judge_promise("Frees D, after the pool was shut down and");
		prog_expect_exit(srv, 0);
		if (m > 0)
			stops_before_the_answer(http_models[m]);
	}
}

GRADED(dispatch, gives_memory_back)
{
	static const struct prog_opts opts = { .valgrind = true };

	judge_promise("Returns it, for dispatch_destroy(), or NULL");
	for (int m = 1; m < 3; m++) {
		struct prog *srv = http_startv(
			&opts, (const char *[]){ http_models[m], NULL });
		struct peer *c = peer_connect(srv), *gone = peer_connect(srv);

		judge_promise("Returns it, for dispatch_destroy(), or NULL");
		for (int i = 0; i < 10; i++) {
			http_get(c, "/1", "");
			http_get(c, "/2", "");
		}
		for (int i = 0; i < 10; i++) {
			http_expect_file(c, 1);
			http_expect_file(c, 2);
		}
		judge_promise("C may be gone when this returns.");
		http_get(gone, "/big", "");
		peer_reset(gone);
		prog_stop(srv);
	}
}
