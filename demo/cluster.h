/* SPDX-License-Identifier: MIT */
/*
 * cluster - the programs of the show: two httpd, lab 6's origin and framed,
 * and in front of them the forwarder.
 *
 *	bot (HTTP) ----.	    .---- httpd A
 *			\	   /----- httpd B
 *	bot (HTTPS) -----forwarder------- origin
 *			/	   \.
 *	framed-load ---'	    `---- framed
 *
 * All of them listen on ports that the kernel chooses. Their configuration and
 * what they say lies in one folder.
 */
#ifndef DEMO_CLUSTER_H
#define DEMO_CLUSTER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "child.h"

enum { HTTPD_A, HTTPD_B, ORIGIN, FRAMED, SERVERS };

/* Rules of the forwarder; the listener of each has its name. */
enum { RULE_ADMIN, RULE_WEB, RULE_TLS, RULE_FRAMES, RULES };

struct cluster {
	char build[PATH_MAX];  /* where the programs are */
	char top[PATH_MAX];    /* of the tree */
	char folder[PATH_MAX]; /* what they write */
	struct child server[SERVERS];
	char address[SERVERS][64];
	struct child forwarder;
	char listener[RULES][64]; /* addresses of the forwarder */
};

/* "httpd A"; of a server. */
const char *cluster_name(int server);

/*
 * Fills in the folders of *C, which is zero: where this program lies tells where
 * the others do, and a new folder is made below $TMPDIR, or /tmp. Returns 0, or
 * -1 with errno.
 */
int cluster_find(struct cluster *c);

/* Removes the folder with all files in it. Once nobody writes there any more. */
void cluster_remove(const struct cluster *c);

/*
 * Starts all of them and waits until they listen. Returns 0, or -1 with a line on
 * standard error; or without one, if a signal has come.
 */
int cluster_start(struct cluster *c);

/*
 * Starts the one that has ended, on the address that it had. Returns at once, 0
 * or -1 with errno.
 */
int cluster_start_again(struct cluster *c, int server);

/*
 * How many connections of SERVER its end has cut: those that, by the forwarder's
 * log, the server ended first.
 */
size_t cluster_cut(const struct cluster *c, int server);

#endif
