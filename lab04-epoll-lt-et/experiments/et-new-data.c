/* SPDX-License-Identifier: MIT */
/*
 * "Edge" makes people think of the buffer going from empty to non-empty. But
 * epoll does not look at the buffer then: each segment that arrives calls
 * sk_data_ready(), so the wait queue, so ep_poll_callback(), which puts the
 * item on the ready list. EPOLLET only means that ep_send_events() does not
 * put it back there after it has reported it.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { ARRIVALS = 5, DEADLINE_MS = 5000, QUIET_MS = 30 };

int main(void)
{
	int epfd, fired = 0, repeated = 0;
	struct exp_pair pair;

	exp_begin("et-new-data", "ET fires only when the buffer goes from "
				 "empty to non-empty");
	pair = exp_pair();
	epfd = exp_epoll();
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server, EPOLLIN | EPOLLET);
	exp_did("%d times: send a byte, wait; nothing is ever read", ARRIVALS);
	for (int i = 1; i <= ARRIVALS; i++) {
		exp_send(pair.client, "x");
		if (exp_epoll_next(epfd, DEADLINE_MS, NULL) != EPOLLIN)
			break;
		fired++;
		exp_saw("arrival %d: IN, with %d bytes unread", i,
			exp_unread(pair.server));
		if (exp_epoll_next(epfd, QUIET_MS, NULL))
			repeated++;
	}
	exp_expect(fired == ARRIVALS, "an event for each arrival");
	exp_saw("%d events without an arrival", repeated);
	exp_expect(!repeated, "none: the same bytes are not reported twice");
	exp_close_pair(&pair);
	close(epfd);
	return exp_end(EXP_FALSE, "each arrival fires again, also with old "
				  "data unread");
}
