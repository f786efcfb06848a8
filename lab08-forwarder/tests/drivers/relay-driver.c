/* SPDX-License-Identifier: MIT */
/*
 * Drives relays: a forwarder with nothing but them. It listens on 127.0.0.1 and
 * relays each client to the servers that the command line names, in their
 * order, one a try; an address with "+" is a server with several.
 *
 *	relay-driver [OPTION]... ADDRESS[+ADDRESS]...
 *
 *	--lt			on a level-triggered poller
 *	--splice		--size BYTES
 *	--tries N		--connect-ms N		--idle-ms N
 *	--half-close-ms N	--preface TEXT
 *	--untimed		answered() is not wanted
 *	--wait			the first call of next() has to wait
 *	--no-port PORT		connect(2) to this port fails: EADDRNOTAVAIL
 *	--late			connect(2) comes back when the server has reset
 *				the connection, as if it had just begun
 *
 * Standard output has a line for each call that a relay makes:
 *
 *	next 1			failed 1 ECONNREFUSED
 *	connected 1 NS		answered 1 NS
 *	ended 1 client-closed up=5 down=5
 *
 * with the relay's number, from 1 on, and "next 1 from within" if relay_start()
 * or relay_resume() called it. Lines of standard input are
 *
 *	resume 1		relay_resume()
 *	end 1 drain		relay_end(): cleaned, drain, limit or queue
 *	live			"live N": so many have not ended
 *	local			"local EPERM ...": all errors that are ours
 *
 * A relay's memory is overwritten and freed within ended(). SIGTERM ends all
 * relays and then the program.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acceptor.h"
#include "listener.h"
#include "poller_epoll.h"
#include "relay.h"
#include "signals.h"
#include "sock.h"
#include "splice/pipes.h"
#include "util.h"
#include "words.h"

#define SERVERS_MAX   8
#define ADDRESSES_MAX 4
#define RELAYS_MAX    16384
#define ERRORS	      200

struct server {
	struct addr addresses[ADDRESSES_MAX];
	size_t count;
};

struct pair {
	struct relay relay;
	unsigned int number;
	size_t tries;
	bool waited;
};

static struct server servers[SERVERS_MAX];
static size_t nservers;
static struct relay_limits limits = { .tries = SERVERS_MAX, .timed = true };
static struct pipes pipes;
static struct relay_place place = { .size = 65536 };
static struct pair *pairs[RELAYS_MAX];
static unsigned int numbers, live;
static const char *preface = "";
static bool late;
static in_port_t no_port; /* as in the address */
static bool waits;
static bool within; /* relay_start() or relay_resume() */

static struct pair *pair_of(struct relay *r)
{
	return CONTAINER_OF(r, struct pair, relay);
}

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

/* A definition in the program comes before the one in libc. */
int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	struct pollfd p = { .fd = fd };
	int (*real)(int, const struct sockaddr *, socklen_t);
	int result;

	if (no_port &&
	    ((const struct sockaddr_in *)addr)->sin_port == no_port) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "connect");
	result = real(fd, addr, len);
	if (!late || (result < 0 && errno != EINPROGRESS))
		return result;
	while (poll(&p, 1, -1) < 0 || !(p.revents & POLLERR))
		;
	errno = EINPROGRESS;
	return -1;
}

static enum relay_next next(struct relay *r, struct relay_target *to)
{
	struct pair *p = pair_of(r);
	const struct server *s;

	say("next %u%s", p->number, within ? " from within" : "");
	if (waits && !p->waited) {
		p->waited = true;
		return RELAY_WAIT;
	}
	if (p->tries == nservers)
		return RELAY_NOBODY;
	s = &servers[p->tries++];
	to->addresses = s->addresses;
	to->count = s->count;
	to->preface = preface;
	to->preface_len = strlen(preface);
	return RELAY_TRY;
}

static void failed(struct relay *r, int error)
{
	say("failed %u %s%s", pair_of(r)->number, words_errno(error),
	    relay_error_is_local(error) ? " local" : "");
}

static void connected(struct relay *r, int64_t ns)
{
	say("connected %u %lld", pair_of(r)->number, (long long)ns);
}

static void answered(struct relay *r, int64_t ns)
{
	say("answered %u %lld", pair_of(r)->number, (long long)ns);
}

static void ended(struct relay *r, enum relay_reason reason)
{
	struct pair *p = pair_of(r);

	say("ended %u %s up=%llu down=%llu", p->number,
	    relay_reason_name(reason), (unsigned long long)r->bytes[0],
	    (unsigned long long)r->bytes[1]);
	pairs[p->number] = NULL;
	live--;
	memset(p, 0xdb, sizeof(*p));
	free(p);
}

static const struct relay_ops ops = { next, failed, connected, answered,
				      ended };

static void accepted(struct acceptor *a, int fd)
{
	struct pair *p = calloc(1, sizeof(*p));

	(void)a;
	if (!p || numbers + 1 == RELAYS_MAX) {
		free(p);
		close(fd);
		return;
	}
	p->number = ++numbers;
	pairs[p->number] = p;
	live++;
	within = true;
	relay_start(&p->relay, &place, &limits, fd);
	within = false;
}

static enum relay_reason reason_of(const char *name)
{
	for (int r = RELAY_CLIENT_CLOSED; r < RELAY_DRAIN; r++)
		if (strcmp(relay_reason_name((enum relay_reason)r), name) == 0)
			return (enum relay_reason)r;
	return RELAY_DRAIN;
}

static void resume(struct pair *p)
{
	within = true;
	relay_resume(&p->relay);
	within = false;
}

/* All errors that are said to be ours, in the order of their numbers. */
static void local_errors(void)
{
	printf("local");
	for (int error = 1; error < ERRORS; error++)
		if (strerrorname_np(error) && relay_error_is_local(error))
			printf(" %s", strerrorname_np(error));
	say("%s", "");
}

static void command(char *line)
{
	const char *name = words_next(&line);
	int64_t number = line ? words_number(&line) : 0;
	struct pair *p = number > 0 && number < RELAYS_MAX ? pairs[number]
							   : NULL;

	if (strcmp(name, "live") == 0)
		say("live %u", live);
	else if (strcmp(name, "local") == 0)
		local_errors();
	else if (strcmp(name, "resume") == 0 && p)
		resume(p);
	else if (strcmp(name, "end") == 0 && p)
		relay_end(&p->relay, reason_of(words_next(&line)));
}

/* The commands are short, and each comes in one piece. */
static void input(struct loop_fd *in, unsigned int ready)
{
	char buf[4096], *rest = buf, *line;
	ssize_t n = read(in->fd, buf, sizeof(buf) - 1);

	(void)ready;
	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			loop_fd_modify(in, 0);
		return;
	}
	buf[n] = '\0';
	while ((line = strsep(&rest, "\n")))
		if (*line)
			command(line);
}

static void server(char *text)
{
	struct server *s = &servers[nservers++];
	char *address;

	while ((address = strsep(&text, "+")))
		if (s->count == ADDRESSES_MAX ||
		    addr_parse(address, &s->addresses[s->count++]) < 0)
			exit(2);
}

static bool arguments(char **arg)
{
	bool level = false;

	for (; *arg; arg++) {
		if (strcmp(*arg, "--lt") == 0)
			level = true;
		else if (strcmp(*arg, "--splice") == 0) {
			place.pipes = &pipes;
			signals_ignore(SIGPIPE); /* see relay.h */
		} else if (strcmp(*arg, "--untimed") == 0)
			limits.timed = false;
		else if (strcmp(*arg, "--wait") == 0)
			waits = true;
		else if (strcmp(*arg, "--late") == 0)
			late = true;
		else if (strcmp(*arg, "--no-port") == 0)
			no_port = htons((in_port_t)atoi(*++arg));
		else if (strcmp(*arg, "--size") == 0)
			place.size = strtoul(*++arg, NULL, 10);
		else if (strcmp(*arg, "--tries") == 0)
			limits.tries = (unsigned int)atoi(*++arg);
		else if (strcmp(*arg, "--connect-ms") == 0)
			limits.connect_ms = atol(*++arg);
		else if (strcmp(*arg, "--idle-ms") == 0)
			limits.idle_ms = atol(*++arg);
		else if (strcmp(*arg, "--half-close-ms") == 0)
			limits.half_close_ms = atol(*++arg);
		else if (strcmp(*arg, "--preface") == 0)
			preface = *++arg;
		else if (nservers < SERVERS_MAX)
			server(*arg);
	}
	return level;
}

static void stop(int signo)
{
	(void)signo;
	loop_stop(place.loop);
}

int main(int argc, char *argv[])
{
	bool level = argc > 1 && arguments(argv + 1);
	const char *why = "";
	struct acceptor acceptor;
	struct loop_fd in;
	int fd;

	fd = listener_open("127.0.0.1:0", 4096, &why);
	place.loop =
		loop_create(level ? &poller_epoll_lt : &poller_epoll_et, 0);
	place.ops = &ops;
	place.scratch = malloc(place.size);
	if (fd < 0 || !place.loop || !place.scratch)
		return 1;
	sock_set_nonblock(fd, true);
	sock_set_nodelay(fd, true); /* and each client's, which inherits it */
	sock_set_nonblock(STDIN_FILENO, true);
	signals_handle(SIGTERM, stop);
	loop_fd_init(&in, input);
	if (acceptor_start(&acceptor, place.loop, fd, accepted) < 0 ||
	    loop_fd_start(place.loop, &in, STDIN_FILENO, POLLER_READ) < 0)
		return 1;
	say("listening on 127.0.0.1:%d", listener_port(fd));
	loop_run(place.loop);
	acceptor_stop(&acceptor);
	for (unsigned int i = 1; i <= numbers; i++)
		if (pairs[i])
			relay_end(&pairs[i]->relay, RELAY_DRAIN);
	pipes_free(&pipes);
	loop_fd_stop(&in);
	loop_destroy(place.loop);
	free(place.scratch);
	close(fd);
	return 0;
}
