/* SPDX-License-Identifier: MIT */
/*
 * POLLOUT says that there is room to send, and on a connection that is not
 * backed up there always is: tcp_poll() reports it while a third of the send
 * buffer is free (__sk_stream_is_writeable()). A loop that always asks for it
 * never sleeps. So ask only while there are bytes that did not fit.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { WAITS = 10000, WAIT_MS = 100 };

int main(void)
{
	struct exp_pair pair;
	int64_t start, took;
	int returned = 0;
	short events;

	exp_begin("writable-spin", "always ask for POLLOUT, to be safe");
	pair = exp_pair();
	start = clock_ms();
	while (returned < WAITS &&
	       exp_poll(pair.client, POLLIN | POLLOUT, WAIT_MS) == POLLOUT)
		returned++;
	took = clock_ms() - start;
	exp_did("poll() for IN|OUT, up to %d ms each, on an idle connection",
		WAIT_MS);
	exp_saw("%d calls, each back at once with OUT: %lld ms together",
		returned, (long long)took);
	exp_expect(returned == WAITS && took < (int64_t)WAITS * WAIT_MS / 10,
		   "all %d, and none of them waits", WAITS);

	start = clock_ms();
	events = exp_poll(pair.client, POLLIN, WAIT_MS);
	took = clock_ms() - start;
	exp_did("poll() for IN alone, once");
	exp_saw("it slept for %lld ms and returned %d", (long long)took,
		events);
	exp_expect(!events && took >= WAIT_MS, "the full %d ms", WAIT_MS);

	exp_fill(pair.client);
	events = exp_poll(pair.client, POLLOUT, WAIT_MS);
	exp_did("fill the connection, poll() for OUT");
	exp_saw("%s", events ? "writable" : "it sleeps");
	exp_expect(!events, "it sleeps: now, and only now, OUT is news");
	exp_close_pair(&pair);
	return exp_end(EXP_FALSE, "an idle socket is writable: the loop "
				  "spins. Ask while there is something to "
				  "write");
}
