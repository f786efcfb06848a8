/* SPDX-License-Identifier: MIT */
/*
 * failure - how a test ends before its time, from wherever it is.
 *
 * Everything may fail, so this is below everything: what has to be done with
 * the programs then is told to it from above.
 */
#ifndef JUDGE_FAILURE_INTERNAL_H
#define JUDGE_FAILURE_INTERNAL_H

#include <stdarg.h>
#include "judge.h"

/*
 * Called once, when the test fails: looks at the programs, writes the report
 * and leaves. EXPECTED and GOT are sentences.
 */
typedef void (*failure_end)(enum outcome outcome, const char *expected,
			    const char *got);

/* Before this is called, a failure is a line on standard error and status 1. */
void failure_at_end(failure_end end);

/* The errno at judge_infra(); 0 if there was none. */
int failure_errno(void);

/* Memory, all zero; the test ends if there is none. */
void *judge_alloc(size_t size);
/* asprintf(3) and vasprintf(3) that never fail; malloc'd. */
char *judge_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *judge_vformat(const char *fmt, va_list ap);

#endif
