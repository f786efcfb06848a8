/* SPDX-License-Identifier: MIT */
/*
 * Task 2. What do the fields mean for the connection? framing.h lists them in
 * the order of their precedence; a function for each entry keeps it readable.
 *
 * request_value() finds a field's value, r->repeated tells whether there is
 * another; http_list_next() takes a list apart and http_word_is() compares
 * words. Read digits yourself: strtol(3) takes what must be refused.
 */
#include "framing.h"

#include <string.h>

#include "util.h"

int framing_decide(struct request *r, const char *head)
{
	TODO(r, head);
	body_none(&r->body);
	return 0; /* until then: no request has a body */
}
