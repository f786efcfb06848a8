/* SPDX-License-Identifier: MIT */
#include "counted.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../grader/chaos/chaos.h"

static bool is_memory(int function)
{
	return function >= CHAOS_malloc && function <= CHAOS_free;
}

uint64_t counted_calls(const char *table)
{
	struct chaos_table t;
	uint64_t sum = 0;
	FILE *f;

	if (!table)
		return 0;
	f = fopen(table, "re");
	if (!f || fread(&t, sizeof(t), 1, f) != 1) {
		fprintf(stderr, "%s: %s\n", table, strerror(errno));
		exit(1);
	}
	fclose(f);
	for (int i = 0; i < CHAOS_FUNCTION_COUNT; i++)
		if (!is_memory(i))
			sum += t.count[i].calls;
	return sum;
}
