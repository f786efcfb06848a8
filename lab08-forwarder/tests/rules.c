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
	rules_answered(driver_text(d, name, text), want);
}

/* The same for a rule in which no property is said. */
static void expect_defaults(struct prog *d, const char *name, const char *text,
			    const char *want)
{
	const char *got = driver_text(d, name, text);

	if (strstr(got, " timeout=") && !strstr(got, RR_DEFAULTS))
		judge_promise("rule timeout 0, connect_timeout 5,");
	else if (strstr(got, " weight=") && !strstr(got, SERVER_DEFAULTS))
		judge_promise("server weight 1, maxconn 0, backup");
	rules_answered(got, want);
}

/* Values that no other example has. */
static void what_may_be_said(struct prog *d)
{
	judge_checking("rules_what_may_be_said");
	judge_promise("proxy_protocol v1|v2 (none), public 0|1 (0; 1");
	expect(d, "rule", "a RR ( public 0 ) *:* - 127.0.0.1:80 > 10.0.0.1:81",
	       "rule a RR " RR_DEFAULTS "line=1 start=0 end=50\n"
	       "client *:* maxclients=0\n"
	       "listen 127.0.0.1:80\n"
	       "server 10.0.0.1:81" SERVER_DEFAULTS "\n"
	       "print a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;");
	judge_promise("rise and fall want a check.");
	expect(d, "rule",
	       "a RR *:* - b:80 > c:1 ( rise 5 ) ( fall 1 check 2 ) ;",
	       "rule a RR " RR_DEFAULTS "line=1 start=0 end=53\n"
	       "client *:* maxclients=0\n"
	       "listen b:80\n"
	       "server c:1 weight=1 maxconn=0 backup=0 check=2 rise=5 fall=1\n"
	       "print a RR *:* - b:80 > c:1 ( check 2 rise 5 fall 1 ) ;");
	judge_checking(NULL);
}

GRADED(rules, one_rule)
{
	struct prog *d;

	judge_promise("Reads the LEN bytes at TEXT, a whole file");
	d = prog_driver("rules-driver");
	judge_promise("An empty file has no rules.");
	expect(d, "file", "", "rules 0 per_ip=0");
	expect(d, "file", " \n# nothing\n", "rules 0 per_ip=0");
	judge_promise("Reads the LEN bytes at TEXT, a whole file");
	expect_defaults(d, "file", "web RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;",
			"rules 1 per_ip=0\n"
			"rule web RR " RR_DEFAULTS "line=1 start=0 end=41\n"
			"client *:* maxclients=0\n"
			"listen 127.0.0.1:80\n"
			"server 10.0.0.1:81" SERVER_DEFAULTS "\n"
			"print web RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;");
	judge_promise("its final \";\" may be missing.");
	expect_defaults(d, "rule", "web RR *:* - 127.0.0.1:80 > 10.0.0.1:81",
			"rule web RR " RR_DEFAULTS "line=1 start=0 end=39\n"
			"client *:* maxclients=0\n"
			"listen 127.0.0.1:80\n"
			"server 10.0.0.1:81" SERVER_DEFAULTS "\n"
			"print web RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;");
	expect_defaults(d, "rule", "\n adm G *:* - 127.0.0.1:80 \n# no more\n ",
			"rule adm G " RR_DEFAULTS "line=2 start=2 end=39\n"
			"client *:* maxclients=0\n"
			"listen 127.0.0.1:80\n"
			"print adm G *:* - 127.0.0.1:80 ;");
	what_may_be_said(d);
	prog_finish(d);
}

/* A server said again is the same one with a second share. */
static void said_again(struct prog *d)
{
	judge_promise("A server that is said again in a rule, by the");
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
	/* The beginning of a text is another text. */
	judge_checking("rules_said_again_whole");
	expect(d, "rule", "a RR *:* - b:80 > 10.0.0.1:81 10.0.0.1:8 ;",
	       "rule a RR " RR_DEFAULTS "line=1 start=0 end=42\n"
	       "client *:* maxclients=0\n"
	       "listen b:80\n"
	       "server 10.0.0.1:81" SERVER_DEFAULTS "\n"
	       "server 10.0.0.1:8" SERVER_DEFAULTS "\n"
	       "print a RR *:* - b:80 > 10.0.0.1:81 10.0.0.1:8 ;");
	judge_checking(NULL);
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
	struct prog *d;
	const char *got;

	judge_promise("Reads the LEN bytes at TEXT, a whole file");
	d = prog_driver("rules-driver");
	got = driver_text(d, "file", text);
	/* The comment in GBK is all that this line has. */
	if (strncmp(got, "error EINVAL 1 ", 15) == 0)
		judge_promise("All other bytes are part of words, whatever");
	rules_answered(
		got,
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
	static struct rulesmodel m;
	struct prog *d;

	judge_promise("Reads the LEN bytes at TEXT, a whole file");
	d = prog_driver("rules-driver");
	for (int i = 0; i < 60; i++) {
		rulesmodel_make(&m, judge_random_between(1, 6));
		judge_promise("Reads the LEN bytes at TEXT, a whole file");
		rules_answered(driver_bytes(d, "file", m.file.data, m.file.len),
			       m.answer.data);
		judge_promise("rules_parse_rule() makes the same rule of it.");
		rules_answered(driver_bytes(d, "rule", m.one.data, m.one.len),
			       m.lone.data);
	}
	prog_finish(d);
}

/* Errors: the errno, the line. What is wrong is for people. */
static void expect_error(const char *got, const char *text, const char *error,
			 size_t line)
{
	char want[64];
	size_t len = (size_t)snprintf(want, sizeof(want), "error %s %zu ",
				      error, line);

	judge_check(strncmp(got, want, len) == 0 && strlen(got) > len + 5 &&
			    !strchr(got, '\n'),
		    want, "%s (of the text \"%.200s\")", got, text);
}

/* Which promise a program breaks that reports no error, or one elsewhere. */
enum broken { FIRST_TOKEN, BOTH, UNIX, RISE, TWICE, SERVER, ID };

static void say_broken(enum broken what)
{
	switch (what) {
	case FIRST_TOKEN:
		judge_promise("What is wrong is reported at the first token");
		break;
	case BOTH:
		judge_promise("A rule of mode G has no \">\" and no servers,");
		break;
	case UNIX:
		judge_promise("\"unix:/path\" listens for G only, with a path");
		break;
	case RISE:
		judge_promise("rise and fall want a check.");
		break;
	case TWICE:
		judge_promise("It has its properties where it is said first:");
		break;
	case SERVER:
		judge_promise("A server's port is no 0, and its host no");
		break;
	case ID:
		judge_promise("An id stands for one rule: the error is where");
	}
}

#define AT(line, text)                  \
	{                               \
		line, text, FIRST_TOKEN \
	}

/* Texts, and the lines that they are wrong at. */
static const struct {
	size_t line;
	const char *text;
	enum broken broken;
} wrong[] = {
	/* A ";" is missing, and the next rule begins. */
	AT(2, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81\n"
	      "b RR *:* - 127.0.0.1:82 > 10.0.0.1:81 ;\n"),
	AT(3, "a G *:* - 127.0.0.1:80\n\nb G *:* - 127.0.0.1:82 ;"),
	AT(3, "a RR *:*\n- 127.0.0.1:80\n; b"),
	AT(1, "a"),
	AT(1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81"),
	AT(2, "# a\na XX *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a rr *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a R *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a RR - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a RR *:* 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a RR *:* - > 10.0.0.1:81 ;"),
	{ 1, "a RR *:* - 127.0.0.1:80 > ;", BOTH },
	{ 1, "a RR *:* - 127.0.0.1:80 ;", BOTH },
	{ 1, "a G *:* - 127.0.0.1:80 > 10.0.0.1:81 ;", BOTH },
	AT(2, "a RR *:* - 127.0.0.1:80 >\n> 10.0.0.1:81 ;"),
	AT(3, "a RR\n(\ntimeout 5 *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(2, "a RR (\nnothing 5 ) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(2, "a RR ( timeout\n) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(3, "a RR ( timeout\n5 )\n( timeout 5 ) *:* - 127.0.0.1:80 > "
	      "10.0.0.1:81 ;"),
	AT(1, "a RR ( weight 5 ) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a RR *:* ( timeout 5 ) - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( timeout 5 ) ;"),
	AT(1, "a RR *:* - 127.0.0.1:80 ( weight 5 ) > 10.0.0.1:81 ;"),
	AT(1, "a RR ( public 1 ) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a RR ( proxy_protocol v3 ) *:* - 127.0.0.1:80 > "
	      "10.0.0.1:81 ;"),
	AT(1, "a RR ( proxy_protocol 1 ) *:* - 127.0.0.1:80 > "
	      "10.0.0.1:81 ;"),
	AT(2, "a RR 10.0.0.1:*\n10.0.0.1 - 127.0.0.1:80 > 10.0.0.1:81 "
	      ";"),
	AT(1, "a RR 10.0.0.0/33:* - 127.0.0.1:80 > 10.0.0.1:81 ;"),
	AT(1, "a RR *:* - 127.0.0.1 > 10.0.0.1:81 ;"),
	AT(1, "a RR *:* - 127.0.0.1:65536 > 10.0.0.1:81 ;"),
	AT(1, "a RR *:* - ::1:80 > 10.0.0.1:81 ;"),
	{ 1, "a RR *:* - unix:/a > 10.0.0.1:81 ;", UNIX },
	{ 1, "a G *:* - unix:a ;", UNIX },
	{ 1, "a G *:* - unix: ;", UNIX },
	AT(1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:65536 ;"),
	{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( rise 2 ) ;", RISE },
	{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( check 0 rise 4 ) ;",
	  RISE },
	{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( fall 3 check 0 ) ;",
	  RISE },
	{ 2,
	  "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 10.0.0.1:81\n"
	  "( weight 2 ) ;",
	  TWICE },
	{ 1, "a RR *:* - 127.0.0.1:80 > *:81\n;", SERVER },
	{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:0\n;", SERVER },
	{ 1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:00\n;", SERVER },
	{ 4,
	  "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;\n\n\n"
	  "a RR *:* - 127.0.0.1:82 >\n10.0.0.1:81 ;\n",
	  ID },
	/* Said again, and wrong behind that. */
	{ 2,
	  "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;\n"
	  "a RR *:*\n- ;\n",
	  ID },
	AT(2, "( maxsessions_per_ip 1 )\n( maxsessions_per_ip 1 )"),
	AT(1, "( timeout 1 )"),
	AT(2, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ;\n;"),
	AT(1, "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( weight 1"),
};

GRADED(rules, wrong_lines)
{
	const char *got, *text = "a G *:* - 127.0.0.1:80 ;\nb";
	struct prog *d;

	say_broken(FIRST_TOKEN);
	d = prog_driver("rules-driver");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		/* A rule with an error is none, and may be freed as such. */
		if (i == 0)
			judge_promise("The same for one rule, which may be");
		got = driver_text(d, "file", wrong[i].text);
		say_broken(wrong[i].broken);
		expect_error(got, wrong[i].text, "EINVAL", wrong[i].line);
	}
	judge_promise("Reads TEXT as one rule and nothing else;");
	expect_error(driver_text(d, "rule", text), text, "EINVAL", 2);
	judge_promise("or NULL as rules_parse() fails.");
	expect_error(driver_text(d, "rule", ""), "", "EINVAL", 1);
	prog_finish(d);
}
