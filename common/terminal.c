/* SPDX-License-Identifier: MIT */
/*
 * By TERM alone and not by terminfo(5): what we draw with (colours, the cursor,
 * clearing a line) every terminal has had for decades, but for the dumb ones.
 */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool terminal_draws(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

bool terminal_has_colours(int fd)
{
	const char *no = getenv("NO_COLOR");

	return terminal_draws(fd) && (!no || !*no);
}
