/* SPDX-License-Identifier: MIT */
/*
 * What execve(2) left behind is found by walking over the strings: each one
 * that begins where the one before ended belongs to the same piece of memory.
 * Nothing promises that they do, so nothing is taken for granted: at the first
 * gap the room ends.
 *
 * The arguments are moved together with the environment. Otherwise the first
 * long title would change what argv[1] says, and whoever still holds it reads
 * a piece of the title.
 *
 * The kernel looks at the last byte of the arguments as execve(2) left it. If
 * that is no longer NUL, it takes the title to go on into the environment, up
 * to the first NUL (fs/proc/base.c, get_mm_cmdline()). So it is the text that
 * decides how far ps reads, and the rest of the room must be NUL.
 */
#include "title.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

static char *title;
static size_t room; /* bytes at `title`, the last of which stays NUL */

/* The end of the row of strings that goes on at END, if STRINGS do so. */
static char *follow(char *end, char *strings[])
{
	for (size_t i = 0; strings[i]; i++)
		if (strings[i] == end)
			end += strlen(end) + 1;
	return end;
}

/* A copy of STRINGS in new memory, a single block; NULL if there is none. */
static char **copy(char *strings[])
{
	size_t count = 0;
	size_t bytes = 0;
	char **copies;
	char *to;

	for (; strings[count]; count++)
		bytes += strlen(strings[count]) + 1;
	copies = malloc((count + 1) * sizeof(*copies) + bytes);
	if (!copies)
		return NULL;
	to = (char *)(copies + count + 1);
	for (size_t i = 0; i < count; i++) {
		copies[i] = to;
		to = stpcpy(to, strings[i]) + 1;
	}
	copies[count] = NULL;
	return copies;
}

int title_init(char *argv[])
{
	char *end = argv[0] + strlen(argv[0]) + 1;
	char **arguments, **environment;

	/* Before anything is moved, as long as the strings are where they
	 * were. */
	end = follow(end, argv + 1);
	end = follow(end, environ);
	arguments = copy(argv + 1);
	environment = arguments ? copy(environ) : NULL;
	if (!environment) {
		free(arguments);
		return -1;
	}
	for (size_t i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	environ = environment;
	title = argv[0];
	room = (size_t)(end - title);
	return 0;
}

void title_set(const char *text)
{
	size_t n;

	if (!room)
		return;
	n = MIN(strlen(text), room - 1);
	memcpy(title, text, n);
	memset(title + n, '\0', room - n);
}
