/* SPDX-License-Identifier: MIT */
/*
 * util - the few macros that every file may use.
 */
#ifndef COMMON_UTIL_H
#define COMMON_UTIL_H

#include <errno.h>
#include <stddef.h>

/* The number of elements of the array ARR (not of a pointer). */
#define ARRAY_LEN(arr) (sizeof(arr) / sizeof((arr)[0]))

/* The structure of type TYPE whose MEMBER is at PTR. */
#define CONTAINER_OF(ptr, type, member) \
	((type *)((char *)(ptr)-offsetof(type, member)))

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/*
 * The body of a function that a student has yet to write: uses up the
 * arguments, so that the starter builds without a warning, and sets errno to
 * ENOSYS ("function not implemented"), which is what the error message says.
 *
 *	int frob(int fd)
 *	{
 *		TODO(fd);
 *		return -1;
 *	}
 */
#define TODO(...) (todo_ignore(0, ##__VA_ARGS__), (void)(errno = ENOSYS))

static inline void todo_ignore(int unused, ...)
{
	(void)unused;
}

#endif
