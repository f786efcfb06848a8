/* SPDX-License-Identifier: MIT */
/*
 * TLS has talk of its own. A peer of TLS 1.3 may ask for new keys at any time
 * (RFC 8446 4.6.3), and whoever reads that has to write the answer. A peer of
 * TLS 1.2 may ask for a new handshake, and until that is over no byte of the
 * application can be written: the write waits for a read.
 *
 * So what to wait for is not known from the call, only from SSL_get_error(3).
 */
#include <openssl/err.h>
#include <sys/socket.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"
#include "experiment_tls.h"

enum { DEADLINE_MS = 5000 };

/* Reads what is there; what does the last read say? */
static int read_all(SSL *ssl)
{
	char data[64];
	int n;

	do {
		ERR_clear_error();
		n = SSL_read(ssl, data, sizeof(data));
	} while (n > 0);
	return SSL_get_error(ssl, n);
}

/*
 * A client whose socket is full reads a request for a key update. The kernel
 * may still find room for a few bytes, so this is done until there is none.
 */
static int read_that_writes(void)
{
	struct exp_tls t = exp_tls_pair(TLS1_3_VERSION);
	int64_t deadline = clock_ms() + DEADLINE_MS;
	int error;

	exp_tls_shake(&t);
	do {
		exp_fill(t.pair.client);
		if (!SSL_key_update(t.server, SSL_KEY_UPDATE_REQUESTED) ||
		    SSL_do_handshake(t.server) != 1)
			exp_die("SSL_key_update");
		exp_poll(t.pair.client, POLLIN, DEADLINE_MS);
		error = read_all(t.client);
	} while (error == SSL_ERROR_WANT_READ && clock_ms() < deadline);
	exp_tls_close(&t);
	return error;
}

/* A client writes while the server's wish for a handshake is being met. */
static int write_that_reads(void)
{
	struct exp_tls t = exp_tls_pair(TLS1_2_VERSION);
	int64_t deadline = clock_ms() + DEADLINE_MS;
	int n, error;
	char byte;

	exp_tls_shake(&t);
	if (!SSL_renegotiate(t.server) || SSL_do_handshake(t.server) != 1)
		exp_die("SSL_renegotiate");
	do {
		ERR_clear_error();
		SSL_read(t.client, &byte, 1);
	} while (SSL_is_init_finished(t.client) && exp_tick(deadline));
	ERR_clear_error();
	n = SSL_write(t.client, "x", 1);
	error = SSL_get_error(t.client, n);
	exp_tls_close(&t);
	return error;
}

int main(void)
{
	int error;

	exp_begin("nonblocking-tls-directions", "SSL_read only reads");
	exp_did("TLS 1.3: the socket is full, and the peer asks for a key "
		"update");
	error = read_that_writes();
	exp_saw("SSL_read: %s", exp_tls_error_name(error));
	exp_expect(error == SSL_ERROR_WANT_WRITE, "SSL_ERROR_WANT_WRITE");

	exp_did("TLS 1.2: the peer asks for a new handshake, we write a byte");
	error = write_that_reads();
	exp_saw("SSL_write: %s", exp_tls_error_name(error));
	exp_expect(error == SSL_ERROR_WANT_READ, "SSL_ERROR_WANT_READ");
	return exp_end(EXP_FALSE, "a read may have to write, and a write to "
				  "read: SSL_get_error says which");
}
