/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL reports by a queue of errors a thread. The first one is the cause;
 * those behind it only say through which functions it came up.
 */
#include "tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tls_wire.h"

const char *tls_take_error(void)
{
	unsigned long first = ERR_peek_error();
	const char *reason = "";

	if (ERR_SYSTEM_ERROR(first))
		reason = strerrordesc_np(ERR_GET_REASON(first));
	else if (first)
		reason = ERR_reason_error_string(first);
	ERR_clear_error();
	return reason ? reason : "unknown error";
}

/* Roots from FILE and from nowhere else. */
static bool load_roots(SSL_CTX *ctx, const char *file, char *why)
{
	const char *reason;

	/*
	 * Not SSL_CTX_set_default_verify_paths(3): it would also search all of
	 * the directory for each certificate whose issuer nobody knows.
	 */
	if (!file) {
		if (SSL_CTX_set_default_verify_file(ctx) &&
		    SSL_CTX_set_default_verify_dir(ctx))
			return true;
		snprintf(why, TLS_TEXT_MAX, "cannot read the system's CAs: %s",
			 tls_take_error());
		return false;
	}
	if (SSL_CTX_load_verify_file(ctx, file))
		return true;
	/* Of a file that cannot be opened, errno says it better. */
	reason = access(file, R_OK) < 0 ? strerror(errno)
					: "no certificate in it";
	ERR_clear_error();
	snprintf(why, TLS_TEXT_MAX, "cannot read CA file %.150s: %s", file,
		 reason);
	return false;
}

/* AES-128 first, as browsers have it: the larger key costs and buys nothing. */
#define CIPHERS_13                                       \
	"TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:" \
	"TLS_CHACHA20_POLY1305_SHA256"

/* ALPN's list: each name with its length in front (RFC 7301 3.1). */
static bool offer(SSL_CTX *ctx, const char *protocol)
{
	unsigned char list[256];
	size_t len = protocol ? strlen(protocol) : 0;

	if (!len)
		return true;
	if (len > 255)
		return false;
	list[0] = len;
	memcpy(list + 1, protocol, len);
	return SSL_CTX_set_alpn_protos(ctx, list, len + 1) == 0;
}

SSL_CTX *tls_client_context(const struct tls_client_options *o, char *why)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (!ctx || tls_wire_init() < 0 ||
	    !SSL_CTX_set_min_proto_version(ctx, o->min_version) ||
	    !SSL_CTX_set_ciphersuites(ctx, CIPHERS_13) ||
	    !offer(ctx, o->alpn)) {
		snprintf(why, TLS_TEXT_MAX, "cannot begin TLS: %s",
			 tls_take_error());
		SSL_CTX_free(ctx);
		return NULL;
	}
	if ((o->cacert || !o->insecure) && !load_roots(ctx, o->cacert, why)) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_RELEASE_BUFFERS);
	/* One recv(2) for as many records as are there, instead of two each. */
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT |
						    SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_set_verify(ctx, o->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
			   NULL);
	return ctx;
}
