/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL writes to a BIO of our own, so that records and handshake messages
 * can be cut, delayed or stopped like anything else that goes to the wire.
 */
#include "practice/stream.h"

#include <openssl/err.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sock.h"
#include "util.h"

void stream_begin(struct stream *s, int fd)
{
	*s = (struct stream){ .fd = fd, .trap_at = -1 };
	sock_set_nodelay(fd, true);
}

int stream_wait(struct stream *s, int ms)
{
	struct pollfd p = { .fd = s->fd, .events = POLLRDHUP };

	if (poll(&p, 1, ms) > 0)
		s->gone = true;
	return s->gone ? -1 : 0;
}

static int send_segment(struct stream *s, const char *data, size_t len)
{
	ssize_t n;

	if (s->pause_ms && stream_wait(s, s->pause_ms) < 0)
		return -1;
	for (; len && !s->gone; data += n, len -= n) {
		n = send(s->fd, data, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			s->gone = true;
		if (s->gone)
			return -1;
	}
	return 0;
}

/* All bytes for the wire come by here. */
static int send_wire(struct stream *s, const char *data, size_t len)
{
	bool springs = s->trap_at >= 0 && len >= (size_t)s->trap_at;
	size_t n;

	if (springs)
		len = s->trap_at;
	if (s->trap_at > 0)
		s->trap_at -= len;
	for (; len && !s->gone; data += n, len -= n) {
		n = s->wire ? MIN(s->wire, len) : len;
		if (send_segment(s, data, n) < 0)
			return -1;
	}
	if (springs)
		stream_end(s, s->trap);
	return s->gone ? -1 : 0;
}

static int bio_write(BIO *bio, const char *data, int len)
{
	return send_wire(BIO_get_data(bio), data, len) < 0 ? -1 : len;
}

static long bio_ctrl(BIO *bio, int cmd, long num, void *ptr)
{
	(void)bio;
	(void)num;
	(void)ptr;
	return cmd == BIO_CTRL_FLUSH;
}

static BIO_METHOD *wire_method;

static void make_method(void)
{
	wire_method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "wire");
	if (!wire_method)
		abort();
	BIO_meth_set_write(wire_method, bio_write);
	BIO_meth_set_ctrl(wire_method, bio_ctrl);
}

static BIO *wire_bio(struct stream *s)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	BIO *bio;

	pthread_once(&once, make_method);
	bio = BIO_new(wire_method);
	if (bio) {
		BIO_set_data(bio, s);
		BIO_set_init(bio, 1);
	}
	return bio;
}

int stream_accept_tls(struct stream *s, SSL_CTX *ctx)
{
	BIO *in = BIO_new_socket(s->fd, BIO_NOCLOSE);
	BIO *out = wire_bio(s);

	s->ssl = SSL_new(ctx);
	if (!in || !out || !s->ssl) {
		BIO_free(in);
		BIO_free(out);
		s->gone = true;
		return -1;
	}
	SSL_set_bio(s->ssl, in, out);
	SSL_set_app_data(s->ssl, s);
	ERR_clear_error();
	if (SSL_accept(s->ssl) == 1)
		return 0;
	/* An alert is to arrive, so no RST may overtake it. */
	stream_end(s, END_CUT);
	return -1;
}

int stream_write(struct stream *s, const void *data, size_t len)
{
	const char *p = data;
	size_t n;

	for (; len && !s->gone; p += n, len -= n) {
		n = s->cut ? MIN(s->cut, len) : len;
		if (!s->ssl)
			send_wire(s, p, n);
		else if (!SSL_write_ex(s->ssl, p, n, &n))
			s->gone = true;
	}
	return s->gone ? -1 : 0;
}

ssize_t stream_read(struct stream *s, void *data, size_t len)
{
	ssize_t n;

	if (s->gone)
		return -1;
	ERR_clear_error();
	do
		n = s->ssl ? SSL_read(s->ssl, data, len)
			   : recv(s->fd, data, len, 0);
	while (n < 0 && !s->ssl && errno == EINTR);
	if (n > 0)
		return n;
	if (s->ssl && SSL_get_error(s->ssl, n) == SSL_ERROR_ZERO_RETURN)
		return 0;
	if (n < 0 || s->ssl)
		s->gone = true;
	return s->gone ? -1 : 0;
}

/*
 * The end that is asked for must come out, and no RST because of bytes that
 * nobody read: take in what the other end sends until it has closed as well.
 */
static void finish(struct stream *s)
{
	char sink[4096];
	struct pollfd p = { .fd = s->fd, .events = POLLIN };

	shutdown(s->fd, SHUT_WR);
	while (poll(&p, 1, 1000) > 0 &&
	       recv(s->fd, sink, sizeof(sink), MSG_DONTWAIT) > 0)
		;
}

void stream_end(struct stream *s, enum stream_end how)
{
	if (s->gone || how == END_KEEP)
		return;
	s->trap_at = -1;
	switch (how) {
	case END_STALL:
		stream_wait(s, -1);
		break;
	case END_CLOSE:
		if (s->ssl && SSL_is_init_finished(s->ssl))
			SSL_shutdown(s->ssl);
		finish(s);
		break;
	case END_CUT:
		finish(s);
		break;
	default:
		sock_set_linger(s->fd, 0);
	}
	s->gone = true;
}

void stream_free(struct stream *s)
{
	SSL_free(s->ssl);
	s->ssl = NULL;
	close(s->fd);
}
