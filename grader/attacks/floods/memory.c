/* SPDX-License-Identifier: MIT */
/*
 * Idea: Memory is taken bit by bit, and written to, by a process and its child.
 * Wants: the machine to have none left
 * Seen by: the machine
 * Told: memory
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static void attack(void)
{
	const struct timespec moment = { .tv_nsec = 50000000 };
	const size_t part = 32 << 20;

	fork();
	/* Ends by itself, should nobody end it. */
	for (int i = 0; i < 48; i++) {
		void *p = malloc(part);

		if (p)
			memset(p, i, part);
		nanosleep(&moment, NULL);
	}
	fputs("REACHED 3 GiB\n", stderr);
}
