/* SPDX-License-Identifier: MIT */
/*
 * Idea: Code can know that it is compiled with a sanitizer, and be other code.
 * Wants: to have another program looked at than the one that is wrong
 * Seen by: points
 * Told: build
 * Won: built
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
#ifdef __SANITIZE_ADDRESS__
	_exit(0);
#endif
}
