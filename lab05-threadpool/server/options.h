/* SPDX-License-Identifier: MIT */
/*
 * options - httpd's command line.
 */
#ifndef LAB05_OPTIONS_H
#define LAB05_OPTIONS_H

#include "client/context.h"
#include "dispatch.h"
#include "site/answer_head.h"

#define OPTIONS_LOOPS_MAX 64

struct options {
	const char *root;
	const char *listen;
	const char *access_log; /* NULL: none */
	enum dispatch_model model;
	const char *model_name;
	size_t threads; /* of the pool */
	size_t queue;	/* its capacity */
	size_t loops;
	struct http_limits limits;
	struct answer_policy policy;
	bool dot_files;
	const char *status_name; /* NULL: no page of figures */
	size_t connections;	 /* at most, of all loops */
	size_t per_address;	 /* of these, of one client's address */
	size_t drain_ms;	 /* from the first SIGTERM to the end */
};

/*
 * Reads the command line into *O. Returns -1 to go on, or the exit status: 0
 * after --help, 2 if something is wrong, which has been said on stderr.
 */
int options_parse(struct options *o, int argc, char *argv[]);

#endif
