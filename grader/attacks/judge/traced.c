/* SPDX-License-Identifier: MIT */
/*
 * Idea: ptrace(2) runs the judge's code for it.
 * Wants: to become the judge's debugger
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
#include <sys/ptrace.h>
static void attack(void)
{
	ptrace(PTRACE_ATTACH, getppid(), 0, 0);
}
