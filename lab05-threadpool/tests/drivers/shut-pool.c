/* SPDX-License-Identifier: MIT */
/*
 * shut-pool - httpd whose pool is shut down before the first client comes, so
 * that it refuses every task with ESHUTDOWN. It is linked with
 * --wrap=pool_create, so that httpd's call comes here first.
 */
#include "pool.h"

struct pool *__real_pool_create(size_t threads, size_t capacity);
struct pool *__wrap_pool_create(size_t threads, size_t capacity);

struct pool *__wrap_pool_create(size_t threads, size_t capacity)
{
	struct pool *p = __real_pool_create(threads, capacity);

	if (p)
		pool_shutdown(p, POOL_DRAIN);
	return p;
}
