/* SPDX-License-Identifier: MIT */
/*
 * config - what framed's configuration file says. framed.conf beside this lists
 * every key with its range and its default.
 */
#ifndef LAB07_CONFIG_H
#define LAB07_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "conf.h"
#include "log.h"

#define CONFIG_LISTEN_MAX 64 /* addresses */

/* Numbers are in the ranges of framed.conf; paths are absolute, or empty. */
struct config {
	char listen[CONF_LINE_MAX]; /* addresses, separated by a space each */
	size_t workers;		    /* "auto" is a number by now */
	size_t threads;
	bool daemon;
	char pid_file[PATH_MAX];
	size_t drain_seconds;

	char log_file[PATH_MAX];
	enum log_level level;

	size_t connections;
	size_t send_queue;
	size_t send_queue_total;
	size_t recycle_seconds;

	bool heartbeat;
	size_t wait_seconds;
	bool kick_at_once;

	bool flood;
	size_t flood_packets;
	size_t flood_within_ms;

	char database[PATH_MAX];

	size_t stats_seconds;
};

/*
 * Fills *C with the defaults, then with what the file PATH says, then with the
 * SETTINGS, COUNT texts "SECTION.KEY=VALUE", the last of a key counting. PATH is
 * absolute; relative paths in the file and in SETTINGS are taken from its
 * folder.
 *
 * Returns 0; or -1, *C is undefined, and WHY (SIZE bytes) is a line that says
 * where, what, and what was expected.
 */
int config_load(struct config *c, const char *path, char *const settings[],
		size_t count, char *why, size_t size);

/*
 * The addresses of C->listen as an array that ends with NULL, for free(3): a
 * single piece of memory. NULL if there is none.
 */
char **config_addresses(const struct config *c);

#endif
