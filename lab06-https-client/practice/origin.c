/* SPDX-License-Identifier: MIT */
/*
 * origin - the server to practise on: it does what good servers do, and all
 * that bad ones do, as the client asks for. It links nothing that a student
 * writes, so that its verdict on a client is its own.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "practice/counts.h"
#include "practice/hello.h"
#include "practice/options.h"
#include "practice/traps.h"
#include "practice/visits.h"
#include "signals.h"
#include "sock.h"

#define BACKLOG 4096

static int cannot(const char *what, const char *which)
{
	fprintf(stderr, "origin: cannot %s %s: %s\n", what, which,
		strerror(errno));
	return -1;
}

static void say(const char *what, int fd)
{
	char bound[ADDR_TEXT_MAX];

	sock_local_text(fd, bound, sizeof(bound));
	printf("%s on %s\n", what, bound);
}

static enum stream_end end_of(enum trap trap)
{
	return trap == TRAP_SILENT   ? END_STALL
	       : trap == TRAP_CLOSES ? END_CUT
				     : END_RESET;
}

static void accept_all(int listener, SSL_CTX *ctx, enum stream_end end)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		visits_begin(fd, ctx, end);
	/* No descriptor left: the queue waits, and so do we. */
	if (errno == EMFILE || errno == ENFILE)
		poll(NULL, 0, 10);
}

static void serve(struct pollfd *fds, const struct origin_options *o,
		  SSL_CTX *ctx)
{
	while (!fds[0].revents) {
		if (poll(fds, 2 + o->ntraps, -1) < 0)
			continue;
		if (fds[1].revents)
			accept_all(fds[1].fd, ctx, END_KEEP);
		for (size_t i = 0; i < o->ntraps; i++)
			if (fds[2 + i].revents)
				accept_all(fds[2 + i].fd, ctx,
					   end_of(o->traps[i]));
	}
}

static int open_all(struct pollfd *fds, const struct origin_options *o)
{
	char what[32];

	fds[1] = (struct pollfd){ traps_listen(o->listen, BACKLOG), POLLIN, 0 };
	if (fds[1].fd < 0)
		return cannot("listen on", o->listen);
	for (size_t i = 0; i < o->ntraps; i++) {
		fds[2 + i].fd = traps_open(o->listen, o->traps[i]);
		if (fds[2 + i].fd < 0)
			return cannot("set the trap", trap_name(o->traps[i]));
		if (o->traps[i] > TRAP_NEVER_ACCEPTS)
			fds[2 + i].events = POLLIN;
	}
	say("listening", fds[1].fd);
	for (size_t i = 0; i < o->ntraps; i++) {
		snprintf(what, sizeof(what), "trap %s", trap_name(o->traps[i]));
		say(what, fds[2 + i].fd);
		/* poll(2) reports a socket that is only bound (POLLHUP). */
		if (!fds[2 + i].events)
			fds[2 + i].fd = -1;
	}
	fflush(stdout);
	return 0;
}

static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int main(int argc, char *argv[])
{
	struct pollfd fds[2 + TRAPS_MAX] = { { .events = POLLIN } };
	struct origin_options o;
	SSL_CTX *ctx;
	int status = origin_options_parse(&o, argc, argv);

	if (status >= 0)
		return status;
	signals_ignore(SIGPIPE);
	raise_limit();
	fds[0].fd = signals_open((const int[]){ SIGTERM, SIGINT, 0 });
	ctx = certs_begin() < 0 ? NULL : hello_context(o.unnamed, o.tickets);
	if (fds[0].fd < 0 || !ctx)
		return cannot("begin with", "certificates"), 1;
	if (o.ca && certs_write_root(o.ca) < 0)
		return cannot("write", o.ca), 1;
	if (open_all(fds, &o) < 0)
		return 1;
	serve(fds, &o, ctx);
	visits_end();
	SSL_CTX_free(ctx);
	certs_end();
	return 0;
}
