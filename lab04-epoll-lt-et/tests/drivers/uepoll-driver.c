/* SPDX-License-Identifier: MIT */
/*
 * uepoll-driver - plays a script (uepoll_script.h) on uepoll, line by line:
 * reads an operation from standard input, writes its answer to standard
 * output. A line that is no operation is answered with "error: ...". Ends at
 * the end of input, with everything closed.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "uepoll_script.h"

static void play_line(struct uscript *s, void *world, const char *line)
{
	char answer[USCRIPT_TEXT], error[512];
	struct uop op;
	int got = uscript_parse_line(s, line, &op, error, sizeof(error));

	if (got < 0) {
		printf("error: %s\n", error);
	} else if (got > 0 && op.verb != UV_NOTE) {
		uplayer_play(&uplayer_uepoll, world, &op, answer);
		puts(answer);
	}
	uop_free(&op);
	fflush(stdout);
}

int main(void)
{
	struct uscript script = { .names = 0 };
	void *world = uplayer_uepoll.open(&script);
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) >= 0) {
		while (len && isspace((unsigned char)line[len - 1]))
			line[--len] = '\0';
		play_line(&script, world, line);
	}
	free(line);
	uplayer_uepoll.close(world);
	uscript_free(&script);
	return 0;
}
