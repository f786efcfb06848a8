/* SPDX-License-Identifier: MIT */
/* More clients than there is room for. */
#include <errno.h>
#include <sys/socket.h>

#include "tests/httptest.h"

/* Idle clients do not keep others out: the longest idle makes room. */
GRADED(crowd, idle_clients_make_room)
{
	enum { LIMIT = 40, CLIENTS = 100 };
	static const struct prog_opts opts = { .nofile = LIMIT };

	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_startv(
			&opts, (const char *[]){ http_models[m], NULL });
		struct peer *c[CLIENTS];

		for (int i = 0; i < CLIENTS; i++) {
			c[i] = peer_connect(srv);
			http_get(c[i], "/1", "");
			http_expect_file(c[i], 1);
		}
		judge_step("the first ones are gone, the last ones are there");
		peer_expect_closed(c[0]);
		peer_expect_closed(c[1]);
		http_get(c[CLIENTS - 1], "/big", "");
		http_expect_big(c[CLIENTS - 1]);
		http_get(c[CLIENTS - 2], "/2", "");
		http_expect_file(c[CLIENTS - 2], 2);
		for (int i = 0; i < CLIENTS; i++)
			peer_close(c[i]);
		prog_stop(srv);
	}
}

/* ... and one that has just been served is not the longest idle. */
GRADED(crowd, at_most_so_many_connections)
{
	struct prog *srv = http_start("inline", "--max-connections", "3");
	struct peer *c[4];

	for (int i = 0; i < 3; i++) {
		c[i] = peer_connect(srv);
		http_get(c[i], "/1", "");
		http_expect_file(c[i], 1);
	}
	http_get(c[0], "/2", "");
	http_expect_file(c[0], 2);
	c[3] = peer_connect(srv);
	http_get(c[3], "/3", "");
	http_expect_file(c[3], 3);
	peer_expect_closed(c[1]);
	http_get(c[0], "/2", "");
	http_expect_file(c[0], 2);
	prog_stop(srv);
}

GRADED(crowd, at_most_so_many_of_an_address)
{
	struct prog *srv = http_start("inline", "--max-per-address", "2");
	struct peer *a = peer_connect(srv), *b = peer_connect(srv), *c;

	http_get(a, "/1", "");
	http_expect_file(a, 1);
	http_get(b, "/1", "");
	http_expect_file(b, 1);
	c = peer_connect(srv);
	http_get(c, "/1", "");
	peer_expect_closed(c);
	peer_close(a);
	judge_step("with one less there is room again");
	for (;;) {
		char first;

		c = peer_connect(srv);
		http_get(c, "/1", "");
		if (recv(peer_fd(c), &first, 1, MSG_PEEK) == 1)
			break;
		peer_close(c);
	}
	http_expect_file(c, 1);
	prog_stop(srv);
}
