/* SPDX-License-Identifier: MIT */
/*
 * option_values - what bot's options take. Each function reads the TEXT given
 * for the option NAME, and returns true; or it says what is wrong in one line
 * on standard error, and returns false.
 */
#ifndef LAB06_OPTION_VALUES_H
#define LAB06_OPTION_VALUES_H

#include "options/options.h"

/* Says that TEXT is not WANT. Always false. */
bool option_wrong(const char *name, const char *text, const char *want);

/* Decimal digits, a number from MIN to MAX. */
bool option_count(const char *name, const char *text, uint64_t min,
		  uint64_t max, uint64_t *n);
bool option_size(const char *name, const char *text, size_t min, size_t max,
		 size_t *n);

/* Seconds with or without a fraction, more than 0, up to 1,000,000. */
bool option_seconds(const char *name, const char *text, int64_t *ns);

/* A number a second with or without a fraction, more than 0, up to 10^7. */
bool option_rate(const char *name, const char *text, double *rate);

/* A token, but not CONNECT. */
bool option_method(const char *name, const char *text);

/* -H: a token, ":" and a value without control characters. */
bool option_header(struct options *o, const char *text);

/* --data: the text itself, or with "@" a file's content. */
bool option_data(struct options *o, const char *text);

/* --connect-to: four parts, IPv6 addresses in brackets. */
bool option_connect_to(struct options *o, const char *text);

/*
 * The URLs: ARGS, up to NULL, and the file's. Returns -1 if the run may begin,
 * or the exit status 2.
 */
int option_urls(struct options *o, char *const args[]);

#endif
