/* SPDX-License-Identifier: MIT */
/*
 * A table with one place for each hash: a collision costs a reload and nothing
 * else. A thread holds the lock while it looks or replaces, never while it waits
 * for a disk. So two threads may load the same file; the second one's stays.
 *
 * A file that no client asks for again would keep its descriptor for ever, so
 * the first load of each second throws out all that is older.
 */
#include "filecache.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 256
#define TRIES  8 /* to read a file that changes meanwhile */

struct filecache {
	int root;
	const struct answer_policy *policy;
	pthread_mutex_t lock; /* for places and second */
	time_t second;	      /* of the last sweep */
	struct file *places[PLACES];
};

struct filecache *filecache_create(int root, const struct answer_policy *policy)
{
	struct filecache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->root = root;
	cache->policy = policy;
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void filecache_free(struct filecache *cache)
{
	if (!cache)
		return;
	filecache_clear(cache);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

void filecache_clear(struct filecache *cache)
{
	pthread_mutex_lock(&cache->lock);
	for (size_t i = 0; i < PLACES; i++) {
		file_release(cache->places[i]);
		cache->places[i] = NULL;
	}
	pthread_mutex_unlock(&cache->lock);
}

/* FNV-1a. */
static uint32_t hash_of(const char *name, enum encoding encoding)
{
	uint32_t h = 2166136261u + encoding;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

/* Throws out what is of another second than NOW; the lock is held. */
static void sweep(struct filecache *cache, time_t now)
{
	if (cache->second == now)
		return;
	cache->second = now;
	for (size_t i = 0; i < PLACES; i++) {
		struct file *f = cache->places[i];

		if (f && f->second != now) {
			cache->places[i] = NULL;
			file_release(f);
		}
	}
}

/* Is F, which is cached, what is wanted now? */
static bool is_good(const struct file *f, const char *name, uint32_t hash,
		    enum encoding encoding, time_t now)
{
	return f->second == now && f->hash == hash && f->encoding == encoding &&
	       strcmp(f->name, name) == 0 && !file_has_changed(f);
}

/* Puts F in its place, too. */
static void keep(struct filecache *cache, struct file *f)
{
	struct file **place = &cache->places[f->hash % PLACES], *old;

	file_hold(f);
	pthread_mutex_lock(&cache->lock);
	sweep(cache, f->second);
	old = *place;
	*place = f;
	pthread_mutex_unlock(&cache->lock);
	file_release(old);
}

struct file *filecache_open(struct filecache *cache, const char *name,
			    enum encoding encoding, time_t now)
{
	uint32_t hash = hash_of(name, encoding);
	struct file *f;

	pthread_mutex_lock(&cache->lock);
	f = cache->places[hash % PLACES];
	if (f && is_good(f, name, hash, encoding, now))
		file_hold(f);
	else
		f = NULL;
	pthread_mutex_unlock(&cache->lock);
	if (f)
		return f;
	errno = EAGAIN;
	for (int i = 0; i < TRIES && !f && errno == EAGAIN; i++)
		f = file_load(cache->root, name, encoding, cache->policy, now);
	if (!f)
		return NULL;
	f->hash = hash;
	if (f->version.settled)
		keep(cache, f);
	return f;
}
