/* SPDX-License-Identifier: MIT */
/*
 * endpoint - whom requests go to: a scheme, a host and a port, and where
 * --connect-to really leads. Connections and TLS sessions belong to one
 * endpoint and are never used for another.
 *
 * Endpoints are made once and stay until the end. Any thread may find one; what
 * is marked a worker's is only its own to touch.
 */
#ifndef LAB06_ENDPOINT_H
#define LAB06_ENDPOINT_H

#include <openssl/ssl.h>
#include <pthread.h>

#include "list.h"
#include "options/options.h"
#include "tasks.h"
#include "url/url.h"

/* Endpoints that redirects may add; a server can name any number. */
#define ENDPOINTS_REDIRECTED_MAX 4096

/* A worker's share of an endpoint. */
struct endpoint_share {
	size_t open;	  /* connections */
	struct list idle; /* those that wait for a request */
};

struct endpoint {
	bool tls;
	uint16_t port;
	char *host;		 /* of the URL, without brackets */
	char *authority;	 /* what a Host field says */
	struct tasks_name *name; /* where to connect to, */
	char *dial_port;	 /* and its port */
	pthread_mutex_t lock;
	SSL_SESSION *session; /* of the last ticket, under lock; or NULL */
	struct endpoint_share shares[]; /* one a worker */
};

struct endpoints;

/*
 * The table of a run, which stays as long as O and TASKS do. Returns NULL
 * without memory.
 */
struct endpoints *endpoints_create(const struct options *o,
				   struct tasks *tasks);

/*
 * The endpoint of *U. One that was REDIRECTED to may be refused, because there
 * are too many.
 *
 * Returns it, or NULL with errno ENOMEM or ENOSPC.
 */
struct endpoint *endpoints_find(struct endpoints *table, const struct url *u,
				bool redirected);

/* When no worker is left. TABLE may be NULL. */
void endpoints_destroy(struct endpoints *table);

#endif
