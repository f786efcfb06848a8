/* SPDX-License-Identifier: MIT */
/* The database, when it is locked or full; and how long an answer takes. */
#include "live.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		judge_infra("%s: %s", sql, sqlite3_errmsg(db));
}

GRADED(database, locked)
{
	struct prog *p;
	struct peer *c;
	sqlite3 *db;

	live_folder();
	p = framed_start("server.workers=2");
	c = peer_connect(p);
	framed_send(c, REGISTER, "ann", "secret");
	framed_expect(c, REGISTER, 0, "ann");
	if (sqlite3_open("accounts.db", &db) != SQLITE_OK)
		judge_infra("accounts.db");
	run(db, "BEGIN IMMEDIATE");
	judge_step("another process writes: logins go on");
	framed_send(c, LOGIN, "ann", "secret");
	framed_expect(c, LOGIN, 0, "ann");
	judge_step("a register waits, and is told to come later");
	framed_send(c, REGISTER, "bob", "secret");
	framed_expect(c, REGISTER, 4, "bob");
	run(db, "COMMIT");
	judge_step("nothing was stored");
	framed_send(c, REGISTER, "bob", "another");
	framed_expect(c, REGISTER, 0, "bob");
	framed_send(c, LOGIN, "bob", "another");
	framed_expect(c, LOGIN, 0, "bob");
	sqlite3_close(db);
	prog_stop(p);
}

GRADED(database, locked_for_many)
{
	struct prog *p;
	struct peer *c[4], *login;
	sqlite3 *db;
	char byte;

	live_folder();
	p = framed_start("server.workers=1", "server.threads=2");
	if (sqlite3_open("accounts.db", &db) != SQLITE_OK)
		judge_infra("accounts.db");
	run(db, "BEGIN IMMEDIATE");
	judge_step("more registers wait for the database than there are "
		   "threads");
	for (size_t i = 0; i < 4; i++) {
		c[i] = peer_connect(p);
		framed_send(c[i], REGISTER, "bob", "secret");
	}
	login = peer_connect(p);
	framed_send(login, LOGIN, "ann", "secret");
	framed_expect(login, LOGIN, 2, "ann");
	for (size_t i = 0; i < 4; i++)
		judge_check(recv(peer_fd(c[i]), &byte, 1,
				 MSG_PEEK | MSG_DONTWAIT) < 0,
			    "a login that waits for none of them",
			    "register %zu was answered before", i);
	for (size_t i = 0; i < 4; i++)
		framed_expect(c[i], REGISTER, 4, "bob");
	sqlite3_close(db);
	prog_stop(p);
}

/* Fills the file system of PATH to its last byte. */
static void fill(const char *path)
{
	static const char zeros[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		judge_infra("%s", path);
	for (size_t n = sizeof(zeros); n; n /= 2)
		while (write(fd, zeros, n) == (ssize_t)n)
			;
	close(fd);
}

GRADED(database, on_a_full_disk)
{
	struct prog *p;
	struct peer *c;
	int last;

	live_folder();
	if (mkdir("small", 0700) < 0)
		judge_infra("small");
	if (mount("none", "small", "tmpfs", 0, "size=512k") < 0) {
		judge_step("no mount(2) here: not looked at");
		return;
	}
	p = framed_start("accounts.database=small/accounts.db");
	c = peer_connect(p);
	framed_send(c, REGISTER, "ann", "secret");
	framed_expect(c, REGISTER, 0, "ann");
	fill("small/filler");
	judge_step("the disk is full");
	for (last = 0; last < 60; last++) {
		char name[32];

		snprintf(name, sizeof(name), "user-%d", last);
		framed_send(c, REGISTER, name, "secret");
		if (framed_result(c, REGISTER, name) == 4)
			break;
	}
	judge_check(last < 60, "\"try again later\", sooner or later", "never");
	framed_send(c, LOGIN, "ann", "secret");
	framed_expect(c, LOGIN, 0, "ann");
	unlink("small/filler");
	framed_send(c, REGISTER, "bob", "secret");
	framed_expect(c, REGISTER, 0, "bob");
	peer_close(c);
	prog_stop(p);
	umount2("small", MNT_DETACH);
}

static int64_t login_ns(struct peer *c, const char *user)
{
	int64_t began = clock_ns();

	framed_send(c, LOGIN, user, "wrong");
	framed_expect(c, LOGIN, 2, user);
	return clock_ns() - began;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

#define LOGINS 21

GRADED(database, the_same_time_for_both)
{
	int64_t known[LOGINS], unknown[LOGINS];
	struct prog *p;
	struct peer *c;
	double ratio;

	live_folder();
	p = framed_start("server.workers=1");
	c = peer_connect(p);
	framed_send(c, REGISTER, "ann", "secret");
	framed_expect(c, REGISTER, 0, "ann");
	for (int i = 0; i < LOGINS; i++) {
		known[i] = login_ns(c, "ann");
		unknown[i] = login_ns(c, "bob");
	}
	qsort(known, LOGINS, sizeof(*known), compare);
	qsort(unknown, LOGINS, sizeof(*unknown), compare);
	ratio = (double)known[LOGINS / 2] / (double)unknown[LOGINS / 2];
	judge_check(ratio < 1.5 && ratio > 1 / 1.5,
		    "medians within a factor of 1.5", "%.2f", ratio);
	prog_stop(p);
}
