/* SPDX-License-Identifier: MIT */
/* Task 5: managing the forwarder while traffic flows. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fwdtest.h"

#define TRIES 20 /* of a client that was too slow */

/* A short text, good for a few more calls. */
static const char *text_of(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));
static const char *text_of(const char *fmt, ...)
{
	static char text[8][512];
	static unsigned int turn;
	char *t = text[turn++ % 8];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t, sizeof(text[0]), fmt, ap);
	va_end(ap);
	return t;
}

/* A rule "a", a management rule, and a connection that runs by the first. */
struct site {
	struct fwd *f;
	struct peer_listener *l[2];
	struct peer *m, *c, *s;
};

static struct site site_start(const char *properties)
{
	struct site w = { .l = { fwd_server(), fwd_server() } };

	w.f = fwd_start(2,
			"# first\n"
			"a RR %s *:* - 127.0.0.1:0 > %s %s ; # behind\n"
			"adm G *:* - 127.0.0.1:0 ;\n",
			properties, fwd_at(w.l[0]), fwd_at(w.l[1]));
	w.m = fwd_manage(w.f, 1);
	w.c = fwd_client(w.f, 0, NULL);
	w.s = peer_accept(w.l[0]);
	peer_across(w.c, 1000, w.s, 2000);
	return w;
}

/* The connection of before has not noticed a thing. */
static void still_there(struct site *w)
{
	peer_across(w->c, 100000, w->s, 100000);
}

static void served_by(struct site *w, const char *at, int server)
{
	struct peer *c = peer_dial(at), *s = peer_accept(w->l[server]);

	peer_across(c, 10, s, 10);
	peer_close(c);
	peer_expect_eof(s);
	peer_close(s);
}

static void contains(const char *got, const char *want)
{
	judge_check(strstr(got, want), want, "%s", got);
}

GRADED(manage, add_and_remove)
{
	struct peer_listener *spare = fwd_server_apart();
	const char *rule;
	struct site w;
	char at[64];

	judge_promise("ARGUMENT is what stands behind the command's");
	w = site_start("");
	strcpy(at, fwd_at(spare));
	peer_listener_close(spare);
	rule = text_of("b RR *:* - %s > %s ;", at, fwd_at(w.l[1]));
	for (int i = 0; i < 3; i++) {
		fwd_expect(w.m, text_of("add rule %s", rule),
			   "add forward rule ok");
		served_by(&w, at, 1);
		contains(fwd_ask(w.m, "list rules"), " : b RR *:* - ");
		fwd_expect(w.m, i % 2 ? "remove rule b" : "remove rule b ;",
			   "remove forward rule ok");
		judge_check(!peer_dial_works(at),
			    "a removed rule's listener to be closed",
			    "it accepts");
	}
	judge_promise("What fails says why:");
	contains(fwd_ask(w.m, "remove rule b"), "remove forward rule failed[");
	contains(fwd_ask(w.m, "add rule a RR *:* - %s > %s ;", at,
			 fwd_at(w.l[1])),
		 "add forward rule failed[");
	contains(fwd_ask(w.m, "add rule b RR *:* nonsense"),
		 "add forward rule failed[");
	contains(fwd_ask(w.m, "add rule b RR *:* - %s > %s ;", fwd_at(w.l[0]),
			 fwd_at(w.l[1])),
		 "add forward rule failed[");
	/* Its own is removed, and the connection lives on. */
	judge_promise("live connections go on");
	fwd_expect(w.m, "remove rule a", "remove forward rule ok");
	judge_check(!peer_dial_works(w.f->at[0]), "nobody new", "somebody");
	still_there(&w);
	prog_stop(w.f->p);
}

GRADED(manage, modify_keeps_what_runs)
{
	const char *servers;
	struct site w;

	judge_promise("Reload and `modify` keep counts, bans, check");
	w = site_start("");
	fwd_expect(w.m, text_of("drain %s", fwd_at(w.l[0])), "drain server ok");
	fwd_expect(w.m, text_of("set weight %s 7", fwd_at(w.l[1])),
		   "set weight ok");
	fwd_expect(w.m,
		   text_of("modify rule a MS ( timeout 600 ) *:* - 127.0.0.1:0 "
			   "> %s %s ;",
			   fwd_at(w.l[0]), fwd_at(w.l[1])),
		   "modify forward rule ok");
	still_there(&w);
	servers = fwd_ask(w.m, "list servers");
	contains(servers, text_of("a %s drain ", fwd_at(w.l[0])));
	contains(servers, text_of("a %s up 7 ", fwd_at(w.l[1])));
	served_by(&w, w.f->at[0], 1);
	fwd_expect(w.m, text_of("enable %s", fwd_at(w.l[0])),
		   "enable server ok");
	served_by(&w, w.f->at[0], 0);
	contains(fwd_ask(w.m, "modify rule z MS *:* - 127.0.0.1:0 > %s ;",
			 fwd_at(w.l[0])),
		 "modify forward rule failed[");
	prog_stop(w.f->p);
}

GRADED(manage, disable_and_drain)
{
	char server[64];
	struct site w;

	judge_promise("no new connections");
	w = site_start("");
	strcpy(server, text_of("a/%s", fwd_at(w.l[0])));
	fwd_expect(w.m, text_of("drain %s", server), "drain server ok");
	still_there(&w);
	for (int i = 0; i < 4; i++)
		served_by(&w, w.f->at[0], 1);
	judge_promise("running ones are reset as well");
	fwd_expect(w.m, text_of("disable %s", server), "disable server ok");
	peer_expect_reset(w.c);
	peer_expect_reset(w.s);
	contains(fwd_ask(w.m, "list servers"),
		 text_of("a %s disabled ", fwd_at(w.l[0])));
	judge_promise("in service again, slowly");
	fwd_expect(w.m, text_of("enable %s", server), "enable server ok");
	fwd_expect(w.m, text_of("disable %s", fwd_at(w.l[1])),
		   "disable server ok");
	for (int i = 0; i < 4; i++)
		served_by(&w, w.f->at[0], 0);
	judge_promise("What fails says why:");
	contains(fwd_ask(w.m, "disable 127.0.0.1:1"), "disable server failed[");
	contains(fwd_ask(w.m, "set weight %s many", server),
		 "set weight failed[");
	contains(fwd_ask(w.m, "set weight %s 1001", server),
		 "set weight failed[");
	prog_stop(w.f->p);
}

GRADED(manage, lists_tell_what_is)
{
	struct site w = site_start("( ban 60 )");
	const char *got;

	contains(fwd_ask(w.m, "ver"), "version ");
	got = fwd_ask(w.m, "list rules");
	contains(got, text_of("1 : a RR ( ban 60 ) *:* - %s", "127.0.0.1:0"));
	contains(got, "2 : adm G *:* - 127.0.0.1:0");
	got = fwd_ask(w.m, "list forwards");
	contains(got, text_of("CLIENT [%s]", peer_local(w.c)));
	contains(got, text_of("LISTEN [%s]", w.f->at[0]));
	contains(got, text_of("SERVER [%s]", fwd_at(w.l[0])));
	got = fwd_ask(w.m, "list servers");
	contains(got, "id server state weight open total failed up down "
		      "ban_left check\n");
	contains(got,
		 text_of("a %s up 1 1 1 0 1000 2000 0 -\n", fwd_at(w.l[0])));
	contains(got, text_of("a %s up 1 0 0 0 0 0 0 -\n", fwd_at(w.l[1])));
	got = fwd_ask(w.m, "stats");
	contains(got, "\nsessions 1\n");
	contains(got, "\nsessions_total 1\n");
	contains(got, "\nbytes_up 1000\n");
	contains(got, "\nbytes_down 2000\n");
	peer_listener_close(w.l[1]);
	served_by(&w, w.f->at[0], 0);
	got = fwd_ask(w.m, "list servers");
	contains(got, " banned 1 0 0 1 0 0 ");
	prog_stop(w.f->p);
}

/* Only connections whose rule was removed or modified. */
GRADED(manage, clean_forwards)
{
	struct site w = site_start("");
	struct peer *c, *s;
	char client[80];

	fwd_expect(w.m, "clean forwards", "clean forwards ok");
	still_there(&w);
	strcpy(client, peer_local(w.c));
	fwd_expect(w.m,
		   text_of("modify rule a RR *:* - 127.0.0.1:0 > %s ;",
			   fwd_at(w.l[1])),
		   "modify forward rule ok");
	c = fwd_client(w.f, 0, NULL);
	s = peer_accept(w.l[1]);
	peer_across(c, 10, s, 10);
	still_there(&w);
	fwd_expect(w.m, "clean forwards", "clean forwards ok");
	peer_expect_reset(w.c);
	peer_expect_reset(w.s);
	judge_check(strcmp(fwd_line(w.f, client).reason, "cleaned") == 0,
		    "cleaned", "%s", fwd_line(w.f, client).reason);
	peer_across(c, 10, s, 10);
	prog_stop(w.f->p);
}

/*
 * A program may be another user than the judge, and then it could neither replace
 * a file of the judge's nor keep its owner: it gets the file. Where the judge may
 * not give it away, it does not have to.
 */
static void give_rules_to(struct fwd *f)
{
	char proc[32];
	struct stat st;

	snprintf(proc, sizeof(proc), "/proc/%d", prog_pid(f->p));
	if (stat(proc, &st) < 0 || chown(f->path, st.st_uid, st.st_gid) < 0)
		judge_step("the rules file stays the judge's");
}

/* What nobody touched stays, byte for byte; what is new comes last. */
GRADED(manage, dump_rules)
{
	struct site w = site_start("");
	char before[4096], link[256];
	struct stat st;
	const char *text;

	give_rules_to(w.f);
	if (chmod(w.f->path, 0640) < 0)
		judge_infra("chmod");
	strcpy(before, read_whole_file(w.f->path));
	fwd_expect(w.m, "dump rules", "dump all forward rules ok");
	text = read_whole_file(w.f->path);
	judge_check(strcmp(text, before) == 0, before, "%s", text);
	fwd_expect(w.m,
		   text_of("add rule b RR *:* - 127.0.0.1:0 > %s",
			   fwd_at(w.l[1])),
		   "add forward rule ok");
	fwd_expect(w.m, "dump rules", "dump all forward rules ok");
	text = read_whole_file(w.f->path);
	judge_check(strncmp(text, before, strlen(before)) == 0, before, "%s",
		    text);
	contains(text + strlen(before), "b RR *:* - 127.0.0.1:0 > ");
	judge_check(stat(w.f->path, &st) == 0 && (st.st_mode & 0777) == 0640,
		    "a mode of 0640, as before", "%o", st.st_mode & 0777);
	fwd_expect(w.m, "remove rule a", "remove forward rule ok");
	fwd_expect(w.m, "dump rules", "dump all forward rules ok");
	fwd_expect(w.m, "reload", "reload ok");
	text = read_whole_file(w.f->path);
	contains(text, "# first");
	judge_check(!strstr(text, "a RR"), "no rule a", "%s", text);
	/* A symbolic link stays one. */
	snprintf(link, sizeof(link), "%s.real", w.f->path);
	if (rename(w.f->path, link) < 0 || symlink(link, w.f->path) < 0)
		judge_infra("symlink");
	fwd_expect(w.m, "remove rule b", "remove forward rule ok");
	fwd_expect(w.m, "dump rules", "dump all forward rules ok");
	judge_check(lstat(w.f->path, &st) == 0 && S_ISLNK(st.st_mode),
		    "a symbolic link still", "none");
	judge_check(!strstr(read_whole_file(link), "b RR"),
		    "the file that it points to to be written", "it is not");
	prog_stop(w.f->p);
}

GRADED(manage, reload)
{
	const char *got;
	struct site w;

	judge_promise("all of the file, or nothing");
	w = site_start("");
	fwd_write(w.f, "adm G *:* - 127.0.0.1:0 ;\na RR *:* - 127.0.0.1:0 > %s",
		  fwd_at(w.l[1]));
	got = fwd_ask(w.m, "reload");
	contains(got, "reload failed[");
	judge_promise("Past one is an error, with file and line");
	contains(got, ":2: ");
	judge_promise("all of the file, or nothing");
	served_by(&w, w.f->at[0], 1);
	served_by(&w, w.f->at[0], 0);
	fwd_write(w.f,
		  "adm G *:* - 127.0.0.1:0 ;\na RR *:* - 127.0.0.1:0 > %s ;",
		  fwd_at(w.l[1]));
	fwd_expect(w.m, "reload", "reload ok");
	served_by(&w, w.f->at[0], 1);
	served_by(&w, w.f->at[0], 1);
	/* One that cannot listen makes all of the file bad. */
	fwd_write(w.f,
		  "adm G *:* - 127.0.0.1:0 ;\n"
		  "a RR *:* - 127.0.0.1:0 > %s ;\n"
		  "b RR *:* - %s > %s ;",
		  fwd_at(w.l[0]), fwd_at(w.l[0]), fwd_at(w.l[1]));
	contains(fwd_ask(w.m, "reload"), "reload failed[");
	served_by(&w, w.f->at[0], 1);
	still_there(&w);
	prog_stop(w.f->p);
}

/*
 * A client that has its metrics' first line. Whoever sends nothing for
 * ADMIN_QUIET_MS is somebody at a terminal, and on a busy machine the test may be
 * as slow as that: then it is told so by the prompt, and tries again.
 */
static struct peer *get_metrics(const struct site *w)
{
	for (int i = 0;; i++) {
		struct peer *c = fwd_client(w->f, 1, NULL);
		const char *line;

		peer_sendf(c, "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
		line = peer_line(c);
		if (i < TRIES && !strncmp(line, "> ", 2)) {
			peer_close(c);
			continue;
		}
		contains(line, "HTTP/1.1 200 ");
		return c;
	}
}

GRADED(manage, metrics)
{
	struct site w = site_start("");
	const char *got = fwd_ask(w.m, "metrics");
	struct peer *c;

	contains(got, "# TYPE forwarder_sessions gauge\n");
	contains(got, "\nforwarder_sessions 1\n");
	contains(got, "\nforwarder_sessions_total 1\n");
	contains(got, text_of("forwarder_server_bytes_total{rule=\"a\","
			      "server=\"%s\",direction=\"up\"} 1000\n",
			      fwd_at(w.l[0])));
	c = get_metrics(&w);
	judge_check(peer_drain(c) > 500, "metrics", "hardly any");
	prog_stop(w.f->p);
}
