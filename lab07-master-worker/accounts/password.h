/* SPDX-License-Identifier: MIT */
/*
 * password - what is stored of a password: a random salt, and a hash that is
 * slow on purpose: scrypt with N = 16384, r = 8, p = 1 (RFC 7914). One takes
 * 16 MiB and some ten milliseconds of a CPU, for us and for whoever has stolen
 * the database.
 *
 * Any thread may call.
 */
#ifndef LAB07_PASSWORD_H
#define LAB07_PASSWORD_H

#include <stdbool.h>

#define PASSWORD_SALT 16
#define PASSWORD_HASH 32

struct password {
	unsigned char salt[PASSWORD_SALT];
	unsigned char hash[PASSWORD_HASH];
};

/* Makes a salt and hashes TEXT with it. 0, or -1: no memory, or no randomness. */
int password_make(struct password *p, const char *text);

/*
 * Whether TEXT is the password that *P was made of. Takes as long whether it is
 * or not (CRYPTO_memcmp(3)). P may be NULL: false, in the time of any other. -1
 * if there was no memory to find out.
 */
int password_check(const struct password *p, const char *text);

#endif
