/* SPDX-License-Identifier: MIT */
/*
 * TCP numbers bytes, not messages. tcp_sendmsg() appends to whatever waits in
 * the send queue, tcp_recvmsg() copies whatever lies in the receive queue, up
 * to the size asked for; neither keeps a mark where a call began or ended.
 * A program that needs messages must mark their ends in the bytes themselves.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { SMALL_SENDS = 5, LARGE = 4 << 20, RECEIVE_BUFFER = 65536 };

static void many_sends_one_recv(void)
{
	struct exp_pair pair = exp_pair();
	int64_t deadline = clock_ms() + 5000;
	char got[64] = "";
	ssize_t n;

	for (int i = 0; i < SMALL_SENDS; i++)
		exp_send(pair.client, "word ");
	while (exp_unread(pair.server) < 5 * SMALL_SENDS && exp_tick(deadline))
		;
	n = recv(pair.server, got, sizeof(got) - 1, 0);
	exp_did("%d sends of 5 bytes, then one recv()", SMALL_SENDS);
	exp_saw("recv() gave %zd bytes: \"%s\"", n, got);
	exp_expect(n == 5 * SMALL_SENDS, "all %d bytes at once",
		   5 * SMALL_SENDS);
	exp_close_pair(&pair);
}

/* In a child, since one send() this large waits for the reader. */
static pid_t send_once(struct exp_pair *pair, const char *bytes)
{
	pid_t child = exp_fork();

	if (child)
		return child;
	close(pair->server);
	_exit(send(pair->client, bytes, LARGE, MSG_NOSIGNAL) != LARGE);
}

static void one_send_many_recvs(void)
{
	struct exp_pair pair = exp_pair();
	int small = RECEIVE_BUFFER;
	char *bytes = calloc(1, LARGE);
	size_t total = 0, largest = 0;
	int calls = 0, status = -1;
	pid_t child;
	ssize_t n;

	if (!bytes)
		exp_die("calloc");
	setsockopt(pair.server, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	child = send_once(&pair, bytes);
	close(pair.client);
	while (exp_poll(pair.server, POLLIN, 5000)) {
		n = recv(pair.server, bytes, LARGE, MSG_DONTWAIT);
		if (n <= 0)
			break;
		calls++;
		total += (size_t)n;
		if ((size_t)n > largest)
			largest = (size_t)n;
	}
	waitpid(child, &status, 0);
	exp_did("one send() of %d bytes, recv() with an array as large; "
		"SO_RCVBUF %d",
		LARGE, small);
	exp_saw("%zu bytes in %d calls, at most %zu at once", total, calls,
		largest);
	exp_expect(!status && total == LARGE && calls > 1,
		   "all bytes, in more than one call");
	close(pair.server);
	free(bytes);
}

int main(void)
{
	exp_begin("stream-not-messages", "one send() is one recv()");
	many_sends_one_recv();
	one_send_many_recvs();
	return exp_end(EXP_FALSE, "TCP carries bytes in order and nothing "
				  "else: calls neither stay apart nor "
				  "together");
}
