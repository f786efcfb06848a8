/* SPDX-License-Identifier: MIT */
/*
 * When its fork(2) fails, Criterion's runner calls kill(-1, SIGKILL) to be rid
 * of its workers: that ends everything the user has running, and as root the
 * whole system. The shared library's calls come to this kill(), since the
 * program's own symbols go first.
 */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int kill(pid_t pid, int sig)
{
	if (pid == -1 || pid == 0) {
		errno = EPERM;
		return -1;
	}
	return (int)syscall(SYS_kill, pid, sig);
}
