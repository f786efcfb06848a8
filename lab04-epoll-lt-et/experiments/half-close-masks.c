/* SPDX-License-Identifier: MIT */
/*
 * tcp_poll() keeps apart which direction is closed: RCV_SHUTDOWN (the peer's
 * FIN came) is IN|RDHUP, a read would return EOF at once; HUP is only when
 * both are closed (SHUTDOWN_MASK), when nothing can be done any more. A server
 * that takes RDHUP for HUP loses the answer to a half-closed request.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000, QUIET_MS = 50 };

static void show(const char *what, uint32_t events, uint32_t want)
{
	exp_did("%s", what);
	exp_saw("%s (0x%x)", exp_epoll_names(events), events);
	exp_expect(events == want, "0x%x", want);
}

int main(void)
{
	struct exp_pair pair;
	int epfd;

	exp_begin("half-close-masks", "RDHUP is HUP");
	pair = exp_pair();
	epfd = exp_epoll();
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server, EPOLLIN | EPOLLRDHUP);
	shutdown(pair.client, SHUT_WR);
	show("IN|RDHUP asked for; the peer half-closes",
	     exp_epoll_next(epfd, DEADLINE_MS, NULL), EPOLLIN | EPOLLRDHUP);

	exp_epoll_ctl(epfd, EPOLL_CTL_MOD, pair.server, EPOLLIN);
	show("IN alone asked for", exp_epoll_next(epfd, DEADLINE_MS, NULL),
	     EPOLLIN);
	exp_epoll_ctl(epfd, EPOLL_CTL_MOD, pair.server, 0);
	show("nothing asked for", exp_epoll_next(epfd, QUIET_MS, NULL), 0);

	exp_send(pair.server, "the answer");
	if (!exp_poll(pair.client, POLLIN, DEADLINE_MS))
		exp_die("no answer");
	exp_saw("the answer still goes out: %d bytes", exp_unread(pair.client));

	shutdown(pair.server, SHUT_WR);
	show("we close our half too; nothing asked for",
	     exp_epoll_next(epfd, DEADLINE_MS, NULL), EPOLLHUP);
	exp_epoll_ctl(epfd, EPOLL_CTL_MOD, pair.server, EPOLLIN | EPOLLRDHUP);
	show("IN|RDHUP asked for", exp_epoll_next(epfd, DEADLINE_MS, NULL),
	     EPOLLIN | EPOLLRDHUP | EPOLLHUP);
	exp_close_pair(&pair);
	close(epfd);
	return exp_end(EXP_FALSE, "RDHUP: the peer sends no more (0x2001); "
				  "HUP: both directions are closed (0x2011)");
}
