/* SPDX-License-Identifier: MIT */
/*
 * After an ET event the item is off the ready list, whatever is left in the
 * buffer; only a new wake-up puts it back. A server that reads a part of the
 * request and waits, while the client waits for the answer to all of it, waits
 * for ever. Under LT ep_send_events() puts the item back at the tail, and the
 * next wait asks the socket again.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { REQUEST = 100, PART = 40, DEADLINE_MS = 5000, STALL_MS = 300 };

/* Reads PART after each event until no event comes; returns bytes read. */
static int read_parts(int epfd, int fd)
{
	int deadline = DEADLINE_MS, total = 0;
	char part[PART];

	while (total < REQUEST && exp_epoll_next(epfd, deadline, NULL)) {
		total += (int)recv(fd, part, PART, MSG_DONTWAIT);
		deadline = STALL_MS;
	}
	return total;
}

static int serve(struct exp_pair *pair, uint32_t mode, int *epfd)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;
	char request[REQUEST + 1];

	for (int i = 0; i < REQUEST; i++)
		request[i] = 'x';
	request[REQUEST] = '\0';
	exp_send(pair->client, request);
	while (exp_unread(pair->server) < REQUEST && exp_tick(deadline))
		;
	*epfd = exp_epoll();
	exp_epoll_ctl(*epfd, EPOLL_CTL_ADD, pair->server, EPOLLIN | mode);
	return read_parts(*epfd, pair->server);
}

int main(void)
{
	struct exp_pair pair;
	uint32_t events;
	int got, epfd;

	exp_begin("et-stall", "ET without draining just costs latency");
	pair = exp_pair();
	got = serve(&pair, 0, &epfd);
	exp_did("LT: a request of %d bytes, one recv() of %d an event", REQUEST,
		PART);
	exp_saw("read %d bytes", got);
	exp_expect(got == REQUEST, "all of them");
	exp_close_pair(&pair);
	close(epfd);

	pair = exp_pair();
	got = serve(&pair, EPOLLET, &epfd);
	exp_did("ET: the same; the client waits for the answer");
	exp_saw("read %d bytes, then no event in %d ms with %d unread", got,
		STALL_MS, exp_unread(pair.server));
	exp_expect(got == PART, "%d: the rest is never reported", PART);
	exp_send(pair.client, "y");
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	exp_did("the client sends one byte more");
	exp_saw("%s", exp_epoll_names(events));
	exp_expect(events == EPOLLIN, "IN: now, with what the peer sends next");
	exp_close_pair(&pair);
	close(epfd);
	return exp_end(EXP_FALSE, "the rest waits until the peer sends again: "
				  "for ever, if the peer waits for you");
}
