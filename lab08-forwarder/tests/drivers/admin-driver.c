/* SPDX-License-Identifier: MIT */
/*
 * Drives the management port alone: it listens on 127.0.0.1, and behind the
 * commands there is no forwarder. Standard output has a line for each call:
 *
 *	call list_rules				call add_rule RULE
 *	call order SERVER drain			call set_weight SERVER 5
 *
 * and likewise; "closed" when a connection is closed. What a call answers:
 *
 *	list_rules	"    1 : rule one", "    2 : rule two"
 *	list_servers	"servers"
 *	stats		"stats"
 *	metrics		"# TYPE up gauge", "up 1" (with LF)
 *	list_forwards	N lines of 64 bytes with their CR LF: the argument
 *			of the program, 3 if there is none
 *	the others	all goes well, unless what they are given begins with
 *			"bad": then the reason is "no BAD..."
 *
 * dump_rules, clean_forwards and reload go well the first time and then fail
 * with "only once". SIGTERM ends the program.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acceptor.h"
#include "admin.h"
#include "listener.h"
#include "poller_epoll.h"
#include "signals.h"
#include "sock.h"

static struct loop *loop;
static unsigned long forwards = 3;
static bool once[3];

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

static void list_rules(struct buf *out)
{
	say("call list_rules");
	buf_appendf(out, "    1 : rule one\r\n    2 : rule two\r\n");
}

static void list_forwards(struct buf *out)
{
	say("call list_forwards");
	for (unsigned long i = 1; i <= forwards; i++)
		buf_appendf(out, "%5lu : %-54s\r\n", i, "forward");
}

static void list_servers(struct buf *out)
{
	say("call list_servers");
	buf_appendf(out, "servers\r\n");
}

static void stats(struct buf *out)
{
	say("call stats");
	buf_appendf(out, "stats\r\n");
}

static void metrics(struct buf *out)
{
	say("call metrics");
	buf_appendf(out, "# TYPE up gauge\nup 1\n");
}

static int judge(const char *text, char *why)
{
	if (strncmp(text, "bad", 3) != 0)
		return 0;
	snprintf(why, ADMIN_WHY_MAX, "no %.200s", text);
	return -1;
}

static int add_rule(const char *text, char *why)
{
	say("call add_rule %s", text);
	return judge(text, why);
}

static int modify_rule(const char *text, char *why)
{
	say("call modify_rule %s", text);
	return judge(text, why);
}

static int remove_rule(const char *id, char *why)
{
	say("call remove_rule %s", id);
	return judge(id, why);
}

static int only_once(int which, char *why)
{
	if (!once[which]) {
		once[which] = true;
		return 0;
	}
	snprintf(why, ADMIN_WHY_MAX, "only once");
	return -1;
}

static int dump_rules(char *why)
{
	say("call dump_rules");
	return only_once(0, why);
}

static int clean_forwards(char *why)
{
	say("call clean_forwards");
	return only_once(1, why);
}

static int reload(char *why)
{
	say("call reload");
	return only_once(2, why);
}

static int order(const char *server, enum admin_order what, char *why)
{
	static const char *const names[] = { "enable", "disable", "drain" };

	say("call order %s %s", server, names[what]);
	return judge(server, why);
}

static int set_weight(const char *server, const char *number, char *why)
{
	say("call set_weight %s %s", server, number);
	return judge(server, why);
}

static void closed(struct admin *a)
{
	say("closed");
	memset(a, 0xdb, sizeof(*a));
	free(a);
}

static const struct admin_ops ops = {
	.version = "version v1 of the driver",
	.list_rules = list_rules,
	.list_forwards = list_forwards,
	.list_servers = list_servers,
	.stats = stats,
	.metrics = metrics,
	.add_rule = add_rule,
	.modify_rule = modify_rule,
	.remove_rule = remove_rule,
	.dump_rules = dump_rules,
	.clean_forwards = clean_forwards,
	.reload = reload,
	.order = order,
	.set_weight = set_weight,
	.closed = closed,
};

static void accepted(struct acceptor *a, int fd)
{
	struct admin *admin = calloc(1, sizeof(*admin));

	(void)a;
	if (!admin) {
		close(fd);
		return;
	}
	if (admin_open(admin, loop, &ops, fd) < 0)
		free(admin);
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
	fd = listener_open("127.0.0.1:0", 128, &why);
	loop = loop_create(&poller_epoll_et, 0);
	if (fd < 0 || !loop)
		return 1;
	sock_set_nonblock(fd, true);
	signals_handle(SIGTERM, stop);
	if (acceptor_start(&acceptor, loop, fd, accepted) < 0)
		return 1;
	say("listening on 127.0.0.1:%d", listener_port(fd));
	loop_run(loop);
	acceptor_stop(&acceptor);
	loop_destroy(loop);
	close(fd);
	return 0;
}
