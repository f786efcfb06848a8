/* SPDX-License-Identifier: MIT */
#include "relaytest.h"

#include <stdio.h>
#include <string.h>

#include "util.h"

#define ARGS_MAX 24

struct prog *relay_startv(const struct prog_opts *opts,
			  const char *const args[])
{
	struct prog_opts all = opts ? *opts : (struct prog_opts){ 0 };

	all.keep_stdin = true;
	return prog_spawn(&all, "drivers/relay-driver", args);
}

const char *relay_event(struct prog *d, const char *event)
{
	size_t len = strlen(event);
	const char *line;

	for (;;) {
		line = prog_line(d);
		if (strncmp(line, event, len) == 0 &&
		    (!line[len] || line[len] == ' '))
			return line;
		judge_check(strncmp(line, "ended ", 6) != 0 ||
				    strncmp(event, "ended ", 6) == 0,
			    event, "%s", line);
	}
}

/* Whether NAME is what relay_reason_name() may say. */
static bool is_reason(const char *name)
{
	static const char *const all[] = {
		"client-closed",  "server-closed", "client-reset",
		"server-reset",	  "idle",	   "half-closed",
		"connect-failed", "no-server",	   "limit",
		"queue",	  "cleaned",	   "drain",
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (strcmp(name, all[i]) == 0)
			return true;
	return false;
}

void relay_ended(struct prog *d, unsigned int number, const char *reason,
		 uint64_t *up, uint64_t *down)
{
	unsigned long long n[2];
	char event[32], got[32];
	const char *line;

	snprintf(event, sizeof(event), "ended %u", number);
	line = relay_event(d, event);
	judge_check(sscanf(line, "ended %*u %31s up=%llu down=%llu", got, &n[0],
			   &n[1]) == 3,
		    "a reason that has a name", "%s", line);
	if (!is_reason(got))
		judge_promise("\"client-closed\", \"server-closed\", ... as");
	judge_check(strcmp(got, reason) == 0, reason, "%s", line);
	if (up)
		*up = n[0];
	if (down)
		*down = n[1];
}

void wire_again(struct wire *w)
{
	w->client = peer_connect(w->d);
	w->server = peer_accept(w->l);
}

struct wire wire_startv(const struct prog_opts *opts, const char *const args[])
{
	struct wire w = { .l = peer_listen("127.0.0.1:0") };
	const char *all[ARGS_MAX];
	size_t n = 0;

	while (args[n] && n < ARGS_MAX - 2) {
		all[n] = args[n];
		n++;
	}
	all[n++] = peer_listener_address(w.l);
	all[n] = NULL;
	w.d = relay_startv(opts, all);
	wire_again(&w);
	return w;
}

void wire_stop(struct wire *w)
{
	peer_close(w->client);
	peer_expect_eof(w->server);
	peer_close(w->server);
	prog_stop(w->d);
	peer_listener_close(w->l);
}
