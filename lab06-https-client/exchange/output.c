/* SPDX-License-Identifier: MIT */
/* O_EXCL makes sure that what we write to, and remove, is what we have made. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct name {
	char text[32];
};

static struct name name_of(uint64_t number)
{
	struct name name;

	snprintf(name.text, sizeof(name.text), "%06" PRIu64 ".body", number);
	return name;
}

int output_open_dir(const char *path)
{
	int dir;

	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return -1;
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0 && access(path, W_OK | X_OK) < 0) {
		close(dir);
		return -1;
	}
	return dir;
}

int output_create(int dir, uint64_t number)
{
	return openat(dir, name_of(number).text,
		      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      0666);
}

int output_write(int fd, const char *data, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, data, len);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			len -= n;
		}
	}
	return 0;
}

int output_close(int fd)
{
	return close(fd);
}

void output_discard(int dir, uint64_t number, int fd)
{
	if (fd >= 0)
		close(fd);
	unlinkat(dir, name_of(number).text, 0);
}
