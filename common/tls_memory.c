/* SPDX-License-Identifier: MIT */
/*
 * A block of malloc(3) knows how large it is (malloc_usable_size(3)), so that a
 * block needs no header of ours, and any thread may free it: it lands on the
 * list of the thread that does. Classes are steps of 16 bytes up to SMALL_MAX,
 * and one for the buffers of a record. What is between them, and above, is
 * malloc(3)'s alone.
 *
 * The lists have a ceiling, so that what a burst has taken does not stay.
 *
 * When a thread ends, OpenSSL's own clean-up may come after ours. So lists that
 * have been emptied for good are marked `closed`, and take nothing more.
 */
#include "tls_memory.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define STEP	   16
#define SMALL_MAX  2048
#define RECORD_MIN 16384
#define RECORD_MAX 18432 /* a record, its header, padding and MAC */
#define RECORD	   (SMALL_MAX / STEP + 1) /* the last class */
#define CLASSES	   (RECORD + 1)
#define NONE	   CLASSES /* of a block that is in no list */

/* glibc's blocks have 16 n + 8 usable bytes: a class uses them all. */
#define SLACK 8

#define SMALL_KEPT  256 /* free blocks of a class and a thread */
#define RECORD_KEPT 64

struct free_block {
	struct free_block *next;
};

struct lists {
	struct free_block *first[CLASSES];
	uint16_t count[CLASSES];
	bool open;
	bool closed;
};

static _Thread_local struct lists lists;
static pthread_key_t key;

/* The class that has room for SIZE bytes. */
static size_t class_for(size_t size)
{
	if (size <= SMALL_MAX)
		return size <= SLACK ? 1 : (size - SLACK + STEP - 1) / STEP;
	return size >= RECORD_MIN && size <= RECORD_MAX ? RECORD : NONE;
}

/* What to ask malloc(3) for. */
static size_t size_of(size_t class, size_t size)
{
	if (class == NONE)
		return size;
	return class == RECORD ? RECORD_MAX : class * STEP + SLACK;
}

/* The class that a block is good for. */
static size_t class_of(void *block)
{
	size_t usable = malloc_usable_size(block);

	if (usable >= STEP + SLACK && usable <= SMALL_MAX)
		return (usable - SLACK) / STEP;
	return usable >= RECORD_MAX && usable < RECORD_MAX + STEP ? RECORD
								  : NONE;
}

/* The end of a thread. */
static void close_lists(void *unused)
{
	(void)unused;
	lists.closed = true;
	for (size_t i = 0; i < CLASSES; i++) {
		while (lists.first[i]) {
			struct free_block *b = lists.first[i];

			lists.first[i] = b->next;
			free(b);
		}
	}
}

static void *take(size_t size, const char *file, int line)
{
	size_t class = class_for(size);
	struct free_block *b = class == NONE ? NULL : lists.first[class];

	(void)file;
	(void)line;
	if (!b)
		return malloc(size_of(class, size));
	lists.first[class] = b->next;
	lists.count[class]--;
	return b;
}

static void give(void *block, const char *file, int line)
{
	size_t class = block ? class_of(block) : NONE;
	struct free_block *b = block;

	(void)file;
	(void)line;
	if (class == NONE || lists.closed ||
	    lists.count[class] >=
		    (class == RECORD ? RECORD_KEPT : SMALL_KEPT)) {
		free(block);
		return;
	}
	if (!lists.open)
		lists.open = pthread_setspecific(key, &lists) == 0;
	b->next = lists.first[class];
	lists.first[class] = b;
	lists.count[class]++;
}

static void *resize(void *block, size_t size, const char *file, int line)
{
	size_t held = block ? malloc_usable_size(block) : 0;
	void *larger;

	if (block && size && size <= held)
		return block;
	larger = size ? take(size, file, line) : NULL;
	if (larger && block)
		memcpy(larger, block, held);
	if (larger || !size)
		give(block, file, line);
	return larger;
}

void tls_memory_init(void)
{
	static bool done;

	if (done || pthread_key_create(&key, close_lists) != 0)
		return;
	done = true;
	CRYPTO_set_mem_functions(take, resize, give);
}
