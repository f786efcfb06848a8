/* SPDX-License-Identifier: MIT */
/*
 * Each block begins with a header that says its class, so that it can be freed
 * by any thread: it lands on the list of the thread that frees it. Classes are
 * steps of 16 bytes up to SMALL_MAX, and one for the buffers of a record. What
 * is between them, and above, is malloc(3)'s.
 *
 * The lists have a ceiling, so that what a burst has taken does not stay.
 *
 * When a thread ends, OpenSSL's own clean-up may come after ours. So a list
 * that has been emptied for good is marked `closed`, and takes nothing more.
 */
#include "tls_memory.h"

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
#define CLASSES	   (SMALL_MAX / STEP + 2)
#define RECORD	   (CLASSES - 1) /* the last class */
#define NONE	   CLASSES	 /* of a block of malloc(3)'s */

#define SMALL_KEPT  256 /* free blocks of a class and a thread */
#define RECORD_KEPT 64

/* Aligned as malloc(3)'s blocks are. */
union header {
	struct {
		size_t size; /* what the block can hold */
		size_t class;
	};
	union header *next; /* while it is free */
	max_align_t align;
};

struct lists {
	union header *first[CLASSES];
	uint16_t count[CLASSES];
	bool open;
	bool closed;
};

static _Thread_local struct lists lists;
static pthread_key_t key;

static size_t class_of(size_t size)
{
	if (size <= SMALL_MAX)
		return (size + STEP - 1) / STEP;
	return size >= RECORD_MIN && size <= RECORD_MAX ? RECORD : NONE;
}

/* The end of a thread. */
static void close_lists(void *unused)
{
	(void)unused;
	lists.closed = true;
	for (size_t i = 0; i < CLASSES; i++) {
		while (lists.first[i]) {
			union header *h = lists.first[i];

			lists.first[i] = h->next;
			free(h);
		}
	}
}

static void *take(size_t size, const char *file, int line)
{
	size_t class = class_of(size);
	union header *h = class == NONE ? NULL : lists.first[class];

	(void)file;
	(void)line;
	if (h) {
		lists.first[class] = h->next;
		lists.count[class]--;
	} else {
		if (class == RECORD)
			size = RECORD_MAX;
		else if (class != NONE)
			size = class * STEP;
		h = malloc(sizeof(*h) + size);
		if (!h)
			return NULL;
	}
	h->size = class == NONE	    ? size
		  : class == RECORD ? RECORD_MAX
				    : class * STEP;
	h->class = class;
	return h + 1;
}

static void give(void *block, const char *file, int line)
{
	union header *h;
	size_t class;

	(void)file;
	(void)line;
	if (!block)
		return;
	h = (union header *)block - 1;
	class = h->class;
	if (class == NONE || lists.closed ||
	    lists.count[class] >=
		    (class == RECORD ? RECORD_KEPT : SMALL_KEPT)) {
		free(h);
		return;
	}
	if (!lists.open)
		lists.open = pthread_setspecific(key, &lists) == 0;
	h->next = lists.first[class];
	lists.first[class] = h;
	lists.count[class]++;
}

static void *resize(void *block, size_t size, const char *file, int line)
{
	void *larger;
	size_t held;

	if (!block)
		return take(size, file, line);
	held = ((union header *)block - 1)->size;
	if (size && size <= held)
		return block;
	larger = size ? take(size, file, line) : NULL;
	if (larger)
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
