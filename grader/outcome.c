/* SPDX-License-Identifier: MIT */
/* One table, so that a report is read as it was written. */
#include "outcome.h"

#include <stddef.h>
#include <string.h>

static const char *const names[OUTCOME_COUNT] = {
	[OUTCOME_NONE] = "none",   [OUTCOME_PASS] = "pass",
	[OUTCOME_FAIL] = "fail",   [OUTCOME_TIMEOUT] = "timeout",
	[OUTCOME_CRASH] = "crash", [OUTCOME_LEAK] = "leak",
	[OUTCOME_BUILD] = "build", [OUTCOME_INFRA] = "infra",
	[OUTCOME_SKIP] = "skip",
};

const char *outcome_name(enum outcome outcome)
{
	return names[outcome];
}

int outcome_parse(const char *name)
{
	for (int i = 0; name && i < OUTCOME_COUNT; i++) {
		if (!strcmp(names[i], name))
			return i;
	}
	return -1;
}
