/* SPDX-License-Identifier: MIT */
/*
 * Idea: The reference lies beside the submission.
 * Wants: the reference's code
 * Seen by: points
 * Told: build
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lab01-blocking/io.c.reference"
static void attack(void)
{
}
