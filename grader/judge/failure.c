/* SPDX-License-Identifier: MIT */
/*
 * The first failure is the one that is told: what fails on the way to the end
 * is its consequence.
 */
#include "failure_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static failure_end at_end;
static bool failing;
static int infra_errno;

void failure_at_end(failure_end end)
{
	at_end = end;
}

int failure_errno(void)
{
	return infra_errno;
}

static _Noreturn void end_test(enum outcome outcome, const char *expected,
			       const char *got)
{
	if (at_end)
		at_end(outcome, expected, got);
	else
		fprintf(stderr, "expected %s, got %s\n", expected, got);
	_exit(1);
}

void judge_fail(enum outcome outcome, const char *expected, const char *got_fmt,
		...)
{
	char got[4096];
	va_list ap;

	if (failing)
		_exit(1);
	failing = true;
	va_start(ap, got_fmt);
	vsnprintf(got, sizeof(got), got_fmt, ap);
	va_end(ap);
	end_test(outcome, expected, got);
}

void judge_infra(const char *fmt, ...)
{
	int err = errno;
	char got[512];
	va_list ap;
	int n;

	if (failing)
		_exit(1);
	failing = true;
	infra_errno = err;
	va_start(ap, fmt);
	n = vsnprintf(got, sizeof(got), fmt, ap);
	va_end(ap);
	if (err && n >= 0 && (size_t)n < sizeof(got))
		snprintf(got + n, sizeof(got) - (size_t)n, ": %s",
			 strerror(err));
	end_test(OUTCOME_INFRA, "the judge to be able to do its work", got);
}

void judge_skip(const char *needed, const char *fmt, ...)
{
	char got[512];
	va_list ap;

	if (failing)
		_exit(1);
	failing = true;
	va_start(ap, fmt);
	vsnprintf(got, sizeof(got), fmt, ap);
	va_end(ap);
	end_test(OUTCOME_SKIP, needed, got);
}

void *judge_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		judge_infra("%zu bytes of memory", size);
	return p;
}

char *judge_format(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = judge_vformat(fmt, ap);
	va_end(ap);
	return s;
}

char *judge_vformat(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		judge_infra("memory");
	return s;
}
