/* SPDX-License-Identifier: MIT */
/*
 * handshake - TLS over a non-blocking socket, by OpenSSL: the client's
 * handshake and, behind it, the bytes. No call ever waits.
 *
 *	handshake_begin(&h, ctx, fd, "example.test", NULL);
 *	while (handshake_step(&h) < 0) {
 *		if (errno != EAGAIN)
 *			h.failure, h.reason and h.depth say why
 *		... until fd is ready for h.wants
 *	}
 *	n = handshake_write(&h, data, len);	as send(2), h.wants at EAGAIN
 *	n = handshake_read(&h, data, size);	as recv(2), h.wants at EAGAIN
 *	handshake_close(&h);
 *	close(fd);
 *
 * Either direction of TLS may need either direction of the socket, at any
 * time: a read that meets a key update has to write the answer to it, a write
 * may have to wait for a message of the peer (SSL_get_error(3),
 * experiments/nonblocking-tls-directions). So EAGAIN alone does not say what to
 * wait for; h.wants does.
 *
 *	                 handshake_step()
 *	handshake_begin() ──► SHAKING ──► OPEN ──► handshake_read() is 0: the
 *	                         │         │       peer said that it has ended
 *	                         └────┬────┘
 *	                              ▼
 *	                           failed: h.failure; only handshake_close() is left
 *
 * OpenSSL keeps its errors in a queue of the thread: what one connection left
 * there must not be taken for the trouble of another (ERR_clear_error(3)).
 * Every function here leaves the queue empty.
 *
 * A handshake belongs to one thread at a time.
 */
#ifndef LAB06_HANDSHAKE_H
#define LAB06_HANDSHAKE_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "poller.h"
#include "tls_wire.h"

enum handshake_failure {
	HANDSHAKE_OK,
	HANDSHAKE_VERIFY,    /* the certificate is not to be trusted */
	HANDSHAKE_PROTOCOL,  /* the peer does not speak TLS as it should, or
				broke off a handshake with an alert or an end */
	HANDSHAKE_TRUNCATED, /* the stream ended without close_notify */
	HANDSHAKE_RESET,     /* ECONNRESET, EPIPE or another error of FD */
	HANDSHAKE_MEMORY,    /* no memory here */
};

struct handshake {
	SSL *ssl;	      /* NULL before begin and after close */
	struct tls_wire wire; /* the socket, as OpenSSL sees it */
	unsigned int wants;   /* after EAGAIN: POLLER_READ or POLLER_WRITE */
	bool open;	      /* the handshake is finished */
	int failure;	      /* enum handshake_failure */
	int depth;	      /* HANDSHAKE_VERIFY: of the certificate, 0: the
				 server's own; else -1, also if nothing is
				 verified */
	const char *reason;   /* OpenSSL's words, strerror(3)'s, or of an end
				 of the stream your own; static */
};

/*
 * Prepares a handshake over FD, a connected non-blocking socket, with CTX (see
 * tls_client_context() in common/tls.h). *H stays where it is until
 * handshake_close(); FD stays the caller's, and CTX too.
 *
 * HOST is who the peer must be: a name, which is sent as SNI (RFC 6066 3), and
 * which its certificate must be for, if CTX verifies at all; or a numeric
 * address without brackets, which is not sent, and which the certificate must
 * have among its IP addresses. A dot at the end of a name is left away in both.
 * No certificate is good for a part of a label ("f*.example.test").
 *
 * SESSION is one to resume, or NULL; it stays the caller's.
 *
 * Returns 0, or -1 with errno ENOMEM, and there is nothing to close.
 */
int handshake_begin(struct handshake *h, SSL_CTX *ctx, int fd, const char *host,
		    SSL_SESSION *session);

/*
 * Goes on with the handshake, until it is finished or has to wait.
 *
 * Returns 0 when it is finished (and in later calls); -1 with errno EAGAIN
 * until FD is ready for h->wants; or -1 with another errno when it failed:
 *   EPROTO	HANDSHAKE_VERIFY or HANDSHAKE_PROTOCOL, which a stream that ends
 *		here is, too
 *   ECONNRESET, EPIPE, ...: HANDSHAKE_RESET
 *   ENOMEM	HANDSHAKE_MEMORY
 */
int handshake_step(struct handshake *h);

/*
 * Reads up to SIZE bytes, 1 or more, that the peer has sent. One call takes
 * what one record has left, so there may be more: see handshake_drained().
 * Messages of TLS itself, such as tickets and key updates, are dealt with on
 * the way; a key update that asks for one is answered.
 *
 * Returns the number of bytes; 0 if the peer has said that it will send no more
 * (close_notify); -1 with errno EAGAIN until FD is ready for h->wants; or -1
 * when it failed:
 *   EPROTO	HANDSHAKE_TRUNCATED, HANDSHAKE_PROTOCOL
 *   ECONNRESET, ...: HANDSHAKE_RESET
 *   ENOMEM	HANDSHAKE_MEMORY
 */
ssize_t handshake_read(struct handshake *h, void *data, size_t size);

/*
 * Writes LEN bytes, 1 or more, or as many of them as the socket takes. After
 * EAGAIN some of them may be under way already: the next handshake_write()
 * must be given the same bytes at the same place (SSL_write(3)), and may be
 * given more behind them. Reading in between is fine.
 *
 * Returns the number of bytes, 1 to LEN, or -1 as handshake_read() does. A write
 * that failed because the peer has gone (HANDSHAKE_RESET) is not the end of
 * reading: what the peer had sent before may be here already, and
 * handshake_read() goes on until that is used up.
 */
ssize_t handshake_write(struct handshake *h, const void *data, size_t len);

/*
 * Is there nothing more to read, as far as is known? True if OpenSSL holds no
 * bytes, and the last recv(2) got less than there was room for: what comes
 * then is a new edge. A caller on an edge-triggered poller that stops reading
 * while this is false has to come back by itself.
 */
bool handshake_drained(const struct handshake *h);

/*
 * The poller has reported FD readable. From here on handshake_drained() is
 * false until a read has asked the socket again, even if OpenSSL still has
 * bytes of before, so that reading them does not make the report forgotten.
 */
static inline void handshake_readable(struct handshake *h)
{
	h->wire.drained = false;
}

/* Did the finished handshake resume the session that was offered? */
bool handshake_resumed(const struct handshake *h);

/*
 * Ends it: says close_notify if the handshake is finished, nothing failed, and
 * the socket takes it at once. Frees what handshake_begin() took. Does not
 * close FD. No effect if h->ssl is NULL.
 */
void handshake_close(struct handshake *h);

#endif
