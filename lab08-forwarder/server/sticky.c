/* SPDX-License-Identifier: MIT */
/*
 * All entries are in a ring by when they were last set: at the limit the oldest
 * one goes.
 */
#include "server/sticky.h"

#include <stdlib.h>

#include "address/tally.h"

struct sticky {
	struct tally tally;
	struct tally_entry ring; /* newer: the oldest; older: the newest */
};

struct sticky *sticky_create(void)
{
	struct sticky *s = calloc(1, sizeof(*s));

	if (s)
		s->ring.older = s->ring.newer = &s->ring;
	return s;
}

void sticky_free(struct sticky *s)
{
	if (s)
		tally_free(&s->tally);
	free(s);
}

static void unlink_entry(struct tally_entry *e)
{
	e->older->newer = e->newer;
	e->newer->older = e->older;
}

int sticky_find(struct sticky *s, const struct addr *client, int64_t now_ns)
{
	struct tally_entry *e = tally_find(&s->tally, client);

	return e && e->until_ns > now_ns ? (int)e->count : -1;
}

void sticky_renumber(struct sticky *s, const int *map)
{
	struct tally_entry *next;

	for (struct tally_entry *e = s->ring.newer; e != &s->ring; e = next) {
		next = e->newer;
		if (map[e->count] >= 0) {
			e->count = (unsigned int)map[e->count];
		} else {
			unlink_entry(e);
			tally_remove(&s->tally, e);
		}
	}
}

void sticky_set(struct sticky *s, const struct addr *client, int server,
		int64_t until_ns)
{
	struct tally_entry *e;

	if (s->tally.count >= STICKY_MAX) {
		e = s->ring.newer;
		unlink_entry(e);
		tally_remove(&s->tally, e);
	}
	e = tally_add(&s->tally, client);
	if (!e)
		return;
	if (e->newer)
		unlink_entry(e);
	e->older = s->ring.older;
	e->newer = &s->ring;
	e->older->newer = s->ring.older = e;
	e->count = (unsigned int)server;
	e->until_ns = until_ns;
}
