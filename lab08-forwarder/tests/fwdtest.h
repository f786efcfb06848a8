/* SPDX-License-Identifier: MIT */
/*
 * fwdtest - the forwarder with a rules file of the test's, clients and servers
 * around it, and what it says of them.
 */
#ifndef LAB08_TESTS_FWDTEST_H
#define LAB08_TESTS_FWDTEST_H

#include "between.h"
#include "drivertest.h"

#define FWD_LISTENERS 16

struct fwd {
	struct prog *p;
	const char *path;	     /* of the rules file */
	size_t n;		     /* lines "listening on", in their order */
	char at[FWD_LISTENERS][160]; /* HOST:PORT, or unix:PATH */
	char id[FWD_LISTENERS][65];
};

struct fwd_opts {
	struct prog_opts prog;
	const char *args[8]; /* beside -f */
	bool drains;	     /* else SIGTERM resets what runs: --drain 0 */
};

/*
 * Writes RULES to a file and starts the forwarder with it, which must say that
 * it listens LISTENERS times.
 */
struct fwd *fwd_start(size_t listeners, const char *rules_fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct fwd *fwd_start_opts(const struct fwd_opts *opts, size_t listeners,
			   const char *rules_fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Writes the rules file anew. */
void fwd_write(const struct fwd *f, const char *rules_fmt, ...)
	__attribute__((format(printf, 2, 3)));
void write_whole_file(const char *path, const char *text);
const char *read_whole_file(const char *path);

/* A client of listener I; "127.0.0.2:0" is where it comes from, or NULL. */
struct peer *fwd_client(const struct fwd *f, size_t i, const char *from);

/*
 * A listener that is a server: "127.0.0.1:N"; and one whose place stays free while
 * it is closed, as all that ask for any port ask for one of 127.0.0.1.
 */
#define fwd_server()	   peer_listen("127.0.0.1:0")
#define fwd_server_apart() peer_listen("127.0.0.3:0")
#define fwd_at(l)	   peer_listener_address(l)

/* The line of the connection from CLIENT, "127.0.0.1:40000". */
struct fwd_line {
	char client[80], listener[160], id[65], server[80], reason[32];
	unsigned long long up, down;
	long long connect_us, total_ms; /* -1: "-" */
};
struct fwd_line fwd_line(struct fwd *f, const char *client);

/* The line of CLIENT has this reason. */
void fwd_expect_reason(struct fwd *f, const char *client, const char *reason);

/* A client of the first listener that must be turned away, because of WHY. */
void fwd_turned_away(struct fwd *f, const char *from, const char *why);

/* One that is let in, by server L: *SERVER is the other end. */
struct peer *fwd_let_in(struct fwd *f, const char *from,
			struct peer_listener *l, struct peer **server);

/* It ends in peace, the client C first, and has its line. */
void fwd_leave(struct fwd *f, struct peer *c, struct peer *s);

/* Waits until standard error has TEXT in it. */
void fwd_says(struct fwd *f, const char *text);
/* How often it has it now. */
size_t fwd_said(struct fwd *f, const char *text);

/*
 * A management connection to listener I; then one command, whose answer is
 * returned without the CR of its lines and without the prompt. Valid until the
 * next call.
 */
struct peer *fwd_manage(const struct fwd *f, size_t i);
const char *fwd_ask(struct peer *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, and this must be the answer, but for its last line end. */
void fwd_expect(struct peer *m, const char *command, const char *answer);

/* N connections one after the other, closed again: how many each server got. */
void fwd_count(const struct fwd *f, size_t i, struct peer_listener *const l[],
	       size_t n, size_t connections, size_t count[]);

#endif
