/* SPDX-License-Identifier: MIT */
/*
 * bot-of-names is bot where two.test has two addresses, 127.0.0.2 and then
 * 127.0.0.1, and slow.test has 127.0.0.2, once the file "answer" is there; "asked"
 * and "answered" tell how far it is. It takes 400 ms to find late.test, which is
 * 127.0.0.1. All other names are libc's.
 */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

int __real_getaddrinfo(const char *host, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found);
int __wrap_getaddrinfo(const char *host, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found);

static void tell(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		abort();
	close(fd);
}

static int find_slow(const char *service, const struct addrinfo *hints,
		     struct addrinfo **found)
{
	int ret;

	tell("asked");
	while (access("answer", F_OK) < 0)
		usleep(1000);
	ret = __real_getaddrinfo("127.0.0.2", service, hints, found);
	tell("answered");
	return ret;
}

int __wrap_getaddrinfo(const char *host, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found)
{
	struct addrinfo **end = found;
	int ret;

	if (host && strcmp(host, "slow.test") == 0)
		return find_slow(service, hints, found);
	if (host && strcmp(host, "late.test") == 0) {
		usleep(400000);
		return __real_getaddrinfo("127.0.0.1", service, hints, found);
	}
	if (!host || strcmp(host, "two.test") != 0)
		return __real_getaddrinfo(host, service, hints, found);
	ret = __real_getaddrinfo("127.0.0.2", service, hints, found);
	if (ret)
		return ret;
	while (*end)
		end = &(*end)->ai_next;
	ret = __real_getaddrinfo("127.0.0.1", service, hints, end);
	if (ret)
		freeaddrinfo(*found);
	return ret;
}
