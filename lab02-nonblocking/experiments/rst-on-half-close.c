/* SPDX-License-Identifier: MIT */
/*
 * A TCP connection is two streams. shutdown(SHUT_WR) sends a FIN for ours
 * (tcp_shutdown()), and the other goes on: we are in FIN_WAIT2, the peer in
 * CLOSE_WAIT, for as long as the peer likes. close(2) also sends a FIN, so the
 * peer cannot tell the two apart, until it writes: for data to a socket that
 * is gone tcp_rcv_state_process() answers with an RST.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { ANSWER = 1 << 20, DEADLINE_MS = 5000 };

static char answer[ANSWER];

/* The server: the request is over at EOF; only then is there an answer. */
static void *serve(void *server)
{
	int fd = *(int *)server;
	char byte;

	while (recv(fd, &byte, 1, 0) == 1)
		;
	send(fd, answer, ANSWER, MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	return NULL;
}

static void half_close(void)
{
	static char got[65536];
	struct exp_pair pair = exp_pair();
	size_t total = 0;
	pthread_t server;
	ssize_t n;

	exp_send(pair.client, "request");
	shutdown(pair.client, SHUT_WR);
	if (pthread_create(&server, NULL, serve, &pair.server))
		exp_die("pthread_create");
	while ((n = recv(pair.client, got, sizeof(got), 0)) > 0)
		total += (size_t)n;
	pthread_join(server, NULL);
	exp_did("request, shutdown(SHUT_WR), then read");
	exp_saw("%zu bytes of answer came, then %s", total,
		n ? strerror(errno) : "EOF");
	exp_expect(total == ANSWER && n == 0, "%d bytes, then EOF", ANSWER);
	exp_close_pair(&pair);
}

static void full_close(void)
{
	struct exp_pair pair = exp_pair();
	int64_t deadline = clock_ms() + DEADLINE_MS;
	char got[16];
	ssize_t n;
	int state;

	exp_send(pair.client, "request");
	close(pair.client);
	n = recv(pair.server, got, 7, MSG_WAITALL);
	if (n != 7 || recv(pair.server, got, 1, 0) != 0)
		exp_die("no request and EOF");
	exp_send(pair.server, "answer");
	while ((state = exp_tcp_state(pair.server)) != TCP_CLOSE &&
	       exp_tick(deadline))
		;
	n = send(pair.server, "more", 4, MSG_NOSIGNAL);
	exp_did("the same with close(): the server sees EOF too, and answers");
	exp_saw("the connection is %s; its next send(): %s",
		exp_tcp_state_name(state), n < 0 ? strerror(errno) : "works");
	exp_expect(state == TCP_CLOSE && n < 0, "an RST ended it");
	close(pair.server);
}

int main(void)
{
	exp_begin("rst-on-half-close", "shutdown(SHUT_WR) ends the "
				       "conversation");
	half_close();
	full_close();
	return exp_end(EXP_FALSE, "it ends one direction; the other carries "
				  "data until its own FIN. Only close() makes "
				  "the answer meet an RST");
}
