/* SPDX-License-Identifier: MIT */
/*
 * The three processes share a pair of sockets. The daemon writes its status to
 * one end; if it dies first, the kernel closes that end, and the starter reads
 * the end of file. So the starter needs no time-out, and cannot wait for ever.
 *
 * The starter must not hold the daemon's end itself, or the end of file would
 * never come. The same is true of the daemon's own children, which is why the
 * descriptor is returned: they close it.
 *
 * A pipe would do as well, but for one thing: write(2) to a pipe whose reader
 * was killed raises SIGPIPE, and send(2) can be told not to.
 *
 * A pid file is three facts that have to agree: a name, a lock and a number.
 * The lock is what counts. It is taken on an open file, and the name may have
 * been removed since open(2), or belong to another file by now; so the name is
 * looked up again once the lock is held.
 */
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define UMASK 027

/* Waits for what the daemon says; never returns. */
static void __attribute__((noreturn)) starter_ends(int end, pid_t middle)
{
	unsigned char status = EXIT_FAILURE;
	ssize_t n;

	while (waitpid(middle, NULL, 0) < 0 && errno == EINTR)
		;
	do
		n = recv(end, &status, sizeof(status), 0);
	while (n < 0 && errno == EINTR);
	/* No exit(3): what the caller registered is the daemon's to do. */
	_exit(status);
}

/* In the middle process: forks the daemon and ends. Returns in the daemon. */
static void become_daemon(void)
{
	pid_t pid;

	if (setsid() < 0)
		_exit(EXIT_FAILURE);
	pid = fork();
	if (pid < 0) {
		perror("cannot start a daemon");
		_exit(EXIT_FAILURE);
	}
	if (pid > 0)
		_exit(EXIT_SUCCESS);
	umask(UMASK);
	if (chdir("/") < 0)
		_exit(EXIT_FAILURE);
}

int daemon_start(void)
{
	int ends[2];
	pid_t middle;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	/* What stdio holds would be written by each of the three. */
	fflush(NULL);
	middle = fork();
	if (middle < 0) {
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	if (middle > 0) {
		close(ends[1]);
		starter_ends(ends[0], middle);
	}
	close(ends[0]);
	become_daemon();
	return ends[1];
}

int daemon_silence(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int result;

	if (null < 0)
		return -1;
	if (null == fd) /* it was closed; dup2() would leave CLOEXEC on */
		return fcntl(fd, F_SETFD, 0);
	result = dup2(null, fd);
	close(null);
	return result < 0 ? -1 : 0;
}

void daemon_report(int end, int status)
{
	const unsigned char byte = (unsigned char)status;

	while (send(end, &byte, sizeof(byte), MSG_NOSIGNAL) < 0 &&
	       errno == EINTR)
		;
	close(end);
}

/* Locks FD's file for this process; 0, or -1 with errno and *OWNER. */
static int lock(int fd, pid_t *owner)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	while (fcntl(fd, F_SETLK, &whole) < 0) {
		if (errno != EACCES && errno != EAGAIN)
			return -1;
		if (fcntl(fd, F_GETLK, &whole) < 0)
			return -1;
		if (whole.l_type != F_UNLCK) {
			*owner = whole.l_pid;
			errno = EEXIST;
			return -1;
		}
		/* The owner ended in between. */
		whole.l_type = F_WRLCK;
	}
	return 0;
}

static bool is_regular(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	errno = EINVAL;
	return S_ISREG(st.st_mode);
}

/* Whether PATH is still the name of the file that FD has open. */
static bool is_named(int fd, const char *path)
{
	struct stat opened, named;

	return fstat(fd, &opened) == 0 && stat(path, &named) == 0 &&
	       opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* Opens and locks the file that has the name PATH: its descriptor, or -1. */
static int open_locked(const char *path, pid_t *owner)
{
	int fd, err;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		if (fd < 0)
			return -1;
		if (!is_regular(fd) || lock(fd, owner) < 0)
			break;
		if (is_named(fd, path))
			return fd;
		close(fd);
	}
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

int pidfile_create(const char *path, pid_t *owner)
{
	int fd = open_locked(path, owner);
	char text[32];
	int n = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	ssize_t written;
	int err;

	if (fd < 0)
		return -1;
	if (ftruncate(fd, 0) == 0) {
		written = write(fd, text, (size_t)n);
		if (written == n)
			return fd;
		if (written >= 0)
			errno = ENOSPC;
	}
	err = errno;
	pidfile_remove(path, fd);
	errno = err;
	return -1;
}

void pidfile_remove(const char *path, int fd)
{
	if (fd < 0)
		return;
	unlink(path);
	close(fd);
}
