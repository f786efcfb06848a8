/* SPDX-License-Identifier: MIT */
/*
 * A thread puts a line together on its stack, and copies it to the buffer under
 * a mutex. The thread that finds the buffer full writes it out. So lines are
 * whole and in order.
 *
 * The log never keeps a loop waiting. What a full disk, or a pipe with a slow
 * reader, does not take stays in the buffer for a later try. A line that finds
 * no room then is lost; none is cut.
 */
#include "access.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "addr.h"

#define BUFFER	 65536
#define WORD_MAX 2048 /* bytes of a quoted word; a longer one is cut */

struct access {
	const char *path;
	int fd;
	pthread_mutex_t lock;
	size_t len;
	char buffer[BUFFER];
};

static int open_log(const char *path)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
			  O_NONBLOCK | O_NOCTTY;

	return open(path, flags, 0640);
}

struct access *access_open(const char *path)
{
	struct access *log = malloc(sizeof(*log));

	if (!log)
		return NULL;
	log->path = path;
	log->len = 0;
	log->fd = open_log(path);
	if (log->fd < 0) {
		int err = errno;

		free(log);
		errno = err;
		return NULL;
	}
	pthread_mutex_init(&log->lock, NULL);
	return log;
}

/* With the lock held. */
static void write_out(struct access *log)
{
	size_t done = 0;

	while (done < log->len) {
		ssize_t n = write(log->fd, log->buffer + done, log->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += n;
	}
	if (!done)
		return;
	log->len -= done;
	memmove(log->buffer, log->buffer + done, log->len);
}

int access_reopen(struct access *log)
{
	int fd, old;

	if (!log)
		return 0;
	fd = open_log(log->path);
	if (fd < 0)
		return -1;
	pthread_mutex_lock(&log->lock);
	write_out(log);
	old = log->fd;
	log->fd = fd;
	pthread_mutex_unlock(&log->lock);
	close(old);
	return 0;
}

void access_flush(struct access *log)
{
	if (!log)
		return;
	pthread_mutex_lock(&log->lock);
	write_out(log);
	pthread_mutex_unlock(&log->lock);
}

void access_close(struct access *log)
{
	if (!log)
		return;
	write_out(log);
	close(log->fd);
	pthread_mutex_destroy(&log->lock);
	free(log);
}

/* S in quotes; "-" for a NULL one. */
static char *put_quoted(char *p, struct slice s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *end = p + WORD_MAX;

	*p++ = '"';
	if (!s.p)
		*p++ = '-';
	for (size_t i = 0; i < s.len && p < end; i++) {
		unsigned char ch = s.p[i];

		if (ch >= ' ' && ch < 0x7f && ch != '"' && ch != '\\') {
			*p++ = ch;
			continue;
		}
		*p++ = '\\';
		*p++ = 'x';
		*p++ = hex[ch >> 4];
		*p++ = hex[ch & 15];
	}
	*p++ = '"';
	return p;
}

/* The request line, as it was sent. */
static struct slice first_line(const struct exchange *x)
{
	const struct request *r = &x->request;
	const char *from;

	if (!x->head)
		return (struct slice){ NULL, 0 };
	from = x->head + r->method_name.at;
	return (struct slice){ from, r->text.at + r->text.len +
					     strlen(" HTTP/1.1") -
					     r->method_name.at };
}

static struct slice field(const struct exchange *x, enum http_field id)
{
	if (!x->head)
		return (struct slice){ NULL, 0 };
	return request_value(&x->request, x->head, id);
}

void access_log(struct access *log, const char *address,
		const struct exchange *x, uint64_t sent)
{
	char line[ADDR_TEXT_MAX + 128 + 3 * (WORD_MAX + 8)], *p = line;
	time_t now;
	struct tm tm;

	if (!log)
		return;
	now = time(NULL);
	gmtime_r(&now, &tm);
	p = stpcpy(p, address);
	p += strftime(p, 64, " - - [%d/%b/%Y:%H:%M:%S +0000] ", &tm);
	p = put_quoted(p, first_line(x));
	p += sprintf(p, " %d %ju ", x->answer.status, (uintmax_t)sent);
	p = put_quoted(p, field(x, FIELD_REFERER));
	*p++ = ' ';
	p = put_quoted(p, field(x, FIELD_USER_AGENT));
	*p++ = '\n';
	pthread_mutex_lock(&log->lock);
	if (log->len + (p - line) > BUFFER)
		write_out(log);
	if (log->len + (p - line) <= BUFFER) {
		memcpy(log->buffer + log->len, line, p - line);
		log->len += p - line;
	}
	pthread_mutex_unlock(&log->lock);
}
