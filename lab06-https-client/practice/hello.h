/* SPDX-License-Identifier: MIT */
/*
 * hello - the origin's TLS context. What becomes of a handshake is decided by
 * the first label of the name that the client asks for (SNI): "expired.test"
 * gets an expired certificate, "stall-hello.test" no answer. A name that is in
 * neither table gets what it should, and so does a client without a name,
 * unless another certificate was chosen for those.
 */
#ifndef LAB06_PRACTICE_HELLO_H
#define LAB06_PRACTICE_HELLO_H

#include "practice/certs.h"

/*
 * UNNAMED: the certificate for clients without a name. TICKETS: how many a
 * handshake of TLS 1.3 gives; 0: no session can be resumed. NULL: OpenSSL
 * could not.
 */
SSL_CTX *hello_context(enum cert unnamed, size_t tickets);

/* Writes the table of names to standard output. */
void hello_help(void);

#endif
