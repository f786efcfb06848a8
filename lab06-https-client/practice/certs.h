/* SPDX-License-Identifier: MIT */
/*
 * certs - certificates made on the spot, good ones and all the bad ones.
 *
 *	root CA ──► intermediate CA ──► a leaf for the name asked for
 *
 * The root goes to a file, for the client's --cacert; nothing else of it is
 * ever on disk. The names of the leaves: the one that the client asked for
 * (SNI), and for a client that asked for none, those in certs.c.
 */
#ifndef LAB06_PRACTICE_CERTS_H
#define LAB06_PRACTICE_CERTS_H

#include <openssl/ssl.h>

#define CERTS(X)                                                             \
	X(VALID, "valid", "nothing is wrong with it")                        \
	X(EXPIRED, "expired", "it ended yesterday")                          \
	X(FUTURE, "future", "it begins tomorrow")                            \
	X(WRONG_HOST, "wrong-host", "it is for another.test")                \
	X(SELF_SIGNED, "self-signed", "nobody but itself has signed it")     \
	X(UNKNOWN_ROOT, "unknown-root", "a root that is not in the file")    \
	X(NO_INTERMEDIATE, "no-intermediate", "the one between is not sent") \
	X(NO_IP, "no-ip", "IP addresses are in it as if they were names")    \
	X(WILDCARD, "wildcard", "for all names of its domain, \"*.\"")       \
	X(PARTIAL, "partial", "for names that begin so, \"part*.\"")

enum cert {
#define CERT_ENUM(id, name, help) CERT_##id,
	CERTS(CERT_ENUM)
#undef CERT_ENUM
		CERT_END
};

/* Makes the CAs. 0, or -1: OpenSSL could not. Before there are threads. */
int certs_begin(void);
void certs_end(void);

/* Writes the root's certificate to the file PATH. 0, or -1 with errno. */
int certs_write_root(const char *path);

/* The kind called NAME, or -1. */
int certs_find(const char *name);

/* Has SSL show a certificate of this kind for NAME. 0, or -1. Any thread. */
int certs_use(SSL *ssl, enum cert kind, const char *name);

#endif
