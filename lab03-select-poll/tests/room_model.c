/* SPDX-License-Identifier: MIT */
#include "room_model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lab03.h"

/* ---- who is told what ---- */

void tell(struct member *m, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	if (!m->in_room || m->slow)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	m->slow = strlen(line) + 1 > m->room;
	if (m->slow)
		return;
	m->room -= strlen(line) + 1;
	strcat(strcat(m->got, *m->got ? " / " : ""), line);
}

void settle(struct room_model *g)
{
	for (struct member *m = g->m; m < g->m + MEMBERS; m++) {
		if (!m->slow || !m->in_room)
			continue;
		m->in_room = m->here = false;
		m->dropped = true;
		TELL_OTHERS(g, m, "* %s dropped: too slow", m->name);
	}
}

/* ---- what is said ---- */

struct member *called(struct room_model *g, const char *name)
{
	for (struct member *m = g->m; m < g->m + MEMBERS; m++)
		if (m->in_room && !strcmp(m->name, name))
			return m;
	return NULL;
}

static void nick(struct room_model *g, struct member *m, const char *name)
{
	struct member *owner = called(g, name);
	char old[32];

	if (!*name || strlen(name) > 16 ||
	    strspn(name,
		   "abcdefghijklmnopqrstuvwxyz"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != strlen(name)) {
		tell(m, "! a name is 1 to 16 letters, digits, - or _");
	} else if (owner && owner != m) {
		tell(m, "! %s is taken", name);
	} else {
		strcpy(old, m->name);
		strcpy(m->name, name);
		tell(m, "* you are %s", name);
		if (strcmp(old, name))
			TELL_OTHERS(g, m, "* %s is now %s", old, name);
	}
}

static void who(struct room_model *g, struct member *asking)
{
	char line[512], *p = line;
	unsigned int n = 0, last = 0;

	for (int i = 0; i < MEMBERS; i++)
		n += g->m[i].in_room;
	p += sprintf(p, "* %u here:", n);
	for (; n > 0; n--) {
		const struct member *next = NULL;

		for (int i = 0; i < MEMBERS; i++)
			if (g->m[i].in_room && g->m[i].joined > last &&
			    (!next || g->m[i].joined < next->joined))
				next = &g->m[i];
		p += sprintf(p, " %s", next->name);
		last = next->joined;
	}
	tell(asking, "%s", line);
}

static void quit(struct room_model *g, struct member *m)
{
	tell(m, "* bye");
	if (m->slow)
		return;
	m->in_room = false;
	m->finished = true;
	TELL_OTHERS(g, m, "* %s left", m->name);
}

static void hear(struct room_model *g, struct member *m, char *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	for (char *p = line; *p; p++)
		if (((unsigned char)*p < ' ' && *p != '\t') || *p == 0x7f)
			*p = '?';
	if (!len)
		return;
	if (*line != '/')
		TELL_OTHERS(g, m, "%s: %s", m->name, line);
	else if (!strncmp(line, "/nick ", 6))
		nick(g, m, line + 6);
	else if (!strcmp(line, "/who"))
		who(g, m);
	else if (!strcmp(line, "/quit"))
		quit(g, m);
	else
		tell(m, "! unknown command: /nick NAME, /who, /quit");
}

/* Cuts the next line off what came; false if it is not whole yet. */
static bool next_line(struct room_model *g, struct member *m)
{
	char line[sizeof(m->in)];
	char *end = memchr(m->in, '\n', m->len);
	size_t len = end ? (size_t)(end - m->in) : m->len;
	bool skipped = m->skipping;

	if (!m->len || (!end && len <= LINE_MAX && !m->eof && !skipped))
		return false;
	memcpy(line, m->in, len);
	m->len -= len + !!end;
	memmove(m->in, m->in + len + !!end, m->len);
	m->skipping = (skipped || len > LINE_MAX) && !end;
	if (skipped)
		return true;
	if (len > LINE_MAX)
		tell(m, "! a line is at most 512 bytes");
	else
		hear(g, m, line, len);
	return true;
}

void hear_all(struct room_model *g, struct member *m)
{
	while (m->in_room && next_line(g, m))
		settle(g);
	if (m->in_room && m->eof)
		quit(g, m);
	settle(g);
	if (!m->in_room)
		m->len = 0;
}
