/* SPDX-License-Identifier: MIT */
/*
 * control - what framed's master does when master.h asks for it: sockets, log
 * and statistics, and the configuration that is read again.
 */
#ifndef LAB07_CONTROL_H
#define LAB07_CONTROL_H

#include "config/config.h"
#include "listeners/listeners.h"
#include "master.h"
#include "server/options.h"
#include "stats/stats.h"

struct server {
	const struct options *options;
	struct config config;
	struct config next; /* while it is read */
	struct listeners *listeners;
	struct stats_board *board;
	struct stats *stats; /* of the worker about to be started */
	int pid_file;	     /* -1: none */
	int starter;	     /* of daemon_report(); -1: none */
	int terminal;	     /* the standard error that we were started with */
};

/* ARG is a struct server. */
extern const struct master_ops control_ops;

/* Reads the file and the settings to *C. 0, or -1 and WHY (SIZE bytes). */
int control_read(const struct server *s, struct config *c, char *why,
		 size_t size);

/* Listens where *C says, and nowhere else. 0, or -1 and WHY. */
int control_listen(struct server *s, const struct config *c, char *why,
		   size_t size);

/* A descriptor for the log where *C wants it (logfile.h); -1 and WHY. */
int control_log(const struct server *s, const struct config *c, char *why,
		size_t size);

/* The part of *C that is the master's. */
void control_fill(struct master_config *m, const struct config *c);

#endif
