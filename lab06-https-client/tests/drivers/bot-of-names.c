/* SPDX-License-Identifier: MIT */
/*
 * bot-of-names is bot where two.test has two addresses, 127.0.0.2 and then
 * 127.0.0.1. All other names are libc's.
 */
#include <netdb.h>
#include <string.h>

int __real_getaddrinfo(const char *host, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found);
int __wrap_getaddrinfo(const char *host, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found);

int __wrap_getaddrinfo(const char *host, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found)
{
	struct addrinfo **end = found;
	int ret;

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
