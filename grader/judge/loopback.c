/* SPDX-License-Identifier: MIT */
/*
 * A packet to the loopback device lies in a queue of the processor that sent it,
 * until the softirq there takes it on; where that is left to ksoftirqd, as on a
 * busy machine, send(2) and close(2) have returned long before (net/core/dev.c,
 * enqueue_to_backlog). The queue is first in, first out: a datagram that goes
 * last, from each processor, has all others before it.
 */
#include "loopback_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "deadline_internal.h"
#include "judge.h"
#include "patience_internal.h"

/* A socket that sends to itself. */
static int loop_open(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr *at = (struct sockaddr *)&a;
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, at, len) || getsockname(fd, at, &len) ||
	    connect(fd, at, len))
		judge_infra("a datagram socket on 127.0.0.1: %s",
			    strerror(errno));
	return fd;
}

static void loop_once(int fd)
{
	char byte = 0;

	if (send(fd, &byte, 1, 0) != 1 ||
	    !patience_wait_fd(fd, POLLIN, judge_deadline()) ||
	    recv(fd, &byte, 1, 0) != 1)
		judge_infra("a datagram to 127.0.0.1 has not come: %s",
			    strerror(errno));
}

void loopback_wait(void)
{
	int fd = loop_open();
	cpu_set_t ours, one;

	if (sched_getaffinity(0, sizeof(ours), &ours))
		judge_infra("sched_getaffinity: %s", strerror(errno));
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &ours))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		/* One that went off line or was taken from us has no queue of ours. */
		if (sched_setaffinity(0, sizeof(one), &one) == 0)
			loop_once(fd);
	}
	sched_setaffinity(0, sizeof(ours), &ours);
	close(fd);
}
