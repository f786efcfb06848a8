/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL asks for as much as its buffer holds. A recv(2) that gets less has
 * emptied the socket, and the end of the stream is seen by the next one that
 * gets nothing; so after a short one, an end has not been seen yet.
 */
#include "tls_wire.h"

#include <errno.h>
#include <sys/socket.h>

#include "util.h"

static BIO_METHOD *method;

static bool is_retry(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static int wire_read(BIO *bio, char *data, size_t size, size_t *got)
{
	struct tls_wire *w = BIO_get_data(bio);
	ssize_t n;

	BIO_clear_retry_flags(bio);
	*got = 0;
	if (w->reads_max && w->reads >= w->reads_max) {
		w->drained = false;
		BIO_set_retry_read(bio);
		return 0;
	}
	w->reads++;
	do
		n = recv(w->fd, data, size, 0);
	while (n < 0 && errno == EINTR);
	w->drained = n < (ssize_t)size;
	*got = MAX(n, (ssize_t)0);
	if (n > 0) {
		w->in += n;
		return 1;
	}
	if (n == 0)
		w->eof = true;
	else if (is_retry(errno))
		BIO_set_retry_read(bio);
	else
		w->error = errno;
	return 0;
}

static int wire_write(BIO *bio, const char *data, size_t len, size_t *put)
{
	struct tls_wire *w = BIO_get_data(bio);
	ssize_t n;

	BIO_clear_retry_flags(bio);
	do
		n = send(w->fd, data, len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	*put = MAX(n, (ssize_t)0);
	if (n > 0) {
		w->out += n;
		return 1;
	}
	if (n < 0 && is_retry(errno))
		BIO_set_retry_write(bio);
	else
		w->error = n < 0 ? errno : EPIPE;
	return 0;
}

static long wire_ctrl(BIO *bio, int cmd, long num, void *ptr)
{
	struct tls_wire *w = BIO_get_data(bio);

	(void)num;
	(void)ptr;
	switch (cmd) {
	case BIO_CTRL_FLUSH:
		return 1; /* nothing is held back here */
	case BIO_CTRL_EOF:
		return w->eof;
	default:
		return 0;
	}
}

int tls_wire_init(void)
{
	if (method)
		return 0;
	method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
			      "wire");
	if (!method)
		return -1;
	BIO_meth_set_read_ex(method, wire_read);
	BIO_meth_set_write_ex(method, wire_write);
	BIO_meth_set_ctrl(method, wire_ctrl);
	return 0;
}

BIO *tls_wire_bio(struct tls_wire *w)
{
	BIO *bio = BIO_new(method);

	if (!bio)
		return NULL;
	BIO_set_data(bio, w);
	BIO_set_init(bio, 1);
	return bio;
}
