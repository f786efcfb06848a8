/* SPDX-License-Identifier: MIT */
/*
 * rename(2) replaces the name that it is given, so a symbolic link has to be
 * resolved first, or the link itself would go.
 */
#include "server/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

/* Reads FD to its end, or MAX bytes of it. */
static char *read_all(int fd, size_t max, size_t *len)
{
	size_t size = 65536, got = 0;
	char *data = NULL, *bigger;
	ssize_t n = 1;

	while (n > 0) {
		bigger = realloc(data, size + 1);
		if (!bigger)
			break;
		data = bigger;
		n = read(fd, data + got, MIN(size, max) - got);
		if (n < 0)
			break;
		got += (size_t)n;
		if (got == size)
			size *= 2;
	}
	if (n != 0) {
		free(data);
		return NULL;
	}
	data[got] = '\0';
	*len = got;
	return data;
}

char *load_file(const char *path, size_t max, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *data;
	int err;

	if (fd < 0)
		return NULL;
	data = read_all(fd, max, len);
	err = errno;
	close(fd);
	errno = err;
	return data;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* The directory that PATH is in, to the disk. */
static void sync_directory(const char *path)
{
	char *dir = strdup(path);
	char *slash = dir ? strrchr(dir, '/') : NULL;
	int fd;

	if (slash) {
		slash[slash == dir] = '\0';
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0) {
			fsync(fd);
			close(fd);
		}
	}
	free(dir);
}

/* Fills FD, the new file, and gives it what OLD has. */
static int fill(int fd, const struct stat *old, const char *data, size_t len)
{
	/* Only root may give a file away; whoever cannot keeps it. */
	if (fchown(fd, old->st_uid, old->st_gid) < 0 && errno != EPERM)
		return -1;
	if (fchmod(fd, old->st_mode & 07777) < 0)
		return -1;
	if (write_all(fd, data, len) < 0)
		return -1;
	return fsync(fd);
}

int save_file(const char *path, const char *data, size_t len)
{
	char *real = realpath(path, NULL);
	char *beside = NULL;
	struct stat old;
	int fd = -1, err;

	if (!real || stat(real, &old) < 0 ||
	    asprintf(&beside, "%s.XXXXXX", real) < 0)
		goto failed;
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		goto failed;
	if (fill(fd, &old, data, len) < 0 || rename(beside, real) < 0) {
		err = errno;
		unlink(beside);
		errno = err;
		goto failed;
	}
	close(fd);
	sync_directory(real);
	free(beside);
	free(real);
	return 0;
failed:
	err = errno;
	if (fd >= 0)
		close(fd);
	free(beside);
	free(real);
	errno = err;
	return -1;
}
