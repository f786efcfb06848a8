/* SPDX-License-Identifier: MIT */
/*
 * A socket begins in the state CLOSE, and for that state tcp_poll() says HUP,
 * which cannot be masked out; and OUT, since a send would not wait, only fail.
 * Once connect(2) has begun (SYN_SENT) it says nothing at all until there is
 * an answer. So: connect first, then ADD.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { QUIET_MS = 100 };

/* Its accept queue is full, so a further connect stays in SYN_SENT. */
static int full_listener(int *filler)
{
	int listener = exp_listener(0);

	*filler = exp_connect(listener);
	if (!exp_poll(listener, POLLIN, 5000))
		exp_die("nothing in the accept queue");
	return listener;
}

int main(void)
{
	int epfd, fresh, begun, listener, filler;
	struct sockaddr_in to;
	uint32_t events;

	exp_begin("unconnected", "a fresh socket is silent in epoll");
	epfd = exp_epoll();
	fresh = exp_socket(SOCK_NONBLOCK);
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, fresh, EPOLLIN);
	events = exp_epoll_next(epfd, 0, NULL);
	exp_did("socket(), ADD for IN");
	exp_saw("%s (0x%x), at once", exp_epoll_names(events), events);
	exp_expect(events == EPOLLHUP, "HUP, unasked");
	exp_epoll_ctl(epfd, EPOLL_CTL_MOD, fresh, EPOLLIN | EPOLLOUT);
	events = exp_epoll_next(epfd, 0, NULL);
	exp_did("MOD for IN|OUT");
	exp_saw("%s (0x%x)", exp_epoll_names(events), events);
	exp_expect(events == (EPOLLOUT | EPOLLHUP), "OUT|HUP (0x14)");
	close(fresh);

	listener = full_listener(&filler);
	to = exp_address(listener);
	begun = exp_socket(SOCK_NONBLOCK);
	connect(begun, (struct sockaddr *)&to, sizeof(to));
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, begun, EPOLLIN | EPOLLOUT);
	events = exp_epoll_next(epfd, QUIET_MS, NULL);
	exp_did("socket(), connect() to a peer that does not answer, ADD");
	exp_saw("%s; it is %s", exp_epoll_names(events),
		exp_tcp_state_name(exp_tcp_state(begun)));
	exp_expect(!events && exp_tcp_state(begun) == TCP_SYN_SENT,
		   "none while it is SYN_SENT");
	close(begun);
	close(filler);
	close(listener);
	close(epfd);
	return exp_end(EXP_FALSE, "it reports OUT and HUP at once: connect() "
				  "before ADD");
}
