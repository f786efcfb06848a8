/* SPDX-License-Identifier: MIT */
/*
 * accept_faults - a program on a system where accept(2) fails: the drivers
 * accept-faults of labs 1 and 2 are this, with their servers. Before each
 * client it fails in another one of the ways that its manual page lists.
 */
#ifndef CASES_ACCEPT_FAULTS_H
#define CASES_ACCEPT_FAULTS_H

#include <errno.h>

#include "cases/accept_fails.h"
#include "util.h"

static const int faults[] = { EMFILE,  ECONNABORTED, EINTR,   ENFILE,
			      ENOBUFS, EPROTO,	     ENOMEM,  EINTR,
			      EPERM,   EHOSTUNREACH, ENETDOWN };

static unsigned int calls;

/* Each second call fails. */
static bool accept_fails(void)
{
	unsigned int n = calls++;

	if (n % 2)
		return false;
	errno = faults[n / 2 % ARRAY_LEN(faults)];
	return true;
}

#endif
