/* SPDX-License-Identifier: MIT */
/*
 * A head is a dozen short copies. snprintf(3) for each line would cost more
 * than parsing the request did, so this puts one piece behind the other by
 * hand. ANSWER_HEAD_MAX is the sum of the longest pieces, so they fit.
 */
#include "answer_head.h"

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

/* HTTP/1.1 goes on unless one side says close; HTTP/1.0 asks to go on. */
static char *put_connection(char *p, const struct answer_head *h)
{
	if (!h->keep_alive)
		return PUT(p, "Connection: close\r\n");
	if (h->minor == 0)
		return PUT(p, "Connection: keep-alive\r\n");
	return p;
}

static char *put_version(char *p, const struct version *v)
{
	if (v->settled) {
		p = PUT(p, "Last-Modified: ");
		p = put(p, v->modified, HTTPDATE_LEN);
		p = PUT(p, "\r\nETag: ");
		p = put_text(p, v->etag);
		p = PUT(p, "\r\n");
	}
	return PUT(p, "Accept-Ranges: bytes\r\n");
}

static char *put_encoding(char *p, const struct answer_head *h)
{
	if (h->encoding) {
		p = PUT(p, "Content-Encoding: ");
		p = put_text(p, h->encoding);
		p = PUT(p, "\r\n");
	}
	return h->varies ? PUT(p, "Vary: Accept-Encoding\r\n") : p;
}

static char *put_policy(char *p, const struct answer_policy *policy)
{
	if (policy->cache_control) {
		p = PUT(p, "Cache-Control: ");
		p = put_text(p, policy->cache_control);
		p = PUT(p, "\r\n");
	}
	return policy->nosniff ? PUT(p, "X-Content-Type-Options: nosniff\r\n")
			       : p;
}

static char *put_range(char *p, const struct answer_head *h)
{
	p = PUT(p, "Content-Range: bytes ");
	if (h->status == 206) {
		p = put_number(p, h->range->first);
		*p++ = '-';
		p = put_number(p, h->range->last);
	} else {
		*p++ = '*';
	}
	*p++ = '/';
	p = put_number(p, h->version->size);
	return PUT(p, "\r\n");
}

size_t answer_head_write(char *out, const struct answer_head *h)
{
	char *p = put_status(out, h->status);

	p = PUT(p, "Date: ");
	p = put(p, httpdate_now(h->now), HTTPDATE_LEN);
	p = PUT(p, "\r\n");
	p = put_connection(p, h);
	if (h->type) {
		p = PUT(p, "Content-Type: ");
		p = put_text(p, h->type);
		p = PUT(p, "\r\n");
	}
	if (h->status != 304) {
		p = PUT(p, "Content-Length: ");
		p = put_number(p, h->length);
		p = PUT(p, "\r\n");
	}
	if (h->version && h->status != 416)
		p = put_version(p, h->version);
	p = put_encoding(p, h);
	if (h->policy)
		p = put_policy(p, h->policy);
	if (h->version && (h->status == 416 || (h->status == 206 && h->range)))
		p = put_range(p, h);
	if (h->location) {
		p = PUT(p, "Location: ");
		p = put_text(p, h->location);
		p = PUT(p, "\r\n");
	}
	if (h->status == 405 || h->status == 501)
		p = PUT(p, "Allow: GET, HEAD\r\n");
	return PUT(p, "\r\n") - out;
}

size_t answer_error_page(char *out, int status)
{
	const char *reason = http_reason(status);

	return snprintf(out, ANSWER_PAGE_MAX,
			"<!doctype html>\n<title>%d %s</title>\n"
			"<h1>%d %s</h1>\n",
			status, reason, status, reason);
}
