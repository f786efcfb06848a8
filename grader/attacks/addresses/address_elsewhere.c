/* SPDX-License-Identifier: MIT */
/*
 * Idea: An address outside of loopback is announced.
 * Wants: the judge to talk to another host
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
	printf("listening on 192.0.2.1:80\n");
	fflush(stdout);
}
