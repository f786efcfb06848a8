/* SPDX-License-Identifier: MIT */
/*
 * figures - what the screen shows, taken once a second.
 */
#ifndef DEMO_FIGURES_H
#define DEMO_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "clients.h"
#include "cluster.h"

/* New connections of the last so many samples make a server's share. */
#define FIGURES_WINDOW 3

struct figures_server {
	char state[16]; /* as the forwarder has it; "gone" without a process */
	unsigned long open;
	unsigned long total[FIGURES_WINDOW + 1]; /* connects; [0]: now */
	unsigned long long down;		 /* bytes, so far */
	double down_rate;			 /* bytes a second */
	int share; /* of its rule's new connections, percent; -1: there are none */
	long memory;
};

struct figures {
	double seconds; /* since the beginning */
	double all;	/* seconds that the show lasts */
	const struct load *loads;
	struct figures_server server[SERVERS];
	unsigned long open; /* connections through the forwarder */
	long memory;	    /* the forwarder's */
	int64_t at_ns;
};

/*
 * Takes a sample at NOW_NS (clock_ns()) into *F, which holds the one before, or
 * zeros. What cannot be asked stays as it was.
 */
void figures_sample(struct figures *f, const struct cluster *c, int64_t now_ns);

#endif
