/* SPDX-License-Identifier: MIT */
/*
 * ufile - the simulated files that uepoll watches.
 *
 * A struct ufile is an open file (the kernel's struct file): several
 * descriptors may refer to it, and it goes when the last one does. Which
 * descriptors exist is usys.h's business.
 *
 * Each kind reports the masks, and runs its wait queue with the keys, that
 * Linux 6.18 does; the differential fuzzer holds them to it. Sizes are small
 * so that "full" is near: a stream holds 8 writes of up to 64 bytes each, a
 * pipe two pages of 4096 bytes.
 */
#ifndef UFILE_H
#define UFILE_H

#include <bsd/sys/queue.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "uwait.h"

#define USTREAM_WRITES	  8
#define USTREAM_WRITE_MAX 64
#define UPIPE_PAGES	  2
#define UPIPE_PAGE	  4096

struct epitem;
struct ufile;

/*
 * What a kind of file can do. NULL where it cannot: reading and writing are
 * then EINVAL, shutting down ENOTSOCK; a file without poll cannot be watched.
 */
struct ufile_ops {
	const char *kind;
	/* What holds now: EPOLL* bits. Wakes nobody, unless it is an epoll. */
	uint32_t (*poll)(struct ufile *file);
	/* Bytes, or -1 with errno. A counter's value goes to *VALUE. */
	ssize_t (*read)(struct ufile *file, size_t len, uint64_t *value);
	/* LEN is the number of bytes; for a counter, what to add. */
	ssize_t (*write)(struct ufile *file, uint64_t len);
	int (*shutdown)(struct ufile *file, int how);
	/* Bytes that wait to be read, or a counter's value. For pictures. */
	uint64_t (*held)(const struct ufile *file);
	/* The last descriptor is gone: frees the file. */
	void (*release)(struct ufile *file);
};

struct ufile {
	const struct ufile_ops *ops;
	unsigned int refs;
	/*
	 * A number of its own, for good. Stands for the address of the
	 * kernel's struct file wherever files are compared.
	 */
	uint32_t id;
	struct uwait_queue *wait; /* run when poll() may say something new */
	LIST_HEAD(, epitem) watchers; /* all items that watch this file */
};

/* For the kinds: sets up the common part, with one reference. */
void ufile_init(struct ufile *file, const struct ufile_ops *ops,
		struct uwait_queue *wait);

void ufile_get(struct ufile *file);

/*
 * Gives a reference back. The last one takes the file out of every epoll
 * (uepoll_forget) and then releases it.
 */
void ufile_put(struct ufile *file);

/* How many polls have been made so far, of all files. For cost figures. */
extern uint64_t ufile_polls;
uint32_t ufile_poll(struct ufile *file);

/* The kinds. 0, or -1 with ENOMEM. The caller owns one reference to each. */
int ustream_pair(struct ufile *end[2]); /* socketpair(AF_UNIX, SOCK_STREAM) */
int upipe_pair(struct ufile *end[2]);	/* pipe(): [0] reads, [1] writes */
struct ufile *ucounter_new(uint64_t count); /* eventfd() */
struct ufile *uplain_new(void); /* a regular file: always ready, unwatchable */

#endif
