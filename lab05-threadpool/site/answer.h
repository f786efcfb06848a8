/* SPDX-License-Identifier: MIT */
/*
 * answer - what to say to a request: from its head to the bytes that are to be
 * sent. It opens and reads files, and so may wait for a disk; it never touches
 * a connection. Any thread may call.
 *
 * An answer is sent in this order; each part may be empty:
 *
 *	head	the status line and the fields
 *	body	bytes in memory
 *	left	so many bytes of file->fd, from the offset `from` on
 */
#ifndef LAB05_ANSWER_H
#define LAB05_ANSWER_H

#include <stdatomic.h>

#include "filecache.h"
#include "answer_head.h"
#include "request.h"

struct status;

/* What all answers are made from. */
struct site {
	struct filecache *cache;
	struct answer_policy policy; /* of files */
	bool dot_files;		     /* names that begin with a dot, too */
	struct status *status;	     /* the figures (status.h) */
	const char *status_name;     /* their page, without "/" and NAME.json */
	atomic_bool closing; /* the server ends: no connection goes on */
};

struct answer {
	int status;
	bool keep_alive; /* the connection goes on behind it */
	struct slice head;
	struct slice body;
	off_t from;
	uint64_t left;
	uint64_t length; /* of body and file together */
	/* The rest is answer.c's own. */
	struct file *file;
	char *owned; /* malloc'd: what does not fit below */
	char small[ANSWER_HEAD_MAX + ANSWER_PAGE_MAX];
};

/*
 * Makes *A, which holds nothing, the answer to the request *R with its head at
 * HEAD. KEEP_ALIVE: the connection could go on, as far as the caller knows.
 * If anything goes wrong, the answer says that.
 */
void answer_make(struct answer *a, struct site *site, const struct request *r,
		 const char *head, bool keep_alive);

/*
 * Makes *A an error STATUS, with a small page as body. R is the request, as
 * far as it is known.
 */
void answer_error(struct answer *a, int status, const struct request *r,
		  bool keep_alive);

/* Gives back what *A holds; then it holds nothing, as it does all zero. */
void answer_free(struct answer *a);

#endif
