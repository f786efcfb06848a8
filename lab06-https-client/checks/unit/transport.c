/* SPDX-License-Identifier: MIT */
/* Whether a request was touched, when the peer is gone before it is written. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection/transport.h"
#include "practice/certs.h"
#include "sock.h"
#include "tls.h"

static const struct slice request = { "POST /", 6 };
static struct transport t;
static SSL *server;
static int peer;

/* Two ends of a TCP connection, ours in T. */
static void join(void)
{
	struct addr addr = { .len = sizeof(addr.ss) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	transport_init(&t);
	cr_assert_eq(listen(listener, 1), 0);
	cr_assert_eq(getsockname(listener, &addr.sa, &addr.len), 0);
	t.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(connect(t.fd, &addr.sa, addr.len), 0);
	peer = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	cr_assert_geq(peer, 0);
	close(listener);
	fcntl(t.fd, F_SETFL, O_NONBLOCK);
	t.writable = true;
}

/* The same, and a handshake: both ends take turns until it is finished. */
static void join_tls(void)
{
	const struct tls_client_options options = { .insecure = true };
	char why[TLS_TEXT_MAX];
	SSL_CTX *ctx = tls_client_context(&options, why);
	SSL_CTX *server_ctx = SSL_CTX_new(TLS_server_method());

	cr_assert(ctx && server_ctx);
	cr_assert_eq(certs_begin(), 0);
	server = SSL_new(server_ctx);
	cr_assert_eq(certs_use(server, CERT_VALID, "a.test"), 0);
	join();
	SSL_set_fd(server, peer);
	cr_assert_eq(handshake_begin(&t.tls, ctx, t.fd, "a.test", NULL), 0);
	while (transport_shake(&t) < 0) {
		cr_assert_eq(errno, EAGAIN);
		SSL_accept(server);
	}
	cr_assert_eq(SSL_accept(server), 1);
	SSL_CTX_free(server_ctx);
	SSL_CTX_free(ctx);
}

static void reset(void)
{
	const struct linger now = { .l_onoff = 1 };

	setsockopt(peer, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(peer);
}

static void writes_nothing(void)
{
	reset();
	cr_assert_eq(transport_write(&t, request), -1);
	cr_assert_eq(t.write_error, ECONNRESET);
	cr_assert(!t.touched, "no byte has left");
	transport_ready(&t, POLLER_WRITE);
	cr_assert(!t.writable, "nobody writes once more");
	transport_close(&t);
}

Test(transport, plain_is_untouched)
{
	join();
	writes_nothing();
}

Test(transport, tls_is_untouched)
{
	join_tls();
	writes_nothing();
	SSL_free(server);
	certs_end();
}

Test(transport, tls_is_touched)
{
	join_tls();
	cr_assert_eq(transport_write(&t, request), (ssize_t)request.len);
	cr_assert(t.touched);
	reset();
	transport_close(&t);
	SSL_free(server);
	certs_end();
}
