/* SPDX-License-Identifier: MIT */
/*
 * own_address - whether an address that a program announces is its own. A
 * program that sends the judge to somebody else's server would have that one
 * graded.
 */
#ifndef JUDGE_OWN_ADDRESS_INTERNAL_H
#define JUDGE_OWN_ADDRESS_INTERNAL_H

#include "program_internal.h"

/* Whether TO is 127.0.0.0/8 or ::1. */
bool is_loopback(const struct addr *to);

/* Whether P, or a process below it, or nobody listens on the port of P->to. */
bool is_own_address(const struct prog *p);

#endif
