/* SPDX-License-Identifier: MIT */
/*
 * http - the words of HTTP/1.1: methods, status codes, field names, and which
 * characters may stand where. Pure functions and tables; any thread may call.
 *
 * RFC 9110 is what the words mean, RFC 9112 how they are put on the wire.
 */
#ifndef LAB05_HTTP_H
#define LAB05_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A piece of a message's head: LEN bytes that begin AT bytes behind its first
 * one. Not a pointer, because the buffer that holds the head moves as it
 * grows.
 */
struct span {
	uint16_t at;
	uint16_t len;
};

/* The bytes themselves; valid as long as the buffer they are in. */
struct slice {
	const char *p;
	size_t len;
};

static inline struct slice span_slice(const char *head, struct span s)
{
	return (struct slice){ head + s.at, s.len };
}

/* ------------------------------------------------------------- characters */

enum {
	HTTP_TOKEN = 1,	 /* in a token: methods, field names (RFC 9110 5.6.2) */
	HTTP_TARGET = 2, /* in a request target: graphic ASCII but "#" */
	HTTP_VALUE = 4,	 /* in a field value: all but controls; tab is fine */
	HTTP_HOST = 8,	 /* in a host name, as itself: no colon, no % */
};

/* What each byte may be part of: a set of the bits above. */
extern const uint8_t http_class[256];

static inline bool http_is(char c, int class)
{
	return http_class[(unsigned char)c] & class;
}

/* The value of a hexadecimal digit, or -1. */
static inline int http_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

/* Is S, in whatever case, the word WORD (which is in lower case)? */
bool http_word_is(struct slice s, const char *word);

/*
 * Takes the next element off a comma-separated list, such as Connection's, and
 * stores it without the white space around it. Elements may be empty.
 *
 * Returns false when the list is at its end.
 */
bool http_list_next(struct slice *list, struct slice *element);

/*
 * May S be the value of a Host field, that is "", NAME, NAME:PORT, [IPV6] or
 * [IPV6]:PORT (RFC 9110 7.2, RFC 3986 3.2.2)? Looks at the form only and
 * resolves no name.
 */
bool http_host_valid(struct slice s);

/* ---------------------------------------------------------------- methods */

enum http_method {
	HTTP_OTHER, /* well-formed, but none that we know: answer 501 */
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_CONNECT,
	HTTP_OPTIONS,
	HTTP_TRACE,
	HTTP_PATCH,
};

/* Method names are in capitals, and "get" is another method. */
enum http_method http_method(struct slice name);

/* ----------------------------------------------------------------- fields */

/* The fields that a server looks at. */
enum http_field {
	FIELD_OTHER,
	FIELD_HOST,
	FIELD_CONNECTION,
	FIELD_CONTENT_LENGTH,
	FIELD_TRANSFER_ENCODING,
	FIELD_EXPECT,
	FIELD_RANGE,
	FIELD_IF_RANGE,
	FIELD_IF_MATCH,
	FIELD_IF_NONE_MATCH,
	FIELD_IF_MODIFIED_SINCE,
	FIELD_IF_UNMODIFIED_SINCE,
	FIELD_REFERER,
	FIELD_USER_AGENT,
	FIELD_ACCEPT_ENCODING,
	HTTP_FIELDS, /* how many there are */
};

/* Field names are the same in whatever case. */
enum http_field http_field(struct slice name);

/* ----------------------------------------------------------------- status */

/* "Not Found" for 404; "Unknown" for a code that the server never sends. */
const char *http_reason(int status);

#endif
