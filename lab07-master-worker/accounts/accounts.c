/* SPDX-License-Identifier: MIT */
/*
 * A connection with its statements prepared is a *desk*. A thread takes one,
 * works there alone, and puts it back; there are as many as threads. SQLite's
 * own mutex would let one thread work and all others wait, even those who only
 * read.
 *
 * A register is one INSERT, which is a transaction of its own: it is stored
 * wholly or not at all, whatever happens meanwhile.
 */
#include "accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/password.h"
#include "log.h"

struct desk {
	struct desk *next;
	sqlite3 *db;
	sqlite3_stmt *insert;
	sqlite3_stmt *select;
};

struct accounts {
	pthread_mutex_t lock;
	struct desk *free;
	size_t count;
	struct desk desks[];
};

/* The names are fixed here, and the queries below depend on them. */
static const char schema[] = "PRAGMA journal_mode = WAL;"
			     "CREATE TABLE IF NOT EXISTS accounts ("
			     "user TEXT PRIMARY KEY, type INTEGER NOT NULL,"
			     "salt BLOB NOT NULL, hash BLOB NOT NULL)"
			     "WITHOUT ROWID";

static const char insert_text[] = "INSERT INTO accounts (user, type, salt, "
				  "hash)"
				  " VALUES (?, ?, ?, ?)";

static const char select_text[] = "SELECT salt, hash FROM accounts"
				  " WHERE user = ?";

static int say(const char *path, const char *reason, char *why, size_t size)
{
	snprintf(why, size, "%s: %s", path, reason);
	return -1;
}

/* The connection alone; NULL and WHY if it cannot be had. */
static sqlite3 *connect_to(const char *path, char *why, size_t size)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(path, &db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			    NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(db, ACCOUNTS_WAIT_MS);
		return db;
	}
	say(path, db ? sqlite3_errmsg(db) : strerrordesc_np(ENOMEM), why, size);
	sqlite3_close(db);
	return NULL;
}

int accounts_prepare(const char *path, char *why, size_t size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	sqlite3 *db;
	int ret = 0;

	if (fd < 0)
		return say(path, strerrordesc_np(errno), why, size);
	close(fd);
	db = connect_to(path, why, size);
	if (!db)
		return -1;
	if (sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK)
		ret = say(path, sqlite3_errmsg(db), why, size);
	sqlite3_close(db);
	return ret;
}

static void close_desk(struct desk *d)
{
	sqlite3_finalize(d->insert);
	sqlite3_finalize(d->select);
	sqlite3_close(d->db);
}

static int open_desk(struct desk *d, const char *path, char *why, size_t size)
{
	d->db = connect_to(path, why, size);
	if (!d->db)
		return -1;
	if (sqlite3_prepare_v3(d->db, insert_text, -1,
			       SQLITE_PREPARE_PERSISTENT, &d->insert,
			       NULL) == SQLITE_OK &&
	    sqlite3_prepare_v3(d->db, select_text, -1,
			       SQLITE_PREPARE_PERSISTENT, &d->select,
			       NULL) == SQLITE_OK)
		return 0;
	return say(path, sqlite3_errmsg(d->db), why, size);
}

struct accounts *accounts_open(const char *path, size_t threads, char *why,
			       size_t size)
{
	struct accounts *a;

	a = calloc(1, sizeof(*a) + threads * sizeof(a->desks[0]));
	if (!a) {
		say(path, strerrordesc_np(ENOMEM), why, size);
		return NULL;
	}
	pthread_mutex_init(&a->lock, NULL);
	for (; a->count < threads; a->count++) {
		struct desk *d = &a->desks[a->count];

		if (open_desk(d, path, why, size) < 0) {
			close_desk(d);
			accounts_close(a);
			return NULL;
		}
		d->next = a->free;
		a->free = d;
	}
	return a;
}

void accounts_close(struct accounts *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->count; i++)
		close_desk(&a->desks[i]);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

static struct desk *take_desk(struct accounts *a)
{
	struct desk *d;

	pthread_mutex_lock(&a->lock);
	d = a->free;
	a->free = d->next;
	pthread_mutex_unlock(&a->lock);
	return d;
}

static void put_desk(struct accounts *a, struct desk *d)
{
	pthread_mutex_lock(&a->lock);
	d->next = a->free;
	a->free = d;
	pthread_mutex_unlock(&a->lock);
}

static int insert(struct desk *d, const char *user, const struct password *p,
		  int32_t type)
{
	sqlite3_stmt *s = d->insert;
	int code;

	sqlite3_bind_text(s, 1, user, -1, SQLITE_STATIC);
	sqlite3_bind_int(s, 2, type);
	sqlite3_bind_blob(s, 3, p->salt, sizeof(p->salt), SQLITE_STATIC);
	sqlite3_bind_blob(s, 4, p->hash, sizeof(p->hash), SQLITE_STATIC);
	sqlite3_step(s);
	code = sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	return code;
}

static enum logic_result enroll(void *arg, const char *user,
				const char *password, int32_t type)
{
	struct accounts *a = arg;
	struct password p;
	struct desk *d;
	int code;

	if (password_make(&p, password) < 0)
		return LOGIC_LATER;
	d = take_desk(a);
	code = insert(d, user, &p, type);
	if (code != SQLITE_OK && code != SQLITE_CONSTRAINT)
		log_warn("accounts: cannot store: %s", sqlite3_errmsg(d->db));
	put_desk(a, d);
	if (code == SQLITE_OK)
		return LOGIC_DONE;
	return code == SQLITE_CONSTRAINT ? LOGIC_TAKEN : LOGIC_LATER;
}

/* Reads what is stored of USER: 1, 0 if there is no such user, or -1. */
static int lookup(struct desk *d, const char *user, struct password *p)
{
	sqlite3_stmt *s = d->select;
	int found = 0;

	sqlite3_bind_text(s, 1, user, -1, SQLITE_STATIC);
	if (sqlite3_step(s) == SQLITE_ROW &&
	    sqlite3_column_bytes(s, 0) == sizeof(p->salt) &&
	    sqlite3_column_bytes(s, 1) == sizeof(p->hash)) {
		memcpy(p->salt, sqlite3_column_blob(s, 0), sizeof(p->salt));
		memcpy(p->hash, sqlite3_column_blob(s, 1), sizeof(p->hash));
		found = 1;
	}
	if (sqlite3_reset(s) != SQLITE_OK)
		found = -1;
	sqlite3_clear_bindings(s);
	return found;
}

static enum logic_result login(void *arg, const char *user,
			       const char *password)
{
	struct accounts *a = arg;
	struct password p;
	struct desk *d = take_desk(a);
	int found = lookup(d, user, &p);
	int right;

	if (found < 0)
		log_warn("accounts: cannot read: %s", sqlite3_errmsg(d->db));
	put_desk(a, d);
	if (found < 0)
		return LOGIC_LATER;
	right = password_check(found ? &p : NULL, password);
	if (right < 0)
		return LOGIC_LATER;
	return right ? LOGIC_DONE : LOGIC_DENIED;
}

struct logic_accounts accounts_logic(struct accounts *a)
{
	return (struct logic_accounts){
		.enroll = enroll,
		.login = login,
		.arg = a,
	};
}
