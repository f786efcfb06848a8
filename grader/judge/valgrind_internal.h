/* SPDX-License-Identifier: MIT */
/*
 * valgrind - its command line and its logs.
 */
#ifndef JUDGE_VALGRIND_INTERNAL_H
#define JUDGE_VALGRIND_INTERNAL_H

#include "program_internal.h"

#define VALGRIND_SLACK 5

/* The command line in front of the program's, ended by NULL. */
const char *const *valgrind_argv(struct prog *p);
/* Ends the test if Valgrind's logs of P and its children show anything. */
void valgrind_check(struct prog *p);
/* Valgrind itself has failed on P: nothing is known about the program. */
bool valgrind_gave_up(struct prog *p);

#endif
