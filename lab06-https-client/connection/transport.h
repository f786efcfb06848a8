/* SPDX-License-Identifier: MIT */
/*
 * transport - a connected socket, with or without TLS, as an edge-triggered
 * poller leaves it to us: `readable` and `writable` remember what was reported,
 * until a call says that it is over. While a flag is set, nobody will report
 * that direction again.
 */
#ifndef LAB06_TRANSPORT_H
#define LAB06_TRANSPORT_H

#include <stdbool.h>
#include <sys/types.h>

#include "handshake.h"
#include "http/http.h"

struct transport {
	int fd;		      /* -1: none */
	struct handshake tls; /* tls.ssl NULL: plain; tls.wire counts bytes */
	bool readable;	      /* the kernel or OpenSSL may have bytes, or the
				 end */
	bool writable;	      /* never again after write_error */
	bool hung;	      /* the peer has sent its end */
	bool touched;	 /* bytes may have been written since it was cleared */
	int write_error; /* why no more can be written; 0 */
};

/* No socket yet. */
void transport_init(struct transport *t);

/* The poller has reported READY, POLLER_ bits. */
void transport_ready(struct transport *t, unsigned int ready);

/*
 * Goes on with the handshake, as handshake_step() does, but for a turn only: a
 * peer may have more to say than anybody wants to hear. `readable` says then
 * whether to go on, after EAGAIN as well, when others have had their turn.
 */
int transport_shake(struct transport *t);

/*
 * Reads up to SIZE bytes. Returns the number; 0 at the end of the stream; -1
 * with errno EAGAIN, or why it failed. `readable` says then whether to go on,
 * after EAGAIN as well: TLS may have been busy with messages of its own, and
 * others want their turn.
 */
ssize_t transport_read(struct transport *t, char *data, size_t size);

/*
 * Writes some of BYTES. Returns the number, or -1 with errno: EAGAIN, and
 * `writable` may be over; or why it failed, which is kept in write_error: what
 * the peer sent before may still be readable.
 */
ssize_t transport_write(struct transport *t, struct slice bytes);

/*
 * Is there nothing to read, neither a byte nor the end? Uses SCRATCH, SIZE
 * bytes. TLS's own messages are dealt with, and are nothing, unless they do not
 * end.
 */
bool transport_is_quiet(struct transport *t, char *scratch, size_t size);

/*
 * Ends TLS and closes the socket, which no loop watches any more. No effect on
 * one that has none.
 */
void transport_close(struct transport *t);

#endif
