/* SPDX-License-Identifier: MIT */
/*
 * For scripts that cut(1): OUTCOME POINTS MAX MILLISECONDS SUITE/NAME.
 */
#include "print.h"

void print_plain(FILE *f, const struct lab_result *lr)
{
	for (size_t i = 0; i < lr->lab->test_count; i++) {
		const struct result *r = &lr->results[i];

		if (r->fresh)
			fprintf(f, "%s\t%d\t%d\t%lld\t%s\n",
				outcome_name(r->outcome), r->points,
				r->test->points, (long long)r->ms, r->test->id);
	}
}
