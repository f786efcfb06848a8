/* SPDX-License-Identifier: MIT */
/*
 * options - what framed-load is told on its command line.
 */
#ifndef LAB07_LOAD_OPTIONS_H
#define LAB07_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

enum { MIX_PING, MIX_REGISTER, MIX_LOGIN, MIX_KINDS };

struct options {
	const char *target; /* as it was written, for messages */
	struct addr addr;
	size_t connections;
	size_t pipeline;  /* packets in flight on each */
	size_t requests;  /* in all; 0: until SECONDS have passed */
	size_t seconds;	  /* 0: until REQUESTS are made */
	size_t rate;	  /* requests a second; 0: as fast as it goes */
	size_t reconnect; /* requests a connection; 0: no end */
	size_t mix[MIX_KINDS];
	bool json;
	bool hostile;
	bool help;
	uint64_t seed;
};

extern const char options_usage[];
extern const char options_help[];

/*
 * Reads the command line into *O. Returns 0; or -1 when something on it is
 * wrong, which has then been said on standard error. With --help nothing else
 * is needed.
 */
int options_parse(struct options *o, int argc, char *argv[]);

#endif
