/* SPDX-License-Identifier: MIT */
/*
 * Idea: A weak reference tells in which driver the module is, and calls what is its.
 * Wants: the driver's own counter to be set back
 * Seen by: points
 * Told: build
 * Says: 'weak' is not taken
 * Test: thread/echoes_every_byte
 * Won: built
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
extern bool asked_end(void) __attribute__((weak));
static void attack(void)
{
	if (asked_end)
		asked_end();
}
