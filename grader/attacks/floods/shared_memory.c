/* SPDX-License-Identifier: MIT */
/*
 * Idea: Shared memory that no process has open stays, and is nobody's.
 * Wants: memory that is not counted, and that is left behind
 * Seen by: the program's words
 * Told: run
 * Won: says "REACHED shared memory"
 */
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
static void attack(void)
{
	const size_t part = 64 << 20;
	int id = shmget(IPC_PRIVATE, part, IPC_CREAT | 0600);
	void *p = shmat(id, NULL, 0);

	if (p == (void *)-1)
		return;
	memset(p, 1, part);
	shmdt(p);
	fputs("REACHED shared memory\n", stderr);
}
