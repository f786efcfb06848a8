/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL tells of a new session by a callback (SSL_CTX_sess_set_new_cb(3)): in
 * TLS 1.3 for each ticket, some time after the handshake. The connection finds
 * its endpoint by an index into what OpenSSL lets its users hang on an SSL.
 */
#include "session.h"

static int endpoint_index = -1;

static int on_session(SSL *ssl, SSL_SESSION *session)
{
	struct endpoint *e = SSL_get_ex_data(ssl, endpoint_index);
	SSL_SESSION *copy, *old;

	if (!e || !SSL_SESSION_is_resumable(session))
		return 0;
	copy = SSL_SESSION_dup(session);
	if (!copy)
		return 0;
	pthread_mutex_lock(&e->lock);
	old = e->session;
	e->session = copy;
	pthread_mutex_unlock(&e->lock);
	SSL_SESSION_free(old);
	return 0; /* the one that was shown stays OpenSSL's */
}

int session_init(SSL_CTX *ctx)
{
	endpoint_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	if (endpoint_index < 0)
		return -1;
	SSL_CTX_sess_set_new_cb(ctx, on_session);
	return 0;
}

void session_attach(SSL *ssl, struct endpoint *e)
{
	SSL_set_ex_data(ssl, endpoint_index, e);
}

SSL_SESSION *session_take(struct endpoint *e)
{
	SSL_SESSION *copy = NULL;

	pthread_mutex_lock(&e->lock);
	if (e->session)
		copy = SSL_SESSION_dup(e->session);
	pthread_mutex_unlock(&e->lock);
	return copy;
}
