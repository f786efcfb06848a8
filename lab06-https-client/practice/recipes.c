/* SPDX-License-Identifier: MIT */
/* Answers that are not made of a head and a body as in answer.c. */
#include "practice/recipes.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "practice/answer.h"
#include "practice/counts.h"
#include "practice/traps.h"
#include "util.h"

void recipe_send(struct visit *v, const struct question *q, const char *body,
		 size_t len)
{
	char head[128];
	int n = snprintf(head, sizeof(head),
			 "HTTP/1.1 200 Practice\r\nContent-Length: %zu\r\n\r\n",
			 len);

	stream_write(&v->s, head, n);
	if (strcmp(q->method, "HEAD") != 0)
		stream_write(&v->s, body, len);
}

void recipe_stats(struct visit *v, struct question *q)
{
	char text[1024];

	/* Who asks for the figures is not one of them. */
	if (v->requests == 1)
		count_forget();
	count_add(COUNT_requests, -1);
	recipe_send(v, q, text, counts_print(text, sizeof(text)));
	if (v->requests == 1) {
		stream_end(&v->s, END_CLOSE);
		/* The end of the connection takes one off again. */
		count_add(COUNT_open, 1);
	}
}

void recipe_echo(struct visit *v, struct question *q)
{
	const char *sni =
		v->s.ssl ? SSL_get_servername(v->s.ssl,
					      TLSEXT_NAMETYPE_host_name)
			 : NULL;
	size_t size = q->head_len + q->body_len + 512, len;
	char *text = malloc(size);

	if (!text) {
		stream_end(&v->s, END_RESET);
		return;
	}
	len = snprintf(
		text, size, "connection %ld request %ld %s%s%s%s\n", v->number,
		v->requests, v->s.ssl ? SSL_get_version(v->s.ssl) : "plain",
		v->s.ssl && SSL_session_reused(v->s.ssl) ? " resumed" : "",
		sni ? " for " : "", sni ? sni : "");
	memcpy(text + len, q->head, q->head_len);
	len += q->head_len;
	memcpy(text + len, q->body, q->body_len);
	recipe_send(v, q, text, len + q->body_len);
	free(text);
}

/* "text" is the answer, byte for byte; then "then", as in answer.c. */
void recipe_raw(struct visit *v, struct question *q)
{
	static const struct {
		const char *name;
		enum stream_end end;
	} ends[] = {
		{ "stall", END_STALL },
		{ "close", END_CLOSE },
		{ "cut", END_CUT },
		{ "reset", END_RESET },
	};
	char text[16384], then[16] = "";
	size_t at = 0;
	ssize_t n = question_text(q, "text", &at, text, sizeof(text));

	if (n > 0)
		stream_write(&v->s, text, n);
	at = 0;
	question_text(q, "then", &at, then, sizeof(then));
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strcmp(ends[i].name, then) == 0)
			stream_end(&v->s, ends[i].end);
}

/* "first", then "again" until the other end has enough. */
void recipe_endless(struct visit *v, struct question *q)
{
	char text[4096], block[65536];
	size_t at = 0;
	ssize_t n = question_text(q, "first", &at, text, sizeof(text));

	if (n > 0)
		stream_write(&v->s, text, n);
	at = 0;
	n = question_text(q, "again", &at, text, sizeof(text));
	if (n <= 0)
		n = sprintf(text, "x");
	/* As many as fit in a block, so that it comes fast. */
	at = 0;
	do {
		memcpy(block + at, text, n);
		at += n;
	} while (!v->s.wire && at + n <= sizeof(block));
	while (stream_write(&v->s, block, at) == 0)
		;
}

/* N redirects to itself, the last of them to "to". */
void recipe_redirect(struct visit *v, struct question *q)
{
	long left = question_number(q, "count", 1);
	long code = question_number(q, "code", 302);
	char to[8192] = "/echo", head[9216];
	size_t at = 0;
	int n;

	question_text(q, "to", &at, to, sizeof(to));
	if (left > 1)
		n = snprintf(head, sizeof(head),
			     "HTTP/1.1 %ld Practice\r\n"
			     "Location: /redirect?count=%ld&code=%ld&to=%s\r\n"
			     "Content-Length: 4\r\n\r\nhop\n",
			     code, left - 1, code, to);
	else
		n = snprintf(head, sizeof(head),
			     "HTTP/1.1 %ld Practice\r\nLocation: %s\r\n"
			     "Content-Length: 5\r\n\r\nlast\n",
			     code, to);
	stream_write(&v->s, head, MIN(n, (int)sizeof(head) - 1));
}

/* Until COND is signalled, but not much longer than the client is there. */
static void wait_a_little(struct stream *s, pthread_cond_t *cond,
			  pthread_mutex_t *mutex)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 200 * 1000 * 1000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	if (pthread_cond_timedwait(cond, mutex, &until) != 0)
		stream_wait(s, 0);
}

/*
 * Nobody is answered before COUNT are here, so a client that gets answers has
 * that many requests in flight at once.
 */
void recipe_gather(struct visit *v, struct question *q)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	static pthread_cond_t full = PTHREAD_COND_INITIALIZER;
	static long arrived;
	long count = MAX(question_number(q, "count", 2), 1);
	long mine;

	pthread_mutex_lock(&mutex);
	mine = arrived++ / count + 1;
	if (arrived >= mine * count)
		pthread_cond_broadcast(&full);
	while (arrived < mine * count && !v->s.gone)
		wait_a_little(&v->s, &full, &mutex);
	pthread_mutex_unlock(&mutex);
	recipe_send(v, q, "together\n", 9);
}

void recipe_drop_traps(struct visit *v, struct question *q)
{
	traps_drop();
	recipe_send(v, q, "dropped\n", 8);
}
