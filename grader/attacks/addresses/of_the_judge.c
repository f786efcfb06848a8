/* SPDX-License-Identifier: MIT */
/*
 * Idea: What listens in the judge's network may be the judge's own.
 * Wants: the judge to talk to itself
 * Seen by: outcome
 * Told: run
 * Test: iterative/echoes_every_byte
 * In: listener.c
 * Won: says "listening on 0.0.0.0:1"
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void attack(void)
{
	FILE *f = fopen("/proc/net/tcp", "r");
	char line[256];
	unsigned int port, state;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, " %*d: %*x:%x %*x:%*x %x", &port, &state) ==
			    2 &&
		    state == 10)
			printf("listening on 127.0.0.1:%u\n", port);
	printf("listening on 0.0.0.0:1\n");
	fflush(stdout);
}
