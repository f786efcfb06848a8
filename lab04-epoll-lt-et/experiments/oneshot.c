/* SPDX-License-Identifier: MIT */
/*
 * When ep_send_events() reports a ONESHOT item it clears all of its mask but
 * the private bits (EP_PRIVATE_BITS), and ep_poll_callback() ignores items
 * with no other bit: disarmed, even for errors and hang-ups. The item stays in
 * the tree, so ADD says EEXIST, and MOD arms it again.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000, QUIET_MS = 100 };

int main(void)
{
	const uint32_t mask = EPOLLIN | EPOLLONESHOT;
	struct exp_pair pair;
	uint32_t events;
	int epfd, error;

	exp_begin("oneshot", "ONESHOT removes the descriptor");
	pair = exp_pair();
	epfd = exp_epoll();
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server, mask);
	exp_send(pair.client, "x");
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	exp_did("IN|ONESHOT, a byte arrives");
	exp_saw("%s", exp_epoll_names(events));
	exp_expect(events == EPOLLIN, "IN");

	exp_send(pair.client, "x");
	exp_reset(pair.client);
	exp_poll(pair.server, POLLHUP, DEADLINE_MS);
	events = exp_epoll_next(epfd, QUIET_MS, NULL);
	exp_did("another byte, then even a reset");
	exp_saw("%s in %d ms", exp_epoll_names(events), QUIET_MS);
	exp_expect(!events, "none: it is disarmed, for errors too");

	error = exp_epoll_try(epfd, EPOLL_CTL_ADD, pair.server, mask);
	exp_did("EPOLL_CTL_ADD again");
	exp_saw("%s", error ? strerror(error) : "it works");
	exp_expect(error == EEXIST, "EEXIST: it never left");

	exp_epoll_ctl(epfd, EPOLL_CTL_MOD, pair.server, mask);
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	exp_did("EPOLL_CTL_MOD");
	exp_saw("%s", exp_epoll_names(events));
	exp_expect((events & (EPOLLIN | EPOLLERR)) == (EPOLLIN | EPOLLERR),
		   "all that was missed, at once");
	close(pair.server);
	close(epfd);
	return exp_end(EXP_FALSE, "it stays, disarmed, until EPOLL_CTL_MOD: "
				  "forget that, and it is silent for ever");
}
