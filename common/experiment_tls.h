/* SPDX-License-Identifier: MIT */
/*
 * experiment_tls - the two ends of one TLS connection over TCP on 127.0.0.1, in
 * one program, with a certificate made on the spot. The sockets are
 * non-blocking. A call that fails ends the program (exp_die). One thread.
 */
#ifndef COMMON_EXPERIMENT_TLS_H
#define COMMON_EXPERIMENT_TLS_H

#include <openssl/ssl.h>

#include "experiment_net.h"

struct exp_tls {
	struct exp_pair pair;
	SSL_CTX *contexts[2];
	SSL *client; /* does not verify: there is nobody else */
	SSL *server;
};

/*
 * A pair that speaks VERSION (TLS1_2_VERSION or TLS1_3_VERSION) and has not
 * begun its handshake.
 */
struct exp_tls exp_tls_pair(int version);

/* Takes both ends through the handshake; the client reads the tickets. */
void exp_tls_shake(struct exp_tls *t);

/* The client sends the server a line, which the server reads, or vice versa. */
void exp_tls_send(SSL *from, SSL *to, const char *text);

void exp_tls_close(struct exp_tls *t);

/* "SSL_ERROR_WANT_READ" for what SSL_get_error(3) returned. */
const char *exp_tls_error_name(int error);

#endif
