/* SPDX-License-Identifier: MIT */
/*
 * stream - one accepted connection, plain or TLS, and the ways to treat its
 * other end badly. Blocking, for a thread that has it to itself.
 *
 * What is sent passes two cutters:
 *
 *	content --cut--> pieces --(TLS)--> records --wire--> segments
 *
 * Each piece is a record of its own in TLS, and each segment a send(2) of its
 * own, with a pause before it if one is wanted. A *trap* springs when a number
 * of bytes has left on the wire, so it can stop a handshake or a record in its
 * middle.
 */
#ifndef LAB06_PRACTICE_STREAM_H
#define LAB06_PRACTICE_STREAM_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How a connection can end, or go on. */
enum stream_end {
	END_KEEP,  /* it goes on */
	END_STALL, /* silence, until the other end gives up */
	END_CLOSE, /* FIN; in TLS after a close_notify */
	END_CUT,   /* FIN without a close_notify */
	END_RESET, /* RST */
};

struct stream {
	int fd;
	SSL *ssl;	      /* NULL: plain */
	size_t cut;	      /* bytes a piece; 0: any number */
	size_t wire;	      /* bytes a segment; 0: any number */
	int pause_ms;	      /* before each segment */
	ssize_t trap_at;      /* bytes until the trap springs; -1: none */
	enum stream_end trap; /* what it does */
	bool gone;	      /* nothing more can be sent or read */
};

/* A plain stream on FD, which stream_free() closes. */
void stream_begin(struct stream *s, int fd);

/*
 * The server's side of a handshake, in the context CTX. The stream is found
 * from its SSL by SSL_get_app_data(3). 0, or -1: it failed.
 */
int stream_accept_tls(struct stream *s, SSL_CTX *ctx);

/* Sends all of it. 0, or -1: the stream is gone. */
int stream_write(struct stream *s, const void *data, size_t len);

/* Reads some. The number of bytes; 0: the other end has finished; -1: gone. */
ssize_t stream_read(struct stream *s, void *data, size_t len);

/*
 * Waits MS milliseconds; negative: for ever. 0, or -1 as soon as the other end
 * is gone (its FIN counts) or the program ends.
 */
int stream_wait(struct stream *s, int ms);

/* Ends it so; END_KEEP: nothing. Afterwards it is gone. */
void stream_end(struct stream *s, enum stream_end how);

/* Closes the descriptor and frees what belongs to the stream. */
void stream_free(struct stream *s);

#endif
