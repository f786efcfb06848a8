/* SPDX-License-Identifier: MIT */
/*
 * tls_wire - a non-blocking socket as OpenSSL sees it (BIO_meth_new(3)). Beyond
 * BIO_s_socket(3) it writes without SIGPIPE, counts, and remembers what the
 * system calls said: by the time SSL_read() has returned, errno may be somebody
 * else's.
 *
 * SSL_read(3) goes on reading while the peer sends messages of TLS itself, and a
 * peer may do so without end. With reads_max it is made to come back: it is told
 * that there is nothing now, but `drained` is false.
 */
#ifndef COMMON_TLS_WIRE_H
#define COMMON_TLS_WIRE_H

#include <openssl/bio.h>
#include <stdbool.h>
#include <stdint.h>

struct tls_wire {
	int fd;
	int error;	/* errno of the last call that failed, but EAGAIN; 0 */
	bool eof;	/* recv(2) has returned 0 */
	bool drained;	/* the last recv(2) left nothing behind */
	uint16_t reads; /* calls of recv(2) since the owner set it to 0 */
	uint16_t reads_max; /* at so many, "later" without one; 0: no limit */
	uint64_t in;	    /* bytes received */
	uint64_t out;	    /* bytes sent */
};

/*
 * To be called once before any BIO is made, and before there are threads;
 * tls_client_context() does. What it makes stays as long as the process.
 * Returns 0, or -1 without memory.
 */
int tls_wire_init(void);

/*
 * A BIO over *W, whose fd the caller has set; W stays where it is until the
 * BIO is freed, and FD is never closed by it. Returns it, or NULL without
 * memory.
 */
BIO *tls_wire_bio(struct tls_wire *w);

#endif
