/* SPDX-License-Identifier: MIT */
/*
 * The linker puts the entries in the order of its objects, which sources.mk
 * lists by the alphabet. __start_ and __stop_ are its names for the ends of a
 * section (ld(1), "Orphan Sections").
 */
#include "format.h"

#include <string.h>

extern const struct format *const __start_formats[];
extern const struct format *const __stop_formats[];

const struct format *format_named(const char *name)
{
	for (const struct format *const *f = __start_formats;
	     f < __stop_formats; f++) {
		if (!strcmp((*f)->name, name))
			return *f;
	}
	return NULL;
}

void format_say_names(FILE *out)
{
	for (const struct format *const *f = __start_formats;
	     f < __stop_formats; f++)
		fprintf(out, " %s", (*f)->name);
}
