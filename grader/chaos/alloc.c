/* SPDX-License-Identifier: MIT */
/*
 * Memory: one allocation fails, all are counted. The real functions are found
 * with dlsym(3), which may itself want memory before it has found them: for
 * that there is a small spare store, whose pieces are never given back.
 */
#include "chaos_internal.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static char spare[8192] __attribute__((aligned(16)));
static size_t spare_used;
static bool looking; /* only before main, so in one thread */

static bool is_spare(const void *p)
{
	return (const char *)p >= spare &&
	       (const char *)p < spare + sizeof(spare);
}

static void *spare_get(size_t size)
{
	void *p = spare + spare_used;

	size = (size + 15) & ~(size_t)15;
	if (size > sizeof(spare) - spare_used)
		return NULL;
	spare_used += size;
	return p; /* zero, as nobody had it before */
}

/* The real function of F, or NULL while we are looking for one. */
static void *find(enum chaos_function f)
{
	static void *found[CHAOS_FUNCTION_COUNT];
	void *p = __atomic_load_n(&found[f], __ATOMIC_RELAXED);

	if (p || looking)
		return p;
	looking = true;
	p = chaos_real(f);
	looking = false;
	__atomic_store_n(&found[f], p, __ATOMIC_RELAXED);
	return p;
}

#define FIND(name) ((__typeof__(&name))find(CHAOS_##name))

CHAOS_API void *malloc(size_t size)
{
	__typeof__(&malloc) real = FIND(malloc);

	if (!real)
		return spare_get(size);
	return chaos_alloc(CHAOS_malloc) ? NULL : real(size);
}

CHAOS_API void *calloc(size_t n, size_t size)
{
	__typeof__(&calloc) real = FIND(calloc);

	if (!real)
		return spare_get(n * size);
	return chaos_alloc(CHAOS_calloc) ? NULL : real(n, size);
}

CHAOS_API void *realloc(void *old, size_t size)
{
	__typeof__(&realloc) real = FIND(realloc);
	void *p;

	if (real && !is_spare(old))
		return chaos_alloc(CHAOS_realloc) ? NULL : real(old, size);
	p = malloc(size);
	if (p && old) {
		size_t left = (size_t)(spare + sizeof(spare) - (char *)old);

		memcpy(p, old, size < left ? size : left);
	}
	return p;
}

/* Nobody asks for aligned memory while the real functions are looked for. */
CHAOS_API void *aligned_alloc(size_t alignment, size_t size)
{
	__typeof__(&aligned_alloc) real = FIND(aligned_alloc);

	return !real || chaos_alloc(CHAOS_aligned_alloc)
		       ? NULL
		       : real(alignment, size);
}

CHAOS_API void *memalign(size_t alignment, size_t size)
{
	__typeof__(&memalign) real = FIND(memalign);

	return !real || chaos_alloc(CHAOS_memalign) ? NULL
						    : real(alignment, size);
}

CHAOS_API int posix_memalign(void **p, size_t alignment, size_t size)
{
	__typeof__(&posix_memalign) real = FIND(posix_memalign);

	return !real || chaos_alloc(CHAOS_posix_memalign)
		       ? ENOMEM
		       : real(p, alignment, size);
}

CHAOS_API void free(void *p)
{
	__typeof__(&free) real = FIND(free);

	if (!real || is_spare(p))
		return;
	chaos_alloc(CHAOS_free);
	real(p);
}
