/* SPDX-License-Identifier: MIT */
#include "lab04.h"

#include <stdio.h>
#include <string.h>

void play_lines(struct prog *driver, const char *script)
{
	while (*script) {
		int len = (int)strcspn(script, "\n");
		const char *arrow = strstr(script, " => ");

		if (arrow && arrow < script + len) {
			const char *want = arrow + strlen(" => ");

			prog_input(driver, "%.*s", (int)(arrow - script),
				   script);
			prog_expect_line(driver, "%.*s",
					 (int)(script + len - want), want);
		} else {
			prog_input(driver, "%.*s", len, script);
			prog_line(driver);
		}
		script += len + 1;
	}
}

int inheritable(struct prog *p)
{
	char path[64], line[64];
	unsigned int flags;
	int n = 0;

	for (int fd = 3; fd < 64; fd++) {
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", prog_pid(p),
			 fd);
		f = fopen(path, "re");
		while (f && fgets(line, sizeof(line), f))
			if (sscanf(line, "flags: %o", &flags) == 1)
				n += !(flags & 02000000);
		if (f)
			fclose(f);
	}
	return n;
}
