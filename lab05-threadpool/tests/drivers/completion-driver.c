/* SPDX-License-Identifier: MIT */
/*
 * completion-driver - completion_create() where there is a descriptor for its
 * reserve and none for its ring, and then where there is: what it says, and
 * how many descriptors are open more than before.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "completion.h"

#define NUMBERS 64 /* no descriptor here has a higher one */

static int count_open(void)
{
	int n = 0;

	for (int fd = 0; fd < NUMBERS; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Only SPARE descriptors more can be opened; -1: as many as before. */
static void limit(int spare)
{
	static struct rlimit before;
	struct rlimit now;
	int next;

	if (!before.rlim_max)
		getrlimit(RLIMIT_NOFILE, &before);
	now = before;
	next = open("/dev/null", O_RDONLY | O_CLOEXEC);
	close(next);
	if (spare >= 0)
		now.rlim_cur = (rlim_t)(next + spare);
	setrlimit(RLIMIT_NOFILE, &now);
}

int main(void)
{
	static const struct completion_options options = {
		.ceiling = 65536,
		.buffers = 8,
		.completions = 64,
	};
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct completion *c;
	int before, error, stop[2];

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&sin, sizeof(sin)) ||
	    listen(listener, 16) || pipe2(stop, O_CLOEXEC)) {
		perror("listen");
		return 3;
	}
	before = count_open();
	limit(1);
	c = completion_create(listener, stop[0], &options);
	error = errno;
	limit(-1);
	printf("%s, %d descriptors more\n",
	       c ? "created" : strerrorname_np(error), count_open() - before);
	completion_destroy(c);
	c = completion_create(listener, stop[0], &options);
	completion_destroy(c);
	printf("%s, %d descriptors more\n",
	       c ? "created and destroyed" : "not created",
	       count_open() - before);
	return 0;
}
