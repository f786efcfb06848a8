/* SPDX-License-Identifier: MIT */
/*
 * options - the forwarder's command line.
 */
#ifndef LAB08_OPTIONS_H
#define LAB08_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define OPTIONS_WORKERS_MAX 64

struct options {
	const char *rules;   /* the file */
	bool check;	     /* only check it */
	size_t max_sessions; /* pairs */
	size_t buffer;	     /* bytes */
	size_t workers;
	bool splice;
	size_t drain_s;
	bool debug;
	size_t events; /* of G5; not used */
};

/*
 * Reads the command line into *O. Returns -1 to go on, or the exit status: 0
 * after --help, 2 if something is wrong, which has been said on stderr.
 */
int options_parse(struct options *o, int argc, char *argv[]);

#endif
