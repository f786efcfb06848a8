/* SPDX-License-Identifier: MIT */
/*
 * Every call of OpenSSL is made the same way: empty the error queue, call, ask
 * SSL_get_error(3) at once. What it says falls into three:
 *
 *	WANT_READ, WANT_WRITE	wait for that, whichever call it was
 *	ZERO_RETURN		close_notify: the peer's orderly end
 *	all else		a failure, and no call but SSL_free(3) any more
 *
 * A failure has a reason in one of three places, and they are asked in this
 * order: the verification, if that refused the certificate; the socket (the
 * wire remembers errno, which OpenSSL does not promise to keep); the error
 * queue. An end of the stream is a failure as well, because OpenSSL says
 * "unexpected eof" where a close_notify should have been: within a handshake
 * that is against the protocol, and after it the answer may have been cut by
 * somebody on the way.
 *
 * Partial writes are asked for by the context (SSL_MODE_ENABLE_PARTIAL_WRITE):
 * otherwise SSL_write(3) would report nothing before all of a large buffer has
 * left.
 */
#include "handshake.h"

#include <errno.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "tls.h"

/* Notes the depth of the certificate that is refused; the verdict stands. */
static int on_verify(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(
		store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct handshake *h = SSL_get_app_data(ssl);

	if (!ok && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE)
		h->depth = X509_STORE_CTX_get_error_depth(store);
	return ok;
}

static bool is_address(const char *host)
{
	struct in6_addr any;

	return inet_pton(AF_INET, host, &any) == 1 ||
	       inet_pton(AF_INET6, host, &any) == 1;
}

/* Says whom we expect: to the peer (SNI), and to the verification. */
static bool expect_host(SSL *ssl, const char *host)
{
	char name[256];
	size_t len = strlen(host);

	if (is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
	if (len >= sizeof(name))
		return false;
	memcpy(name, host, len + 1);
	if (len > 1 && name[len - 1] == '.')
		name[len - 1] = '\0';
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(ssl, name) && SSL_set_tlsext_host_name(ssl, name);
}

int handshake_begin(struct handshake *h, SSL_CTX *ctx, int fd, const char *host,
		    SSL_SESSION *session)
{
	BIO *bio;

	*h = (struct handshake){ .wire.fd = fd, .depth = -1 };
	ERR_clear_error();
	h->ssl = SSL_new(ctx);
	bio = h->ssl ? tls_wire_bio(&h->wire) : NULL;
	if (bio)
		SSL_set_bio(h->ssl, bio, bio);
	if (!bio || !SSL_set_app_data(h->ssl, h) ||
	    !expect_host(h->ssl, host) ||
	    (session && !SSL_set_session(h->ssl, session))) {
		handshake_close(h);
		ERR_clear_error();
		errno = ENOMEM;
		return -1;
	}
	SSL_set_verify(h->ssl, SSL_get_verify_mode(h->ssl), on_verify);
	SSL_set_connect_state(h->ssl);
	return 0;
}

static int fail(struct handshake *h, enum handshake_failure failure,
		const char *reason, int error)
{
	h->failure = failure;
	h->reason = reason;
	h->wants = 0;
	ERR_clear_error();
	errno = error;
	return -1;
}

/* OpenSSL's reason for "this is not as it should be". */
static int fail_protocol(struct handshake *h)
{
	long verdict = SSL_get_verify_result(h->ssl);
	unsigned long first = ERR_peek_error();
	const char *reason;

	if (ERR_GET_REASON(first) == ERR_R_MALLOC_FAILURE)
		return fail(h, HANDSHAKE_MEMORY, "out of memory", ENOMEM);
	if (!h->open && verdict != X509_V_OK && h->depth >= 0)
		return fail(h, HANDSHAKE_VERIFY,
			    X509_verify_cert_error_string(verdict), EPROTO);
	if (h->wire.error)
		return fail(h, HANDSHAKE_RESET, strerrordesc_np(h->wire.error),
			    h->wire.error);
	if (h->wire.eof)
		return fail(h,
			    h->open ? HANDSHAKE_TRUNCATED : HANDSHAKE_PROTOCOL,
			    h->open ? "end without close_notify"
				    : "end of the stream in the handshake",
			    EPROTO);
	reason = tls_take_error();
	return fail(h, HANDSHAKE_PROTOCOL,
		    *reason ? reason : "close_notify in the handshake", EPROTO);
}

/* What a call that returned RESULT, which is no success, means. */
static int failed(struct handshake *h, int result)
{
	switch (SSL_get_error(h->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		h->wants = POLLER_READ;
		break;
	case SSL_ERROR_WANT_WRITE:
		h->wants = POLLER_WRITE;
		break;
	default:
		return fail_protocol(h);
	}
	errno = EAGAIN;
	return -1;
}

/* Once failed, always failed: OpenSSL must not be called again. */
static bool is_over(struct handshake *h)
{
	if (h->failure)
		errno = EPROTO;
	return h->failure;
}

int handshake_step(struct handshake *h)
{
	int result;

	if (is_over(h))
		return -1;
	if (h->open)
		return 0;
	ERR_clear_error();
	result = SSL_do_handshake(h->ssl);
	if (result != 1)
		return failed(h, result);
	h->open = true;
	h->wants = 0;
	return 0;
}

ssize_t handshake_read(struct handshake *h, void *data, size_t size)
{
	size_t n;
	int result;

	if (is_over(h))
		return -1;
	ERR_clear_error();
	result = SSL_read_ex(h->ssl, data, size, &n);
	if (result == 1)
		return n;
	if (SSL_get_error(h->ssl, result) == SSL_ERROR_ZERO_RETURN)
		return 0;
	return failed(h, result);
}

ssize_t handshake_write(struct handshake *h, const void *data, size_t len)
{
	int result, error;
	size_t n;

	if (is_over(h))
		return -1;
	ERR_clear_error();
	result = SSL_write_ex(h->ssl, data, len, &n);
	if (result == 1)
		return n;
	failed(h, result);
	error = errno;
	/* The other direction may still hold what the peer sent last. */
	if (h->failure == HANDSHAKE_RESET)
		h->failure = HANDSHAKE_OK;
	errno = error;
	return -1;
}

bool handshake_drained(const struct handshake *h)
{
	return h->wire.drained && !SSL_has_pending(h->ssl);
}

bool handshake_resumed(const struct handshake *h)
{
	return h->open && SSL_session_reused(h->ssl);
}

void handshake_close(struct handshake *h)
{
	if (!h->ssl)
		return;
	if (h->open && !h->failure)
		SSL_shutdown(h->ssl);
	SSL_free(h->ssl);
	h->ssl = NULL;
	ERR_clear_error();
}
