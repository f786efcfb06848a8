/* SPDX-License-Identifier: MIT */
/* Atomic counters: threads add to them, and nothing depends on their order. */
#include "practice/counts.h"

#include <stdio.h>

static long counts[COUNT_END];

void count_add(enum count which, long n)
{
	__atomic_add_fetch(&counts[which], n, __ATOMIC_RELAXED);
}

void count_most(enum count which, long n)
{
	long old = __atomic_load_n(&counts[which], __ATOMIC_RELAXED);

	while (old < n &&
	       !__atomic_compare_exchange_n(&counts[which], &old, n, 0,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

void count_opened(void)
{
	long n = __atomic_add_fetch(&counts[COUNT_open], 1, __ATOMIC_RELAXED);

	count_add(COUNT_connections, 1);
	count_most(COUNT_most_open, n);
}

void count_closed(void)
{
	count_add(COUNT_open, -1);
}

void count_forget(void)
{
	count_add(COUNT_connections, -1);
	count_add(COUNT_open, -1);
}

size_t counts_print(char *text, size_t size)
{
	static const char *const names[] = {
#define COUNT_NAME(name, help) #name,
		COUNTS(COUNT_NAME)
#undef COUNT_NAME
	};
	size_t len = 0;

	for (int i = 0; i < COUNT_END; i++)
		len += snprintf(text + len, size - len, "%s %ld\n", names[i],
				__atomic_load_n(&counts[i], __ATOMIC_RELAXED));
	return len;
}

void counts_help(void)
{
#define COUNT_HELP(name, help) printf("  %-19s %s\n", #name, help);
	COUNTS(COUNT_HELP)
#undef COUNT_HELP
}
