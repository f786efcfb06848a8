/* SPDX-License-Identifier: MIT */
/*
 * options - bot's command line.
 */
#ifndef LAB06_OPTIONS_H
#define LAB06_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/http.h"
#include "url/url_list.h"

enum {
	OPTIONS_HEADERS_MAX = 64,
	OPTIONS_CONNECT_TO_MAX = 64,
	OPTIONS_CONNECTIONS_MAX = 1000000,
	OPTIONS_WORKERS_MAX = 64,
};

/* A -H: "Name: value" as it was given. */
struct header {
	struct slice name;
	const char *line;
};

/* A --connect-to. Empty parts match any, or leave it as it is. */
struct connect_to {
	char *host;
	char *port;
	char *host2;
	char *port2;
};

struct options {
	struct url_list urls;
	const char *urls_file;

	/* How much. */
	uint64_t requests;   /* 0: each URL once */
	int64_t duration_ns; /* 0: without */
	size_t connections;
	size_t per_host; /* 0: without */
	double rate;	 /* a second; 0: as fast as it goes */
	size_t workers;

	/* What. */
	const char *method; /* NULL: not given */
	struct header headers[OPTIONS_HEADERS_MAX];
	size_t nheaders;
	struct slice data; /* p NULL: none */
	const char *output;
	size_t follow;
	size_t retry;
	bool fail;
	uint64_t max_body; /* UINT64_MAX: no limit */
	bool keep_going;

	/* Time-outs. */
	int64_t connect_ns;
	int64_t tls_ns;
	int64_t first_byte_ns;
	int64_t total_ns;

	/* Connections. */
	const char *cacert;
	bool insecure;
	bool tls13; /* nothing below TLS 1.3 */
	bool no_resume;
	bool no_keepalive;
	struct connect_to connect_to[OPTIONS_CONNECT_TO_MAX];
	size_t nconnect_to;
	int family; /* AF_UNSPEC, AF_INET, AF_INET6 */

	bool json;
	char *data_file; /* what --data @FILE read; data is in it */
};

/*
 * Reads the command line into *O, and the files it names.
 *
 * Returns -1 to go on, or the exit status: 0 after --help, 2 if something is
 * wrong, which has been said in a line on stderr. options_free() frees what *O
 * holds, in each case.
 */
int options_parse(struct options *o, int argc, char *argv[]);

void options_free(struct options *o);

#endif
