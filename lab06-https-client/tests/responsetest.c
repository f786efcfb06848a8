/* SPDX-License-Identifier: MIT */
#include "responsetest.h"

#include <string.h>

#include "vector.h"

/* Each row would show it, too, and would tell what is wrong with its bytes. */
void stays_refused(const char *bytes)
{
	struct prog *d = prog_driver("response-driver");
	const char *got;

	judge_step("one call more after a refusal");
	vector_command(d, "whole", bytes, strlen(bytes));
	got = vector_answer(d);
	judge_checking("response_refused_for_good");
	judge_check(!strstr(got, "not twice"), "-1 by every call after a -1",
		    "%s", got);
	judge_checking(NULL);
	prog_finish(d);
}
