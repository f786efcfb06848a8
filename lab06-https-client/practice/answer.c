/* SPDX-License-Identifier: MIT */
/*
 *	interim answers | head | body ............... | extra
 *	^ start         ^ final                       ^ end
 *	                  ^ head (its middle)
 *	                       ^ first   ^ body (its middle)
 *
 * All of it is made in memory, then sent up to the place that "at" names; there
 * "then" happens; and unless that was the end, the rest is sent.
 */
#include "practice/answer.h"

#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/recipes.h"
#include "util.h"

#define HEAD_ROOM (64 * 1024)

struct answer {
	char *text;
	size_t size; /* of the memory */
	size_t len;
	size_t head; /* where the final head begins, and the body, and its end */
	size_t body;
	size_t end;
};

void answer_content(char *to, size_t from, size_t len)
{
	char line[16];
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		size_t skip = (from + i) % 8;

		sprintf(line, "%07zu\n", (from + i - skip) % 10000000);
		n = MIN(8 - skip, len - i);
		memcpy(to + i, line + skip, n);
	}
}

__attribute__((format(printf, 2, 3))) static void add(struct answer *a,
						      const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	a->len += vsnprintf(a->text + a->len, a->size - a->len, fmt, args);
	va_end(args);
	if (a->len >= a->size)
		a->len = a->size - 1;
}

static void add_interim(struct answer *a, const struct question *q)
{
	long n = question_number(q, "interim", 0);
	long code = question_number(q, "interim-code", 103);

	while (n-- > 0)
		add(a, "HTTP/1.1 %ld Wait\r\nX-Interim: %ld\r\n\r\n", code, n);
}

static void add_head(struct answer *a, const struct question *q,
		     const char *framing, size_t size)
{
	long code = question_number(q, "code", 200);
	long pad = question_number(q, "head-size", 0);
	char field[8192];
	size_t at = 0;

	a->head = a->len;
	add(a, "HTTP/1.%ld %ld Practice\r\n", question_number(q, "minor", 1),
	    code);
	while (question_text(q, "field", &at, field, sizeof(field)) >= 0)
		add(a, "%s\r\n", field);
	if (strcmp(framing, "chunked") == 0)
		add(a, "Transfer-Encoding: chunked\r\n");
	else if (strcmp(framing, "length") == 0 && code != 204 && code != 304)
		add(a, "Content-Length: %zu\r\n", size);
	for (long i = question_number(q, "fields", 0); i > 0; i--)
		add(a, "X-%ld: y\r\n", i);
	/* "X: " CR LF and the empty line are seven bytes. */
	pad -= (long)(a->len - a->head) + 7;
	if (pad >= 0) {
		add(a, "X: ");
		while (pad-- > 0)
			add(a, "p");
		add(a, "\r\n");
	}
	add(a, "\r\n");
}

static void add_content(struct answer *a, size_t from, size_t len)
{
	answer_content(a->text + a->len, from, len);
	a->len += len;
}

static void add_chunks(struct answer *a, const struct question *q, size_t size)
{
	size_t chunk = MAX(question_number(q, "chunk", 4096), 1);
	char text[4096] = "";
	size_t at = 0, n;

	question_text(q, "extension", &at, text, sizeof(text));
	for (size_t i = 0; i < size; i += n) {
		n = MIN(chunk, size - i);
		add(a, "%zx%s\r\n", n, text);
		add_content(a, i, n);
		add(a, "\r\n");
	}
	add(a, "0\r\n");
	at = 0;
	while (question_text(q, "trailer", &at, text, sizeof(text)) >= 0)
		add(a, "%s\r\n", text);
	add(a, "\r\n");
}

static bool has_body(const struct question *q)
{
	long code = question_number(q, "code", 200);

	return strcmp(q->method, "HEAD") != 0 && code != 204 && code != 304;
}

static int make(struct answer *a, const struct question *q)
{
	size_t size = question_number(q, "size", 14);
	size_t chunk = MAX(question_number(q, "chunk", 4096), 1);
	char framing[16] = "length", extra[4096];
	size_t at = 0;
	ssize_t n;

	question_text(q, "as", &at, framing, sizeof(framing));
	a->size = HEAD_ROOM + size + 64 * question_number(q, "interim", 0) +
		  question_number(q, "head-size", 0) +
		  16 * question_number(q, "fields", 0) +
		  (size / chunk + 2) * 24;
	at = 0;
	if (question_text(q, "extension", &at, extra, sizeof(extra)) > 0)
		a->size += (size / chunk + 2) * strlen(extra);
	a->text = malloc(a->size);
	if (!a->text)
		return -1;
	add_interim(a, q);
	add_head(a, q, framing, size);
	a->body = a->len;
	if (has_body(q) && strcmp(framing, "chunked") == 0)
		add_chunks(a, q, size);
	else if (has_body(q))
		add_content(a, 0, size);
	a->end = a->len;
	at = 0;
	n = question_text(q, "extra", &at, extra, sizeof(extra));
	if (n > 0 && a->len + n < a->size) {
		memcpy(a->text + a->len, extra, n);
		a->len += n;
	}
	return 0;
}

/* The offset that "at" names; if nothing happens there, the very end. */
static size_t place(const struct answer *a, const struct question *q)
{
	char name[16] = "end";
	size_t at = 0;

	if (question_text(q, "then", &at, name, sizeof(name)) < 0)
		return a->len;
	at = 0;
	strcpy(name, "end");
	question_text(q, "at", &at, name, sizeof(name));
	if (strcmp(name, "start") == 0)
		return 0;
	if (strcmp(name, "final") == 0)
		return a->head;
	if (strcmp(name, "head") == 0)
		return a->head + (a->body - a->head) / 2;
	if (strcmp(name, "first") == 0)
		return a->body;
	if (strcmp(name, "body") == 0)
		return a->body + (a->end - a->body) / 2;
	if (strcmp(name, "end") == 0)
		return a->end;
	return MIN(strtoul(name, NULL, 10), a->len);
}

static void happen(struct visit *v, const struct question *q)
{
	SSL *ssl = v->s.ssl;
	char name[16] = "keep";
	size_t at = 0;

	question_text(q, "then", &at, name, sizeof(name));
	if (strcmp(name, "stall") == 0)
		stream_end(&v->s, END_STALL);
	else if (strcmp(name, "close") == 0)
		stream_end(&v->s, END_CLOSE);
	else if (strcmp(name, "cut") == 0)
		stream_end(&v->s, END_CUT);
	else if (strcmp(name, "reset") == 0)
		stream_end(&v->s, END_RESET);
	else if (strcmp(name, "wait") == 0)
		stream_wait(&v->s, question_number(q, "ms", 100));
	else if (ssl && strcmp(name, "key-update") == 0)
		SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
	else if (ssl && strcmp(name, "ask-update") == 0)
		SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED);
	else if (ssl && strcmp(name, "ticket") == 0 &&
		 stream_wait(&v->s, question_number(q, "ms", 0)) == 0)
		SSL_new_session_ticket(ssl);
	else if (ssl && strcmp(name, "renegotiate") == 0)
		SSL_renegotiate(ssl);
	if (ssl && !v->s.gone)
		SSL_do_handshake(ssl);
}

void recipe_answer(struct visit *v, struct question *q)
{
	struct answer a = { 0 };
	size_t every = question_number(q, "every", 0);
	size_t from = 0, upto;

	if (make(&a, q) < 0) {
		stream_end(&v->s, END_RESET);
		return;
	}
	for (upto = place(&a, q); !v->s.gone; upto += every) {
		stream_write(&v->s, a.text + from, upto - from);
		happen(v, q);
		from = upto;
		if (!every || a.len - upto <= every)
			break;
	}
	stream_write(&v->s, a.text + from, a.len - from);
	free(a.text);
}
