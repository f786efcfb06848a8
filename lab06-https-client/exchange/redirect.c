/* SPDX-License-Identifier: MIT */
/*
 * Location is read from the head, whose bytes are gone when the answer's body
 * has come. So where it leads is noted with the head, and gone to at the end.
 */
#include "redirect.h"

#include <stdlib.h>
#include <string.h>

#include "run/run.h"

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

void redirect_note(struct exchange *x, const char *head)
{
	struct response *r = &x->response;
	const char *why;
	struct url u;

	if (!x->follows || !is_redirect(r->status))
		return;
	x->location = url_resolve(&x->url, span_slice(head, r->location));
	if (x->location &&
	    (url_parse(&u, x->location, strlen(x->location), &why) < 0 ||
	     (x->url.tls && !u.tls))) {
		free(x->location);
		x->location = NULL;
	}
}

/*
 * 303 asks for a GET, and what 301 and 302 make of a POST has long been one
 * (RFC 9110 15.4). HEAD stays HEAD.
 */
static void change_method(struct exchange *x, int status)
{
	bool post = !strcmp(x->method, "POST");

	if (!(status == 303 && strcmp(x->method, "HEAD") != 0) &&
	    !(post && (status == 301 || status == 302)))
		return;
	x->turned |= x->with_data || strcmp(x->method, "GET") != 0;
	x->method = "GET";
	x->with_data = false;
}

bool redirect_follow(struct exchange *x)
{
	struct endpoint *e;
	const char *why;
	struct url u;

	if (!x->location ||
	    url_parse(&u, x->location, strlen(x->location), &why) < 0)
		return false;
	e = endpoints_find(x->run->endpoints, &u, true);
	if (!e)
		return false;
	free(x->url_text);
	x->url_text = x->location;
	x->location = NULL;
	x->url = u;
	x->endpoint = e;
	x->home = x->run->targets[x->index] == e;
	x->follows--;
	x->resent = x->fresh = false;
	change_method(x, x->response.status);
	return true;
}
