/* SPDX-License-Identifier: MIT */
/*
 * redirect - where an answer of 301, 302, 303, 307 or 308 leads, and what
 * becomes of the request on the way (RFC 9110 15.4). For exchange.c.
 */
#ifndef LAB06_REDIRECT_H
#define LAB06_REDIRECT_H

#include "exchange/exchange.h"

/*
 * The final head is at HEAD. If it is a redirect that X may follow, and its
 * Location is a URL that we may go to, x->location is that, and exchange.c
 * frees it.
 */
void redirect_note(struct exchange *x, const char *head);

/*
 * The answer is over: makes X a request for x->location, and that is x->url_text
 * then. One follow less is left.
 *
 * Returns true; false if x->location is NULL, or if there is no memory for its
 * endpoint: then the answer is the last one.
 */
bool redirect_follow(struct exchange *x);

#endif
