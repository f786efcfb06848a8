/* SPDX-License-Identifier: MIT */
/*
 * The hard part of a chat is that saying something can make members leave. One
 * whose buffer is full is dropped; that it was dropped is announced; and that
 * line may be the one too many for the next. So nobody is dropped in the
 * middle of an announcement, where the list is being walked: who cannot take a
 * line is only moved to the list of the slow, and settle() drops these, one
 * after the other, until no announcement adds another. Every drop leaves fewer
 * members, so it ends.
 *
 *	          /quit, end of input              the peer has ended, too
 *	member ------------------------> leaving --------------------------> gone
 *	   |                                                                   ^
 *	   | no room for a line                      settle()                  |
 *	   '------------------------> slow ------------------------------------'
 *
 * A member is in room->members, in room->slow, or (leaving) in no list. It is
 * freed in chat_left() and nowhere else; chat_input() sees by guest_data()
 * that its own member has gone.
 */
#include "chat.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mux/app.h"
#include "text/chat_text.h"
#include "list.h"
#include "util.h"

/* The longest line that the server puts together from names and texts. */
#define REPLY_MAX (CHAT_LINE_MAX + 2 * CHAT_NAME_MAX + 64)

struct room {
	struct list members;
	struct list slow;    /* could not take a line: to be dropped */
	bool settling;	     /* settle() is running */
	unsigned int guests; /* the number of the last guest */
};

struct member {
	struct list link;
	struct guest *client;
	char name[CHAT_NAME_MAX + 1];
	bool skipping; /* is within a line that was refused */
	bool slow;     /* is in room->slow */
	bool leaving; /* has been told good-bye; what it sends is thrown away */
};

static struct member *member_at(struct list *link)
{
	return CONTAINER_OF(link, struct member, link);
}

static struct member *find(struct room *room, const char *name)
{
	for (struct list *l = room->members.next; l != &room->members;
	     l = l->next)
		if (strcmp(member_at(l)->name, name) == 0)
			return member_at(l);
	return NULL;
}

/* Tells M the LEN bytes at LINE, if it is still to be told anything. */
static void tell_bytes(struct room *room, struct member *m, const char *line,
		       size_t len)
{
	if (m->slow || m->leaving || guest_send(m->client, line, len) == 0)
		return;
	m->slow = true;
	list_remove(&m->link);
	list_append(&room->slow, &m->link);
}

static void __attribute__((format(printf, 3, 4)))
tell(struct room *room, struct member *m, const char *fmt, ...)
{
	char line[REPLY_MAX];
	va_list ap;

	va_start(ap, fmt);
	tell_bytes(room, m, line,
		   (size_t)vsnprintf(line, sizeof(line), fmt, ap));
	va_end(ap);
}

/* Tells everybody but ABOUT. Members found to be slow leave the list. */
static void __attribute__((format(printf, 3, 4)))
announce(struct room *room, const struct member *about, const char *fmt, ...)
{
	char line[REPLY_MAX];
	struct list *next;
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	len = (size_t)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (struct list *l = room->members.next; l != &room->members;
	     l = next) {
		next = l->next;
		if (member_at(l) != about)
			tell_bytes(room, member_at(l), line, len);
	}
}

/* Drops everybody who could not keep up; chat_left() announces each. */
static void settle(struct room *room)
{
	if (room->settling)
		return;
	room->settling = true;
	while (!list_empty(&room->slow))
		guest_drop(member_at(room->slow.next)->client);
	room->settling = false;
}

static void do_nick(struct room *room, struct member *m, const char *name)
{
	struct member *owner = find(room, name);
	char old[CHAT_NAME_MAX + 1];

	if (!chat_is_name(name)) {
		tell(room, m, "! a name is 1 to %d letters, digits, - or _\n",
		     CHAT_NAME_MAX);
		return;
	}
	if (owner && owner != m) {
		tell(room, m, "! %s is taken\n", name);
		return;
	}
	strcpy(old, m->name);
	strcpy(m->name, name);
	tell(room, m, "* you are %s\n", name);
	if (!owner)
		announce(room, m, "* %s is now %s\n", old, name);
}

static void do_who(struct room *room, struct member *m)
{
	struct buf text;
	size_t count = 0;
	struct list *l;
	bool whole;

	for (l = room->members.next; l != &room->members; l = l->next)
		count++;
	buf_init(&text, (CHAT_NAME_MAX + 1) * count + 64);
	whole = buf_appendf(&text, "* %zu here:", count) == 0;
	for (l = room->members.next; whole && l != &room->members; l = l->next)
		whole = buf_appendf(&text, " %s", member_at(l)->name) == 0;
	if (whole && buf_append(&text, "\n", 1) == 0)
		tell_bytes(room, m, buf_data(&text), buf_len(&text));
	buf_free(&text);
}

/* M leaves the room; its connection ends when the good-bye is out. */
static void leave(struct room *room, struct member *m)
{
	if (m->leaving || m->slow)
		return;
	tell(room, m, "* bye\n");
	if (m->slow)
		return;
	m->leaving = true;
	list_remove(&m->link);
	guest_finish(m->client);
	announce(room, m, "* %s left\n", m->name);
}

static void do_command(struct room *room, struct member *m, const char *line)
{
	if (strncmp(line, "/nick ", 6) == 0)
		do_nick(room, m, line + 6);
	else if (strcmp(line, "/who") == 0)
		do_who(room, m);
	else if (strcmp(line, "/quit") == 0)
		leave(room, m);
	else
		tell(room, m, "! unknown command: /nick NAME, /who, /quit\n");
}

/* M says the LEN bytes at DATA, at most CHAT_LINE_MAX, without a newline. */
static void say(struct room *room, struct member *m, const char *data,
		size_t len)
{
	char line[CHAT_LINE_MAX + 1];

	if (len > 0 && data[len - 1] == '\r')
		len--;
	if (len == 0)
		return;
	memcpy(line, data, len);
	line[len] = '\0';
	chat_make_printable(line, len);
	if (line[0] == '/')
		do_command(room, m, line);
	else
		announce(room, m, "%s: %s\n", m->name, line);
}

/*
 * Takes the next line from the N bytes at DATA, which are all that M has sent
 * and not been heard of. Returns how many bytes are done with; 0: the line is
 * not whole yet.
 */
static size_t take_line(struct room *room, struct member *m, const char *data,
			size_t n)
{
	const char *end = memchr(data, '\n', n);
	size_t len = end ? (size_t)(end - data) : n;
	size_t taken = end ? len + 1 : n;

	if (m->leaving)
		return n;
	if (m->skipping) {
		m->skipping = !end;
		return taken;
	}
	if (len > CHAT_LINE_MAX) {
		tell(room, m, "! a line is at most %d bytes\n", CHAT_LINE_MAX);
		m->skipping = !end;
		return taken;
	}
	if (!end && !guest_eof(m->client))
		return 0;
	say(room, m, data, len);
	return taken;
}

static void chat_input(void *state, struct guest *c)
{
	struct buf *in = guest_input(c);
	struct room *room = state;
	struct member *m;
	size_t taken = 1;

	/* Settling may drop C itself; then it has no member any more. */
	while ((m = guest_data(c)) && buf_len(in) > 0 && taken > 0) {
		taken = take_line(room, m, buf_data(in), buf_len(in));
		buf_consume(in, taken);
		settle(room);
	}
	if (m && guest_eof(c))
		leave(room, m);
	settle(room);
}

/* "guest" and the next number, unless a member has taken that. */
static void name_guest(struct room *room, struct member *m)
{
	do
		snprintf(m->name, sizeof(m->name), "guest%u", ++room->guests);
	while (find(room, m->name));
}

static int chat_joined(void *state, struct guest *c)
{
	struct member *m = calloc(1, sizeof(*m));
	struct room *room = state;

	if (!m)
		return -1;
	name_guest(room, m);
	m->client = c;
	guest_set_data(c, m);
	list_append(&room->members, &m->link);
	tell(room, m, "* welcome, %s\n", m->name);
	announce(room, m, "* %s joined\n", m->name);
	settle(room);
	return 0;
}

static void chat_left(void *state, struct guest *c)
{
	struct member *m = guest_data(c);
	struct room *room = state;

	list_remove(&m->link);
	guest_set_data(c, NULL);
	if (m->slow)
		announce(room, m, "* %s dropped: too slow\n", m->name);
	else if (!m->leaving)
		announce(room, m, "* %s left\n", m->name);
	free(m);
	settle(room);
}

static void *chat_start(void)
{
	struct room *room = calloc(1, sizeof(*room));

	if (!room)
		return NULL;
	list_init(&room->members);
	list_init(&room->slow);
	return room;
}

static void chat_stop(void *state)
{
	free(state);
}

const struct app app_chat = {
	.name = "chat",
	.start = chat_start,
	.stop = chat_stop,
	.joined = chat_joined,
	.input = chat_input,
	.left = chat_left,
};
