/* SPDX-License-Identifier: MIT */
/*
 * do_epoll_ctl() looks first whether the file has a poll method
 * (file_can_poll()): regular files have none, they are always "ready". An
 * epoll descriptor can be watched, but not by itself, not in a circle, and not
 * nested deeper than EP_MAX_NESTS (ep_loop_check()), as a wake-up climbs
 * through all of them. EPOLLEXCLUSIVE is for ADD and few other flags.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"

static void check(const char *what, int error, int want)
{
	exp_did("%s", what);
	exp_saw("%s", error ? strerror(error) : "works");
	exp_expect(error == want, "%s", want ? strerror(want) : "works");
}

/* Each watches the one before; returns how many fit, and the error. */
static int nest(int *error)
{
	int inner = exp_epoll(), depth = 1;

	*error = 0;
	while (!*error && depth < 32) {
		int outer = exp_epoll();

		*error = exp_epoll_try(outer, EPOLL_CTL_ADD, inner, EPOLLIN);
		inner = outer;
		depth += !*error;
	}
	return depth;
}

int main(void)
{
	int epfd, other, file, event, error, depth;

	exp_begin("refused-file", "epoll takes any descriptor");
	epfd = exp_epoll();
	other = exp_epoll();
	event = eventfd(0, EFD_CLOEXEC);
	file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (file < 0)
		exp_skip("needs /proc");
	check("ADD of a regular file",
	      exp_epoll_try(epfd, EPOLL_CTL_ADD, file, EPOLLIN), EPERM);
	check("ADD of the epoll descriptor itself",
	      exp_epoll_try(epfd, EPOLL_CTL_ADD, epfd, EPOLLIN), EINVAL);
	check("ADD of another epoll descriptor",
	      exp_epoll_try(epfd, EPOLL_CTL_ADD, other, EPOLLIN), 0);
	check("and the other way round, a circle",
	      exp_epoll_try(other, EPOLL_CTL_ADD, epfd, EPOLLIN), ELOOP);
	depth = nest(&error);
	exp_did("nest epoll in epoll in epoll");
	exp_saw("%d fit into each other, then: %s", depth, strerror(error));
	exp_expect(error == ELOOP && depth < 10, "ELOOP before long");
	check("ADD with EXCLUSIVE and ONESHOT",
	      exp_epoll_try(epfd, EPOLL_CTL_ADD, event,
			    EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT),
	      EINVAL);
	check("ADD with EXCLUSIVE",
	      exp_epoll_try(epfd, EPOLL_CTL_ADD, event,
			    EPOLLIN | EPOLLEXCLUSIVE),
	      0);
	check("then MOD", exp_epoll_try(epfd, EPOLL_CTL_MOD, event, EPOLLIN),
	      EINVAL);
	return exp_end(EXP_FALSE, "not regular files, not itself, no circles "
				  "and no deep nests, and EXCLUSIVE only with "
				  "ADD");
}
