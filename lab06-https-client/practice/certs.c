/* SPDX-License-Identifier: MIT */
/*
 * One key serves all leaves: making a key is slow, signing is not, and no test
 * depends on it. A leaf is made for each connection, as it depends on the name
 * that the client asks for.
 */
#include "practice/certs.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "util.h"

#define DAY 86400L

struct ca {
	EVP_PKEY *key;
	X509 *cert;
};

static struct ca root, between, stranger;
static EVP_PKEY *leaf_key;

static int add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	int ok;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = ext && X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	return ok ? 0 : -1;
}

static int set_name(X509_NAME *name, const char *text)
{
	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
					  (const unsigned char *)text, -1, -1,
					  0)
		       ? 0
		       : -1;
}

static int set_serial(X509 *cert)
{
	uint64_t serial;

	return RAND_bytes((unsigned char *)&serial, sizeof(serial)) == 1 &&
			       ASN1_INTEGER_set_uint64(
				       X509_get_serialNumber(cert), serial >> 1)
		       ? 0
		       : -1;
}

/* A certificate that lacks its extensions and its signature. */
static X509 *new_cert(EVP_PKEY *key, const char *name, X509 *issuer, long from,
		      long until)
{
	X509 *cert = X509_new();

	if (!cert)
		return NULL;
	X509_set_version(cert, X509_VERSION_3);
	X509_set_pubkey(cert, key);
	if (set_serial(cert) < 0 ||
	    set_name(X509_get_subject_name(cert), name) < 0 ||
	    !X509_set_issuer_name(cert, X509_get_subject_name(issuer ? issuer
								     : cert)) ||
	    !X509_gmtime_adj(X509_getm_notBefore(cert), from) ||
	    !X509_gmtime_adj(X509_getm_notAfter(cert), until)) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

static int make_ca(struct ca *ca, const char *name, const struct ca *issuer)
{
	const struct ca *by = issuer ? issuer : ca;

	ca->key = EVP_EC_gen("P-256");
	if (!ca->key)
		return -1;
	ca->cert = new_cert(ca->key, name, issuer ? issuer->cert : NULL, -DAY,
			    365 * DAY);
	if (!ca->cert)
		return -1;
	if (add_extension(ca->cert, by->cert, NID_basic_constraints,
			  "critical,CA:TRUE") < 0 ||
	    add_extension(ca->cert, by->cert, NID_key_usage,
			  "critical,keyCertSign,cRLSign") < 0 ||
	    add_extension(ca->cert, by->cert, NID_subject_key_identifier,
			  "hash") < 0 ||
	    !X509_sign(ca->cert, by->key, EVP_sha256()))
		return -1;
	return 0;
}

int certs_begin(void)
{
	leaf_key = EVP_EC_gen("P-256");
	if (!leaf_key || make_ca(&root, "Practice root", NULL) < 0 ||
	    make_ca(&between, "Practice intermediate", &root) < 0 ||
	    make_ca(&stranger, "Somebody else's root", NULL) < 0)
		return -1;
	return 0;
}

static void free_ca(struct ca *ca)
{
	X509_free(ca->cert);
	EVP_PKEY_free(ca->key);
}

void certs_end(void)
{
	free_ca(&root);
	free_ca(&between);
	free_ca(&stranger);
	EVP_PKEY_free(leaf_key);
}

int certs_write_root(const char *path)
{
	FILE *f = fopen(path, "we");
	int ok;

	if (!f)
		return -1;
	ok = PEM_write_X509(f, root.cert);
	if (fclose(f) != 0 || !ok)
		return -1;
	return 0;
}

int certs_find(const char *name)
{
	static const char *const names[] = {
#define CERT_NAME(id, text, help) text,
		CERTS(CERT_NAME)
#undef CERT_NAME
	};

	for (int i = 0; i < CERT_END; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

/* The subjectAltName; NAME: NULL if the client named nobody. */
static void alt_names(char *text, size_t size, enum cert kind, const char *name)
{
	if (kind == CERT_WRONG_HOST)
		snprintf(text, size, "DNS:another.test");
	else if (kind == CERT_NO_IP)
		snprintf(text, size, "DNS:localhost,DNS:127.0.0.1");
	else if (kind == CERT_WILDCARD && name)
		snprintf(text, size, "DNS:*%s", strchrnul(name, '.'));
	else if (kind == CERT_PARTIAL && name)
		snprintf(text, size, "DNS:part*%s", strchrnul(name, '.'));
	else if (name)
		snprintf(text, size, "DNS:%s", name);
	else
		snprintf(text, size, "DNS:localhost,IP:127.0.0.1,IP:::1");
}

static const struct ca *issuer_of(enum cert kind)
{
	if (kind == CERT_SELF_SIGNED)
		return NULL;
	return kind == CERT_UNKNOWN_ROOT ? &stranger : &between;
}

static X509 *make_leaf(enum cert kind, const char *name)
{
	const struct ca *by = issuer_of(kind);
	long from = kind == CERT_FUTURE ? DAY : -2 * DAY;
	long until = kind == CERT_EXPIRED ? -DAY : 30 * DAY;
	char names[300];
	X509 *cert = new_cert(leaf_key, "practice", by ? by->cert : NULL, from,
			      until);

	if (!cert)
		return NULL;
	alt_names(names, sizeof(names), kind, name);
	if (add_extension(cert, by ? by->cert : cert, NID_subject_alt_name,
			  names) < 0 ||
	    !X509_sign(cert, by ? by->key : leaf_key, EVP_sha256())) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

int certs_use(SSL *ssl, enum cert kind, const char *name)
{
	X509 *cert = make_leaf(kind, name);
	int ok = cert && SSL_use_certificate(ssl, cert) &&
		 SSL_use_PrivateKey(ssl, leaf_key);

	if (ok && issuer_of(kind) == &between && kind != CERT_NO_INTERMEDIATE)
		ok = SSL_add1_chain_cert(ssl, between.cert);
	X509_free(cert);
	return ok ? 0 : -1;
}
