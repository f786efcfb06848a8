/* SPDX-License-Identifier: MIT */
/*
 * program_figures - what the kernel says about a running program.
 */
#ifndef JUDGE_PROGRAM_FIGURES_INTERNAL_H
#define JUDGE_PROGRAM_FIGURES_INTERNAL_H

#include "program_internal.h"

/*
 * A driver that has answered, sleeps, and has one thread: it does nothing more
 * by itself.
 */
bool prog_has_answered(struct prog *p);

#endif
