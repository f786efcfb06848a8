/* SPDX-License-Identifier: MIT */
/*
 * Clients whose bytes come at a bad moment: behind their last request, for
 * longer than they should, or never to an end.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "tests/httptest.h"

/* Spins: a sleep would take longer. */
static void pause_us(int64_t us)
{
	int64_t end = clock_ns() + us * 1000;

	while (clock_ns() < end)
		;
}

/* What comes behind a request that closes must not cost the answer. */
GRADED(timing, bytes_behind_a_small_answer)
{
	enum { TIMES = 400 };
	size_t len = strlen(http_file(2));

	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m]);

		for (int i = 0; i < TIMES; i++) {
			struct peer *c = peer_connect(srv);

			peer_sendf(c, "GET /2 HTTP/1.0\r\n\r\n");
			pause_us(judge_random_between(0, 100));
			/* The server may be faster, and gone. */
			send(peer_fd(c), "\r\n", 2, MSG_NOSIGNAL);
			http_expect(c, 200, http_file(2), len, true);
			peer_close(c);
		}
		prog_stop(srv);
	}
}

GRADED(timing, bytes_behind_a_big_answer)
{
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m]);
		struct peer *c = peer_connect_small(srv, 4096);

		peer_sendf(c, "GET /big HTTP/1.0\r\n\r\n");
		judge_until(recv(peer_fd(c), &(char){ 0 }, 1,
				 MSG_PEEK | MSG_DONTWAIT) == 1,
			    "the answer has begun");
		peer_sendf(c, "\r\n");
		http_expect(c, 200, http_big(), HTTP_BIG, true);
		peer_expect_eof(c);
		peer_close(c);
		prog_stop(srv);
	}
}

/* A request that is longer than it may be, and goes on for 3 s. */
GRADED(timing, refusals_reach_a_client_that_sends_on)
{
	enum { SECONDS = 3 };
	static char portion[4096];
	struct prog *srv[3];
	struct peer *c[3];
	int64_t end = clock_ms() + SECONDS * 1000;

	for (int m = 0; m < 3; m++) {
		srv[m] = http_start(http_models[m]);
		c[m] = peer_connect(srv[m]);
		peer_sendf(c[m], "POST / HTTP/1.1\r\nHost: a\r\n"
				 "Content-Length: 100000000\r\n\r\n");
	}
	judge_step("each client sends on for %d s", SECONDS);
	while (clock_ms() < end) {
		for (int m = 0; m < 3; m++)
			peer_send(c[m], portion, sizeof(portion));
		pause_us(2000);
	}
	for (int m = 0; m < 3; m++) {
		http_expect(c[m], 413, NULL, 0, true);
		peer_expect_eof(c[m]);
		peer_close(c[m]);
		prog_stop(srv[m]);
	}
}

/*
 * A client that sends chunks, one after the other, OFFSET bytes of them so far.
 */
struct sender {
	struct peer *c;
	size_t offset;
};

/* Sends what fits. Returns whether the server has had enough. */
static bool sends_on(struct sender *s)
{
	enum { CHUNK = 4096, CHUNKS = 32 };
	static char chunks[CHUNKS * CHUNK];
	char first;
	ssize_t n;

	for (size_t i = 0; i < CHUNKS && !chunks[i * CHUNK]; i++) {
		memset(chunks + i * CHUNK, 'x', CHUNK);
		memcpy(chunks + i * CHUNK, "ff9\r\n", 5);
		memcpy(chunks + (i + 1) * CHUNK - 2, "\r\n", 2);
	}
	n = send(peer_fd(s->c), chunks + s->offset, sizeof(chunks) - s->offset,
		 MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n > 0)
		s->offset = (s->offset + n) % sizeof(chunks);
	return recv(peer_fd(s->c), &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

/* Each of N sends on; how many the server has answered. */
static int answered(struct sender *s, int n)
{
	int ended = 0;

	for (int i = 0; i < n; i++)
		ended += sends_on(&s[i]);
	return ended;
}

/*
 * Bodies without an end: they keep the one worker busy, and the client's
 * deadline nearly always comes while it has, or is to have, that client.
 */
GRADED(timing, endless_bodies_end_in_every_model)
{
	enum { CLIENTS = 24 };
	struct sender s[CLIENTS];

	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--body-timeout",
					      "500", "--threads", "1",
					      "--max-body", "1000000000000");

		for (int i = 0; i < CLIENTS; i++) {
			s[i] = (struct sender){ peer_connect(srv), 0 };
			peer_sendf(s[i].c, "POST / HTTP/1.1\r\nHost: a\r\n"
					   "Transfer-Encoding: "
					   "chunked\r\n\r\n");
		}
		judge_until_detail(answered(s, CLIENTS) == CLIENTS,
				   "all 24 senders of endless bodies hear 408",
				   "%d have an answer", answered(s, CLIENTS));
		for (int i = 0; i < CLIENTS; i++) {
			http_expect(s[i].c, 408, NULL, 0, true);
			peer_close(s[i].c);
		}
		prog_stop(srv);
	}
}
