/* SPDX-License-Identifier: MIT */
/*
 * A head is a dozen short copies. snprintf(3) for each line would cost more
 * than parsing the request did, so the pieces are put one behind the other by
 * hand; the contract's sum of them is what keeps that within OUT.
 */
#include "reply.h"

#include <stdio.h>
#include <string.h>

#include "http/httpdate.h"
#include "util.h"

/* A string constant. */
#define PUT(p, text) put(p, text, sizeof(text) - 1)

static char *put(char *p, const char *text, size_t len)
{
	memcpy(p, text, len);
	return p + len;
}

static char *put_text(char *p, const char *text)
{
	return put(p, text, strlen(text));
}

static char *put_number(char *p, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = '0' + n % 10;
		n /= 10;
	} while (n);
	return put(p, digits + at, sizeof(digits) - at);
}

static char *put_status(char *p, int status)
{
	if (status == 200)
		return PUT(p, "HTTP/1.1 200 OK\r\n");
	p = PUT(p, "HTTP/1.1 ");
	p = put_number(p, status);
	*p++ = ' ';
	p = put_text(p, http_reason(status));
	return PUT(p, "\r\n");
}

/* HTTP/1.1 goes on unless it is told not to, HTTP/1.0 the other way round. */
static char *put_connection(char *p, const struct reply *r)
{
	if (!r->keep_alive)
		return PUT(p, "Connection: close\r\n");
	if (r->minor == 0)
		return PUT(p, "Connection: keep-alive\r\n");
	return p;
}

/* A file may be from the future; Last-Modified may not (RFC 9110 8.8.2.1). */
static char *put_version(char *p, const struct version *v, time_t now)
{
	p = PUT(p, "Last-Modified: ");
	httpdate_format(MIN(v->mtime, now), p);
	p += HTTPDATE_LEN;
	p = PUT(p, "\r\nETag: ");
	p = put_text(p, v->etag);
	return PUT(p, "\r\nAccept-Ranges: bytes\r\n");
}

static char *put_range(char *p, const struct reply *r)
{
	p = PUT(p, "Content-Range: bytes ");
	if (r->status == 206) {
		p = put_number(p, r->range->first);
		*p++ = '-';
		p = put_number(p, r->range->last);
	} else {
		*p++ = '*';
	}
	*p++ = '/';
	p = put_number(p, r->version->size);
	return PUT(p, "\r\n");
}

size_t reply_head(char *out, const struct reply *r)
{
	char *p = put_status(out, r->status);

	p = PUT(p, "Date: ");
	p = put(p, httpdate_now(r->now), HTTPDATE_LEN);
	p = PUT(p, "\r\n");
	p = put_connection(p, r);
	if (r->type) {
		p = PUT(p, "Content-Type: ");
		p = put_text(p, r->type);
		p = PUT(p, "\r\n");
	}
	if (r->status != 304) {
		p = PUT(p, "Content-Length: ");
		p = put_number(p, r->length);
		p = PUT(p, "\r\n");
	}
	if (r->version && r->status != 416)
		p = put_version(p, r->version, r->now);
	if (r->version && (r->status == 416 || (r->status == 206 && r->range)))
		p = put_range(p, r);
	if (r->location) {
		p = PUT(p, "Location: ");
		p = put_text(p, r->location);
		p = PUT(p, "\r\n");
	}
	if (r->status == 405 || r->status == 501)
		p = PUT(p, "Allow: GET, HEAD\r\n");
	return PUT(p, "\r\n") - out;
}

size_t reply_error_body(char *out, int status)
{
	const char *reason = http_reason(status);

	return snprintf(out, REPLY_ERROR_MAX,
			"<!doctype html>\n<title>%d %s</title>\n"
			"<h1>%d %s</h1>\n",
			status, reason, status, reason);
}
