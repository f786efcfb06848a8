/* SPDX-License-Identifier: MIT */
/*
 * program_output - what a program says on standard output.
 */
#ifndef JUDGE_PROGRAM_OUTPUT_INTERNAL_H
#define JUDGE_PROGRAM_OUTPUT_INTERNAL_H

#include "program_internal.h"

/* "; io-driver has said: 3", of what nobody has asked for, or ""; malloc'd. */
char *output_unread(const struct prog *p);

#endif
