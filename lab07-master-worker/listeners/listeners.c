/* SPDX-License-Identifier: MIT */
/*
 * A change is made in two steps. The new table is put together first, with the
 * sockets that it takes over from the old one; if anything fails, exactly the
 * sockets that were opened meanwhile are closed. Only then it takes the place of
 * the old table, and what was not taken over is closed.
 */
#include "listeners.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"

struct listener {
	char *text; /* as configured */
	char name[ADDR_TEXT_MAX];
	bool known; /* listeners_is_new() was asked */
	struct place place;
	int *fds;
	size_t count;
	size_t others; /* of `count`, the first so many are another's by now */
	struct listener *from; /* whose they were; NULL: nobody's */
};

struct listeners {
	struct listener *table;
	size_t count;
};

struct listeners *listeners_create(void)
{
	return calloc(1, sizeof(struct listeners));
}

/* Frees TABLE, and closes the sockets in it that are no other's. */
static void free_table(struct listener *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct listener *l = &table[i];

		for (size_t k = l->others; k < l->count; k++)
			close(l->fds[k]);
		free(l->fds);
		free(l->text);
	}
	free(table);
}

void listeners_destroy(struct listeners *ls)
{
	if (!ls)
		return;
	free_table(ls->table, ls->count);
	free(ls);
}

static bool is_taken(const struct listener *old, const struct listener *table,
		     size_t count)
{
	for (size_t k = 0; k < count; k++)
		if (table[k].from == old)
			return true;
	return false;
}

/* The old listener for TEXT that nobody has taken over yet, or NULL. */
static struct listener *find_old(struct listeners *ls,
				 const struct listener *table, size_t count,
				 const char *text)
{
	for (size_t i = 0; i < ls->count; i++) {
		struct listener *old = &ls->table[i];

		if (strcmp(old->text, text) == 0 &&
		    !is_taken(old, table, count))
			return old;
	}
	return NULL;
}

/*
 * The old listener that is where *L could not be, if it is there under another
 * text: localhost:9700 for 127.0.0.1:9700.
 */
static struct listener *find_there(struct listeners *ls,
				   const struct listener *table, size_t count,
				   const struct listener *l)
{
	for (size_t i = 0; i < ls->count; i++) {
		struct listener *old = &ls->table[i];

		if (strcmp(old->name, l->name) == 0 &&
		    old->place.family == l->place.family &&
		    !is_taken(old, table, count))
			return old;
	}
	return NULL;
}

/* Opens sockets until there are SEATS. */
static int open_seats(struct listener *l, size_t seats)
{
	int *fds;

	if (l->count >= seats)
		return 0;
	fds = realloc(l->fds, seats * sizeof(*fds));
	if (!fds)
		return -1;
	l->fds = fds;
	while (l->count < seats) {
		int fd = bind_shared(&l->place);

		if (fd < 0)
			return -1;
		l->fds[l->count++] = fd;
	}
	return 0;
}

/*
 * Whether TEXT is an IPv6 address, and one of ADDRESSES an IPv4 address of the
 * same port: [::]:9700 beside 0.0.0.0:9700.
 */
static bool leaves_ipv4(const char *text, char *const addresses[])
{
	struct addr_hostport here, there;

	if (addr_split(text, &here) < 0 || !strchr(here.host, ':'))
		return false;
	for (; *addresses; addresses++)
		if (addr_split(*addresses, &there) == 0 &&
		    strcmp(there.port, here.port) == 0 &&
		    strcmp(there.port, "0") && !strchr(there.host, ':'))
			return true;
	return false;
}

static int open_new(struct listener *l, bool ipv6_only, size_t seats,
		    const char **why)
{
	int fd = bind_claim(l->text, ipv6_only, &l->place, why);

	addr_print(&l->place.addr.sa, l->place.addr.len, l->name,
		   sizeof(l->name));
	if (fd < 0)
		return -1;
	if (open_seats(l, seats) < 0) {
		*why = strerrordesc_np(errno);
		close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

static int open_more(struct listener *l, const struct listener *old,
		     size_t seats, const char **why)
{
	memcpy(l->name, old->name, sizeof(l->name));
	l->place = old->place;
	l->known = old->known;
	l->fds = malloc(old->count * sizeof(*l->fds));
	if (l->fds) {
		memcpy(l->fds, old->fds, old->count * sizeof(*l->fds));
		l->count = l->others = old->count;
		if (open_seats(l, seats) == 0)
			return 0;
	}
	*why = strerrordesc_np(errno);
	return -1;
}

/* Makes table[I] the listener for addresses[I]; 0, or -1 and WHY. */
static int open_listener(struct listeners *ls, struct listener *table, size_t i,
			 char *const addresses[], size_t seats, char *why,
			 size_t size)
{
	const char *text = addresses[i];
	struct listener *l = &table[i];
	const char *reason = strerrordesc_np(ENOMEM);
	int ret = -1;

	l->from = find_old(ls, table, i, text);
	l->text = strdup(text);
	if (l->text && !l->from) {
		ret = open_new(l, leaves_ipv4(text, addresses), seats, &reason);
		if (ret < 0 && !l->count)
			l->from = find_there(ls, table, i, l);
	}
	if (l->text && l->from)
		ret = open_more(l, l->from, seats, &reason);
	if (ret < 0)
		snprintf(why, size, "%s: %s", text, reason);
	return ret;
}

/* TABLE takes the place of the old one. */
static void take_over(struct listeners *ls, struct listener *table,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (table[i].from)
			table[i].from->others = table[i].from->count;
		table[i].from = NULL;
		table[i].others = 0;
	}
	free_table(ls->table, ls->count);
	ls->table = table;
	ls->count = count;
}

int listeners_change(struct listeners *ls, char *const addresses[],
		     size_t seats, char *why, size_t size)
{
	struct listener *table;
	size_t count = 0;

	while (addresses[count])
		count++;
	table = calloc(count, sizeof(*table));
	if (!table) {
		snprintf(why, size, "%s", strerrordesc_np(ENOMEM));
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		if (open_listener(ls, table, i, addresses, seats, why, size) <
		    0) {
			free_table(table, count);
			return -1;
		}
	take_over(ls, table, count);
	return 0;
}

const char *listeners_name(const struct listeners *ls, size_t i)
{
	return i < ls->count ? ls->table[i].name : NULL;
}

bool listeners_is_new(struct listeners *ls, size_t i)
{
	bool known = ls->table[i].known;

	ls->table[i].known = true;
	return !known;
}

size_t listeners_count(const struct listeners *ls)
{
	size_t n = 0;

	for (size_t i = 0; i < ls->count; i++)
		n += ls->table[i].count;
	return n;
}

size_t listeners_keep(struct listeners *ls, size_t seat, size_t workers,
		      int *fds)
{
	size_t n = 0;

	for (size_t i = 0; i < ls->count; i++)
		for (size_t k = 0; k < ls->table[i].count; k++)
			if (k % workers == seat)
				fds[n++] = ls->table[i].fds[k];
			else
				close(ls->table[i].fds[k]);
	for (size_t i = 0; i < ls->count; i++)
		ls->table[i].others = ls->table[i].count;
	return n;
}
