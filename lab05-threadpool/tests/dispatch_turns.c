/* SPDX-License-Identifier: MIT */
/* Task 4: dispatch.c, where more is asked of it than it can do at once. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "httptest.h"

#define BUDGET 16 /* DISPATCH_BUDGET, as dispatch.h has it */

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
 * looks. The log shows the order of the answers. A proactor's turn ends with
 * the first request that it hands over.
 */
GRADED(dispatch, takes_turns)
{
	enum { MANY = 300, TURNS = 3 };

	judge_promise("Then the others have their turn, and this client");
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
		judge_until(peer_has_arrived(many) && peer_has_arrived(one),
			    "all of it has arrived");
		prog_resume(srv);
		for (int i = 0; i < MANY; i++)
			http_expect_file(many, 1);
		http_expect_file(one, 2);
		prog_stop(srv);
		before = lines_before("GET /2 ") - 2;
		judge_check(before <= TURNS * BUDGET,
			    "the other client to have its turn after 16 "
			    "requests (DISPATCH_BUDGET), or a few times that",
			    "%d of %d were answered first", before, MANY);
		judge_promise("Requests that one client has answered in one");
		judge_check(m == 2 || before % BUDGET == 0,
			    "a turn to be 16 requests (DISPATCH_BUDGET), as "
			    "long as there are so many",
			    "%d were answered before the other client's turn",
			    before);
		judge_promise("Then the others have their turn, and");
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
	judge_promise("If the pool refuses a task (EAGAIN, ESHUTDOWN),");
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
	prog_resume(srv);
	for (int i = 0; i < CLIENTS; i++)
		for (int k = 0; k < REQUESTS; k++) {
			int status;

			if (k < BUDGET)
				judge_promise("If the pool refuses a task");
			else
				judge_promise("Then the others have their");
			judge_step("wait for answer %d of the %d that client "
				   "%d asked for; a turn of the loop's thread "
				   "has 16",
				   k + 1, REQUESTS, i + 1);
			status = http_status(c[i]);
			judge_check(status == 200 || status == 503,
				    "200 or 503 for each request", "%d",
				    status);
		}
	judge_checking(NULL);
	prog_stop(srv);
}

/* A pool that takes no task any more. */
static void shut_is_503(const char *model)
{
	struct prog *srv = prog_start("drivers/shut-pool", "--root", "root",
				      "--listen", "127.0.0.1:0", "--model",
				      model);
	struct peer *c = peer_connect(srv);
	int status;

	judge_checking("dispatch_pool_is_shut");
	for (int i = 0; i < 3; i++) {
		http_get(c, "/7", "");
		status = http_status(c);
		judge_check(status == 503, "503", "%d", status);
	}
	peer_close(c);
	judge_checking(NULL);
	prog_stop(srv);
}

/* A queue of one: a client that finds it full hears 503 and does not wait. */
GRADED(dispatch, full_is_503)
{
	enum { CLIENTS = 150 };

	judge_promise("If the pool refuses a task (EAGAIN, ESHUTDOWN),");
	for (int m = 1; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--threads", "1",
					      "--queue", "1");
		struct peer *c[CLIENTS];
		int well = 0, busy = 0, status;

		judge_promise("If the pool refuses a task (EAGAIN,");
		for (int i = 0; i < CLIENTS; i++)
			c[i] = peer_connect(srv);
		for (int round = 0; round < 8; round++) {
			prog_pause(srv);
			for (int i = 0; i < CLIENTS; i++)
				http_get(c[i], "/7", "");
			prog_resume(srv);
			for (int i = 0; i < CLIENTS; i++) {
				status = http_status(c[i]);
				well += status == 200;
				busy += status == 503;
			}
		}
		judge_check(well + busy == 8 * CLIENTS, "200 or 503 for all",
			    "%d and %d of %d", well, busy, 8 * CLIENTS);
		if (!busy)
			judge_promise("A dispatch belongs to its loop's");
		judge_check(well && busy, "200 for some and 503 for others",
			    "%d and %d", well, busy);
		http_get(c[0], "/7", "");
		http_expect_file(c[0], 7);
		prog_stop(srv);
		refused_in_turns(http_models[m]);
		shut_is_503(http_models[m]);
	}
}
