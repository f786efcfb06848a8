/* SPDX-License-Identifier: MIT */
/*
 * Task 2. Make every call of OpenSSL in the same way: empty the error queue,
 * call, ask SSL_get_error(3) at once. What it says falls into three:
 *
 *	WANT_READ, WANT_WRITE	wait for that, whichever call it was
 *	ZERO_RETURN		close_notify: the peer's orderly end
 *	all else		a failure, and no call but SSL_free(3) any more
 *
 * For a failure there are three places to ask, in this order: the verification,
 * the socket (h->wire remembers errno, and an end of the stream), and the error
 * queue (tls_take_error()).
 */
#include "handshake.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "tls.h"
#include "util.h"

int handshake_begin(struct handshake *h, SSL_CTX *ctx, int fd, const char *host,
		    SSL_SESSION *session)
{
	/*
	 * An SSL of the context; a BIO over h->wire (tls_wire_bio()); the name,
	 * for SNI and for the certificate; the session.
	 */
	TODO(h, ctx, host, session);
	*h = (struct handshake){ .wire.fd = fd, .depth = -1 };
	errno = ENOMEM;
	return -1;
}

int handshake_step(struct handshake *h)
{
	/* One SSL_do_handshake(3), never a loop around it. */
	TODO(h);
	return -1;
}

ssize_t handshake_read(struct handshake *h, void *data, size_t size)
{
	/* SSL_read_ex(3). It may want to write. */
	TODO(h, data, size);
	return -1;
}

ssize_t handshake_write(struct handshake *h, const void *data, size_t len)
{
	/* SSL_write_ex(3). It may take a part, and it may want to read. */
	TODO(h, data, len);
	return -1;
}

bool handshake_drained(const struct handshake *h)
{
	TODO(h);
	return true;
}

bool handshake_resumed(const struct handshake *h)
{
	TODO(h);
	return false;
}

void handshake_close(struct handshake *h)
{
	/* close_notify only if all is well; free; a second call does nothing. */
	TODO(h);
}
