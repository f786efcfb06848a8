/* SPDX-License-Identifier: MIT */
/*
 * format - results for other systems. A format is one file of this folder: it
 * prints what public.h shows of a result, and makes itself known by FORMAT().
 * Its name in grader/sources.mk links it in.
 */
#ifndef GRADE_FORMAT_H
#define GRADE_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "result.h"

struct format {
	const char *name;   /* what --format takes */
	const char *suffix; /* of a file's name, without the dot */
	bool one_lab;	    /* the system's file is about one assignment */
	/* Writes the labs to F. 0, or -1 with errno. */
	int (*print)(FILE *f, const struct lab_result *results, size_t count);
};

/*
 * The linker gathers a pointer to each format in the section `formats`, so
 * that no list has to be kept in step.
 */
#define FORMAT(NAME, SUFFIX, ONE_LAB, PRINT)                              \
	static const struct format this_format = { NAME, SUFFIX, ONE_LAB, \
						   PRINT };               \
	static const struct format *const this_entry                      \
		__attribute__((used, section("formats"))) = &this_format

/* The format NAME, or NULL. */
const struct format *format_named(const char *name);

/*
 * Writes the labs in every format, as DIR/NAME.SUFFIX; DIR is made. 0, or -1
 * with errno.
 */
int format_write_all(const char *dir, const struct lab_result *results,
		     size_t count);

/* All names with a space between, in the order of the alphabet. */
void format_say_names(FILE *f);

#endif
