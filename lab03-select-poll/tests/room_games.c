/* SPDX-License-Identifier: MIT */
/*
 * Tasks 4 and 5: chat.c against a model of chat.h. Members by chance come, say
 * things in pieces, and go, in tests/drivers/room-driver.c; each has to get
 * the lines that the model says, and no others. One of them at most is short of
 * room: when several are, the order in which they are dropped is free.
 */
#include <stdio.h>
#include <string.h>

#include "lab03.h"
#include "room_model.h"

#define GAMES  12
#define STEPS  150
#define PLENTY 1000000

static bool one_in(size_t n)
{
	return judge_random_between(1, n) == 1;
}

static int number(const struct room_model *g, const struct member *m)
{
	return (int)(m - g->m) + 1;
}

/* Each has plenty of room, unless nobody else is short of it. */
static size_t some_room(const struct room_model *g)
{
	for (int i = 0; i < MEMBERS; i++)
		if (g->m[i].here && g->m[i].room < PLENTY / 2)
			return PLENTY;
	return one_in(6) ? judge_random_between(0, 60) : PLENTY;
}

static void joins(struct room_model *g, struct member *m)
{
	size_t room = some_room(g);

	*m = (struct member){ .room = room, .joined = ++g->joins };
	do
		snprintf(m->name, sizeof(m->name), "guest%u", ++g->guests);
	while (called(g, m->name));
	m->here = m->in_room = true;
	prog_ask(g->driver, "0", "join %d %zu", number(g, m), room);
	tell(m, "* welcome, %s", m->name);
	TELL_OTHERS(g, m, "* %s joined", m->name);
	settle(g);
}

/* As it is said to the driver, in which "\n" and "\r" are two characters. */
static const char *something(const struct room_model *g, char *text)
{
	static const char *const said[] = {
		"hello\\n",
		"hi there\\r\\n",
		"\\n",
		"\\r\\n",
		"/who\\n",
		"/who\\r\\n",
		"/who \\n",
		"/WHO\\n",
		"/quit\\n",
		"/quit now\\n",
		"/nick\\n",
		"/nick \\n",
		"/nick ann\\n",
		"/nick Ann\\r\\n",
		"/nick b-_9\\n",
		"/nick guest7\\n",
		"/nick a b\\n",
		"/nick 1234567890123456\\n",
		"/nick 12345678901234567\\n",
		"/nick  x\\n",
		"/\\n",
		"//who\\n",
		" /who\\n",
		"half",
		"x",
		"x\\r\\r\\n",
		"a\\rb\\n",
		"tab\there\\n",
		"\x01\x1b[1m\x7f\\n",
		"\xc3\xa4\xff\\n",
		"? /quit\\n",
	};
	size_t n = judge_random_between(LINE_MAX - 2, LINE_MAX + 2);

	if (one_in(6)) {
		/* As the next guests would be called; several, in a row. */
		sprintf(text, "/nick guest%zu\\n",
			g->guests + judge_random_between(1, 4));
	} else if (one_in(8)) {
		memset(text, 'l', n);
		strcpy(text + n, one_in(3) ? "" : one_in(2) ? "\\r\\n" : "\\n");
	} else {
		strcpy(text,
		       said[judge_random() % (sizeof(said) / sizeof(said[0]))]);
	}
	return text;
}

static void sends(struct room_model *g, struct member *m)
{
	char text[4096] = "say: ", one[1024];

	/* What comes first in a line of the driver's cannot be a blank. */
	if (one_in(2))
		*text = '\0';
	for (size_t n = judge_random_between(1, 4); n > 0; n--)
		strcat(text, something(g, one));
	if (*text == ' ')
		*text = '.';
	prog_ask(g->driver, "0", "send %d %s", number(g, m), text);
	for (const char *p = text; *p; p++) {
		char c = *p;

		if (c == '\\')
			c = *++p == 'n' ? '\n' : '\r';
		m->in[m->len++] = c;
	}
	hear_all(g, m);
}

static void ends(struct room_model *g, struct member *m)
{
	prog_ask(g->driver, "0", "end %d", number(g, m));
	m->eof = true;
	hear_all(g, m);
}

static void breaks(struct room_model *g, struct member *m)
{
	prog_ask(g->driver, "0", "break %d", number(g, m));
	if (m->in_room) {
		m->in_room = false;
		TELL_OTHERS(g, m, "* %s left", m->name);
	}
	m->here = false;
	settle(g);
}

static void happen(struct room_model *g)
{
	struct member *m = &g->m[judge_random_between(0, MEMBERS - 1)];

	if (!m->here)
		joins(g, m);
	else if (m->finished && one_in(3))
		breaks(g, m);
	else if (one_in(20))
		breaks(g, m);
	else if (one_in(15) && !m->eof)
		ends(g, m);
	else if (!m->eof)
		sends(g, m);
}

/* The line in TEXT, as the driver tells them, in which the byte at AT is. */
static void line_at(const char *text, size_t at, char line[1024])
{
	const char *begin = text, *next;

	while ((next = strstr(begin, " / ")) && next + 3 <= text + at)
		begin = next + 3;
	snprintf(line, 1024, "%.*s",
		 next ? (int)(next - begin) : (int)strlen(begin), begin);
}

static bool either(const char *a, const char *b, const char *words)
{
	return strstr(a, words) || strstr(b, words);
}

static bool is_arrival(const char *line)
{
	return strstr(line, "* welcome, ") || strstr(line, " joined");
}

static bool is_said(const char *line)
{
	return *line != '*' && *line != '!' && strstr(line, ": ");
}

/* Whether LINE was said by somebody who is not in the room. */
static bool is_of_the_gone(struct room_model *g, const char *line)
{
	char name[32];

	return is_said(line) && sscanf(line, "%31[^:]", name) == 1 &&
	       !called(g, name);
}

/* What is wrong: the first lines that are not the same tell that. */
static void about(struct room_model *g, const char *want, const char *got)
{
	char a[1024], b[1024];
	size_t same = 0;

	while (want[same] && want[same] == got[same])
		same++;
	line_at(want, same, a);
	line_at(got, same, b);
	if (either(a, b, "! a line is at most"))
		judge_promise("A line of more than CHAT_LINE_MAX bytes");
	else if (either(a, b, "dropped") || is_arrival(a) != is_arrival(b))
		judge_promise("What a line was about has happened");
	else if (is_arrival(a))
		judge_promise("a number is not given twice, and one whose");
	else if (is_of_the_gone(g, b))
		judge_promise("What comes after /quit, in the same packet");
	else if (is_said(a) && is_said(b))
		judge_promise("Everything is lines, each ended by a newline");
	else
		judge_promise(NULL);
}

static void compare(struct room_model *g)
{
	static char want[sizeof(g->m[0].got) + 16];
	const char *got;

	for (struct member *m = g->m; m < g->m + MEMBERS; m++) {
		if (!m->joined)
			continue;
		snprintf(want, sizeof(want), "%s%s", *m->got ? m->got : "-",
			 m->dropped    ? " [dropped]"
			 : m->finished ? " [finished]"
				       : "");
		got = prog_answer(g->driver, "got %d", number(g, m));
		if (strcmp(got, want) != 0) {
			about(g, want, got);
			judge_fail(OUTCOME_FAIL, want, "%s", got);
		}
		*m->got = '\0';
	}
}

void room_follows_the_model(void)
{
	static struct room_model g;

	judge_checking("chat_any_talk");
	for (int i = 0; i < GAMES; i++) {
		g = (struct room_model){ .driver = prog_driver("room-driver") };
		for (int step = 0; step < STEPS; step++) {
			happen(&g);
			compare(&g);
		}
		prog_ask(g.driver, "0", "stop");
		prog_finish(g.driver);
	}
	judge_checking(NULL);
}
