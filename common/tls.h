/* SPDX-License-Identifier: MIT */
/*
 * tls - OpenSSL's contexts, and its error queue as text.
 */
#ifndef COMMON_TLS_H
#define COMMON_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

#define TLS_TEXT_MAX 256

struct tls_client_options {
	const char *cacert; /* PEM file of roots instead of the system's; or
			       NULL */
	bool insecure;	    /* do not verify */
	int min_version;    /* TLS1_2_VERSION or TLS1_3_VERSION */
	const char *alpn;   /* the protocol to offer, "http/1.1"; NULL: none */
};

/*
 * A context for clients, one for all their connections: TLS 1.2 or above,
 * peers verified, writes partial (SSL_MODE_ENABLE_PARTIAL_WRITE), the buffers
 * of a connection that is idle given back (SSL_MODE_RELEASE_BUFFERS), no
 * sessions kept in it. The caller frees it with SSL_CTX_free(). To be called
 * before there are threads; any number of them may use it.
 *
 * Returns it, or NULL and WHY, TLS_TEXT_MAX bytes, a sentence's end: "cannot
 * read CA file x.pem: No such file or directory". The error queue is empty
 * after that.
 */
SSL_CTX *tls_client_context(const struct tls_client_options *o, char *why);

/*
 * The first error of the calling thread's queue in OpenSSL's words, "wrong
 * version number"; static text. "" if the queue is empty. Empties it.
 */
const char *tls_take_error(void);

#endif
