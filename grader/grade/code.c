/* SPDX-License-Identifier: MIT */
/*
 * Which code a result is about: a hash (FNV-1a, 64 bits) of the sources and
 * headers in the lab's folder and of the modules that it uses. The order of
 * glob(3) is that of the names, so the same files give the same number.
 */
#include "code.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define FILE_MAX (8 << 20)

bool code_is_source(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (*name == '.' || *name == '#' || !strncmp(name, "flycheck_", 9))
		return false;
	return dot && (!strcmp(dot, ".c") || !strcmp(dot, ".h"));
}

static uint64_t add(uint64_t hash, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)data[i]) * 0x100000001b3;
	return hash;
}

/* Adds the names and contents of the files ROOT/PLACE. */
static uint64_t add_files(uint64_t hash, const char *root, const char *place)
{
	char *pattern = mem_printf("%s/%s", root, place);
	glob_t files;

	if (glob(pattern, 0, NULL, &files) == 0) {
		for (size_t i = 0; i < files.gl_pathc; i++) {
			const char *path = files.gl_pathv[i];
			const char *name = path + strlen(root);
			size_t len = 0;
			char *data;

			if (!code_is_source(strrchr(path, '/') + 1))
				continue;
			data = mem_read_file(path, FILE_MAX, &len);
			hash = add(hash, name, strlen(name) + 1);
			hash = add(hash, data ? data : "", data ? len : 0);
			free(data);
		}
		globfree(&files);
	}
	free(pattern);
	return hash;
}

uint64_t code_hash(const struct lab *lab, const char *uses)
{
	char *list = mem_strdup(uses);
	char *place = mem_printf("%s/*.[ch]", lab->dir);
	uint64_t hash = add_files(0xcbf29ce484222325, lab->root, place);
	char *save = NULL;

	free(place);
	for (char *module = strtok_r(list, " ", &save); module;
	     module = strtok_r(NULL, " ", &save)) {
		place = mem_printf("%s.[ch]", module);
		hash = add_files(hash, lab->root, place);
		free(place);
	}
	free(list);
	/* 0 is for "not known"; and a JSON integer has a sign. */
	hash &= INT64_MAX;
	return hash ? hash : 1;
}
