/* SPDX-License-Identifier: MIT */
/* What the given part promises of changes while it runs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void serves(struct fwd *f, size_t i, struct peer_listener *l)
{
	struct peer *c = fwd_client(f, i, NULL), *s = peer_accept(l);

	peer_across(c, 100, s, 100);
	peer_close(c);
	peer_expect_eof(s);
	peer_close(s);
}

/* "*:P" and "127.0.0.1:P" cannot both listen, but one can follow the other. */
GRADED(program, an_address_follows_another)
{
	static const char *const hosts[] = { "*", "127.0.0.1", "0.0.0.0",
					     "127.0.0.1", "localhost" };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start(2,
				  "adm G *:* - 127.0.0.1:0 ;\n"
				  "a RR *:* - 127.0.0.1:0 > %s ;",
				  fwd_at(l));
	struct peer *m = fwd_manage(f, 0), *c = fwd_client(f, 1, NULL);
	struct peer *s = peer_accept(l);
	int port = port_of(f->at[1]);
	char command[160];

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		snprintf(command, sizeof(command),
			 "modify rule a RR *:* - %s:%d > %s ;", hosts[i], port,
			 fwd_at(l));
		fwd_expect(m, command, "modify forward rule ok");
		serves(f, 1, l);
		peer_across(c, 100, s, 100);
		/* What fails leaves all as it was. */
		snprintf(command, sizeof(command),
			 "modify rule a RR *:* - *:%d 192.0.2.1:1 > %s ;", port,
			 fwd_at(l));
		contains(fwd_ask(m, "%s", command), "modify forward rule "
						    "failed[");
		serves(f, 1, l);
	}
	prog_stop(f->p);
}

/* An address is the same one however it is written, in whatever order. */
GRADED(program, one_address_written_twice)
{
	struct peer_listener *l[2] = { fwd_server(), fwd_server() };
	struct fwd *f = fwd_start(2,
				  "adm G *:* - 127.0.0.1:0 ;\n"
				  "a RR 127.0.0.2:* - 127.0.0.1:0 > %s ;",
				  fwd_at(l[0]));
	struct peer *m = fwd_manage(f, 0);
	char command[160];

	snprintf(command, sizeof(command),
		 "add rule b RR *:* - localhost:%d > %s ;", port_of(f->at[1]),
		 fwd_at(l[1]));
	fwd_expect(m, command, "add forward rule ok");
	serves(f, 1, l[1]);
	fwd_expect(m, "remove rule a", "remove forward rule ok");
	serves(f, 1, l[1]);
	snprintf(command, sizeof(command),
		 "add rule a RR *:* - 127.0.0.1:%d > %s ;", port_of(f->at[1]),
		 fwd_at(l[0]));
	fwd_expect(m, command, "add forward rule ok");
	serves(f, 1, l[1]);
	prog_stop(f->p);
}

/* A Unix socket that was left there is replaced, and nothing else is. */
GRADED(program, a_file_is_not_replaced)
{
	struct fwd *f = fwd_start(1, "adm G *:* - 127.0.0.1:0 ;");
	struct peer *m = fwd_manage(f, 0);
	char path[200];

	snprintf(path, sizeof(path), "%s/file", judge_folder());
	write_whole_file(path, "mine");
	contains(fwd_ask(m, "add rule u G *:* - unix:%s ;", path),
		 "add forward rule failed[");
	judge_check(strcmp(read_whole_file(path), "mine") == 0,
		    "the file as it was", "%s", read_whole_file(path));
	prog_stop(f->p);
}

/* One that a dead process left is replaced, one that is alive is not. */
GRADED(program, a_unix_socket_that_was_left)
{
	char path[200], rule[240], command[256];
	struct fwd *f, *again;
	struct peer *m;
	struct stat st;

	snprintf(path, sizeof(path), "%s/socket", judge_folder());
	snprintf(rule, sizeof(rule), "u G *:* - unix:%s ;", path);
	f = fwd_start(1, "%s", rule);
	again = fwd_start(1, "adm G *:* - 127.0.0.1:0 ;");
	m = fwd_manage(again, 0);
	contains(fwd_ask(m, "add rule %s", rule), "Address already in use");
	contains(fwd_ask(fwd_manage(f, 0), "list rules"), "1 : u G *:* - ");
	prog_signal(f->p, SIGKILL);
	prog_expect_signal(f->p, SIGKILL);
	judge_check(stat(path, &st) == 0, "the socket of the dead process",
		    "none");
	snprintf(command, sizeof(command), "add rule %s", rule);
	fwd_expect(m, command, "add forward rule ok");
	judge_check(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
		    "a socket of mode 0600", "%o", st.st_mode & 0777);
	fwd_expect(m, "remove rule u ;", "remove forward rule ok");
	judge_check(stat(path, &st) < 0, "no file of a listener that is gone",
		    "one");
	prog_stop(again->p);
}

/* A server that checks took out is back when it is checked no more. */
GRADED(program, checks_are_taken_away)
{
	struct peer_listener *l = fwd_server();
	char at[64], command[160];
	struct fwd *f;
	struct peer *m;

	strcpy(at, fwd_at(l));
	peer_listener_close(l);
	f = fwd_start(2,
		      "adm G *:* - 127.0.0.1:0 ;\n"
		      "a RR *:* - 127.0.0.1:0 > %s ( check 1 fall 1 ) ;",
		      at);
	m = fwd_manage(f, 0);
	fwd_says(f, "up -> down (check failed)");
	snprintf(command, sizeof(command),
		 "modify rule a RR *:* - 127.0.0.1:0 > %s ;", at);
	fwd_expect(m, command, "modify forward rule ok");
	fwd_says(f, "down -> up (no longer checked)");
	prog_stop(f->p);
}

/* What cannot be dumped is refused before it is in force. */
GRADED(program, a_file_that_would_be_too_long)
{
	const size_t len = (4u << 20) - 60;
	struct peer_listener *l = fwd_server();
	char *comment = malloc(len + 1);
	struct fwd *f;
	struct peer *m;

	if (!comment)
		judge_infra("no memory");
	memset(comment, '#', len);
	comment[len] = '\0';
	f = fwd_start(1, "adm G *:* - 127.0.0.1:0 ;\n%s", comment);
	free(comment);
	m = fwd_manage(f, 0);
	contains(fwd_ask(m, "add rule a RR *:* - 127.0.0.1:0 > %s ;",
			 fwd_at(l)),
		 "add forward rule failed[File too large]");
	fwd_expect(m, "list rules", "     1 : adm G *:* - 127.0.0.1:0 ;");
	fwd_expect(m, "dump rules", "dump all forward rules ok");
	prog_stop(f->p);
}

/* FIRST leaves, and SECOND, who has waited, gets its server L. */
static void gets_its_place(struct fwd *f, struct peer *first,
			   struct peer *at_first, struct peer *second,
			   struct peer_listener *l)
{
	struct peer *at_second;

	fwd_leave(f, first, at_first);
	at_second = peer_accept(l);
	peer_across(second, 10, at_second, 10);
	fwd_leave(f, second, at_second);
}

/*
 * A client that waits while its rule is modified is served all the same. It
 * waits for connect_timeout seconds at most: longer than Valgrind may need here.
 */
GRADED(program, who_waited_outlives_the_rule)
{
	const struct fwd_opts opts = { .prog = { .valgrind = true } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(&opts, 2,
				       "adm G *:* - 127.0.0.1:0 ;\n"
				       "a RR ( connect_timeout 100 ) *:* - "
				       "127.0.0.1:0 > %s ( maxconn 1 ) ;",
				       fwd_at(l));
	struct peer *m = fwd_manage(f, 0);
	struct peer *first = fwd_client(f, 1, NULL), *at_first = peer_accept(l);
	struct peer *second = fwd_client(f, 1, NULL);
	char command[160];

	judge_until(strstr(fwd_ask(m, "list forwards"), "WAITING"),
		    "the second client waits");
	snprintf(command, sizeof(command),
		 "modify rule a RR ( connect_timeout 100 ) 127.0.0.1:* - "
		 "127.0.0.1:%d > %s ( maxconn 1 ) ;",
		 port_of(f->at[1]), fwd_at(l));
	fwd_expect(m, command, "modify forward rule ok");
	gets_its_place(f, first, at_first, second, l);
	prog_stop(f->p);
}

/* One that waits by a rule that is gone gets the server that comes free. */
GRADED(program, who_waited_outlives_a_removal)
{
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start(2,
				  "adm G *:* - 127.0.0.1:0 ;\n"
				  "a RR ( connect_timeout 100 ) *:* - "
				  "127.0.0.1:0 > %s ( maxconn 1 ) ;",
				  fwd_at(l));
	struct peer *m = fwd_manage(f, 0);
	struct peer *first = fwd_client(f, 1, NULL), *at_first = peer_accept(l);
	struct peer *second = fwd_client(f, 1, NULL);
	char command[160];

	judge_until(strstr(fwd_ask(m, "list forwards"), "WAITING"),
		    "the second client waits");
	fwd_expect(m, "remove rule a", "remove forward rule ok");
	snprintf(command, sizeof(command),
		 "add rule a RR ( connect_timeout 100 ) 127.0.0.1:* - "
		 "127.0.0.1:%d > %s ( maxconn 1 ) ;",
		 port_of(f->at[1]), fwd_at(l));
	fwd_expect(m, command, "add forward rule ok");
	gets_its_place(f, first, at_first, second, l);
	prog_stop(f->p);
}
