/* SPDX-License-Identifier: MIT */
/*
 * Task 3: from a text to a listening socket.
 *
 * listener.h says what is wanted. The steps: addr_split() (common/addr.h),
 * getaddrinfo(3), and for each address that it finds socket(2),
 * setsockopt(2), bind(2), listen(2), until one works.
 */
#include "listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "util.h"

int listener_open(const char *address, int backlog, const char **why)
{
	/*
	 * Several things are held on the way: a list from getaddrinfo(), a
	 * socket. On each way out, who gives them back? And does giving them
	 * back leave errno alone?
	 */
	TODO(address, backlog);
	*why = strerrordesc_np(errno);
	return -1;
}

int listener_port(int fd)
{
	/* getsockname(2) tells, in network byte order (byteorder(3)). */
	TODO(fd);
	return -1;
}
