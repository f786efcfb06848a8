/* SPDX-License-Identifier: MIT */
/*
 * tcp_sendmsg_locked() copies what fits into the send queue. When it is full
 * (sk_stream_memory_free() says no), a blocking call sleeps in
 * sk_stream_wait_memory() until the peer has acknowledged some, and goes on;
 * a non-blocking one returns what it has copied so far, and only if that is
 * nothing, EAGAIN. Size alone is no error (EMSGSIZE is for datagrams).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

enum { SIZE = 64 << 20 };

static void without_blocking(const char *bytes)
{
	struct exp_pair pair = exp_pair();
	ssize_t first, n;
	int error;

	first = send(pair.client, bytes, SIZE, MSG_DONTWAIT | MSG_NOSIGNAL);
	/* The kernel moves some on to the receiver: fill what is left. */
	do {
		n = send(pair.client, bytes, SIZE, MSG_DONTWAIT | MSG_NOSIGNAL);
		error = errno;
	} while (n > 0);
	exp_did("non-blocking send() of %d bytes; nobody reads", SIZE);
	exp_saw("it took %zd bytes; again until it takes none: %s", first,
		strerror(error));
	exp_expect(first > 0 && first < SIZE && n == -1 && error == EAGAIN,
		   "a part, and in the end EAGAIN");
	exp_close_pair(&pair);
}

static void blocking(const char *bytes)
{
	static char sink[1 << 20];
	struct exp_pair pair = exp_pair();
	pid_t reader = exp_fork();
	int status = -1;
	ssize_t sent;

	if (!reader) {
		size_t got = 0;
		ssize_t n;

		close(pair.client);
		while ((n = recv(pair.server, sink, sizeof(sink), 0)) > 0)
			got += (size_t)n;
		_exit(got != SIZE);
	}
	sent = send(pair.client, bytes, SIZE, MSG_NOSIGNAL);
	exp_close_pair(&pair);
	waitpid(reader, &status, 0);
	exp_did("blocking send() of %d bytes; a child reads", SIZE);
	exp_saw("one call returned %zd", sent);
	exp_expect(sent == SIZE && !status, "all of it, and all arrived");
}

int main(void)
{
	char *bytes;

	exp_begin("send-larger-than-buffer", "send() fails if the data is "
					     "larger than the send buffer");
	bytes = calloc(1, SIZE);
	if (!bytes)
		exp_die("calloc");
	without_blocking(bytes);
	blocking(bytes);
	free(bytes);
	return exp_end(EXP_FALSE, "a blocking send() waits for room and sends "
				  "all; a non-blocking one takes a part, then "
				  "says EAGAIN");
}
