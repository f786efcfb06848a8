/* SPDX-License-Identifier: MIT */
/* Both ends in one thread: each is taken as far as it goes, in turns. */
#include "experiment_tls.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"

enum { DEADLINE_MS = 10000 };

static X509 *make_cert(EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_NAME *name = cert ? X509_get_subject_name(cert) : NULL;

	if (!cert ||
	    !X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					(const unsigned char *)"experiment", -1,
					-1, 0) ||
	    !X509_set_issuer_name(cert, name) || !X509_set_pubkey(cert, key) ||
	    !X509_gmtime_adj(X509_getm_notBefore(cert), 0) ||
	    !X509_gmtime_adj(X509_getm_notAfter(cert), 3600) ||
	    !X509_sign(cert, key, EVP_sha256()))
		exp_die("certificate");
	return cert;
}

static SSL_CTX *make_context(const SSL_METHOD *method, int version)
{
	SSL_CTX *ctx = SSL_CTX_new(method);

	if (!ctx || !SSL_CTX_set_min_proto_version(ctx, version) ||
	    !SSL_CTX_set_max_proto_version(ctx, version))
		exp_die("SSL_CTX_new");
	return ctx;
}

static void set_cert(SSL_CTX *ctx)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = key ? make_cert(key) : NULL;

	if (!cert || !SSL_CTX_use_certificate(ctx, cert) ||
	    !SSL_CTX_use_PrivateKey(ctx, key))
		exp_die("certificate");
	X509_free(cert);
	EVP_PKEY_free(key);
}

static SSL *make_end(SSL_CTX *ctx, int fd)
{
	SSL *ssl = SSL_new(ctx);

	if (!ssl || !SSL_set_fd(ssl, fd))
		exp_die("SSL_new");
	exp_set_nonblock(fd);
	return ssl;
}

struct exp_tls exp_tls_pair(int version)
{
	struct exp_tls t = { .pair = exp_pair() };

	t.contexts[0] = make_context(TLS_client_method(), version);
	t.contexts[1] = make_context(TLS_server_method(), version);
	set_cert(t.contexts[1]);
	t.client = make_end(t.contexts[0], t.pair.client);
	t.server = make_end(t.contexts[1], t.pair.server);
	SSL_set_connect_state(t.client);
	SSL_set_accept_state(t.server);
	return t;
}

void exp_tls_shake(struct exp_tls *t)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;
	int client, server;
	char byte;

	do {
		ERR_clear_error();
		client = SSL_do_handshake(t->client);
		ERR_clear_error();
		server = SSL_do_handshake(t->server);
	} while ((client != 1 || server != 1) && exp_tick(deadline));
	if (client != 1 || server != 1)
		exp_die("the handshake");
	exp_tls_send(t->server, t->client, "hello");
	ERR_clear_error();
	if (SSL_read(t->client, &byte, 1) > 0)
		exp_die("a byte that nobody sent");
}

void exp_tls_send(SSL *from, SSL *to, const char *text)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;
	int len = strlen(text), got = 0, n;
	char data[256];

	ERR_clear_error();
	if (SSL_write(from, text, len) != len)
		exp_die("SSL_write");
	while (got < len && exp_tick(deadline)) {
		ERR_clear_error();
		n = SSL_read(to, data, sizeof(data));
		got += n > 0 ? n : 0;
	}
	if (got != len)
		exp_die("SSL_read");
}

void exp_tls_close(struct exp_tls *t)
{
	SSL_free(t->client);
	SSL_free(t->server);
	SSL_CTX_free(t->contexts[0]);
	SSL_CTX_free(t->contexts[1]);
	exp_close_pair(&t->pair);
}

const char *exp_tls_error_name(int error)
{
	switch (error) {
	case SSL_ERROR_NONE:
		return "SSL_ERROR_NONE";
	case SSL_ERROR_SSL:
		return "SSL_ERROR_SSL";
	case SSL_ERROR_WANT_READ:
		return "SSL_ERROR_WANT_READ";
	case SSL_ERROR_WANT_WRITE:
		return "SSL_ERROR_WANT_WRITE";
	case SSL_ERROR_SYSCALL:
		return "SSL_ERROR_SYSCALL";
	case SSL_ERROR_ZERO_RETURN:
		return "SSL_ERROR_ZERO_RETURN";
	default:
		return "another one";
	}
}
