/* SPDX-License-Identifier: MIT */
/* Heads are read a byte at a time: simple, and nothing is read too far. */
#include "practice/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util.h"

#define HEAD_SIZE (64 * 1024)
#define BODY_MAX  (64ul << 20)

static char *field(const struct question *q, const char *name)
{
	char *at = strcasestr(q->head, name);

	return at ? at + strlen(name) : NULL;
}

static int parse(struct question *q)
{
	char target[HEAD_SIZE / 4] = "";
	char *query, *value;

	if (sscanf(q->head, "%31s %16383s HTTP/1.", q->method, target) != 2)
		return -1;
	query = strchr(target, '?');
	if (query)
		*query++ = '\0';
	snprintf(q->path, sizeof(q->path), "%.*s", (int)sizeof(q->path) - 1,
		 *target == '/' ? target + 1 : target);
	q->query = strdup(query ? query : "");
	if (!q->query)
		return -1;
	value = field(q, "\r\nContent-Length:");
	if (value)
		q->length = strtoul(value, NULL, 10);
	value = field(q, "\r\nConnection:");
	q->close = value && strncasecmp(value, " close", 6) == 0;
	return q->length <= BODY_MAX ? 1 : -1;
}

int question_read(struct question *q, struct stream *s)
{
	ssize_t n;

	*q = (struct question){ .head = malloc(HEAD_SIZE) };
	if (!q->head)
		return -1;
	do {
		n = stream_read(s, q->head + q->head_len, 1);
		if (n <= 0)
			return n == 0 && !q->head_len ? 0 : -1;
		q->head[++q->head_len] = '\0';
		if (q->head_len >= 4 &&
		    memcmp(q->head + q->head_len - 4, "\r\n\r\n", 4) == 0)
			return parse(q);
	} while (q->head_len < HEAD_SIZE - 1);
	return -1;
}

int question_read_body(struct question *q, struct stream *s, size_t rate)
{
	size_t most = rate ? MAX(rate / 100, 1) : q->length;
	size_t portion = 0; /* of the present 10 ms */
	ssize_t n;

	q->body = malloc(q->length + 1);
	if (!q->body)
		return -1;
	while (q->body_len < q->length) {
		n = stream_read(s, q->body + q->body_len,
				MIN(q->length - q->body_len, most - portion));
		if (n <= 0)
			return -1;
		q->body_len += n;
		portion += n;
		if (portion < most)
			continue; /* a record of TLS is less */
		if (rate && stream_wait(s, 10) < 0)
			return -1;
		portion = 0;
	}
	return 0;
}

void question_free(struct question *q)
{
	free(q->head);
	free(q->body);
	free(q->query);
}

/* The first value of NAME in QUERY from *AT on, still encoded. */
static const char *find(const char *query, const char *name, size_t *at)
{
	size_t len = strlen(name);
	const char *p = query + MIN(*at, strlen(query));

	while (*p) {
		const char *end = p + strcspn(p, "&");

		if (strncmp(p, name, len) == 0 && p[len] == '=') {
			*at = end - query + (*end == '&');
			return p + len + 1;
		}
		p = end + (*end == '&');
	}
	return NULL;
}

static const char *value_of(const struct question *q, const char *name,
			    size_t *at)
{
	size_t zero = 0;
	const char *value = find(q->query, name, at);

	if (!value && q->defaults && !find(q->query, name, &zero))
		value = find(q->defaults, name, at);
	return value;
}

long question_number(const struct question *q, const char *name, long otherwise)
{
	size_t at = 0;
	const char *value = value_of(q, name, &at);

	return value ? strtol(value, NULL, 10) : otherwise;
}

ssize_t question_text(const struct question *q, const char *name, size_t *at,
		      char *to, size_t size)
{
	const char *value = value_of(q, name, at);
	unsigned int byte;
	size_t len = 0;

	if (!value)
		return -1;
	while (*value && *value != '&' && len < size - 1) {
		if (*value == '%' && sscanf(value + 1, "%2x", &byte) == 1) {
			to[len++] = byte;
			value += 3;
		} else {
			to[len++] = *value++;
		}
	}
	to[len] = '\0';
	return len;
}
