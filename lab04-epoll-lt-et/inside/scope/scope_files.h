/* SPDX-License-Identifier: MIT */
/*
 * scope_files - what is outside the epolls: the descriptors that a script's
 * names hold, the bytes in their files, and whom the files woke.
 */
#ifndef SCOPE_FILES_H
#define SCOPE_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "uepoll_world.h"

#define SCOPE_WAKES   256
#define SCOPE_ENTRIES 64

struct scope_file {
	const char *name;
	int fd;
	uint32_t file; /* its id: a name that was dup'ed has the same */
	const char *kind;
	uint64_t held; /* bytes to be read; a counter's value */
	const struct ufile *of;
};

/* The open descriptors of W: fills FILE, of USCRIPT_NAMES; returns how many. */
int scope_files(struct scope_file *file, const struct uworld *w);

/* An entry of a file's wait queue: an item of an epoll. */
struct scope_entry {
	const char *epoll, *item; /* names; "" if the epoll has none any more */
	int fd;			  /* of the item's key */
	bool exclusive;
};

/*
 * The wait queue of FILE, from its head on: fills ENTRY, of SCOPE_ENTRIES;
 * returns how many are in the queue.
 */
int scope_entries(struct scope_entry *entry, const struct uworld *w,
		  const struct ufile *file);

/* One call of a file's wait queue: with which key, 0 for "anything". */
struct scope_wake {
	const char *name; /* the first name that holds the file */
	uint32_t key;
	bool heard; /* somebody was in the queue */
};

/*
 * Forgets the wake-ups seen so far, and listens to those of W from now on. One
 * world at a time; W is NULL to end it.
 */
void scope_wakes_begin(const struct uworld *w);

/* The wake-ups since then, the first SCOPE_WAKES of them. */
int scope_wakes(const struct scope_wake **wake);

#endif
