/* SPDX-License-Identifier: MIT */
/*
 * Where things are: the programs under test, libchaos.so, and a private folder
 * for what a test needs on disk. `grade` says it in the environment; a test
 * binary started by hand finds it beside itself: it is build/gcc/LAB/tests/
 * graded, the programs are in build/gcc/LAB.
 */
#include "paths_internal.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "box_internal.h"
#include "failure_internal.h"

static char tmp[PATH_MAX];

/* The folder LEVELS above this binary. */
static char *above(int levels)
{
	char *path = realpath("/proc/self/exe", NULL);

	if (!path)
		judge_infra("/proc/self/exe");
	while (levels--) {
		char *slash = strrchr(path, '/');

		if (slash)
			*slash = '\0';
	}
	return path;
}

const char *judge_bin(void)
{
	const char *dir = getenv("JUDGE_BIN");

	return dir && *dir ? dir : above(2);
}

const char *judge_chaos(void)
{
	const char *path = getenv("JUDGE_CHAOS");

	if (!path || !*path)
		path = judge_format("%s/grader/chaos/libchaos.so", above(3));
	path = realpath(path, NULL);
	if (!path)
		judge_infra("libchaos.so");
	return path;
}

const char *judge_tmp(void)
{
	const char *dir = getenv("TMPDIR");

	if (tmp[0])
		return tmp;
	snprintf(tmp, sizeof(tmp), "%s/judge-XXXXXX",
		 dir && *dir ? dir : "/tmp");
	if (!mkdtemp(tmp)) {
		tmp[0] = '\0';
		judge_infra("mkdtemp in %s", dir ? dir : "/tmp");
	}
	chmod(tmp, box_folder_mode());
	return tmp;
}

void judge_remove_tmp(void)
{
	struct dirent *entry;
	DIR *dir = tmp[0] ? opendir(tmp) : NULL;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(tmp);
}
