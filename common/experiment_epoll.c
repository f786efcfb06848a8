/* SPDX-License-Identifier: MIT */
/*
 * One event at a time, since most experiments have one descriptor, and ask
 * whether there is an event at all.
 */
#include "experiment_epoll.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "experiment.h"
#include "util.h"

int exp_epoll(void)
{
	int epfd = epoll_create1(EPOLL_CLOEXEC);

	if (epfd < 0)
		exp_die("epoll_create1");
	return epfd;
}

int exp_epoll_try(int epfd, int op, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return epoll_ctl(epfd, op, fd, &event) < 0 ? errno : 0;
}

void exp_epoll_ctl(int epfd, int op, int fd, uint32_t events)
{
	if (exp_epoll_try(epfd, op, fd, events))
		exp_die("epoll_ctl");
}

uint32_t exp_epoll_next(int epfd, int ms, int *fd)
{
	int64_t deadline = clock_ms() + ms;
	struct epoll_event event = { .data.fd = -1 };
	int n;

	do {
		n = epoll_wait(epfd, &event, 1, clock_left_ms(deadline));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		exp_die("epoll_wait");
	if (fd)
		*fd = n ? event.data.fd : -1;
	return n ? event.events : 0;
}

const char *exp_epoll_names(uint32_t events)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} known[] = {
		{ EPOLLIN, "IN" },   { EPOLLOUT, "OUT" },
		{ EPOLLERR, "ERR" }, { EPOLLHUP, "HUP" },
		{ EPOLLPRI, "PRI" }, { EPOLLRDHUP, "RDHUP" },
	};
	static char names[64];

	names[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (!(events & known[i].bit))
			continue;
		if (names[0])
			strcat(names, "|");
		strcat(names, known[i].name);
	}
	return names[0] ? names : "none";
}
