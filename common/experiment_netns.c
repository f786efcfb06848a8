/* SPDX-License-Identifier: MIT */
/*
 * Root may make a network namespace. Others may where user namespaces are
 * allowed to them, since they are root in the one that they make. For that the
 * kernel wants to be told which user outside stands for root inside, and that
 * setgroups(2) is off before it is told the group.
 */
#include "experiment_netns.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "experiment.h"

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		exp_skip("cannot write %s: %s", path, strerror(errno));
}

void exp_netns_enter(void)
{
	unsigned uid = geteuid(), gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWNET) == 0)
		return;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		exp_skip("needs a network namespace (root, or user "
			 "namespaces): %s",
			 strerror(errno));
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
}

void exp_netns_ip(const char *commands)
{
	FILE *ip = popen("ip -batch - >/dev/null 2>&1", "we");

	if (!ip)
		exp_die("popen");
	/* If there is no ip(8), nobody reads; pclose() tells it. */
	signal(SIGPIPE, SIG_IGN);
	fputs(commands, ip);
	if (pclose(ip) != 0)
		exp_skip("ip(8) is missing, or may not do this here: %.*s",
			 (int)strcspn(commands, "\n"), commands);
}

void exp_netns_set(const char *name, int value)
{
	char path[128], text[16];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", name);
	snprintf(text, sizeof(text), "%d", value);
	write_file(path, text);
}
