/* SPDX-License-Identifier: MIT */
/*
 * Objects know their sources by absolute path, in the .d files beside them. A
 * copy of a build folder is good for make only when these name the copy.
 */
#include "files.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <utime.h>

#include "command.h"
#include "mem.h"

#define COPY_MS	   300000
#define FOLDERS	   16 /* open at the same time */
#define DEPEND_MAX (1 << 20)

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void files_remove(const char *path)
{
	nftw(path, remove_one, FOLDERS, FTW_DEPTH | FTW_PHYS);
}

int files_make_folder(const char *path)
{
	char *part = mem_strdup(path);
	int rc;

	for (char *c = part + 1; *c; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		mkdir(part, 0755);
		*c = '/';
	}
	rc = mkdir(part, 0755);
	free(part);
	return rc && errno != EEXIST ? -1 : 0;
}

int files_copy(const char *from, const char *to)
{
	const char *argv[] = { "cp", "-a", "--", from, to, NULL };
	struct keeper_job job = { .argv = argv, .deadline_ms = COPY_MS };
	char *above = mem_strndup(to, strrchr(to, '/') - to);
	struct keeper_end end;
	int rc = files_make_folder(above);

	free(above);
	if (rc)
		return -1;
	if (command_run(&job, &end) == RUN_STOPPED || !command_is_good(&end))
		rc = -1;
	keeper_end_free(&end);
	return rc;
}

/* nftw() has no argument for its callback. */
static const char *moved_from, *moved_to;

/* Writes TEXT with the old path as the new one, and leaves PATH its times. */
static void rewrite(const char *path, const char *text, const struct stat *st)
{
	struct utimbuf times = { st->st_atime, st->st_mtime };
	FILE *f = fopen(path, "we");
	size_t len = strlen(moved_from);
	const char *at;

	if (!f)
		return;
	while ((at = strstr(text, moved_from))) {
		fprintf(f, "%.*s%s", (int)(at - text), text, moved_to);
		text = at + len;
	}
	fputs(text, f);
	fclose(f);
	utime(path, &times);
}

static int move_one(const char *path, const struct stat *st, int type,
		    struct FTW *ftw)
{
	size_t len = strlen(path);
	char *text;

	(void)ftw;
	if (type != FTW_F || len < 2 || strcmp(path + len - 2, ".d"))
		return 0;
	text = mem_read_file(path, DEPEND_MAX, NULL);
	if (text)
		rewrite(path, text, st);
	free(text);
	return 0;
}

void files_move_depends(const char *path, const char *from, const char *to)
{
	char *old = mem_printf("%s/", from);
	char *new = mem_printf("%s/", to);

	moved_from = old;
	moved_to = new;
	nftw(path, move_one, FOLDERS, FTW_PHYS);
	moved_from = moved_to = NULL;
	free(new);
	free(old);
}
