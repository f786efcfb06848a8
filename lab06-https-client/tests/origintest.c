/* SPDX-License-Identifier: MIT */
#include "origintest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct prog *origin_startv(const char *const *more)
{
	static const struct prog_opts none;
	const char *args[24] = { "--listen", "127.0.0.1:0", "--ca", ORIGIN_CA };
	size_t n = 4;

	while (*more)
		args[n++] = *more++;
	args[n] = NULL;
	return prog_spawn(&none, "origin", args);
}

const char *origin_trap(struct prog *origin, const char *kind)
{
	const char *line = prog_line(origin);
	size_t len = strlen("trap ");
	char *address;

	if (strncmp(line, "trap ", len) != 0 ||
	    strncmp(line + len, kind, strlen(kind)) != 0)
		judge_infra("the origin says \"%s\"", line);
	address = strdup(strrchr(line, ' ') + 1);
	if (!address)
		judge_infra("no memory");
	return address;
}

long origin_count(struct prog *origin, const char *name)
{
	struct peer *c = peer_connect(origin);
	size_t len = strlen(name);
	const char *line;
	long n;

	peer_sendf(c, "GET /stats HTTP/1.1\r\nHost: a\r\n\r\n");
	do
		line = peer_line(c);
	while (strncmp(line, name, len) != 0 || line[len] != ' ');
	n = strtol(line + len, NULL, 10);
	peer_close(c);
	return n;
}

static bool has_counted(struct prog *origin, struct prog *client,
			const char *name, long n)
{
	if (origin_count(origin, name) == n)
		return true;
	if (client)
		prog_expect_alive(client);
	return false;
}

void origin_expect_by(struct prog *origin, struct prog *client,
		      const char *name, long n)
{
	char what[128];

	snprintf(what, sizeof(what), "the origin counts %s: %ld", name, n);
	judge_until_detail(has_counted(origin, client, name, n), what,
			   "%s: %ld", name, origin_count(origin, name));
}

void origin_expect(struct prog *origin, const char *name, long n)
{
	origin_expect_by(origin, NULL, name, n);
}
