/* SPDX-License-Identifier: MIT */
/* The judge sends scripts without an end; their length comes before them. */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

void lines_read(struct uscript *s, size_t n)
{
	char *line = NULL, error[512];
	size_t size = 0;
	struct uop op;

	while (n-- && getline(&line, &size, stdin) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (uscript_parse_line(s, line, &op, error, sizeof(error)) > 0)
			uscript_append(s, &op);
		else
			uop_free(&op);
	}
	free(line);
}
