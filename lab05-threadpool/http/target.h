/* SPDX-License-Identifier: MIT */
/*
 * target - what the second word of a request line means. It comes in four
 * forms (RFC 9112 3.2):
 *
 *	origin		/where?q=now		nearly always
 *	absolute	http://host/where?q=now	for proxies; all must take it
 *	authority	host:443		CONNECT only
 *	asterisk	*			OPTIONS only
 *
 * Percent-encoding is left as it is. Any thread may call.
 */
#ifndef LAB05_TARGET_H
#define LAB05_TARGET_H

#include "http.h"

struct target {
	struct span authority; /* empty in origin and asterisk form */
	struct span path;      /* "/where" or "*"; empty is to be read as "/" */
	struct span query;     /* behind the "?"; empty if there is none */
};

/*
 * Takes the request target TEXT, characters of the class HTTP_TARGET only,
 * apart. HEAD is what its offsets count from, as do those in *T.
 *
 * Returns 0, or -1 if it is of no form that METHOD may have: answer 400.
 */
int target_split(struct target *t, enum http_method method, const char *head,
		 struct span text);

#endif
