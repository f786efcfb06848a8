/* SPDX-License-Identifier: MIT */
#include "asked.h"

#include <dlfcn.h>
#include <errno.h>
#include <unistd.h>

#include "util.h"

static bool looking, well;
static size_t whole, left;
static int fail_errno;		/* of the call that is to fail; 0: none */
static unsigned int calls_left; /* until that */

static ssize_t note(size_t asked, ssize_t moved)
{
	if (looking && asked != left)
		well = false;
	if (moved > 0)
		left -= (size_t)moved;
	return moved;
}

/* How many bytes this call is to move of LEN; -1: it is the one that fails. */
static ssize_t allowed(size_t len)
{
	if (!looking || !fail_errno)
		return (ssize_t)len;
	if (calls_left-- > 0)
		return (ssize_t)MIN(len, 1);
	errno = fail_errno;
	fail_errno = 0;
	return -1;
}

/* A definition in the program comes before the one in libc. */
ssize_t read(int fd, void *buf, size_t len)
{
	static ssize_t (*real)(int, void *, size_t);
	ssize_t n = allowed(len);

	if (n < 0)
		return note(len, -1);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "read");
	return note(len, real(fd, buf, (size_t)n));
}

ssize_t write(int fd, const void *buf, size_t len)
{
	static ssize_t (*real)(int, const void *, size_t);
	ssize_t n = allowed(len);

	if (n < 0)
		return note(len, -1);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "write");
	return note(len, real(fd, buf, (size_t)n));
}

void asked_begin(size_t len)
{
	looking = well = true;
	whole = left = len;
}

bool asked_end(ssize_t moved)
{
	looking = false;
	fail_errno = 0;
	return well && (moved <= 0 || left < whole);
}

void asked_fail(int error, unsigned int calls)
{
	fail_errno = error;
	calls_left = calls;
}
