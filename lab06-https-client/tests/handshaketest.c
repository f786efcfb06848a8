/* SPDX-License-Identifier: MIT */
#include "handshaketest.h"

#include <string.h>

struct prog *origin, *d;

void begin_opts(const struct prog_opts *more, const char *roots)
{
	struct prog_opts opts = *more;

	origin = origin_start("--tickets", "2");
	opts.no_listen = opts.keep_stdin = true;
	d = prog_spawn(&opts, "drivers/handshake-driver",
		       (const char *[]){ prog_address(origin), roots, NULL });
}

void begin(const char *roots)
{
	static const struct prog_opts none;

	begin_opts(&none, roots);
}

void end(void)
{
	prog_finish(d);
	prog_stop(origin);
}

const char *answers(const char *want)
{
	const char *line = prog_line(d);

	if (strncmp(line, want, strlen(want)) != 0)
		judge_fail(OUTCOME_FAIL, want, "%s", line);
	return line;
}

const char *says(const char *command, const char *want)
{
	prog_input(d, "%s", command);
	return answers(want);
}

const char *opens(const char *name, const char *want)
{
	prog_input(d, "open 0 %s", name);
	answers("begun");
	return says("shake 0", want);
}

void asks(const char *path)
{
	prog_input(d, "write 0 GET %s HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", path);
	answers("wrote ");
}

void closes(void)
{
	says("close 0", "closed");
}
