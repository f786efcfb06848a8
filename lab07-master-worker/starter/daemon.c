/* SPDX-License-Identifier: MIT */
/*
 * Task 3. Two forks and a setsid(2) make the daemon. What is left is to think of
 * who holds which end: the starter waits for a byte or for the end of file, and
 * the end of file comes only when nobody holds the other end any more.
 */
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

/*
 * The starter leaves with _exit(2): what atexit(3) and stdio hold is the
 * daemon's, and must not be done twice.
 */
int daemon_start(void)
{
	TODO(0);
	return -1;
}

/* What if FD is closed, so that open(2) returns just this number? */
int daemon_silence(int fd)
{
	TODO(fd);
	return -1;
}

/* send(2) with MSG_NOSIGNAL, where write(2) would raise SIGPIPE. */
void daemon_report(int end, int status)
{
	TODO(end, status);
}

/*
 * fcntl(2), F_SETLK; F_GETLK tells who has the lock. Between your open(2) and
 * your lock, the owner may have removed the file: then you hold the lock of a
 * file without a name, and have to begin again.
 */
int pidfile_create(const char *path, pid_t *owner)
{
	TODO(path, owner);
	return -1;
}

void pidfile_remove(const char *path, int fd)
{
	TODO(path, fd);
}
