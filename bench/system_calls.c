/* SPDX-License-Identifier: MIT */
/*
 * The number of a tracepoint is in tracefs. Where that is not mounted, it is
 * mounted here, in a mount namespace of our own that ends with us.
 */
#include "system_calls.h"

#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRACEFS "/sys/kernel/tracing"

static void mount_tracefs(void)
{
	if (access(TRACEFS "/events", F_OK) == 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return;
	mount("tracefs", TRACEFS, "tracefs", 0, NULL);
}

static int tracepoint(void)
{
	FILE *f;
	int id = -1;

	mount_tracefs();
	f = fopen(TRACEFS "/events/raw_syscalls/sys_enter/id", "re");
	if (f && fscanf(f, "%d", &id) != 1)
		id = -1;
	if (f)
		fclose(f);
	return id;
}

int system_calls_open(pid_t pid)
{
	int id = tracepoint();
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = (uint64_t)id,
	};

	if (id < 0)
		return -1;
	return (int)syscall(SYS_perf_event_open, &attr, pid, -1, -1,
			    PERF_FLAG_FD_CLOEXEC);
}

uint64_t system_calls_read(int counter)
{
	uint64_t n = 0;

	if (counter >= 0 && read(counter, &n, sizeof(n)) != sizeof(n))
		n = 0;
	return n;
}
