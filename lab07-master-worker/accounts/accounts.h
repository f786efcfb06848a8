/* SPDX-License-Identifier: MIT */
/*
 * accounts - who may log in: an SQLite database that all workers share.
 *
 *	CREATE TABLE accounts (user TEXT PRIMARY KEY, type INTEGER,
 *			       salt BLOB, hash BLOB)
 *
 * That names are unique is up to the database: two workers may try to insert
 * one name in the same instant, and the primary key lets one of them. Names are
 * compared byte by byte.
 *
 * Its journal is a write-ahead log (https://sqlite.org/wal.html): readers go on
 * while somebody writes. A writer waits up to ACCOUNTS_WAIT_MS for another one.
 *
 * A connection to the database must not live through a fork(2)
 * (https://sqlite.org/howtocorrupt.html, 2.6): each worker opens its own.
 */
#ifndef LAB07_ACCOUNTS_H
#define LAB07_ACCOUNTS_H

#include <stddef.h>

#include "logic.h"

#define ACCOUNTS_WAIT_MS 2000

struct accounts;

/*
 * Makes the database at PATH if there is none (mode 0600), with its table; for
 * the master, before it forks, so that what is wrong is said at the start.
 * Nothing stays open. Returns 0, or -1 and WHY (SIZE bytes) says why not.
 */
int accounts_prepare(const char *path, char *why, size_t size);

/*
 * Opens the database for a worker with THREADS threads: that many connections,
 * so that none waits for another. Returns NULL, and WHY says why.
 */
struct accounts *accounts_open(const char *path, size_t threads, char *why,
			       size_t size);

/* Closes all connections. No thread is in a call of it any more. */
void accounts_close(struct accounts *a);

/*
 * The calls that logic.h wants, for THREADS threads at a time. Anything but a
 * success means that nothing was stored. What the database says is logged.
 */
struct logic_accounts accounts_logic(struct accounts *a);

#endif
