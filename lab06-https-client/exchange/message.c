/* SPDX-License-Identifier: MIT */
/*
 * Only what has to be said is: a server's time for a field is in our figures. No
 * Accept is the same as one of everything (RFC 9110 12.5.1).
 *
 * Host, Authorization and Cookie are for the server that the user named; no other
 * one gets them, which is curl's practice, too. A redirect that makes a GET of a
 * request takes the body away, and the fields that describe it (RFC 9110 15.4).
 */
#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util.h"

/* Was a field of this name given with -H? */
static bool given(const struct options *o, const char *name)
{
	for (size_t i = 0; i < o->nheaders; i++)
		if (http_word_is(o->headers[i].name, name))
			return true;
	return false;
}

/* May this -H be sent there, with such a body? */
static bool is_sent(const struct header *h, bool home, enum message_body body)
{
	if (!home && (http_word_is(h->name, "host") ||
		      http_word_is(h->name, "authorization") ||
		      http_word_is(h->name, "cookie")))
		return false;
	if (body != MESSAGE_GONE)
		return true;
	/* Nothing speaks of a body that is not sent any more. */
	return !http_word_is(h->name, "transfer-encoding") &&
	       (h->name.len < 8 || strncasecmp(h->name.p, "content-", 8) != 0);
}

static void write_block(const struct options *o, bool home,
			enum message_body body, FILE *out)
{
	if (!given(o, "user-agent"))
		fputs("User-Agent: readylist-bot\r\n", out);
	for (size_t i = 0; i < o->nheaders; i++)
		if (is_sent(&o->headers[i], home, body))
			fprintf(out, "%s\r\n", o->headers[i].line);
	if (body == MESSAGE_DATA && !given(o, "content-length") &&
	    !given(o, "transfer-encoding"))
		fprintf(out, "Content-Length: %zu\r\n", o->data.len);
	if (body == MESSAGE_EMPTY && !given(o, "content-length"))
		fputs("Content-Length: 0\r\n", out);
	if (o->no_keepalive && !given(o, "connection"))
		fputs("Connection: close\r\n", out);
	fputs("\r\n", out);
}

int message_prepare(struct message_blocks *m, const struct options *o)
{
	*m = (struct message_blocks){ 0 };
	for (int home = 0; home < 2; home++) {
		for (int body = 0; body < MESSAGE_BODIES; body++) {
			struct message_block *b = &m->blocks[home][body];
			FILE *out = open_memstream(&b->text, &b->len);

			if (!out)
				return -1;
			write_block(o, home, body, out);
			if (fclose(out) == EOF)
				return -1;
			b->has_host = home && given(o, "host");
		}
	}
	return 0;
}

void message_free(struct message_blocks *m)
{
	for (int home = 0; home < 2; home++)
		for (int body = 0; body < MESSAGE_BODIES; body++)
			free(m->blocks[home][body].text);
}

static char *put(char *at, const char *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

static char *put_text(char *at, const char *text)
{
	return put(at, text, strlen(text));
}

size_t message_build(const struct message_blocks *m, bool home,
		     enum message_body body, const char *method,
		     struct slice path, const char *authority, char **text,
		     size_t *size)
{
	const struct message_block *b = &m->blocks[home][body];
	size_t most = strlen(method) + path.len + strlen(authority) + b->len +
		      sizeof(" / HTTP/1.1\r\nHost: \r\n");
	char *p;

	if (most > *size) {
		p = realloc(*text, most);
		if (!p)
			return 0;
		*text = p;
		*size = most;
	}
	p = put_text(*text, method);
	p = put_text(p, path.len && path.p[0] == '/' ? " " : " /");
	p = put(p, path.p, path.len);
	p = put_text(p, " HTTP/1.1\r\n");
	if (!b->has_host) {
		p = put_text(p, "Host: ");
		p = put_text(p, authority);
		p = put_text(p, "\r\n");
	}
	p = put(p, b->text, b->len);
	return p - *text;
}
