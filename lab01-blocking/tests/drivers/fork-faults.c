/* SPDX-License-Identifier: MIT */
/*
 * fork-faults - echo-server on a system where fork(2) or pthread_create(3) fails
 * the first FAILURES times.
 */
#include "workers.h"

#define FAILURES 3

bool worker_is_refused(void)
{
	static int asked;

	return asked++ < FAILURES;
}
