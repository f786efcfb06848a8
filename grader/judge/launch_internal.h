/* SPDX-License-Identifier: MIT */
/*
 * launch - from options to a running process.
 */
#ifndef JUDGE_LAUNCH_INTERNAL_H
#define JUDGE_LAUNCH_INTERNAL_H

#include "program_internal.h"

/* Starts ARGV with OPTS and sets pid, pidfd and the pipes. */
void launch(struct prog *p, char *const argv[], char *const envp[]);
/*
 * Our environment, and EXTRA, without what is the judge's or Criterion's or speaks
 * to sanitizers and Valgrind.
 */
char **launch_environment(const char *const extra[]);

#endif
