/* SPDX-License-Identifier: MIT */
/* http_walk - the oracle's way over the bytes, and what it writes down. */
#ifndef LAB05_TESTS_HTTP_WALK_H
#define LAB05_TESTS_HTTP_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MORE = 1, UNKNOWN = 2 }; /* beside 0 and the statuses */

struct text {
	const char *p;
	size_t len;
};

struct walk {
	const char *p, *end;
	int full; /* the status if END is a limit and not the end; else 0 */
};

struct field {
	struct text name, value;
};

#define FIELDS_MAX 100 /* as request.h has it */

/* A head as it was read, and then what it means. */
struct head {
	struct text method, target;
	int minor;
	struct text path, query, authority;
	bool keep_alive, expects, chunked;
	uint64_t length;
	size_t nfields;
	struct field fields[FIELDS_MAX];
};

struct text text_of(const char *s);

/* What to return at w->end. */
int walk_ran_out(const struct walk *w);

/*
 * The bytes that FIT, as many as there are; one more than MAX is refused with
 * STATUS. Ends at a byte that does not fit, or has run out.
 */
int walk_word(struct walk *w, bool (*fits)(unsigned char), size_t max,
	      int status, struct text *t);

/* The next byte has to be C, or a digit, or CR and LF; else 400. */
int walk_take(struct walk *w, char c);
int walk_digit(struct walk *w);
int walk_line_end(struct walk *w);

bool walk_is_token(unsigned char c);
bool walk_is_value(unsigned char c);
bool walk_is_blank(unsigned char c);

/* *N = *N * BASE + DIGIT, unless that is more than MAX: true then. */
bool walk_shift(uint64_t *n, unsigned int base, unsigned int digit,
		uint64_t max);

/* Says what the fields of *H mean; a body may have MAX bytes. http_meaning.c. */
int head_means(struct head *h, uint64_t max);

/*
 * The rest of the way: a body of chunks. Its content is appended at *CONTENT,
 * which is moved behind it. body.h.
 */
int walk_chunks(struct walk *w, uint64_t max, char **content);

#endif
