/* SPDX-License-Identifier: MIT */
/*
 * session - TLS sessions, kept at their endpoint, so that the next connection
 * to it can resume the last one. A session is copied on its way in and out:
 * OpenSSL goes on writing to one that a connection uses, and workers share
 * endpoints.
 */
#ifndef LAB06_SESSION_H
#define LAB06_SESSION_H

#include "exchange/endpoint.h"

/*
 * Has connections with CTX keep their sessions. Before there are threads.
 * Returns 0, or -1 without memory.
 */
int session_init(SSL_CTX *ctx);

/* What SSL gets by way of tickets is for E. */
void session_attach(SSL *ssl, struct endpoint *e);

/*
 * A session of E to resume, which the caller frees with SSL_SESSION_free(); or
 * NULL.
 */
SSL_SESSION *session_take(struct endpoint *e);

#endif
