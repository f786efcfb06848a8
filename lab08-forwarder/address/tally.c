/* SPDX-License-Identifier: MIT */
/* Chains: an entry never moves, so that who counts may keep a pointer to it. */
#include "address/tally.h"

#include <stdlib.h>
#include <string.h>

#include "address/pattern.h"

#define SIZE_MIN 64

static void host_of(const struct addr *a, unsigned char host[16])
{
	struct addr plain = *a;

	memset(host, 0, 16);
	address_unmap(&plain);
	if (plain.sa.sa_family == AF_INET6) {
		memcpy(host, &plain.in6.sin6_addr, 16);
		return;
	}
	host[10] = host[11] = 0xff;
	memcpy(host + 12, &plain.in.sin_addr, 4);
}

static size_t bucket_of(const struct tally *t, const unsigned char host[16])
{
	uint64_t h = 0xcbf29ce484222325u;

	for (int i = 0; i < 16; i++)
		h = (h ^ host[i]) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32) & (t->size - 1);
}

static struct tally_entry *find(const struct tally *t,
				const unsigned char host[16])
{
	struct tally_entry *e = NULL;

	if (t->size)
		e = t->buckets[bucket_of(t, host)];
	while (e && memcmp(e->host, host, 16) != 0)
		e = e->next;
	return e;
}

struct tally_entry *tally_find(const struct tally *t, const struct addr *a)
{
	unsigned char host[16];

	host_of(a, host);
	return find(t, host);
}

static void link_entry(struct tally *t, struct tally_entry *e)
{
	size_t i = bucket_of(t, e->host);

	e->next = t->buckets[i];
	t->buckets[i] = e;
}

static int grow(struct tally *t)
{
	struct tally bigger = { .size = t->size ? t->size * 2 : SIZE_MIN };

	bigger.buckets = calloc(bigger.size, sizeof(struct tally_entry *));
	if (!bigger.buckets)
		return t->size ? 0 : -1;
	for (size_t i = 0; i < t->size; i++) {
		while (t->buckets[i]) {
			struct tally_entry *e = t->buckets[i];

			t->buckets[i] = e->next;
			link_entry(&bigger, e);
		}
	}
	free(t->buckets);
	bigger.count = t->count;
	*t = bigger;
	return 0;
}

struct tally_entry *tally_add(struct tally *t, const struct addr *a)
{
	unsigned char host[16];
	struct tally_entry *e;

	host_of(a, host);
	e = find(t, host);
	if (e || (t->count >= t->size && grow(t) < 0))
		return e;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	memcpy(e->host, host, 16);
	link_entry(t, e);
	t->count++;
	return e;
}

void tally_remove(struct tally *t, struct tally_entry *e)
{
	struct tally_entry **at = &t->buckets[bucket_of(t, e->host)];

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	t->count--;
	free(e);
}

void tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->size; i++) {
		while (t->buckets[i]) {
			struct tally_entry *e = t->buckets[i];

			t->buckets[i] = e->next;
			free(e);
		}
	}
	free(t->buckets);
	*t = (struct tally){ 0 };
}
