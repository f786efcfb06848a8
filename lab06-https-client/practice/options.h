/* SPDX-License-Identifier: MIT */
/* options - the origin's command line. */
#ifndef LAB06_PRACTICE_OPTIONS_H
#define LAB06_PRACTICE_OPTIONS_H

#include <stddef.h>

#include "practice/certs.h"

#define TRAPS_MAX 8

/* A listener whose connections never get as far as a request. */
enum trap {
	TRAP_REFUSED,	    /* bound, but nobody listens */
	TRAP_NEVER_ACCEPTS, /* its queue is full: a SYN gets no answer */
	TRAP_SILENT,	    /* accepts, and says nothing */
	TRAP_CLOSES,	    /* FIN at once */
	TRAP_RESETS,	    /* RST at once */
	TRAP_END,
};

struct origin_options {
	const char *listen;
	const char *ca; /* a file for the root; NULL: none */
	enum cert unnamed;
	size_t tickets;
	enum trap traps[TRAPS_MAX];
	size_t ntraps;
};

/* What a trap is called. */
const char *trap_name(enum trap trap);

/* Returns -1 to go on, or the exit status. */
int origin_options_parse(struct origin_options *o, int argc, char *argv[]);

#endif
