/* SPDX-License-Identifier: MIT */
/*
 * Idea: .incbin takes a file into the object.
 * Wants: the reference's program
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
__asm__(".section .rodata\n.incbin \"/usr/bin/perl\"\n");
static void attack(void)
{
}
