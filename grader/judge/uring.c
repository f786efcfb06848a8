/* SPDX-License-Identifier: MIT */
/* Where the judge may have a ring, the programs that it starts may, too. */
#include "judge.h"
#include "uring_refusal.h"

void judge_needs_uring(int major, int minor)
{
	const char *why = uring_refusal(major, minor);

	if (why)
		judge_skip("io_uring to be allowed here", "%s", why);
}
