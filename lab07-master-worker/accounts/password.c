/* SPDX-License-Identifier: MIT */
/*
 * A login of nobody hashes as well, and compares as well: an answer that came
 * sooner would tell which names exist.
 */
#include "password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SCRYPT_N   16384
#define SCRYPT_R   8
#define SCRYPT_P   1
#define SCRYPT_MAX (32 * 1024 * 1024) /* bytes of memory; it needs 16 MiB */

static int hash(unsigned char *to, const unsigned char *salt, const char *text)
{
	int ok = EVP_PBE_scrypt(text, strlen(text), salt, PASSWORD_SALT,
				SCRYPT_N, SCRYPT_R, SCRYPT_P, SCRYPT_MAX, to,
				PASSWORD_HASH);

	return ok == 1 ? 0 : -1;
}

int password_make(struct password *p, const char *text)
{
	if (RAND_bytes(p->salt, sizeof(p->salt)) != 1)
		return -1;
	return hash(p->hash, p->salt, text);
}

int password_check(const struct password *p, const char *text)
{
	static const struct password nobody;
	const struct password *with = p ? p : &nobody;
	unsigned char found[PASSWORD_HASH];
	bool same;

	if (hash(found, with->salt, text) < 0)
		return -1;
	same = CRYPTO_memcmp(found, with->hash, sizeof(found)) == 0;
	OPENSSL_cleanse(found, sizeof(found));
	return same && p;
}
