/* SPDX-License-Identifier: MIT */
/* What the given part of the forwarder promises beside. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "clock.h"
#include "tests/fwdtest.h"

static int port_of(const char *address)
{
	return atoi(strrchr(address, ':') + 1);
}

static void contains(const char *got, const char *want)
{
	judge_check(strstr(got, want), want, "%s", got);
}

/* The timeout of a management rule is for managers. */
GRADED(program, silent_managers_leave)
{
	struct fwd *f = fwd_start(1, "adm G ( timeout 1 ) *:* - 127.0.0.1:0 ;");
	struct peer *m = fwd_manage(f, 0);
	int64_t began = clock_ms();

	fwd_expect(m, "list forwards", "");
	peer_expect_closed(m);
	judge_check(clock_ms() - began >= 990, "silence of a second",
		    "the end after %lld ms", (long long)(clock_ms() - began));
	prog_stop(f->p);
}

static unsigned int socket_mode(const struct fwd *f)
{
	struct stat st;

	return stat(f->at[0] + 5, &st) < 0 ? 0 : st.st_mode & 0777;
}

/* A client that is served by YES; those that NO gets are closed again. */
static bool new_client_is_for(struct fwd *f, struct peer_listener *yes,
			      struct peer_listener *no)
{
	struct peer_listener *both[] = { yes, no };
	struct peer *c = fwd_client(f, 0, NULL), *s;
	size_t which;

	s = peer_accept_any(both, 2, &which);
	peer_across(c, 10, s, 10);
	peer_close(c);
	peer_close(s);
	return which == 0;
}

/* Who matches no rule is turned away. */
GRADED(program, nobodys_client)
{
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start(1, "a RR 127.0.0.2:* - 127.0.0.1:0 > %s ;",
				  fwd_at(l));
	struct peer *c = fwd_client(f, 0, "127.0.0.1:0");

	peer_expect_closed(c);
	c = fwd_client(f, 0, "127.0.0.2:0");
	peer_across(c, 10, peer_accept(l), 10);
	prog_stop(f->p);
}

/* https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt */
GRADED(program, proxy_protocol)
{
	static const unsigned char signature[] = "\r\n\r\n\0\r\nQUIT\n!"
						 "\x11\0\x0c";
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start(2,
				  "one RR ( proxy_protocol v1 ) *:* - "
				  "127.0.0.1:0 > %s ;\n"
				  "two RR ( proxy_protocol v2 ) *:* - "
				  "127.0.0.1:0 > %s ;\n",
				  fwd_at(l), fwd_at(l));
	struct peer *c = fwd_client(f, 0, "127.0.0.7:0"), *s = peer_accept(l);
	unsigned char block[12];
	uint16_t port;

	peer_send(c, "hello", 5);
	peer_expectf(s, "PROXY TCP4 127.0.0.7 127.0.0.1 %d %d\r\nhello",
		     port_of(peer_local(c)), port_of(f->at[0]));
	c = fwd_client(f, 1, "127.0.0.7:0");
	s = peer_accept(l);
	peer_send(c, "hello", 5);
	peer_expect(s, signature, 16);
	inet_pton(AF_INET, "127.0.0.7", block);
	inet_pton(AF_INET, "127.0.0.1", block + 4);
	port = htons((uint16_t)port_of(peer_local(c)));
	memcpy(block + 8, &port, 2);
	port = htons((uint16_t)port_of(f->at[1]));
	memcpy(block + 10, &port, 2);
	peer_expect(s, block, 12);
	peer_expect(s, "hello", 5);
	prog_stop(f->p);
}

/* SIGHUP: a good file is in force, a bad one changes nothing. */
GRADED(program, reads_the_rules_again)
{
	struct peer_listener *a = fwd_server(), *b = fwd_server();
	struct fwd *f =
		fwd_start(1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(a));
	struct peer *c = fwd_client(f, 0, NULL), *s = peer_accept(a), *d, *t;

	peer_across(c, 10, s, 10);
	fwd_write(f, "a RR *:* - 127.0.0.1:0 > nonsense");
	prog_signal(f->p, SIGHUP);
	fwd_says(f, "1:");
	d = fwd_client(f, 0, NULL);
	t = peer_accept(a);
	peer_across(d, 10, t, 10);
	fwd_write(f, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(b));
	prog_signal(f->p, SIGHUP);
	fwd_says(f, "reload");
	judge_until(new_client_is_for(f, b, a), "clients go to the new server");
	peer_across(c, 100000, s, 100000);
	prog_stop(f->p);
}

/* Who may manage: loopback, or it says so. */
GRADED(program, not_for_the_public)
{
	struct fwd *f = fwd_start(1, "adm G *:* - 127.0.0.1:0 ;");
	struct peer *m = fwd_manage(f, 0);

	contains(fwd_ask(m, "add rule b G *:* - 0.0.0.0:0 ;"),
		 "add forward rule failed[");
	contains(fwd_ask(m, "modify rule adm G *:* - *:0 ;"),
		 "modify forward rule failed[");
	contains(fwd_ask(m, "add rule b G 0.0.0.0/1:* 128.0.0.0/1:* - "
			    "0.0.0.0:0 ;"),
		 "add forward rule failed[");
	contains(fwd_ask(m, "modify rule adm G [::/1]:* [8000::/1]:* - *:0 ;"),
		 "modify forward rule failed[");
	fwd_expect(m, "add rule b G 127.0.0.1:* 128.0.0.0/1:* - 0.0.0.0:0 ;",
		   "add forward rule ok");
	fwd_expect(m, "add rule d G 0.0.0.0/1:* 128.0.0.0/1:* - 127.0.0.1:0 ;",
		   "add forward rule ok");
	fwd_expect(m, "add rule c G ( public 1 ) *:* - 0.0.0.0:0 ;",
		   "add forward rule ok");
	prog_stop(f->p);
	f = fwd_start(1, "m G *:* - unix:%s/socket ;", judge_folder());
	m = fwd_manage(f, 0);
	contains(fwd_ask(m, "list rules"), "1 : m G *:* - unix:");
	judge_check(socket_mode(f) == 0600, "a socket of mode 0600", "%o",
		    socket_mode(f));
	prog_stop(f->p);
}

/* What one rule may not, several at one address may not either. */
GRADED(program, not_for_the_public_together)
{
	struct fwd *f = fwd_start(2, "adm G *:* - 127.0.0.1:0 ;\n"
				     "half G 0.0.0.0/1:* - 0.0.0.0:0 ;\n");
	struct peer *m = fwd_manage(f, 0);
	const char *at = f->at[1];

	contains(fwd_ask(m, "add rule b G 128.0.0.0/1:* - %s ;", at),
		 "add forward rule failed[rule b: ");
	contains(fwd_ask(m, "add rule b G 128.0.0.0/2:* - %s ;", at),
		 "add forward rule ok");
	contains(fwd_ask(m, "modify rule b G 128.0.0.0/1:* - %s ;", at),
		 "modify forward rule failed[");
	contains(fwd_ask(m, "modify rule half G *:* - %s ;", at),
		 "modify forward rule failed[rule half: ");
	contains(fwd_ask(m, "add rule c G ( public 1 ) 128.0.0.0/1:* - %s ;",
			 at),
		 "add forward rule ok");
	fwd_expect(m, "add rule d G 128.0.0.0/1:* - 0.0.0.0:0 ;",
		   "add forward rule ok");
	prog_stop(f->p);
}

/* Management connections do not count, and their limit is their own. */
GRADED(program, counts_for_itself)
{
	const struct fwd_opts opts = { .args = { "-s", "1" } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(&opts, 2,
				       "adm G *:* ( maxclients 2 ) - "
				       "127.0.0.1:0 ;\n"
				       "a RR *:* - 127.0.0.1:0 > %s ;\n"
				       "( maxsessions_per_ip 1 )",
				       fwd_at(l));
	struct peer *one = fwd_manage(f, 0), *two = fwd_manage(f, 0), *c;

	peer_expect_closed(fwd_client(f, 0, NULL));
	c = fwd_client(f, 1, NULL);
	peer_across(c, 10, peer_accept(l), 10);
	contains(fwd_ask(one, "stats"), "\nsessions 1\n");
	contains(fwd_ask(two, "stats"), "\nmanagers 2\n");
	prog_signal(f->p, SIGTERM);
	peer_expect_closed(one);
	peer_expect_closed(two);
	peer_close(c);
	prog_expect_exit(f->p, 0);
}

/* Its other end is somebody's: in the accept queue it has no inode, proc(5). */
static bool is_accepted(const struct peer *c)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	unsigned int local, remote, inode = 0;
	FILE *f = fopen("/proc/net/tcp", "r");
	char line[256];

	if (!f || getsockname(peer_fd(c), (struct sockaddr *)&sin, &len) < 0)
		judge_infra("/proc/net/tcp");
	while (!inode && fgets(line, sizeof(line), f)) {
		if (sscanf(line,
			   "%*d: %*x:%x %*x:%x %*x %*s %*s %*s %*d %*d %u",
			   &local, &remote, &inode) != 3 ||
		    remote != ntohs(sin.sin_port))
			inode = 0;
	}
	fclose(f);
	return inode;
}

/*
 * Nobody is let in once the program is to stop: who was accepted and waits for
 * room is told at once, and does not get the place of one who leaves.
 */
GRADED(program, no_room_at_the_drain)
{
	const struct fwd_opts opts = { .args = { "-s", "1", "--workers", "2",
						 "--drain", "100" } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(
		&opts, 1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(l));
	struct peer *c = fwd_client(f, 0, NULL), *s = peer_accept(l), *late;

	peer_across(c, 10, s, 10);
	late = fwd_client(f, 0, NULL);
	judge_until(is_accepted(late),
		    "the second client is accepted, and waits");
	prog_signal(f->p, SIGTERM);
	peer_expect_closed(late);
	fwd_says(f, "reason=drain");
	peer_across(c, 10, s, 10);
	peer_close(c);
	peer_expect_eof(s);
	peer_close(s);
	fwd_says(f, "reason=client-closed");
	prog_expect_exit(f->p, 0);
	judge_check(!peer_accept_now(l), "nobody at the server but the first",
		    "one more");
}

/* Debug output goes to standard error as well, and the line still comes. */
GRADED(program, says_more_with_d)
{
	const struct fwd_opts opts = { .args = { "-d", "-r", "100" } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(
		&opts, 1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(l));
	size_t n;

	fwd_count(f, 0, &l, 1, 1, &n);
	fwd_says(f, "reason=server-closed");
	prog_stop(f->p);
}
