/* SPDX-License-Identifier: MIT */
/*
 * Idea: A function in the compiler's own language is behind the sanitizers' passes.
 * Wants: to write where it must not, unseen
 * Seen by: points
 * Told: build
 * Says: __RTL
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
void __RTL(startwith("final")) poke(char *p);
static void attack(void)
{
}
