/* SPDX-License-Identifier: MIT */
/*
 * The server echoes: read some, write it back. The client writes everything,
 * and only then means to read. The answers fill the client's receive buffer
 * and the server's send buffer; the server sleeps in send(2)
 * (sk_stream_wait_memory()) and reads no more; then the other direction
 * fills, and the client sleeps in send(2) too. Each waits for the other to
 * read. Nothing in TCP ends this: both peers are alive, and say "no room".
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { CHUNK = 65536, SIZE = 256 << 20, STILL_MS = 400, GIVE_UP_MS = 10000 };

static struct exp_pair pair;
static atomic_long client_sent, server_echoed;

static void *serve(void *unused)
{
	static char bytes[CHUNK];
	ssize_t n, sent;

	(void)unused;
	while ((n = recv(pair.server, bytes, CHUNK, 0)) > 0) {
		sent = send(pair.server, bytes, (size_t)n, MSG_NOSIGNAL);
		if (sent != n)
			break;
		server_echoed += sent;
	}
	return NULL;
}

static void *write_all_then_read(void *unused)
{
	static char bytes[CHUNK];

	(void)unused;
	while (client_sent < SIZE) {
		ssize_t n = send(pair.client, bytes, CHUNK, MSG_NOSIGNAL);

		if (n <= 0)
			return NULL;
		client_sent += n;
	}
	return NULL; /* here it would read; it never gets here */
}

static bool both_full(void)
{
	return !exp_poll(pair.client, POLLOUT, 0) &&
	       !exp_poll(pair.server, POLLOUT, 0);
}

/* True once both are full and neither has moved for STILL_MS. */
static bool wait_until_still(void)
{
	int64_t deadline = clock_ms() + GIVE_UP_MS;
	int64_t since = clock_ms();
	long before = -1;

	while (clock_ms() - since < STILL_MS) {
		long now = client_sent + server_echoed;

		if (now != before || !both_full())
			since = clock_ms();
		before = now;
		if (now >= 2L * SIZE || !exp_tick(deadline))
			return false;
	}
	return true;
}

int main(void)
{
	pthread_t client, server;
	bool still;

	exp_begin("blocking-deadlock", "a blocking client may write all, then "
				       "read all");
	pair = exp_pair();
	if (pthread_create(&server, NULL, serve, NULL) ||
	    pthread_create(&client, NULL, write_all_then_read, NULL))
		exp_die("pthread_create");
	still = wait_until_still();
	exp_did("client: %d MiB to an echo server before the first recv()",
		SIZE >> 20);
	exp_saw("nothing has moved for %d ms: client sent %ld KiB, server "
		"echoed %ld KiB",
		STILL_MS, client_sent / 1024, server_echoed / 1024);
	exp_saw("waiting unread: %d KiB at the server, %d KiB at the client; "
		"no room to send on either side",
		exp_unread(pair.server) / 1024, exp_unread(pair.client) / 1024);
	exp_expect(still && client_sent < SIZE,
		   "both stand still long before %d MiB", SIZE >> 20);
	/* Wakes both out of send(). */
	shutdown(pair.client, SHUT_RDWR);
	shutdown(pair.server, SHUT_RDWR);
	pthread_join(client, NULL);
	pthread_join(server, NULL);
	exp_close_pair(&pair);
	return exp_end(EXP_FALSE, "once four buffers are full, both ends "
				  "sleep in send() for ever: read while "
				  "writing");
}
