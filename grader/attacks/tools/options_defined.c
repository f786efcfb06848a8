/* SPDX-License-Identifier: MIT */
/*
 * Idea: What the sanitizer asks for its options need not be called, only be there.
 * Wants: AddressSanitizer to say nothing
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
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:halt_on_error=0:exitcode=0";
}
static void attack(void)
{
}
