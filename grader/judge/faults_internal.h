/* SPDX-License-Identifier: MIT */
/*
 * faults - fault injection into a program, and the counters of its calls.
 */
#ifndef JUDGE_FAULTS_INTERNAL_H
#define JUDGE_FAULTS_INTERNAL_H

#include "program_internal.h"

/* Fills ENV (of 4) with what makes libchaos work in P, if it is wanted. */
void faults_environment(struct prog *p, const char *path, const char *env[]);
/* P has said something, so libchaos must be at work in it by now. */
void faults_check(struct prog *p);

#endif
