/* SPDX-License-Identifier: MIT */
/*
 * What a test needs of the machine that it runs on. Where there is less, that is
 * told before the program under test can be blamed for it.
 */
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "failure_internal.h"
#include "judge.h"
#include "uring_refusal.h"

/* Where the judge may have a ring, the programs that it starts may, too. */
void judge_needs_uring(int major, int minor)
{
	const char *why = uring_refusal(major, minor);

	if (why)
		judge_skip("io_uring to be allowed here", "%s", why);
}

/* A container often has IPv6 in its kernel, and no address of it. */
bool judge_has_ipv6(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6,
				    .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 &&
		   bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0;

	if (fd >= 0)
		close(fd);
	if (!has)
		judge_step("no IPv6 here: IPv4 alone is tried");
	return has;
}

void judge_needs_descriptors(size_t n)
{
	struct rlimit limit = { 0, 0 };

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		judge_infra("getrlimit");
	if (limit.rlim_max < n)
		judge_infra("only %llu descriptors may be open here (ulimit "
			    "-n); this test needs %zu",
			    (unsigned long long)limit.rlim_max, n);
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		judge_infra("setrlimit");
}
