/* SPDX-License-Identifier: MIT */
/*
 * A thread a connection: each of them may be stuck wherever it likes. To end
 * them all their sockets are shut down, which wakes whoever waits on one.
 */
#include "practice/visits.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "list.h"
#include "practice/counts.h"
#include "practice/paths.h"
#include "practice/question.h"
#include "util.h"

#define STACK (256 * 1024) /* paths' own buffers, and OpenSSL */

struct visitor {
	struct list link;
	struct visit visit;
	SSL_CTX *ctx;
	enum stream_end end;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct list visitors = { &visitors, &visitors };
static long number;

static void count_end(struct stream *s, bool at_rest)
{
	if (s->ssl && SSL_get_shutdown(s->ssl) & SSL_RECEIVED_SHUTDOWN)
		count_add(COUNT_close_notify, 1);
	if (at_rest)
		count_add(COUNT_idle_closed, 1);
}

/* One request; returns as question_read() does. */
static int serve_one(struct visit *v)
{
	struct question q;
	int n = question_read(&q, &v->s);

	if (n > 0) {
		count_add(COUNT_requests, 1);
		count_most(COUNT_most_requests, ++v->requests);
		paths_answer(v, &q);
		if (q.close)
			stream_end(&v->s, END_CLOSE);
	}
	question_free(&q);
	return n;
}

static void serve(struct visit *v)
{
	int n = 1;

	while (!v->s.gone && n > 0)
		n = serve_one(v);
	count_end(&v->s, n == 0);
}

static int begin_tls(struct visit *v, SSL_CTX *ctx)
{
	if (stream_accept_tls(&v->s, ctx) < 0) {
		count_add(COUNT_failed_handshakes, 1);
		return -1;
	}
	count_add(COUNT_handshakes, 1);
	if (SSL_session_reused(v->s.ssl))
		count_add(COUNT_resumed, 1);
	return 0;
}

static void visit(struct visitor *one)
{
	struct visit *v = &one->visit;
	char first;

	if (one->end != END_KEEP) {
		stream_end(&v->s, one->end);
		return;
	}
	/* A TLS record of the type handshake, or a letter? */
	if (recv(v->s.fd, &first, 1, MSG_PEEK) != 1)
		return;
	if (first != SSL3_RT_HANDSHAKE || begin_tls(v, one->ctx) == 0)
		serve(v);
}

static void *run(void *arg)
{
	struct visitor *one = arg;

	visit(one);
	stream_free(&one->visit.s);
	OPENSSL_thread_stop();
	count_closed();
	/* Whoever waits for all to end may exit right after the last of us. */
	pthread_mutex_lock(&mutex);
	list_remove(&one->link);
	free(one);
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static int start(struct visitor *one)
{
	pthread_attr_t attr;
	pthread_t thread;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK);
	error = pthread_create(&thread, &attr, run, one);
	pthread_attr_destroy(&attr);
	return error ? -1 : 0;
}

void visits_begin(int fd, SSL_CTX *ctx, enum stream_end end)
{
	struct visitor *one = calloc(1, sizeof(*one));

	if (!one) {
		close(fd);
		return;
	}
	stream_begin(&one->visit.s, fd);
	one->visit.number = ++number;
	one->ctx = ctx;
	one->end = end;
	count_opened();
	pthread_mutex_lock(&mutex);
	list_append(&visitors, &one->link);
	pthread_mutex_unlock(&mutex);
	if (start(one) < 0)
		run(one); /* closes it once it is served, or gone */
}

void visits_end(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 5;
	pthread_mutex_lock(&mutex);
	for (struct list *l = visitors.next; l != &visitors; l = l->next)
		shutdown(CONTAINER_OF(l, struct visitor, link)->visit.s.fd,
			 SHUT_RDWR);
	while (!list_empty(&visitors) &&
	       pthread_cond_timedwait(&changed, &mutex, &until) == 0)
		;
	pthread_mutex_unlock(&mutex);
}
