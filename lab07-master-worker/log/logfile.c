/* SPDX-License-Identifier: MIT */
/* The new file is there before the old one goes: no line falls in between. */
#include "logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int logfile_prepare(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY,
		    0600);
}

int logfile_use(int fd)
{
	int err;

	if (fd == STDERR_FILENO)
		return 0;
	err = dup2(fd, STDERR_FILENO) < 0 ? errno : 0;
	close(fd);
	errno = err;
	return err ? -1 : 0;
}

int logfile_open(const char *path)
{
	int fd = logfile_prepare(path);

	return fd < 0 ? -1 : logfile_use(fd);
}
