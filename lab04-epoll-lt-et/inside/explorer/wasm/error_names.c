/* SPDX-License-Identifier: MIT */
/* The names of the errors that simulated calls set. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "util.h"

#define NAME(error)            \
	{                      \
		error, #error, \
	}

static const struct {
	int error;
	const char *name;
} names[] = {
	NAME(EAGAIN), NAME(EBADF),  NAME(EBUSY),    NAME(ECONNRESET),
	NAME(EEXIST), NAME(EINVAL), NAME(ELOOP),    NAME(EMFILE),
	NAME(ENOENT), NAME(ENOMEM), NAME(ENOTCONN), NAME(ENOTSOCK),
	NAME(EPERM),  NAME(EPIPE),
};

const char *strerrorname_np(int error)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].error == error)
			return names[i].name;
	return NULL;
}
