/* SPDX-License-Identifier: MIT */
/* Accounts in a database that others use, too. */
#include "accounts/accounts.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/password.h"
#include "clock.h"

TestSuite(accounts, .timeout = 60);

static char dir[32], path[64], why[256];

static struct logic_accounts open_accounts(size_t threads)
{
	struct accounts *a;

	if (!*dir) {
		strcpy(dir, "/tmp/accounts-XXXXXX");
		cr_assert(mkdtemp(dir));
		snprintf(path, sizeof(path), "%s/db", dir);
	}
	cr_assert_eq(accounts_prepare(path, why, sizeof(why)), 0, "%s", why);
	a = accounts_open(path, threads, why, sizeof(why));
	cr_assert(a, "%s", why);
	return accounts_logic(a);
}

static void remove_all(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_assert_eq(system(command), 0);
}

static sqlite3 *somebody_else(const char *sql)
{
	sqlite3 *db;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

Test(accounts, registers_and_logs_in)
{
	struct logic_accounts a = open_accounts(1);
	struct stat st;

	cr_expect_eq(a.login(a.arg, "ann", "secret"), LOGIC_DENIED);
	cr_expect_eq(a.enroll(a.arg, "ann", "secret", -7), LOGIC_DONE);
	cr_expect_eq(a.enroll(a.arg, "ann", "other", 1), LOGIC_TAKEN);
	cr_expect_eq(a.login(a.arg, "ann", "secret"), LOGIC_DONE);
	cr_expect_eq(a.login(a.arg, "ann", "other"), LOGIC_DENIED);
	cr_expect_eq(a.enroll(a.arg, "Ann", "x", 0), LOGIC_DONE, "by bytes");
	cr_expect_eq(a.enroll(a.arg, "a'; DROP", "x", 0), LOGIC_DONE);
	cr_expect_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0600);
	accounts_close(a.arg);
	remove_all();
}

Test(accounts, outlive_the_process)
{
	struct logic_accounts a = open_accounts(1);

	cr_expect_eq(a.enroll(a.arg, "ann", "secret", 1), LOGIC_DONE);
	accounts_close(a.arg);
	a = open_accounts(2);
	cr_expect_eq(a.login(a.arg, "ann", "secret"), LOGIC_DONE);
	accounts_close(a.arg);
	remove_all();
}

Test(accounts, what_is_stored)
{
	struct logic_accounts a = open_accounts(1);
	sqlite3 *db;
	sqlite3_stmt *s;

	cr_expect_eq(a.enroll(a.arg, "ann", "secret", -7), LOGIC_DONE);
	db = somebody_else("SELECT 1");
	sqlite3_prepare_v2(db,
			   "SELECT type, length(salt), length(hash),"
			   "instr(salt || hash, 'secret') FROM accounts",
			   -1, &s, NULL);
	cr_assert_eq(sqlite3_step(s), SQLITE_ROW);
	cr_expect_eq(sqlite3_column_int(s, 0), -7);
	cr_expect_eq(sqlite3_column_int(s, 1), PASSWORD_SALT);
	cr_expect_eq(sqlite3_column_int(s, 2), PASSWORD_HASH);
	cr_expect_eq(sqlite3_column_int(s, 3), 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	accounts_close(a.arg);
	remove_all();
}

Test(accounts, while_somebody_writes)
{
	struct logic_accounts a = open_accounts(1);
	int64_t began;
	sqlite3 *db;

	cr_expect_eq(a.enroll(a.arg, "ann", "secret", 1), LOGIC_DONE);
	db = somebody_else("BEGIN IMMEDIATE");
	cr_expect_eq(a.login(a.arg, "ann", "secret"), LOGIC_DONE);
	began = clock_ms();
	cr_expect_eq(a.enroll(a.arg, "bob", "secret", 1), LOGIC_LATER);
	cr_expect_geq(clock_ms() - began, ACCOUNTS_WAIT_MS - 100);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
	cr_expect_eq(a.login(a.arg, "bob", "secret"), LOGIC_DENIED);
	cr_expect_eq(a.enroll(a.arg, "bob", "secret", 1), LOGIC_DONE);
	accounts_close(a.arg);
	remove_all();
}

static void *enroll_same(void *arg)
{
	struct logic_accounts *a = arg;

	return (void *)(intptr_t)a->enroll(a->arg, "same", "secret", 1);
}

/* Two workers, as it were, with two threads each: one of four is first. */
Test(accounts, one_name_at_once)
{
	struct logic_accounts a = open_accounts(2);
	struct logic_accounts b = open_accounts(2);
	pthread_t threads[4];
	int done = 0;
	void *result;

	for (int i = 0; i < 4; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, enroll_same,
					    i % 2 ? &a : &b),
			     0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		if ((intptr_t)result == LOGIC_DONE)
			done++;
		else
			cr_expect_eq((intptr_t)result, LOGIC_TAKEN);
	}
	cr_expect_eq(done, 1);
	accounts_close(a.arg);
	accounts_close(b.arg);
	remove_all();
}

Test(accounts, what_is_no_database)
{
	FILE *file;

	cr_expect_eq(accounts_prepare("/nowhere/db", why, sizeof(why)), -1);
	cr_expect_str_eq(why, "/nowhere/db: No such file or directory");
	strcpy(dir, "/tmp/accounts-XXXXXX");
	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/db", dir);
	file = fopen(path, "w");
	fprintf(file, "%02000d", 0);
	fclose(file);
	cr_expect_eq(accounts_prepare(path, why, sizeof(why)), -1);
	cr_expect(strstr(why, "not a database"), "%s", why);
	remove_all();
}

Test(accounts, passwords)
{
	struct password p, q;

	cr_assert_eq(password_make(&p, "secret"), 0);
	cr_assert_eq(password_make(&q, "secret"), 0);
	cr_expect_neq(memcmp(&p, &q, sizeof(p)), 0, "salted");
	cr_expect_eq(password_check(&p, "secret"), 1);
	cr_expect_eq(password_check(&p, "secreT"), 0);
	cr_expect_eq(password_check(&p, ""), 0);
	cr_expect_eq(password_check(NULL, "secret"), 0);
}
