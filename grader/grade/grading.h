/* SPDX-License-Identifier: MIT */
/*
 * grading - the two halves of reading grading.ini: lines and sections
 * (grading.c), and what each key may say (grading_keys.c).
 */
#ifndef GRADE_GRADING_H
#define GRADE_GRADING_H

#include <stdio.h>

#include "lab.h"

struct grading {
	struct lab *lab;
	FILE *file;
	char *error;
	char **seen; /* "SECTION KEY", every one so far */
	size_t seen_count;
	bool goes_on; /* the line is indented */
	int line;
	int section_line; /* of the last line that begins with [ */
};

/* Keeps the first error, with file and line. Returns 0, as inih wants it. */
int grading_bad(struct grading *p, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets KEY of [lab], or of T's section. 1, or 0 after grading_bad(). */
int grading_lab_key(struct grading *p, const char *key, const char *value);
int grading_test_key(struct grading *p, struct test *t, const char *key,
		     const char *value);

int grading_check_key(struct grading *p, struct test *check, const char *key,
		      const char *value);
/* KEY, of [untested], is the reason; VALUE a quote. */
int grading_untested_key(struct grading *p, const char *key, const char *value);

#endif
