/* SPDX-License-Identifier: MIT */
/*
 * openssl_memory HOST:PORT PATH N: opens N connections over TLS, asks each for
 * PATH, reads the first bytes of the answer, and prints how many bytes of user
 * memory (RssAnon, proc(5)) one of them takes then. They are set up as lab 6's
 * bot sets up its own (tls_client_context(), tls_wire_bio()), and nothing else is
 * kept of them: so it is OpenSSL's share of what a client's connection takes.
 */
#include <errno.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "addr.h"
#include "number.h"
#include "tls.h"
#include "tls_wire.h"

struct client {
	struct tls_wire wire;
	SSL *ssl;
};

/* Bytes, or -1. */
static long user_memory(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long kib = -1;

	while (f && kib < 0 && fgets(line, sizeof(line), f))
		sscanf(line, "RssAnon: %ld", &kib);
	if (f)
		fclose(f);
	return kib < 0 ? -1 : kib * 1024;
}

static int fail(const char *what)
{
	const char *why = tls_take_error();

	fprintf(stderr, "openssl_memory: %s: %s\n", what,
		*why ? why : strerror(errno));
	return -1;
}

/* Up to the first bytes of the answer. */
static int open_client(struct client *c, SSL_CTX *ctx, const struct addr *to,
		       const char *request)
{
	int family = to->sa.sa_family;
	char answer[4096];
	BIO *bio;

	c->wire.fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->wire.fd < 0 || connect(c->wire.fd, &to->sa, to->len) < 0)
		return fail("cannot connect");
	c->ssl = SSL_new(ctx);
	bio = c->ssl ? tls_wire_bio(&c->wire) : NULL;
	if (!bio)
		return fail("no memory");
	SSL_set_bio(c->ssl, bio, bio);
	if (SSL_connect(c->ssl) != 1)
		return fail("no handshake");
	if (SSL_write(c->ssl, request, strlen(request)) <= 0 ||
	    SSL_read(c->ssl, answer, sizeof(answer)) <= 0)
		return fail("no answer");
	return 0;
}

/* Returns the bytes for one of N, or -1. */
static long measure(const struct addr *to, const char *path, size_t n)
{
	const struct tls_client_options options = {
		.insecure = true,
		.min_version = TLS1_2_VERSION,
	};
	/* The first one makes what all of them have together. */
	struct client *clients = calloc(n + 1, sizeof(*clients));
	char why[TLS_TEXT_MAX], request[512];
	SSL_CTX *ctx = tls_client_context(&options, why);
	long before = 0;

	snprintf(request, sizeof(request),
		 "GET %.400s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
	if (!clients || !ctx)
		return fail("cannot begin");
	for (size_t i = 0; i <= n; i++) {
		if (i == 1)
			before = user_memory();
		if (open_client(&clients[i], ctx, to, request) < 0)
			return -1;
	}
	return (user_memory() - before) / (long)n;
}

int main(int argc, char *argv[])
{
	struct addr to;
	size_t n;
	long each;

	if (argc != 4 || addr_parse(argv[1], &to) < 0 ||
	    number_parse(argv[3], 1, 100000, &n) < 0) {
		fputs("usage: openssl_memory HOST:PORT PATH N\n", stderr);
		return 2;
	}
	each = measure(&to, argv[2], n);
	if (each < 0)
		return 1;
	printf("%ld\n", each);
	return 0;
}
