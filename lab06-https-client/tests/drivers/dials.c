/* SPDX-License-Identifier: MIT */
#include "dials.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int __real_connect(int fd, const struct sockaddr *sa, socklen_t len);
int __wrap_connect(int fd, const struct sockaddr *sa, socklen_t len);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char dialled[8192];

static void note(const char *address, unsigned int scope)
{
	size_t n;

	pthread_mutex_lock(&mutex);
	n = strlen(dialled);
	/* What does not fit any more is left out as a whole. */
	if (n + INET6_ADDRSTRLEN + 16 < sizeof(dialled)) {
		n += (size_t)sprintf(dialled + n, " %s", address);
		if (scope)
			sprintf(dialled + n, "%%%u", scope);
	}
	pthread_mutex_unlock(&mutex);
}

/* Notes an address of IPv6; is it a link-local one? */
static bool note_in6(const struct sockaddr_in6 *in6)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text));
	note(text, in6->sin6_scope_id);
	return IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr);
}

int __wrap_connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	const void *any = sa;
	const struct sockaddr_in *in = any;
	char text[INET_ADDRSTRLEN];

	if (sa->sa_family == AF_INET) {
		inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
		note(text, 0);
	} else if (sa->sa_family == AF_INET6 && note_in6(any)) {
		errno = ENETUNREACH;
		return -1;
	}
	return __real_connect(fd, sa, len);
}

const char *dials_take(void)
{
	static char taken[sizeof(dialled)];

	pthread_mutex_lock(&mutex);
	strcpy(taken, dialled);
	dialled[0] = '\0';
	pthread_mutex_unlock(&mutex);
	return taken;
}
