/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL keeps errors in a queue of the thread, and SSL_get_error(3) looks
 * into it (NOTES: "the current thread's error queue must be empty before"). An
 * error that one connection left there makes a failure of another's WANT_READ.
 */
#include <openssl/err.h>

#include "experiment.h"
#include "experiment_net.h"
#include "experiment_tls.h"

/* What a read of an idle connection says when another one has failed. */
static int read_idle(bool clear)
{
	struct exp_tls idle = exp_tls_pair(TLS1_3_VERSION);
	struct exp_tls bad = exp_tls_pair(TLS1_3_VERSION);
	char byte;
	int n;

	exp_tls_shake(&idle);
	exp_send(bad.pair.server, "220 this is no TLS\r\n");
	if (!exp_poll(bad.pair.client, POLLIN, 5000))
		exp_die("nothing came");
	if (SSL_do_handshake(bad.client) == 1)
		exp_die("a handshake with nobody");
	if (clear)
		ERR_clear_error();
	n = SSL_read(idle.client, &byte, 1);
	n = SSL_get_error(idle.client, n);
	ERR_clear_error();
	exp_tls_close(&bad);
	exp_tls_close(&idle);
	return n;
}

int main(void)
{
	int error;

	exp_begin("error-queue", "SSL_get_error tells of the call before it");
	exp_did("one handshake fails; then a read of another, idle connection");
	error = read_idle(false);
	exp_saw("SSL_read: %s", exp_tls_error_name(error));
	exp_expect(error == SSL_ERROR_SSL, "SSL_ERROR_SSL");
	exp_did("the same, with ERR_clear_error before the read");
	error = read_idle(true);
	exp_saw("SSL_read: %s", exp_tls_error_name(error));
	exp_expect(error == SSL_ERROR_WANT_READ, "SSL_ERROR_WANT_READ");
	return exp_end(EXP_HALF, "only if the thread's queue of errors was "
				 "empty before the call");
}
