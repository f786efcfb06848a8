/* SPDX-License-Identifier: MIT */
/*
 * Without TCP_NODELAY the second of two short messages is sent when the first
 * is acknowledged (Nagle's algorithm, RFC 896), and the other end takes its time
 * with that if it was told to (TCP_QUICKACK, tcp(7)): 40 ms. Milliseconds say
 * little on a busy machine, so they are counted in turns of another connection:
 * the program was handed the second message before the first of these.
 */
#include "sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define ROUNDS	    10
#define TURNS	    20
#define ESTABLISHED 1
#define KEEPALIVE   2	 /* the timer that runs, proc_net_tcp */
#define MINUTE	    6000 /* in hundredths of a second */

static bool is_port(const char *address, unsigned int port)
{
	return !address ||
	       (unsigned int)atoi(strrchr(address, ':') + 1) == port;
}

/* Whether LINE of /proc/net/tcp is of this connection, and a probe is due. */
static bool is_probed(const char *line, const char *local, const char *remote)
{
	unsigned int from, to, state, timer, left;

	return sscanf(line, "%*s %*8x:%4x %*8x:%4x %2x %*x:%*x %2x:%8x", &from,
		      &to, &state, &timer, &left) == 5 &&
	       is_port(local, from) && is_port(remote, to) &&
	       state == ESTABLISHED && timer == KEEPALIVE && left > 0 &&
	       left <= MINUTE;
}

static bool one_is_probed(const char *local, const char *remote)
{
	FILE *file = fopen("/proc/net/tcp", "re");
	char line[512];
	bool probed = false;

	if (!file)
		judge_infra("no /proc/net/tcp");
	while (!probed && fgets(line, sizeof(line), file))
		probed = is_probed(line, local, remote);
	fclose(file);
	return probed;
}

void sockets_probed(const char *local, const char *remote)
{
	judge_step("the socket from %s to %s", local ? local : "any",
		   remote ? remote : "any");
	judge_until(one_is_probed(local, remote), "its silence is probed in a "
						  "minute at most");
}

/* Bytes that have arrived at C. */
static int arrived(const struct peer *c)
{
	int n;

	if (ioctl(peer_fd(c), FIONREAD, &n) < 0)
		judge_infra("FIONREAD");
	return n;
}

void sockets_hold_nothing(struct peer *from, struct peer *to, struct peer *a,
			  struct peer *b)
{
	const int off = 0;

	for (int i = 0; i < ROUNDS; i++) {
		int turns = 0;

		if (setsockopt(peer_fd(to), IPPROTO_TCP, TCP_QUICKACK, &off,
			       sizeof(off)) < 0)
			judge_infra("TCP_QUICKACK");
		peer_send(from, "1", 1);
		judge_until(arrived(to) == 1, "the first message arrives");
		peer_send(from, "2", 1);
		while (arrived(to) < 2) {
			judge_check(turns++ < TURNS,
				    "a second short message at once "
				    "(TCP_NODELAY)",
				    "nothing, while others had %d turns",
				    TURNS);
			peer_across(a, 1, b, 1);
		}
		peer_skip(to, 2);
	}
}
