/* SPDX-License-Identifier: MIT */
/* Task 5: admin.c, the dialogue. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "between.h"
#include "clock.h"
#include "drivertest.h"

static struct prog *admin_start(const struct prog_opts *opts,
				const char *forwards)
{
	static const struct prog_opts none;
	const char *args[] = { forwards, NULL };

	return prog_spawn(opts ? opts : &none, "drivers/admin-driver", args);
}

/* Commands, what has to be called, and what has to be answered. */
static const struct {
	const char *command, *call, *answer;
} dialogue[] = {
	{ "ver", "ver", "version v1 of the driver\r\n" },
	{ "list rules", "list_rules",
	  "    1 : rule one\r\n    2 : rule two\r\n" },
	{ "add rule web RR *:* - 1 > 2 ;", "add_rule web RR *:* - 1 > 2",
	  "add forward rule ok\r\n" },
	{ "modify rule web  RR", "modify_rule web  RR",
	  "modify forward rule ok\r\n" },
	{ "remove rule web", "remove_rule web", "remove forward rule ok\r\n" },
	{ "dump rules", "dump_rules", "dump all forward rules ok\r\n" },
	{ "clean forwards", "clean_forwards", "clean forwards ok\r\n" },
	{ "list servers", "list_servers", "servers\r\n" },
	{ "enable a/10.0.0.1:80", "enable a/10.0.0.1:80",
	  "enable server ok\r\n" },
	{ "disable 10.0.0.1:80", "disable 10.0.0.1:80",
	  "disable server ok\r\n" },
	{ "drain 10.0.0.1:80", "drain 10.0.0.1:80", "drain server ok\r\n" },
	{ "set weight 10.0.0.1:80 7", "set_weight 10.0.0.1:80 7",
	  "set weight ok\r\n" },
	{ "stats", "stats", "stats\r\n" },
	{ "reload", "reload", "reload ok\r\n" },
	{ "metrics", "metrics", "# TYPE up gauge\nup 1\n" },
};

#define COMMANDS (sizeof(dialogue) / sizeof(dialogue[0]))

static void expect_text(struct peer *c, const char *text)
{
	peer_expect(c, text, strlen(text));
}

/* GOT came where LINE of an answer was to come: what is wrong with it? */
_Noreturn static void wrong_line(const char *line, const char *got)
{
	size_t text = strcspn(line, "\r");

	if (strncmp(got, line, text) == 0 && strspn(got + text, "\r") <= 1)
		judge_promise("Every line of an answer ends in CR LF,");
	else if (strncmp(got, "command invalid [", 17) != 0)
		judge_promise("add rule RULE \"add forward rule ok\" modify");
	judge_fail(OUTCOME_FAIL, line, "%s", got);
}

static void expect_answer(struct peer *c, size_t i)
{
	const char *want = dialogue[i].answer;

	while (*want) {
		size_t len = strcspn(want, "\n");
		const char *got = peer_line(c);
		char line[128];

		snprintf(line, sizeof(line), "%.*s", (int)len, want);
		if (strcmp(got, line) != 0)
			wrong_line(line, got);
		want += len + 1;
	}
}

/* The driver says how it was called. */
static void expect_call(struct prog *d, size_t i)
{
	const char *call = dialogue[i].call, *line;
	size_t name = strcspn(call, " ");
	char want[128];

	judge_promise("Does COMMAND for A.");
	line = prog_line(d);
	snprintf(want, sizeof(want), "call %s", call);
	if (strncmp(line, want, 5 + name) == 0) {
		if (*line && line[strlen(line) - 1] == ';')
			judge_promise("blanks and tabs around its words do");
		else if (call[name])
			judge_promise("ARGUMENT is what stands behind the");
		else
			judge_promise("\"\" if nothing does.");
	}
	prog_said(d, line, want);
}

/* LINE is the Ith command, however it is written. */
static void is_command(struct prog *d, struct peer *c, const char *line,
		       size_t i)
{
	const char *about = judge_promise("The prompt is");

	expect_text(c, "> ");
	judge_promise(about);
	peer_sendf(c, "%s", line);
	expect_answer(c, i);
	expect_call(d, i);
	judge_promise(about);
}

/* Blanks, a ";" and lines without a command do not count. */
static void is_written_freely(struct prog *d, struct peer *c)
{
	judge_promise("blanks and tabs around its words do not count,");
	is_command(d, c, "  \t list \t rules  \r\n", 1);
	is_command(d, c, "remove  rule \t web \t\n", 4);
	/* As a rule does, any command may end in a ";". */
	is_command(d, c, "ver;\n", 0);
	is_command(d, c, "list rules \t; \r\n", 1);
	is_command(d, c, "add rule web RR *:* - 1 > 2\n", 2);
	is_command(d, c, "modify rule web  RR \t;\n", 3);
	is_command(d, c, "remove rule web ;\r\n", 4);
	is_command(d, c, "remove rule web;\n", 4);
	is_command(d, c, "drain 10.0.0.1:80 ;\n", 10);
	expect_text(c, "> ");
	peer_sendf(c, "\r\n\n \t \r\n ; \n");
	expect_text(c, "> > > > ");
}

#define GAP_MS	500
#define LATE_MS 1200

/*
 * Whether a client that goes on sending behind its quit is reset; LATE: this
 * process was silent for too long.
 */
static bool is_cut_off(struct prog *d, bool *late)
{
	struct peer *c = peer_connect(d);
	int64_t began;

	peer_sendf(c, "quit\n");
	peer_expect_eof(c);
	*late = false;
	for (int i = 0; i < 6 && !*late && !peer_is_reset(c); i++) {
		began = clock_ms();
		judge_until(clock_ms() - began > GAP_MS,
			    "some time has passed");
		*late = clock_ms() - began > LATE_MS;
		send(peer_fd(c), "more ", 5, MSG_NOSIGNAL);
	}
	if (peer_is_reset(c))
		return true;
	peer_close(c);
	prog_expect_line(d, "closed");
	return false;
}

/* What a busy machine makes silent is tried again. */
static void goes_on_behind_quit(struct prog *d)
{
	bool late = true, cut_off = true;

	judge_promise("What the client still sends is read and thrown");
	judge_checking("admin_goes_on_behind_quit");
	for (int i = 0; i < 5 && (cut_off || late); i++) {
		cut_off = is_cut_off(d, &late);
		if (cut_off)
			prog_expect_line(d, "closed");
	}
	if (late)
		judge_infra("this machine was late each time");
	judge_check(!cut_off, "a client that is not silent to be heard out",
		    "a reset, five times");
	judge_checking(NULL);
}

GRADED(admin, answers_each_command)
{
	struct prog *d;
	struct peer *c;
	char line[128];

	judge_promise("The prompt is");
	d = admin_start(NULL, NULL);
	c = peer_connect(d);
	for (size_t i = 0; i < COMMANDS; i++) {
		judge_promise("A command is a line that ends in LF or CR");
		snprintf(line, sizeof(line), i % 2 ? "%s\r\n" : "%s\n",
			 dialogue[i].command);
		is_command(d, c, line, i);
	}
	is_written_freely(d, c);
	judge_promise("quit no answer: the connection is closed");
	peer_sendf(c, "quit ;\n");
	peer_expect_eof(c);
	prog_expect_line(d, "closed");
	goes_on_behind_quit(d);
	prog_stop(d);
}

/* A reason may have ADMIN_WHY_MAX bytes, with its NUL. */
static void long_reason(struct peer *c)
{
	char server[501];

	judge_checking("admin_long_reason");
	memset(server, 'x', sizeof(server) - 1);
	memcpy(server, "bad", 3);
	server[500] = '\0';
	peer_sendf(c, "enable %s\n", server);
	peer_expectf(c, "enable server failed[no %s]\r\n> ", server);
	judge_checking(NULL);
}

GRADED(admin, says_what_failed)
{
	static const struct {
		const char *command, *answer;
	} all[] = {
		{ "add rule bad one", "add forward rule failed[no bad one]" },
		{ "modify rule bad", "modify forward rule failed[no bad]" },
		{ "remove rule bad", "remove forward rule failed[no bad]" },
		{ "enable bad", "enable server failed[no bad]" },
		{ "disable bad", "disable server failed[no bad]" },
		{ "drain bad", "drain server failed[no bad]" },
		{ "set weight bad 3", "set weight failed[no bad 3]" },
		{ "dump rules", "dump all forward rules ok" },
		{ "dump rules", "dump all forward rules failed[only once]" },
		{ "clean forwards", "clean forwards ok" },
		{ "clean forwards", "clean forwards failed[only once]" },
		{ "reload", "reload ok" },
		{ "reload", "reload failed[only once]" },
	};
	struct prog *d;
	struct peer *c;

	judge_promise("What fails says \"add forward rule failed");
	d = admin_start(NULL, NULL);
	c = peer_connect(d);
	expect_text(c, "> ");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		peer_sendf(c, "%s\n", all[i].command);
		peer_expectf(c, "%s\r\n> ", all[i].answer);
	}
	long_reason(c);
	prog_stop(d);
}

GRADED(admin, refuses_what_is_no_command)
{
	static const char *const all[] = {
		"nothing",
		"VER",
		"ver 1",
		"list",
		"list all",
		"list rules all",
		"listrules",
		"dump",
		"quit now",
		"stats all",
		"set",
		"set weight",
		"reload now",
		"remove rule",
		"add rule",
		"add",
		"clean",
		"enable",
		"metrics x",
		"ver ; ;",
		"list ; rules",
		"remove rule web ; now",
		"remove rule ;",
		"nothing \t; ",
		"\xb9\xdc\xc0\xed",
		"  spaces  within  ",
	};
	struct prog *d = admin_start(NULL, NULL);
	struct peer *c = peer_connect(d);

	expect_text(c, "> ");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		peer_sendf(c, "%s\r\n", all[i]);
		peer_expectf(c, "command invalid [%s]\r\n> ", all[i]);
	}
	/* A NUL is a byte of the line as any other. */
	peer_send(c, "ver\0\n", 5);
	peer_expect(c, "command invalid [ver\0]\r\n> ", 26);
	peer_sendf(c, "?\n");
	for (size_t i = 0; i < COMMANDS; i++) {
		const char *line = peer_line(c);

		judge_check(line[strlen(line) - 1] == '\r',
			    "lines that end in CR LF", "%s", line);
	}
	prog_stop(d);
}

/* All of it at once; what comes back is as if it had come line by line. */
static void all_at_once(struct peer *c, bool bytewise)
{
	struct text commands = { 0 }, answers = { 0 };

	text_addf(&answers, "> ");
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strncmp(dialogue[i].call, "dump", 4) == 0 ||
		    strncmp(dialogue[i].call, "clean", 5) == 0 ||
		    strncmp(dialogue[i].call, "reload", 6) == 0)
			continue;
		text_addf(&commands, "%s\r\n", dialogue[i].command);
		text_addf(&answers, "%s> ", dialogue[i].answer);
	}
	text_addf(&commands, "wrong\nquit\nver\n");
	text_addf(&answers, "command invalid [wrong]\r\n> ");
	if (bytewise)
		peer_send_bytewise(c, commands.data, commands.len);
	else
		peer_send(c, commands.data, commands.len);
	peer_expect(c, answers.data, answers.len);
	peer_expect_closed(c);
	free(commands.data);
	free(answers.data);
}

/* SAYS is all that a client has to say; it hears nothing but the end. */
static void hears_nothing(struct prog *d, const char *says)
{
	struct peer *c;

	/* All of it is here before anybody looks. */
	prog_pause(d);
	c = peer_connect(d);
	peer_send(c, says, strlen(says));
	peer_half_close(c);
	prog_resume(d);
	peer_expect_eof(c);
	peer_close(c);
}

GRADED(admin, pipelined_and_split)
{
	static const struct chaos chaos = { .short_read = 60,
					    .short_write = 60,
					    .eagain = 30 };
	const struct prog_opts faulty = { .chaos = &chaos };
	struct prog *d;

	judge_promise("Commands that came in one go are answered in");
	d = admin_start(NULL, NULL);
	all_at_once(peer_connect(d), false);
	all_at_once(peer_connect(d), true);
	judge_checking("admin_end_has_no_prompt");
	hears_nothing(d, "quit\n");
	hears_nothing(d, "ver");
	hears_nothing(d, "");
	judge_checking(NULL);
	prog_stop(d);
	judge_promise("So the bytes that a client sees depend only on");
	d = admin_start(&faulty, NULL);
	for (int i = 0; i < 10; i++)
		all_at_once(peer_connect(d), i % 2);
	prog_stop(d);
}

/* A FIN behind the commands: the answers are due; half a line is nothing. */
GRADED(admin, answers_after_the_end)
{
	struct prog *d = admin_start(NULL, "2000");
	struct peer *c = peer_connect(d);
	struct text many = { 0 };

	peer_sendf(c, "ver\nlist forwards\nstats\nver");
	peer_half_close(c);
	expect_text(c, "> version v1 of the driver\r\n> ");
	peer_skip(c, 2000 * 64);
	expect_text(c, "> stats\r\n> ");
	peer_expect_eof(c);
	c = peer_connect(d);
	for (int i = 0; i < 100; i++)
		text_addf(&many, "stats\n");
	prog_pause(d);
	peer_send(c, many.data, many.len);
	peer_half_close(c);
	prog_resume(d);
	peer_expectf(c, "> ");
	for (int i = 0; i < 100; i++)
		peer_expectf(c, "stats\r\n> ");
	peer_expect_eof(c);
	for (int i = 0; i < 20; i++) {
		c = peer_connect(d);
		peer_sendf(c, "list forwards\nlist forwards\nli");
		if (i % 2)
			peer_reset(c);
		else
			peer_close(c);
	}
	c = peer_connect(d);
	peer_sendf(c, "stats\n");
	expect_text(c, "> stats\r\n> ");
	prog_stop(d);
	free(many.data);
}

/*
 * An answer waits, so nothing is read: what the kernel has room for is taken,
 * and no more.
 */
static void a_flood_behind_an_answer(struct prog *d)
{
	static const char line[] = "list forwards\n";
	struct peer *c = peer_connect(d);
	size_t before;

	judge_checking("admin_reads_no_further");
	expect_text(c, "> ");
	before = prog_rss_kib(d);
	for (int i = 0; i < 200; i++)
		peer_sendf(c, "%s", line);
	peer_send_until_full(c);
	prog_expect_rss(d, before, 16 * 1024);
	judge_checking(NULL);
	peer_reset(c);
}

/* Sends and sends and never reads: one answer of memory, not all. */
GRADED(admin, a_client_that_never_reads)
{
	size_t before, calls = 0, lists = 1;
	struct text many = { 0 };
	struct peer *c, *other;
	struct prog *d;

	judge_promise("While answers wait to be read, no further");
	d = admin_start(NULL, "40000"); /* 2.5 MB an answer */
	c = peer_connect(d);
	expect_text(c, "> ");
	before = prog_rss_kib(d);
	for (int i = 0; i < 200; i++)
		text_addf(&many, "list forwards\n");
	peer_send(c, many.data, many.len);
	prog_expect_line(d, "call list_forwards");
	for (int i = 0; i < 20; i++) {
		other = peer_connect(d);
		peer_sendf(other, "stats\n");
		expect_text(other, "> stats\r\n> ");
		peer_close(other);
	}
	prog_expect_rss(d, before, 16 * 1024);
	while (calls < 20) {
		const char *line = prog_line(d);

		calls += strcmp(line, "call stats") == 0;
		lists += strcmp(line, "call list_forwards") == 0;
	}
	/* What the kernel's buffers take is sent, and one answer waits. */
	judge_check(lists < 20, "no further command while an answer waits",
		    "%zu of 200 are answered", lists);
	judge_promise("Commands that came in one go are answered in");
	for (int i = 0; i < 200; i++) {
		peer_skip(c, 40000 * 64);
		expect_text(c, "> ");
	}
	a_flood_behind_an_answer(d);
	prog_stop(d);
	free(many.data);
}
