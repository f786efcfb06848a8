/* SPDX-License-Identifier: MIT */
/*
 * Drives the management port alone: it listens on 127.0.0.1, and behind the
 * commands there is no forwarder. Standard output has a line for each call:
 *
 *	call list_rules			call add_rule RULE
 *	call drain SERVER		call set_weight SERVER 5
 *
 * and likewise, with the argument; "closed" when a connection is closed. What a
 * call answers:
 *
 *	ver		"version v1 of the driver"
 *	list_rules	"    1 : rule one", "    2 : rule two"
 *	list_servers	"servers"
 *	stats		"stats"
 *	metrics		"# TYPE up gauge", "up 1" (with LF)
 *	list_forwards	N lines of 64 bytes with their CR LF: the first
 *			argument of the program (3)
 *	the others	all goes well, unless what they are given begins with
 *			"bad": then the reason is "no BAD..."
 *
 * dump_rules, clean_forwards and reload go well the first time and then fail
 * with "only once". The program's second argument is IDLE_MS of admin_open(), 0
 * if there is none. SIGTERM ends it.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acceptor.h"
#include "admin.h"
#include "list.h"
#include "listener.h"
#include "poller_epoll.h"
#include "signals.h"
#include "sock.h"
#include "util.h"

static struct loop *loop;
static unsigned long forwards = 3;
static long idle_ms;
static int once[ADMIN_METRICS + 1];

static const char *const names[] = {
	"ver",		"list_rules", "add_rule",      "modify_rule",
	"remove_rule",	"dump_rules", "list_forwards", "clean_forwards",
	"list_servers", "enable",     "disable",       "drain",
	"set_weight",	"stats",      "reload",	       "metrics",
};

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

static void show_forwards(struct buf *out)
{
	for (unsigned long i = 1; i <= forwards; i++)
		buf_appendf(out, "%5lu : %-54s\r\n", i, "forward");
}

static bool shows(enum admin_command command, struct buf *out)
{
	switch (command) {
	case ADMIN_VER:
		return buf_appendf(out, "version v1 of the driver\r\n") == 0;
	case ADMIN_LIST_RULES:
		return buf_appendf(out, "    1 : rule one\r\n"
					"    2 : rule two\r\n") == 0;
	case ADMIN_LIST_FORWARDS:
		show_forwards(out);
		return true;
	case ADMIN_LIST_SERVERS:
		return buf_appendf(out, "servers\r\n") == 0;
	case ADMIN_STATS:
		return buf_appendf(out, "stats\r\n") == 0;
	case ADMIN_METRICS:
		return buf_appendf(out, "# TYPE up gauge\nup 1\n") == 0;
	default:
		return false;
	}
}

static int run(struct admin *a, enum admin_command command,
	       const char *argument, struct buf *out, char *why)
{
	(void)a;
	say("call %s%s%s", names[command], *argument ? " " : "", argument);
	if (shows(command, out))
		return 0;
	if (strncmp(argument, "bad", 3) == 0) {
		snprintf(why, ADMIN_WHY_MAX, "no %.500s", argument);
		return -1;
	}
	if (command == ADMIN_DUMP_RULES || command == ADMIN_CLEAN_FORWARDS ||
	    command == ADMIN_RELOAD) {
		snprintf(why, ADMIN_WHY_MAX, "only once");
		return once[command]++ ? -1 : 0;
	}
	return 0;
}

/* Connections that are open, to be closed in the end. */
struct talk {
	struct admin admin;
	struct list link;
};

static struct list talks;

static void closed(struct admin *a)
{
	struct talk *t = CONTAINER_OF(a, struct talk, admin);

	say("closed");
	list_remove(&t->link);
	memset(t, 0xdb, sizeof(*t));
	free(t);
}

static const struct admin_ops ops = { run, closed };

static void accepted(struct acceptor *a, int fd)
{
	struct talk *t = calloc(1, sizeof(*t));

	(void)a;
	if (!t) {
		close(fd);
		return;
	}
	if (admin_open(&t->admin, loop, &ops, fd, idle_ms) < 0)
		free(t);
	else
		list_append(&talks, &t->link);
}

static void stop(int signo)
{
	(void)signo;
	loop_stop(loop);
}

int main(int argc, char *argv[])
{
	struct acceptor acceptor;
	const char *why = "";
	int fd;

	if (argc > 1)
		forwards = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		idle_ms = strtol(argv[2], NULL, 10);
	fd = listener_open("127.0.0.1:0", 128, &why);
	loop = loop_create(&poller_epoll_et, 0);
	if (fd < 0 || !loop)
		return 1;
	sock_set_nonblock(fd, true);
	list_init(&talks);
	signals_handle(SIGTERM, stop);
	if (acceptor_start(&acceptor, loop, fd, accepted) < 0)
		return 1;
	say("listening on 127.0.0.1:%d", listener_port(fd));
	loop_run(loop);
	acceptor_stop(&acceptor);
	while (!list_empty(&talks))
		admin_close(
			&CONTAINER_OF(talks.next, struct talk, link)->admin);
	loop_destroy(loop);
	close(fd);
	return 0;
}
