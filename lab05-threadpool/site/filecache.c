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
#include <sys/stat.h>
#include <unistd.h>

#include "mime.h"
#include "path.h"
#include "answer_head.h"

#define PLACES 256

struct filecache {
	int root;
	pthread_mutex_t lock; /* for places and second */
	time_t second;	      /* of the last sweep */
	struct file *places[PLACES];
};

struct filecache *filecache_create(int root)
{
	struct filecache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->root = root;
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void filecache_free(struct filecache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < PLACES; i++)
		file_release(cache->places[i]);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

void file_release(struct file *f)
{
	if (!f || atomic_fetch_sub(&f->holds, 1) > 1)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f->bytes);
	free(f);
}

/* FNV-1a. */
static uint32_t hash_of(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

/* Reads the whole content behind the head. A file that shrinks is EIO. */
static int read_content(struct file *f)
{
	size_t size = f->version.size, n = 0;
	ssize_t got;

	while (n < size) {
		got = pread(f->fd, f->bytes + f->head_len + n, size - n, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got ? errno : EIO;
			return -1;
		}
		n += got;
	}
	close(f->fd);
	f->fd = -1;
	return 0;
}

static int prepare(struct file *f, const struct stat *st)
{
	const struct answer_head head = {
		.status = 200,
		.minor = 1,
		.keep_alive = true,
		.type = f->type,
		.length = st->st_size,
		.version = &f->version,
		.now = f->second,
	};
	size_t content = st->st_size <= FILECACHE_SMALL ? st->st_size : 0;

	condition_version(&f->version, st);
	f->bytes = malloc(ANSWER_HEAD_MAX + content);
	if (!f->bytes)
		return -1;
	f->head_len = answer_head_write(f->bytes, &head);
	return st->st_size <= FILECACHE_SMALL ? read_content(f) : 0;
}

static int examine(int fd, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -1;
	if (S_ISREG(st->st_mode))
		return 0;
	errno = S_ISDIR(st->st_mode) ? EISDIR : EACCES;
	return -1;
}

/* The file, held once, or NULL. */
static struct file *load(int root, const char *name, time_t now)
{
	size_t size = strlen(name) + 1;
	struct file *f = calloc(1, sizeof(*f) + size);
	struct stat st;
	int err;

	if (!f)
		return NULL;
	memcpy(f->name, name, size);
	atomic_init(&f->holds, 1);
	f->type = mime_type(name);
	f->second = now;
	f->fd = path_open(root, name);
	if (f->fd >= 0 && examine(f->fd, &st) == 0 && prepare(f, &st) == 0)
		return f;
	err = errno;
	file_release(f);
	errno = err;
	return NULL;
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

struct file *filecache_open(struct filecache *cache, const char *name,
			    time_t now)
{
	uint32_t hash = hash_of(name);
	struct file **place = &cache->places[hash % PLACES], *f, *old;

	pthread_mutex_lock(&cache->lock);
	f = *place;
	if (f &&
	    (f->second != now || f->hash != hash || strcmp(f->name, name) != 0))
		f = NULL;
	if (f)
		atomic_fetch_add(&f->holds, 1);
	pthread_mutex_unlock(&cache->lock);
	if (f)
		return f;
	f = load(cache->root, name, now);
	if (!f)
		return NULL;
	f->hash = hash;
	atomic_fetch_add(&f->holds, 1);
	pthread_mutex_lock(&cache->lock);
	sweep(cache, now);
	old = *place;
	*place = f;
	pthread_mutex_unlock(&cache->lock);
	file_release(old);
	return f;
}
