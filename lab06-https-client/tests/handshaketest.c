/* SPDX-License-Identifier: MIT */
#include "handshaketest.h"

#include <string.h>

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

const char *shakes(const char *name)
{
	prog_input(d, "open 0 %s", name);
	answers("begun");
	return prog_answer(d, "shake 0");
}

void opens(const char *name, const char *want)
{
	const char *line = shakes(name);

	if (strstr(line, "open, and a certificate at depth"))
		judge_promise("HANDSHAKE_VERIFY: of the certificate,");
	begins(line, want);
}

/* How many characters the first N words of TEXT have. */
static size_t words(const char *text, int n)
{
	const char *s = text;

	while (n-- && *s) {
		s += strcspn(s, " ");
		s += *s == ' ';
	}
	return s - text;
}

void fails_so(const char *line, const char *want)
{
	const char *kind =
		judge_promise("HANDSHAKE_VERIFY: of the certificate,");

	if (strncmp(line, want, words(want, 4)) == 0)
		judge_promise("OpenSSL's words, strerror(3)'s, or of");
	else if (strncmp(line, want, words(want, 2)) != 0 ||
		 strncmp(line, want, words(want, 3)) == 0)
		judge_promise(kind);
	begins(line, want);
	judge_promise(kind);
}

void stays_failed(const char *command, const char *want)
{
	const char *before = judge_promise("A failure is final: keep it, and");

	says(command, want);
	judge_promise(before);
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
