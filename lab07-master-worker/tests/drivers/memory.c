/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

static size_t held;
static unsigned long until_failure;
static bool failing;

static bool fails(void)
{
	if (until_failure && !--until_failure)
		failing = true;
	if (failing)
		errno = ENOMEM;
	return failing;
}

size_t memory_held(void)
{
	return held;
}

void memory_fail(unsigned long n)
{
	until_failure = n;
	failing = false;
}

void memory_mend(void)
{
	memory_fail(0);
}

static void *taken(void *p)
{
	held += malloc_usable_size(p);
	return p;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : taken(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : taken(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t size)
{
	size_t before = malloc_usable_size(p);
	void *q;

	if (fails())
		return NULL;
	q = __real_realloc(p, size);
	if (q || !size)
		held -= before;
	return taken(q);
}

void __wrap_free(void *p)
{
	held -= malloc_usable_size(p);
	__real_free(p);
}
