/* SPDX-License-Identifier: MIT */
/*
 * Whatever a manager sends, in whatever pieces, the answer is the one to all of
 * it at once. The first byte of the input says how long the pieces are.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "admin.h"
#include "poller_epoll.h"

#define ANSWER_MAX (4u << 20)
#define ROUNDS	   10000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool closed;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static int run(struct admin *a, enum admin_command command,
	       const char *argument, struct buf *out, char *why)
{
	(void)a;
	if (command == ADMIN_ADD_RULE || command == ADMIN_ENABLE) {
		strcpy(why, "because");
		return -1;
	}
	buf_appendf(out, "%d [%s]\r\n", (int)command, argument);
	return 0;
}

static void on_closed(struct admin *a)
{
	(void)a;
	closed = true;
}

static const struct admin_ops ops = { .run = run, .closed = on_closed };

static void collect(int fd, struct buf *answer)
{
	char bytes[16384];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		buf_append(answer, bytes, (size_t)n);
}

/* Sends the bytes in pieces of PIECE, then the end; gathers what comes. */
static void talk(const uint8_t *data, size_t size, size_t piece,
		 struct buf *answer)
{
	struct loop *loop = loop_create(&poller_epoll_et, 0);
	struct admin a;
	size_t sent = 0;
	int fds[2];

	require(loop &&
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
	buf_init(answer, ANSWER_MAX);
	closed = false;
	require(admin_open(&a, loop, &ops, fds[0], 0) == 0);
	for (int i = 0; !closed && i < ROUNDS; i++) {
		size_t want = size - sent < piece ? size - sent : piece;
		ssize_t n = want ? send(fds[1], data + sent, want,
					MSG_NOSIGNAL | MSG_DONTWAIT)
				 : 0;

		if (n > 0)
			sent += (size_t)n;
		if (sent == size)
			shutdown(fds[1], SHUT_WR);
		loop_step(loop, 0);
		collect(fds[1], answer);
	}
	require(closed);
	collect(fds[1], answer);
	close(fds[1]);
	loop_destroy(loop);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, pieces;
	size_t piece;

	if (size < 2)
		return 0;
	piece = data[0] ? data[0] : 1;
	if (size / piece > ROUNDS / 2)
		return 0;
	talk(data + 1, size - 1, size, &whole);
	talk(data + 1, size - 1, piece, &pieces);
	require(buf_len(&whole) == buf_len(&pieces));
	require(!buf_len(&whole) || memcmp(buf_data(&whole), buf_data(&pieces),
					   buf_len(&whole)) == 0);
	buf_free(&whole);
	buf_free(&pieces);
	return 0;
}
