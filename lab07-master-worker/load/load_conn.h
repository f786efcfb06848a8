/* SPDX-License-Identifier: MIT */
/*
 * load_conn - one connection of framed-load: requests under way, and the answers,
 * which must come in their order.
 *
 *	          open               connected
 *	CLOSED ----------> CONNECTING ---------> OPEN
 *	   ^                   | refused          | the server closes, a wrong
 *	   '-------------------'------------------' answer, or enough requests
 *
 * What a server leaves unanswered when it closes is lost; if it had nothing to
 * answer, its closing costs nothing, and the client opens a connection anew.
 */
#ifndef LAB07_LOAD_CONN_H
#define LAB07_LOAD_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/drive.h"
#include "load/wire.h"

/* What was asked for decides what is a right answer. */
enum flight_kind {
	FLIGHT_PING,
	FLIGHT_REGISTER_NEW,
	FLIGHT_REGISTER_TAKEN,
	FLIGHT_LOGIN_RIGHT,
	FLIGHT_LOGIN_WRONG,
	FLIGHT_LOGIN_UNKNOWN,
};

struct flight {
	int64_t since_ns;
	uint32_t who;
	enum flight_kind kind;
};

struct load_conn {
	struct drive *drive;
	enum { LOAD_CONN_CLOSED, LOAD_CONN_CONNECTING, LOAD_CONN_OPEN } state;
	int fd;
	uint32_t events; /* what epoll watches it for */
	size_t made;	 /* requests on this connection */
	size_t answered;
	struct flight *flights; /* a ring of options.pipeline */
	size_t first;
	size_t nflights;
	char partial[WIRE_ANSWER_MAX]; /* the beginning of an answer */
	size_t have;
	char *out; /* requests that the socket has not taken yet */
	size_t out_at;
	size_t out_end;
};

/* A closed client of DRIVE. Returns 0, or -1 with errno ENOMEM. */
int load_conn_init(struct load_conn *c, struct drive *drive);

/* Closes it if it is not, and gives its memory back. */
void load_conn_free(struct load_conn *c);

/*
 * Begins to connect. Returns 0, or -1 with errno; the client is closed then,
 * and stays so.
 */
int load_conn_open(struct load_conn *c);

/* Ends the connection; what is still under way is lost. */
void load_conn_close(struct load_conn *c);

/* What epoll_wait(2) reported. */
void load_conn_ready(struct load_conn *c, uint32_t events);

/* Makes as many requests as DRIVE allows and the pipeline has room for. */
void load_conn_fill(struct load_conn *c);

#endif
