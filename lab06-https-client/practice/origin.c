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

/* BACKLOG negative: bound, and that is all. */
static int open_listener(const char *address, int backlog)
{
	const int on = 1;
	struct addr addr;
	int fd;

	if (addr_parse(address, &addr) < 0)
		return -1;
	fd = socket(addr.sa.sa_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &addr.sa, addr.len) < 0 ||
	    (backlog >= 0 && listen(fd, backlog) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A backlog of 0 has room for one: this one, which nobody will accept. */
static int fill(int listener)
{
	struct addr addr;
	int fd;

	if (sock_local(listener, &addr) < 0)
		return -1;
	fd = socket(addr.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return fd < 0 ? -1 : connect(fd, &addr.sa, addr.len);
}

static int open_trap(const char *listen_on, enum trap trap)
{
	struct addr_hostport hp;
	char address[sizeof(hp.host) + 6];
	int backlog = BACKLOG, fd;

	if (addr_split(listen_on, &hp) < 0)
		return -1;
	snprintf(address, sizeof(address),
		 strchr(hp.host, ':') ? "[%s]:0" : "%s:0", hp.host);
	if (trap == TRAP_REFUSED)
		backlog = -1;
	else if (trap == TRAP_NEVER_ACCEPTS)
		backlog = 0;
	fd = open_listener(address, backlog);
	if (fd >= 0 && trap == TRAP_NEVER_ACCEPTS && fill(fd) < 0)
		return -1;
	return fd;
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

	fds[1] =
		(struct pollfd){ open_listener(o->listen, BACKLOG), POLLIN, 0 };
	if (fds[1].fd < 0)
		return cannot("listen on", o->listen);
	for (size_t i = 0; i < o->ntraps; i++) {
		fds[2 + i].fd = open_trap(o->listen, o->traps[i]);
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
