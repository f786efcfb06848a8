/* SPDX-License-Identifier: MIT */
/*
 * options - framed's command line.
 */
#ifndef LAB07_OPTIONS_H
#define LAB07_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct options {
	char file[PATH_MAX]; /* of -c, absolute */
	bool check;	     /* -t */
	char **settings;     /* of -s, in their order; point into argv */
	size_t count;
};

/*
 * Reads the command line. Returns -1 if the program is to go on, or else the
 * status to exit with: 0 after --help, 2 after a usage line, 1 if there is no
 * memory or no working directory. O->settings is the caller's to free.
 */
int options_parse(struct options *o, int argc, char *argv[]);

#endif
