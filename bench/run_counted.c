/* SPDX-License-Identifier: MIT */
/*
 * run_counted - starts a program with its calls counted:
 *
 *	run_counted LIBCHAOS TABLE PROGRAM [ARGUMENT...]
 *
 * Makes the file TABLE, and becomes PROGRAM. Read it with counted.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../grader/chaos/chaos.h"

int main(int argc, char *argv[])
{
	struct chaos_table t = { .magic = CHAOS_MAGIC };
	char setting[4096];
	FILE *f;

	if (argc < 4) {
		fputs("usage: run_counted LIBCHAOS TABLE PROGRAM "
		      "[ARGUMENT...]\n",
		      stderr);
		return 2;
	}
	f = fopen(argv[2], "we");
	if (!f || fwrite(&t, sizeof(t), 1, f) != 1 || fclose(f) != 0) {
		fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	snprintf(setting, sizeof(setting), "table=%s", argv[2]);
	setenv("CHAOS", setting, 1);
	setenv("LD_PRELOAD", argv[1], 1);
	execv(argv[3], argv + 3);
	fprintf(stderr, "%s: %s\n", argv[3], strerror(errno));
	return 1;
}
