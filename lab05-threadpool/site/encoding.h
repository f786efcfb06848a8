/* SPDX-License-Identifier: MIT */
/*
 * encoding - files that were compressed beforehand: NAME.br and NAME.gz beside
 * NAME, for clients that accept that (RFC 9110 8.4, 12.5.3). Any thread may
 * call.
 */
#ifndef LAB05_ENCODING_H
#define LAB05_ENCODING_H

#include "request.h"

/* In the order of preference, from the last on. */
enum encoding { ENCODING_NONE, ENCODING_GZIP, ENCODING_BR, ENCODINGS };

/* A set of encodings: bit 1 << ENCODING of each. */
typedef uint8_t encodings;

/* As in Content-Encoding, and the ending of the file; NULL for _NONE. */
extern const char *const encoding_name[ENCODINGS];
extern const char *const encoding_ending[ENCODINGS];

/* Which encodings does the client of *R accept, by its Accept-Encoding? */
encodings encoding_accepted(const struct request *r, const char *head);

#endif
