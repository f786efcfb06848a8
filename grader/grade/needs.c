/* SPDX-License-Identifier: MIT */
/*
 * Few of these can be asked for exactly: a port may be free and yet be taken
 * when a test wants it. So what is asked for is more than most tests need.
 */
#include "needs.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "util.h"

#define FILES_MIN     1024  /* open at a time; a test for more says so */
#define FILES_MAX     65536 /* more than the largest test opens */
#define PROCESSES_MIN 256
#define ROOM_MIN      (16 << 20) /* bytes that a run may write */
#define INODES_MIN    500
#define PORTS_MIN     4000 /* to be given out by the kernel */
#define PORTS_FREE    64   /* at one time, now */

/* The soft limit of RESOURCE, raised to MOST if the hard one allows it. */
static rlim_t limit_of(int resource, rlim_t most)
{
	struct rlimit r;

	if (getrlimit(resource, &r) < 0)
		return RLIM_INFINITY;
	if (r.rlim_cur < most) {
		r.rlim_cur = MIN(most, r.rlim_max);
		setrlimit(resource, &r);
		getrlimit(resource, &r);
	}
	return r.rlim_cur;
}

static bool numbers_suffice(void)
{
	rlim_t files = limit_of(RLIMIT_NOFILE, FILES_MAX);
	rlim_t processes = limit_of(RLIMIT_NPROC, PROCESSES_MIN);

	if (files < FILES_MIN)
		fprintf(stderr,
			"grade: only %llu files may be open here (ulimit -n); "
			"the tests need %d\n",
			(unsigned long long)files, FILES_MIN);
	/* This limit does not hold root (setrlimit(2)). */
	else if (processes < PROCESSES_MIN && geteuid() != 0)
		fprintf(stderr,
			"grade: only %llu processes may run here (ulimit -u); "
			"the tests need %d\n",
			(unsigned long long)processes, PROCESSES_MIN);
	else
		return true;
	return false;
}

/* A disk that gets full under way would look like a program's mistake. */
static bool has_room(const char *folder)
{
	struct statvfs fs;

	if (statvfs(folder, &fs) < 0)
		return true;
	if ((uint64_t)fs.f_bavail * fs.f_frsize >= ROOM_MIN &&
	    (!fs.f_files || fs.f_favail >= INODES_MIN))
		return true;
	fprintf(stderr,
		"grade: the disk of %s is full: %llu MiB and %llu files are "
		"free, and the tests need %d and %d\n",
		folder, (unsigned long long)fs.f_bavail * fs.f_frsize >> 20,
		(unsigned long long)fs.f_favail, ROOM_MIN >> 20, INODES_MIN);
	return false;
}

/* What is built and what was graded are kept in ROOT/build. */
static bool can_build(const char *root)
{
	char build[PATH_MAX + sizeof("/build")];

	snprintf(build, sizeof(build), "%s/build", root);
	if (access(build, F_OK) < 0)
		build[strlen(root)] = '\0';
	if (access(build, W_OK) == 0)
		return has_room(build) && has_room(getenv("TMPDIR") ?: "/tmp");
	fprintf(stderr, "grade: cannot write to %s: %s\n", build,
		strerror(errno));
	return false;
}

static int give_port(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* How many ports, up to PORTS_FREE, can be had at one time. */
static int free_ports(void)
{
	int fds[PORTS_FREE];
	int n = 0;

	while (n < PORTS_FREE && (fds[n] = give_port()) >= 0)
		n++;
	for (int i = 0; i < n; i++)
		close(fds[i]);
	return n;
}

static bool ports_suffice(void)
{
	FILE *f = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	int low = 1, high = 65535;
	int n;

	if (f) {
		if (fscanf(f, "%d %d", &low, &high) != 2)
			low = 1;
		fclose(f);
	}
	n = high - low + 1 < PORTS_MIN ? high - low + 1 : free_ports();
	if (high - low + 1 >= PORTS_MIN && n == PORTS_FREE)
		return true;
	fprintf(stderr,
		"grade: only %d ports of 127.0.0.1 can be had here "
		"(net.ipv4.ip_local_port_range is %d to %d); the tests need "
		"%d, %d of them at a time\n",
		n, low, high, PORTS_MIN, PORTS_FREE);
	return false;
}

bool needs_are_met(const char *root, bool ports)
{
	return numbers_suffice() && (!root || can_build(root)) &&
	       (!ports || ports_suffice());
}
