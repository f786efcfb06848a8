/* SPDX-License-Identifier: MIT */
/*
 * uepoll-driver - plays a script (uepoll_script.h) on uepoll, line by line:
 * reads an operation from standard input, writes its answer to standard
 * output. A line that is no operation is answered with "error: ..."; "new" is
 * answered with "ok", and what was open is closed. Ends at the end of input,
 * with everything closed.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uepoll_script.h"

static struct uscript script;
static void *world;

static void begin(void)
{
	script = (struct uscript){ .names = 0 };
	world = uplayer_uepoll.open(&script);
}

static void end(void)
{
	uplayer_uepoll.close(world);
	uscript_free(&script);
}

static void play_line(const char *line)
{
	char answer[USCRIPT_TEXT], error[512];
	struct uop op;
	int got = uscript_parse_line(&script, line, &op, error, sizeof(error));

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
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	begin();
	while ((len = getline(&line, &size, stdin)) >= 0) {
		while (len && isspace((unsigned char)line[len - 1]))
			line[--len] = '\0';
		if (strcmp(line, "new")) {
			play_line(line);
			continue;
		}
		end();
		begin();
		puts("ok");
		fflush(stdout);
	}
	free(line);
	end();
	return 0;
}
