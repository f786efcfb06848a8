/* SPDX-License-Identifier: MIT */
/*
 * A FIN is not protected by TLS: whoever sits on the way can send one, and the
 * rest of the body never comes. What is protected is the alert close_notify
 * (RFC 8446 6.1). An HTTP answer without a length is whole only behind that.
 */
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"
#include "experiment_tls.h"

enum { DEADLINE_MS = 5000 };

/* The server sends some, then ends; what does the client's last read say? */
static int last_read(bool notify, const char **reason)
{
	struct exp_tls t = exp_tls_pair(TLS1_3_VERSION);
	int64_t deadline = clock_ms() + DEADLINE_MS;
	int n, error;
	char data[64];

	exp_tls_shake(&t);
	exp_tls_send(t.server, t.client, "half of a body");
	if (notify)
		SSL_shutdown(t.server);
	shutdown(t.pair.server, SHUT_WR);
	do {
		ERR_clear_error();
		n = SSL_read(t.client, data, sizeof(data));
		error = SSL_get_error(t.client, n);
	} while (error == SSL_ERROR_WANT_READ && exp_tick(deadline));
	*reason = ERR_reason_error_string(ERR_peek_error());
	exp_tls_close(&t);
	return error;
}

static ssize_t plain_read(void)
{
	struct exp_pair pair = exp_pair();
	char data[64];
	ssize_t n;

	exp_send(pair.server, "half of a body");
	shutdown(pair.server, SHUT_WR);
	if (recv(pair.client, data, sizeof(data), MSG_WAITALL) < 0)
		exp_die("recv");
	n = recv(pair.client, data, sizeof(data), 0);
	exp_close_pair(&pair);
	return n;
}

int main(void)
{
	const char *reason;
	ssize_t n;
	int error;

	exp_begin("truncation", "EOF ends a TLS body");
	exp_did("a peer sends some and closes: plain TCP");
	n = plain_read();
	exp_saw("recv: %zd, whoever it was that closed", n);
	exp_expect(n == 0, "0");

	exp_did("TLS, with close_notify");
	error = last_read(true, &reason);
	exp_saw("SSL_read: %s", exp_tls_error_name(error));
	exp_expect(error == SSL_ERROR_ZERO_RETURN, "SSL_ERROR_ZERO_RETURN");

	exp_did("TLS, the FIN alone");
	error = last_read(false, &reason);
	exp_saw("SSL_read: %s, \"%s\"", exp_tls_error_name(error),
		reason ? reason : "");
	exp_expect(error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL,
		   "an error");
	return exp_end(EXP_HALF, "only behind a close_notify: without it the "
				 "end may be an attacker's cut");
}
