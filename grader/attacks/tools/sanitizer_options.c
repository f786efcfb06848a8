/* SPDX-License-Identifier: MIT */
/*
 * Idea: __asan_default_options() of the program is asked first.
 * Wants: AddressSanitizer to say nothing
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
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:halt_on_error=0:exitcode=0";
}
void __asan_poison_memory_region(void const volatile *addr, size_t size);
static void attack(void)
{
	__asan_poison_memory_region((void *)0, 0);
}
