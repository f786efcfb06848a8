/* SPDX-License-Identifier: MIT */
#include "handshaketest.h"

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
