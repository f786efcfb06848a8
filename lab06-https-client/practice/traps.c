/* SPDX-License-Identifier: MIT */
#include "practice/traps.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "sock.h"

#define BACKLOG 4096

/* The listeners that never accept. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int silent[TRAPS_MAX];
static size_t nsilent;

int traps_listen(const char *address, int backlog)
{
	const int on = 1;
	struct addr addr;
	int fd;

	if (addr_parse(address, &addr) < 0)
		return -1;
	fd = socket(addr.sa.sa_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &addr.sa, addr.len) < 0 ||
	    (backlog >= 0 && listen(fd, backlog) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A backlog of 0 has room for one: this one, which nobody will accept. */
static int fill(int listener)
{
	struct addr addr;
	int fd;

	if (sock_local(listener, &addr) < 0)
		return -1;
	fd = socket(addr.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return fd < 0 ? -1 : connect(fd, &addr.sa, addr.len);
}

int traps_open(const char *listen_on, enum trap trap)
{
	struct addr_hostport hp;
	char address[sizeof(hp.host) + 6];
	int backlog = BACKLOG, fd;

	if (addr_split(listen_on, &hp) < 0)
		return -1;
	snprintf(address, sizeof(address),
		 strchr(hp.host, ':') ? "[%s]:0" : "%s:0", hp.host);
	if (trap == TRAP_REFUSED)
		backlog = -1;
	else if (trap == TRAP_NEVER_ACCEPTS)
		backlog = 0;
	fd = traps_listen(address, backlog);
	if (fd >= 0 && trap == TRAP_NEVER_ACCEPTS) {
		if (fill(fd) < 0)
			return -1;
		if (nsilent < TRAPS_MAX)
			silent[nsilent++] = fd;
	}
	return fd;
}

void traps_drop(void)
{
	pthread_mutex_lock(&mutex);
	while (nsilent)
		close(silent[--nsilent]);
	pthread_mutex_unlock(&mutex);
}
