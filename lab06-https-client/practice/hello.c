/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL calls on_hello() when a ClientHello is there and nothing has been
 * decided yet: the certificate, the versions and the traps are chosen here.
 */
#include "practice/hello.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "practice/counts.h"
#include "practice/stream.h"
#include "util.h"

#define NAME_SIZE 256

/* Bytes of the server's first flight: inside the ServerHello, and behind. */
enum { IN_HELLO = 40, IN_FLIGHT = 300 };
enum { IN_DRIP_MS = 100, IN_CHATTER_MS = 3000 };

struct manner {
	const char *label;
	const char *help;
	int min, max;	 /* protocol versions; 0: any */
	ssize_t trap_at; /* bytes of the answer that leave; -1: all */
	enum stream_end trap;
	bool at_end;	 /* the trap is where its last flight would be */
	int alert;	 /* refuse with this one; 0: no */
	bool drips;	 /* a byte at a time, with pauses */
	bool wants_cert; /* from the client */
	const char *raw; /* bytes to answer with instead; NULL: none */
	size_t raw_len;
	bool chatters; /* answer with nothing that leads on */
};

#define VERSION(v)    .min = v, .max = v, .trap_at = -1
#define TRAP(at, end) .trap_at = at, .trap = end
#define RAW(bytes)    .trap_at = -1, .raw = bytes, .raw_len = sizeof(bytes) - 1

static const struct manner manners[] = {
	{ "tls12", "speaks TLS 1.2 only", VERSION(TLS1_2_VERSION) },
	{ "tls13", "speaks TLS 1.3 only", VERSION(TLS1_3_VERSION) },
	{ "tls11", "speaks TLS 1.1 only", VERSION(TLS1_1_VERSION) },
	{ "stall-hello", "is silent after the ClientHello",
	  TRAP(0, END_STALL) },
	{ "stall-flight", "is silent in the middle of its answer",
	  TRAP(IN_FLIGHT, END_STALL) },
	{ "reset-hello", "resets after the ClientHello", TRAP(0, END_RESET) },
	{ "reset-flight", "resets in the middle of its answer",
	  TRAP(IN_FLIGHT, END_RESET) },
	{ "reset-finish", "speaks TLS 1.2 only, resets instead of its Finished",
	  VERSION(TLS1_2_VERSION), .at_end = true, .trap = END_RESET },
	{ "close-hello", "closes after the ClientHello", TRAP(0, END_CUT) },
	{ "close-flight", "closes in the middle of its ServerHello",
	  TRAP(IN_HELLO, END_CUT) },
	{ "alert", "refuses with a fatal alert", .trap_at = -1,
	  .alert = SSL_AD_HANDSHAKE_FAILURE },
	{ "goodbye", "refuses with close_notify, which gives no reason",
	  RAW("\x15\x03\x03\0\x02\x01\0") },
	{ "noise", "answers with bytes that are not TLS",
	  RAW("220 hello, this is no TLS\r\n") },
	{ "chatter", "sends HelloRequests for 3 s, as fast as it goes; closes",
	  TRAP(0, END_CUT), .chatters = true },
	{ "drip", "answers a byte at a time, ten a second, for ever after",
	  .trap_at = -1, .drips = true },
	{ "wants-cert", "wants a certificate of the client", .trap_at = -1,
	  .wants_cert = true },
};

static enum cert cert_unnamed;

static const struct manner *find_manner(const char *label)
{
	for (size_t i = 0; i < ARRAY_LEN(manners); i++)
		if (strcmp(manners[i].label, label) == 0)
			return &manners[i];
	return NULL;
}

/* RFC 6066 3: a list of one entry, type 0, its length, the name. */
static bool read_name(SSL *ssl, char name[NAME_SIZE])
{
	const unsigned char *ext;
	size_t len, n;

	if (!SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &ext,
				       &len) ||
	    len < 5)
		return false;
	n = ext[3] << 8 | ext[4];
	if (n != len - 5 || n >= NAME_SIZE)
		return false;
	memcpy(name, ext + 5, n);
	name[n] = '\0';
	return true;
}

static void count_hello(SSL *ssl, bool named)
{
	const unsigned char *ext;
	size_t len;

	if (!named)
		count_add(COUNT_no_name, 1);
	if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_psk, &ext, &len) ||
	    (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_session_ticket, &ext,
				       &len) &&
	     len))
		count_add(COUNT_offered, 1);
}

/* TLS 1.2 has a client skip them in a handshake (RFC 5246 7.4.1.1). */
static void chatter(int fd)
{
	static const unsigned char request[] = {
		SSL3_RT_HANDSHAKE, 3, 3, 0, 4, SSL3_MT_HELLO_REQUEST, 0, 0, 0,
	};
	unsigned char many[500 * sizeof(request)];
	int64_t end_ms = clock_ms() + IN_CHATTER_MS;

	for (size_t i = 0; i < sizeof(many); i++)
		many[i] = request[i % sizeof(request)];
	while (clock_ms() < end_ms &&
	       send(fd, many, sizeof(many), MSG_NOSIGNAL) > 0)
		;
}

/* All is said but the last flight of TLS 1.2: that one is not sent. */
static void on_progress(const SSL *ssl, int where, int ret)
{
	struct stream *s = SSL_get_app_data(ssl);

	(void)ret;
	if ((where & SSL_CB_LOOP) && SSL_get_state(ssl) == TLS_ST_SR_KEY_EXCH)
		s->trap_at = 0;
}

static void behave(SSL *ssl, const struct manner *m)
{
	struct stream *s = SSL_get_app_data(ssl);

	if (m->min) {
		SSL_set_min_proto_version(ssl, m->min);
		SSL_set_max_proto_version(ssl, m->max);
	}
	if (m->wants_cert)
		SSL_set_verify(
			ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
			NULL);
	s->trap_at = m->trap_at;
	s->trap = m->trap;
	if (m->at_end)
		SSL_set_info_callback(ssl, on_progress);
	if (m->drips) {
		s->wire = 1;
		s->pause_ms = IN_DRIP_MS;
	}
	if (m->chatters)
		chatter(s->fd);
	if (m->raw) {
		s->trap_at = 0;
		s->trap = END_CUT;
		send(s->fd, m->raw, m->raw_len, MSG_NOSIGNAL);
	}
}

static int on_hello(SSL *ssl, int *alert, void *arg)
{
	char name[NAME_SIZE], label[NAME_SIZE];
	bool named = read_name(ssl, name);
	enum cert kind = cert_unnamed;
	const struct manner *m = NULL;

	(void)arg;
	count_hello(ssl, named);
	if (named) {
		int found;

		sprintf(label, "%.*s", (int)strcspn(name, "."), name);
		found = certs_find(label);
		kind = found < 0 ? CERT_VALID : (enum cert)found;
		m = find_manner(label);
	}
	if (m)
		behave(ssl, m);
	*alert = m && m->alert ? m->alert : SSL_AD_INTERNAL_ERROR;
	if ((m && m->alert) || certs_use(ssl, kind, named ? name : NULL) < 0)
		return SSL_CLIENT_HELLO_ERROR;
	return SSL_CLIENT_HELLO_SUCCESS;
}

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *len,
		   const unsigned char *in, unsigned int in_len, void *arg)
{
	static const unsigned char known[] = "\x08http/1.1";

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto((unsigned char **)(uintptr_t)out, len, known,
				  sizeof(known) - 1, in,
				  in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	count_add(COUNT_alpn, 1);
	return SSL_TLSEXT_ERR_OK;
}

/* Counts the KeyUpdate messages that come in. */
static void on_message(int write, int version, int type, const void *buf,
		       size_t len, SSL *ssl, void *arg)
{
	(void)version;
	(void)ssl;
	(void)arg;
	if (!write && type == SSL3_RT_HANDSHAKE && len &&
	    *(const unsigned char *)buf == SSL3_MT_KEY_UPDATE)
		count_add(COUNT_key_updates, 1);
}

SSL_CTX *hello_context(enum cert unnamed, size_t tickets)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (!ctx)
		return NULL;
	cert_unnamed = unnamed;
	/* TLS 1.1 and its SHA-1 are below what OpenSSL allows by itself. */
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, TLS1_1_VERSION);
	SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"o", 1);
	SSL_CTX_set_num_tickets(ctx, tickets);
	if (!tickets) {
		SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	}
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_client_hello_cb(ctx, on_hello, NULL);
	SSL_CTX_set_alpn_select_cb(ctx, on_alpn, NULL);
	SSL_CTX_set_msg_callback(ctx, on_message);
	return ctx;
}

void hello_help(void)
{
#define CERT_HELP(id, name, help) \
	printf("  %-19s certificate: %s\n", name, help);
	CERTS(CERT_HELP)
#undef CERT_HELP
	for (size_t i = 0; i < ARRAY_LEN(manners); i++)
		printf("  %-19s %s\n", manners[i].label, manners[i].help);
}
