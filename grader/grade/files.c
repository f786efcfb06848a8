/* SPDX-License-Identifier: MIT */
/*
 * Objects know their sources by absolute path, in the .d files beside them. A
 * copy of a build folder is good for make only when these name the copy.
 *
 * A copy has the times of what it was made of, and whoever writes to it changes
 * them: so a look at the times says what has to be copied again.
 */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "mem.h"

#define COPY_MS	   300000
#define FOLDERS	   16 /* open at the same time */
#define DEPEND_MAX (1 << 20)
#define COPY_CHUNK (1 << 24)

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

/* The bytes and times of the regular file FROM. */
static int copy_bytes(const char *from, const char *to, const struct stat *st)
{
	const struct timespec times[] = { st->st_atim, st->st_mtim };
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		       st->st_mode & 07777);
	ssize_t n = -1;

	if (in >= 0 && out >= 0) {
		do {
			n = copy_file_range(in, NULL, out, NULL, COPY_CHUNK, 0);
		} while (n > 0);
		if (n == 0)
			n = futimens(out, times);
	}
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return n == 0 ? 0 : -1;
}

static bool is_as_it_was(const struct stat *a, const struct stat *b)
{
	return a->st_mode == b->st_mode &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int renew_file(const char *from, const char *to, const struct stat *st)
{
	struct stat is;

	if (lstat(to, &is) == 0) {
		if (is_as_it_was(st, &is))
			return 0;
		files_remove(to);
	}
	if (S_ISREG(st->st_mode) && !copy_bytes(from, to, st))
		return 0;
	files_remove(to);
	return files_copy(from, to);
}

/* For each name in the folder PATH; stops at the first that is not 0. */
static int each_name(const char *path, int (*call)(const char *, const char *),
		     const char *from, const char *to)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	int rc = dir ? 0 : -1;

	while (!rc && dir && (e = readdir(dir))) {
		char *a, *b;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		a = mem_printf("%s/%s", from, e->d_name);
		b = mem_printf("%s/%s", to, e->d_name);
		rc = call(a, b);
		free(b);
		free(a);
	}
	if (dir)
		closedir(dir);
	return rc;
}

static int remove_if_new(const char *from, const char *to)
{
	struct stat st;

	if (lstat(from, &st))
		files_remove(to);
	return 0;
}

int files_renew(const char *from, const char *to)
{
	struct stat st, is;

	if (lstat(from, &st)) {
		files_remove(to);
		return 0;
	}
	if (!S_ISDIR(st.st_mode))
		return renew_file(from, to, &st);
	if (lstat(to, &is) || !S_ISDIR(is.st_mode)) {
		files_remove(to);
		return files_copy(from, to);
	}
	return each_name(to, remove_if_new, from, to)
		       ?: each_name(from, files_renew, from, to);
}

/* nftw() has no argument for its callback. */
static const char *moved_from, *moved_to;

/* Writes TEXT with the old path as the new one, and leaves PATH its times. */
static void rewrite(const char *path, const char *text, const struct stat *st)
{
	const struct timespec times[] = { st->st_atim, st->st_mtim };
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
	fflush(f);
	futimens(fileno(f), times);
	fclose(f);
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
	if (text && strstr(text, moved_from))
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
