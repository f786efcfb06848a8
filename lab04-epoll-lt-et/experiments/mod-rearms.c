/* SPDX-License-Identifier: MIT */
/*
 * ep_modify() stores the new mask and then asks the file what is ready now
 * (ep_item_poll()), as ep_insert() does for ADD; if anything is, the item goes
 * on the ready list. So MOD with the same mask is how a program asks for
 * another look without new data.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000, QUIET_MS = 50 };

int main(void)
{
	const uint32_t mask = EPOLLIN | EPOLLET;
	uint32_t first, quiet, after, empty;
	struct exp_pair pair;
	char byte;
	int epfd;

	exp_begin("mod-rearms", "only new data re-arms ET");
	pair = exp_pair();
	epfd = exp_epoll();
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server, mask);
	exp_send(pair.client, "x");
	first = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	quiet = exp_epoll_next(epfd, QUIET_MS, NULL);
	exp_did("one byte arrives and is not read; two waits");
	exp_saw("first: %s", exp_epoll_names(first));
	exp_saw("second: %s", exp_epoll_names(quiet));
	exp_expect(first == EPOLLIN && !quiet, "IN, then nothing");

	exp_epoll_ctl(epfd, EPOLL_CTL_MOD, pair.server, mask);
	after = exp_epoll_next(epfd, 0, NULL);
	exp_did("EPOLL_CTL_MOD with the same mask");
	exp_saw("%s, at once", exp_epoll_names(after));
	exp_expect(after == EPOLLIN, "IN, though nothing new has come");

	recv(pair.server, &byte, 1, 0);
	exp_epoll_ctl(epfd, EPOLL_CTL_MOD, pair.server, mask);
	empty = exp_epoll_next(epfd, QUIET_MS, NULL);
	exp_did("read it, and EPOLL_CTL_MOD again");
	exp_saw("%s", exp_epoll_names(empty));
	exp_expect(!empty, "nothing: MOD looks, it does not invent");
	exp_close_pair(&pair);
	close(epfd);
	return exp_end(EXP_FALSE, "EPOLL_CTL_MOD does too: it looks at what "
				  "is ready now");
}
