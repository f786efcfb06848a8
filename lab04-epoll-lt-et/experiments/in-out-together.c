/* SPDX-License-Identifier: MIT */
/*
 * The wake-up only puts the item on the ready list; which event it was for is
 * forgotten. ep_send_events() then asks the file for its whole state
 * (ep_item_poll(), tcp_poll()) and reports all that was asked for and holds.
 * So OUT beside IN is no edge of OUT, and a handler must not take it for one.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000, QUIET_MS = 50 };

int main(void)
{
	struct exp_pair pair;
	uint32_t events;
	int epfd;

	exp_begin("in-out-together", "an IN edge reports IN alone");
	pair = exp_pair();
	epfd = exp_epoll();
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server,
		      EPOLLIN | EPOLLOUT | EPOLLET);
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	if (events != EPOLLOUT || exp_epoll_next(epfd, QUIET_MS, NULL))
		exp_die("not just OUT at first");
	exp_did("IN|OUT|ET on an idle connection");
	exp_saw("OUT once, then nothing");

	exp_send(pair.client, "x");
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	exp_did("a byte arrives");
	exp_saw("%s (0x%x)", exp_epoll_names(events), events);
	exp_expect(events == (EPOLLIN | EPOLLOUT), "IN|OUT: both hold");

	exp_fill(pair.server);
	while (exp_epoll_next(epfd, QUIET_MS, NULL))
		; /* acknowledgements may have made room in between */
	exp_send(pair.client, "x");
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	exp_did("fill the other direction; another byte arrives");
	exp_saw("%s (0x%x)", exp_epoll_names(events), events);
	exp_expect(events == EPOLLIN, "IN: there is no room to send");
	exp_close_pair(&pair);
	close(epfd);
	return exp_end(EXP_FALSE, "an event reports all that was asked for "
				  "and holds at that moment");
}
