/* SPDX-License-Identifier: MIT */
/*
 * clone(2) and not unshare(2): the caller stays where it is, and goes on to see
 * every process by its own /proc.
 */
#include "pid_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int put(const char *path, const char *fmt, unsigned int a,
	       unsigned int b)
{
	char text[64];
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int len = snprintf(text, sizeof(text), fmt, a, b);
	int rc;

	if (fd < 0)
		return -1;
	rc = write(fd, text, (size_t)len) == len ? 0 : -1;
	close(fd);
	return rc;
}

/* The same ids inside as outside: files keep their owners. */
static int map_ids(uid_t uid, gid_t gid)
{
	int rc = -1;

	/* grade is not dumpable: its /proc/self/uid_map is root's (proc(5)). */
	prctl(PR_SET_DUMPABLE, 1);
	if (put("/proc/self/uid_map", "%u %u 1\n", uid, uid) ||
	    put("/proc/self/setgroups", "deny\n", 0, 0))
		goto out;
	rc = put("/proc/self/gid_map", "%u %u 1\n", gid, gid);
out:
	prctl(PR_SET_DUMPABLE, 0);
	return rc;
}

/*
 * /proc to match, and a /dev/shm of its own: Criterion names shared memory after
 * its processes, and what a killed one left there would be in a later one's way.
 */
static int own_mounts(void)
{
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, NULL))
		return -1;
	return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     NULL);
}

/* As fork(2), but the child is pid 1 of a namespace. */
static pid_t fork_apart(bool user)
{
	unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | SIGCHLD;

	if (user)
		flags |= CLONE_NEWUSER;
	return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0UL);
}

/*
 * Init. Numbers go on from MARK, which no other namespace has now: what is named
 * after a process (Criterion's socket in /tmp) must not be called alike in two.
 */
static _Noreturn void init(void (*command)(void *arg), void *arg,
			   unsigned int mark, int out)
{
	pid_t first, pid;
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (put("/proc/sys/kernel/ns_last_pid", "%u", mark, 0))
		_exit(126);
	first = fork();
	if (first == 0) {
		close(out);
		command(arg);
		_exit(127);
	}
	do
		pid = waitpid(-1, &status, 0);
	while (pid != first && (pid > 0 || errno == EINTR));
	if (pid == first && write(out, &status, sizeof(status)) < 0)
		_exit(1);
	_exit(0);
}

pid_t pid_namespace_start(void (*command)(void *arg), void *arg, int *status_fd)
{
	unsigned int mark = (unsigned int)getpid();
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int pipefd[2];
	pid_t pid;

	if (pipe2(pipefd, O_CLOEXEC))
		return -1;
	pid = fork_apart(uid != 0);
	if (pid == 0) {
		close(pipefd[0]);
		if ((uid && map_ids(uid, gid)) || own_mounts())
			_exit(126);
		init(command, arg, mark, pipefd[1]);
	}
	close(pipefd[1]);
	if (pid < 0)
		close(pipefd[0]);
	*status_fd = pipefd[0];
	return pid;
}

/* Whether COMMAND exits with 0 in a namespace. */
static bool succeeds(void (*command)(void *arg))
{
	int fd, status = -1;
	bool works;
	pid_t pid = pid_namespace_start(command, NULL, &fd);

	if (pid < 0)
		return false;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	works = read(fd, &status, sizeof(status)) == sizeof(status) &&
		status == 0;
	close(fd);
	return works;
}

static void nothing(void *arg)
{
	(void)arg;
	_exit(0);
}

bool pid_namespace_works(void)
{
	static int works = -1;

	if (works < 0)
		works = succeeds(nothing);
	return works;
}

/* One more besides init and this one; their end is init's. */
static void start_one_of_two(void *arg)
{
	const struct rlimit three = { 3, 3 };

	(void)arg;
	if (setrlimit(RLIMIT_NPROC, &three))
		_exit(1);
	for (int started = 0; started < 2; started++) {
		pid_t pid = fork();

		if (pid < 0)
			_exit(started != 1 || errno != EAGAIN);
		if (pid == 0) {
			pause();
			_exit(1);
		}
	}
	_exit(1);
}

bool pid_namespace_counts(void)
{
	static int counts = -1;

	if (counts < 0)
		counts = geteuid() && succeeds(start_one_of_two);
	return counts;
}
