/* SPDX-License-Identifier: MIT */
/*
 * The linker puts the entries in the order of its objects, which sources.mk
 * lists by the alphabet. __start_ and __stop_ are its names for the ends of a
 * section (ld(1), "Orphan Sections").
 */
#include "format.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mem.h"

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

static int write_one(const struct format *format, const char *dir,
		     const struct lab_result *results, size_t count)
{
	char *path = mem_printf("%s/%s.%s", dir, format->name, format->suffix);
	FILE *f = fopen(path, "we");
	int rc = f ? format->print(f, results, count) : -1;

	if (f && fclose(f))
		rc = -1;
	free(path);
	return rc;
}

int format_write_all(const char *dir, const struct lab_result *results,
		     size_t count)
{
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return -1;
	for (const struct format *const *f = __start_formats;
	     f < __stop_formats; f++) {
		if (write_one(*f, dir, results, count))
			return -1;
	}
	return 0;
}

void format_say_names(FILE *out)
{
	for (const struct format *const *f = __start_formats;
	     f < __stop_formats; f++)
		fprintf(out, "%s%s", f == __start_formats ? "" : " ",
			(*f)->name);
}
