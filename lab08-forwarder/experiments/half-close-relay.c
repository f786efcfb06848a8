/* SPDX-License-Identifier: MIT */
/*
 * A connection is two streams, and a relay holds two connections: four streams,
 * and an EOF is the end of one. shutdown(2) with SHUT_WR carries it on (the FIN
 * of tcp_shutdown()), and the relay goes on with the other direction until that
 * ends as well. A relay that closes both sides at the first EOF takes the way
 * from under an answer that the server has only begun to think about.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

enum { ANSWER = 1 << 20, DEADLINE_MS = 5000 };

static char answer[ANSWER];

/* What the relay stands between, and what it does at an EOF. */
struct relay {
	int client, server;
	bool carry_on;
};

/* Moves what is there; false if that was the end of this direction. */
static bool move(int from, int to)
{
	static char buf[65536];
	ssize_t n = recv(from, buf, sizeof(buf), 0);

	for (ssize_t done = 0, m; done < n; done += m) {
		m = send(to, buf + done, (size_t)(n - done), MSG_NOSIGNAL);
		if (m < 0)
			return false;
	}
	return n > 0;
}

static void *relay(void *arg)
{
	struct relay *r = arg;
	struct pollfd p[] = { { .fd = r->client, .events = POLLIN },
			      { .fd = r->server, .events = POLLIN } };

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		if (poll(p, 2, DEADLINE_MS) <= 0)
			break;
		for (int i = 0; i < 2; i++) {
			int to = i ? r->client : r->server;

			if (p[i].fd < 0 || !p[i].revents || move(p[i].fd, to))
				continue;
			if (!r->carry_on)
				goto out;
			shutdown(to, SHUT_WR);
			p[i].fd = -1;
		}
	}
out:
	close(r->client);
	close(r->server);
	return NULL;
}

/* The server: the request is over at EOF; only then is there an answer. */
static void *serve(void *server)
{
	int fd = *(int *)server;
	char byte;

	while (recv(fd, &byte, 1, 0) == 1)
		;
	send(fd, answer, ANSWER, MSG_NOSIGNAL);
	close(fd);
	return NULL;
}

/* Bytes of the answer that a client gets that half-closes after it asked. */
static size_t ask(bool carry_on)
{
	static char got[65536];
	struct exp_pair front = exp_pair(), back = exp_pair();
	struct relay r = { front.server, back.client, carry_on };
	pthread_t relaying, serving;
	size_t total = 0;
	ssize_t n;

	if (pthread_create(&relaying, NULL, relay, &r) ||
	    pthread_create(&serving, NULL, serve, &back.server))
		exp_die("pthread_create");
	exp_send(front.client, "request");
	shutdown(front.client, SHUT_WR);
	while ((n = recv(front.client, got, sizeof(got), 0)) > 0)
		total += (size_t)n;
	pthread_join(relaying, NULL);
	pthread_join(serving, NULL);
	close(front.client);
	exp_saw("%zu of %d bytes of the answer came, then %s", total, ANSWER,
		n ? strerror(errno) : "EOF");
	return total;
}

int main(void)
{
	exp_begin("half-close-relay", "a relay may close both sides at the "
				      "first EOF");
	exp_did("request, shutdown(SHUT_WR); the relay closes both sides");
	exp_expect(ask(false) < ANSWER, "not all of the answer");
	exp_did("the same; the relay passes the EOF on and waits for the "
		"other");
	exp_expect(ask(true) == ANSWER, "%d bytes", ANSWER);
	return exp_end(EXP_FALSE, "the answer to a half-closed request is "
				  "lost: an EOF ends one direction, and is "
				  "passed on with shutdown(SHUT_WR)");
}
