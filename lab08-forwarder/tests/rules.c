/* SPDX-License-Identifier: MIT */
/* Task 1: rules.c, the parser and the printer. */
#include <stdio.h>
#include <string.h>

#include "rulesmodel.h"

#define RR_DEFAULTS                                          \
	"timeout=0 connect_timeout=5 half_close_timeout=60 " \
	"ban=10 retries=-1 sticky=0 proxy=0 public=0 "
#define SERVER_DEFAULTS " weight=1 maxconn=0 backup=0 check=0 rise=2 fall=3"

static void expect(struct prog *d, const char *name, const char *text,
		   const char *want)
{
	const char *got = driver_text(d, name, text);

	judge_check(strcmp(got, want) == 0, want, "%s", got);
}

GRADED(rules, one_rule)
{
	struct prog *d = prog_driver("rules-driver");

	expect(d, "file", "", "rules 0 per_ip=0");
	expect(d, "file", " \n# nothing\n", "rules 0 per_ip=0");
	expect(d, "file", "web RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;",
	       "rules 1 per_ip=0\n"
	       "rule web RR " RR_DEFAULTS "line=1 start=0 end=41\n"
	       "client *:* maxclients=0\n"
	       "listen 127.0.0.1:80\n"
	       "server 10.0.0.1:81" SERVER_DEFAULTS "\n"
	       "print web RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;");
	expect(d, "rule", "web RR *:* - 127.0.0.1:80 > 10.0.0.1:81",
	       "rule web RR " RR_DEFAULTS "line=1 start=0 end=39\n"
	       "client *:* maxclients=0\n"
	       "listen 127.0.0.1:80\n"
	       "server 10.0.0.1:81" SERVER_DEFAULTS "\n"
	       "print web RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;");
	expect(d, "rule", "\n adm G *:* - 127.0.0.1:80 \n# no more\n ",
	       "rule adm G " RR_DEFAULTS "line=2 start=2 end=39\n"
	       "client *:* maxclients=0\n"
	       "listen 127.0.0.1:80\n"
	       "print adm G *:* - 127.0.0.1:80 ;");
	prog_finish(d);
}

/* A server said again is the same one with a second share. */
static void said_again(struct prog *d)
{
	expect(d, "rule",
	       "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 10.0.0.2:81 ( backup ) "
	       "10.0.0.1:81 10.0.0.2:81 10.0.0.1:81 10.0.0.1:82 ;",
	       "rule a RR " RR_DEFAULTS "line=1 start=0 end=110\n"
	       "client *:* maxclients=0\n"
	       "listen 127.0.0.1:80\n"
	       "server 10.0.0.1:81 weight=3 maxconn=0 backup=0 check=0 rise=2 "
	       "fall=3\n"
	       "server 10.0.0.2:81 weight=2 maxconn=0 backup=1 check=0 rise=2 "
	       "fall=3\n"
	       "server 10.0.0.1:82" SERVER_DEFAULTS "\n"
	       "print a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( weight 3 ) "
	       "10.0.0.2:81 ( weight 2 backup ) 10.0.0.1:82 ;");
}

/* What the README of G5 shows, on other addresses. */
GRADED(rules, g5_sample)
{
	static const char *const text =
		"# \xd6\xbb\xd4\xca\xd0\xed\xb1\xbe\xbb\xfa\n"
		"admin G ( timeout 300 ) 127.0.0.1:* ( maxclients 2 ) - "
		"127.0.0.1:8060 ;\n"
		"webdog MS ( timeout 120 ) 127.0.0.1:* 127.0.0.2:* - "
		"127.0.0.1:8070 > 127.0.0.2:8071 ;\r\n"
		"webdog2 RR *.*.*.*:* ( maxclients 1 ) - 127.0.0.1:8080 >\n"
		"\t127.0.0.2:8089 127.0.0.2:8090\n"
		"\t127.0.0.2:8091 ;\n"
		"( maxsessions_per_ip 1 )\n";
	struct prog *d = prog_driver("rules-driver");

	expect(d, "file", text,
	       "rules 3 per_ip=1\n"
	       "rule admin G timeout=300 connect_timeout=5 "
	       "half_close_timeout=60 ban=10 retries=-1 sticky=0 proxy=0 "
	       "public=0 line=2 start=13 end=84\n"
	       "client 127.0.0.1:* maxclients=2\n"
	       "listen 127.0.0.1:8060\n"
	       "print admin G ( timeout 300 ) 127.0.0.1:* ( maxclients 2 ) - "
	       "127.0.0.1:8060 ;\n"
	       "rule webdog MS timeout=120 connect_timeout=5 "
	       "half_close_timeout=60 ban=10 retries=-1 sticky=0 proxy=0 "
	       "public=0 line=3 start=85 end=170\n"
	       "client 127.0.0.1:* maxclients=0\n"
	       "client 127.0.0.2:* maxclients=0\n"
	       "listen 127.0.0.1:8070\n"
	       "server 127.0.0.2:8071" SERVER_DEFAULTS "\n"
	       "print webdog MS ( timeout 120 ) 127.0.0.1:* 127.0.0.2:* - "
	       "127.0.0.1:8070 > 127.0.0.2:8071 ;\n"
	       "rule webdog2 RR " RR_DEFAULTS "line=4 start=172 end=277\n"
	       "client *.*.*.*:* maxclients=1\n"
	       "listen 127.0.0.1:8080\n"
	       "server 127.0.0.2:8089" SERVER_DEFAULTS "\n"
	       "server 127.0.0.2:8090" SERVER_DEFAULTS "\n"
	       "server 127.0.0.2:8091" SERVER_DEFAULTS "\n"
	       "print webdog2 RR *.*.*.*:* ( maxclients 1 ) - 127.0.0.1:8080 "
	       "> 127.0.0.2:8089 127.0.0.2:8090 127.0.0.2:8091 ;");
	said_again(d);
	prog_finish(d);
}

/* Rules made up by seed, read, printed and read again. */
GRADED(rules, round_trip)
{
	struct prog *d = prog_driver("rules-driver");
	static struct rulesmodel m;
	const char *got;

	for (int i = 0; i < 60; i++) {
		rulesmodel_make(&m, judge_random_between(1, 6));
		got = driver_bytes(d, "file", m.file.data, m.file.len);
		judge_check(strcmp(got, m.answer.data) == 0, m.answer.data,
			    "%s", got);
		got = driver_bytes(d, "rule", m.one.data, m.one.len);
		judge_check(strcmp(got, m.lone.data) == 0, m.lone.data, "%s",
			    got);
	}
	prog_finish(d);
}

/* Errors: the errno, the line. What is wrong is for people. */
static void expect_error(struct prog *d, const char *command, const char *text,
			 const char *error, size_t line)
{
	const char *got = driver_text(d, command, text);
	char want[64];
	size_t len = (size_t)snprintf(want, sizeof(want), "error %s %zu ",
				      error, line);

	judge_check(strncmp(got, want, len) == 0 && strlen(got) > len + 5 &&
			    !strchr(got, '\n'),
		    want, "%s (of the text \"%.200s\")", got, text);
}

GRADED(rules, wrong_lines)
{
	static const struct {
		size_t line;
		const char *text;
	} wrong[] = {
		/* A ";" is missing, and the next rule begins. */
		{ 2, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81\n"
		     "b RR *:* - 127.0.0.1:82 > 10.0.0.1:81 ;\n" },
		{ 3, "a G *:* - 127.0.0.1:80\n\nb G *:* - 127.0.0.1:82 ;" },
		{ 3, "a RR *:*\n- 127.0.0.1:80\n; b" },
		{ 1, "a" },
		{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81" },
		{ 2, "# a\na XX *:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 1, "a rr *:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 1, "a RR - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* - > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* - 127.0.0.1:80 > ;" },
		{ 1, "a RR *:* - 127.0.0.1:80 ;" },
		{ 1, "a G *:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 2, "a RR *:* - 127.0.0.1:80 >\n> 10.0.0.1:81 ;" },
		{ 3, "a RR\n(\ntimeout 5 *:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 2, "a RR (\nnothing 5 ) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 2, "a RR ( timeout\n) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 3, "a RR ( timeout\n5 )\n( timeout 5 ) *:* - 127.0.0.1:80 > "
		     "10.0.0.1:81 ;" },
		{ 1, "a RR ( weight 5 ) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* ( timeout 5 ) - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( timeout 5 ) ;" },
		{ 1, "a RR *:* - 127.0.0.1:80 ( weight 5 ) > 10.0.0.1:81 ;" },
		{ 1, "a RR ( public 1 ) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 1, "a RR ( proxy_protocol v3 ) *:* - 127.0.0.1:80 > "
		     "10.0.0.1:81 ;" },
		{ 1, "a RR ( proxy_protocol 1 ) *:* - 127.0.0.1:80 > "
		     "10.0.0.1:81 ;" },
		{ 2, "a RR 10.0.0.1:*\n10.0.0.1 - 127.0.0.1:80 > 10.0.0.1:81 "
		     ";" },
		{ 1, "a RR 10.0.0.0/33:* - 127.0.0.1:80 > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* - 127.0.0.1 > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* - 127.0.0.1:65536 > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* - ::1:80 > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* - unix:/a > 10.0.0.1:81 ;" },
		{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:65536 ;" },
		{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( rise 2 ) ;" },
		{ 2, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 10.0.0.1:81\n"
		     "( weight 2 ) ;" },
		{ 1, "a RR *:* - 127.0.0.1:80 > *:81\n;" },
		{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:0\n;" },
		{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:00\n;" },
		{ 4, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;\n\n\n"
		     "a RR *:* - 127.0.0.1:82 >\n10.0.0.1:81 ;\n" },
		/* Said again, and wrong behind that. */
		{ 2, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;\n"
		     "a RR *:*\n- ;\n" },
		{ 2, "( maxsessions_per_ip 1 )\n( maxsessions_per_ip 1 )" },
		{ 1, "( timeout 1 )" },
		{ 2, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;\n;" },
		{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( weight 1" },
	};
	struct prog *d = prog_driver("rules-driver");

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		expect_error(d, "file", wrong[i].text, "EINVAL", wrong[i].line);
	/* One rule, and nothing else. */
	expect_error(d, "rule", "a G *:* - 127.0.0.1:80 ;\nb", "EINVAL", 2);
	expect_error(d, "rule", "", "EINVAL", 1);
	prog_finish(d);
}
