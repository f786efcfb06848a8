/* SPDX-License-Identifier: MIT */
/*
 * load - a client that puts load on the forwarder for the whole show.
 *
 * It runs in slices of a second, one after the other: each is a run of bot or
 * of framed-load that reports in JSON and is counted. So there are figures each
 * second, and new connections, which go where the forwarder sends them by then.
 */
#ifndef DEMO_LOAD_H
#define DEMO_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "child.h"

struct load {
	const char *name;   /* "HTTP" */
	const char *folder; /* for what its client prints */
	char *const *argv;  /* the client, for one slice */
	unsigned int connections;
	struct child client;
	bool running;
	/* Of the last slice. */
	double rate;	       /* requests a second */
	double p50_us, p99_us; /* latency; 0: not known */
	/* Of all slices. */
	uint64_t done, failed;
	double worst_p99_us;
	unsigned int slices;
	char trouble[128]; /* of a slice without a report; "" if there is none */
};

/* Starts the next slice. Returns 0, or -1 with errno. */
int load_start(struct load *l);

/*
 * Counts the slice that runs, if it has ended. Returns true if it had, or if
 * none runs.
 */
bool load_collect(struct load *l);

#endif
