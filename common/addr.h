/* SPDX-License-Identifier: MIT */
/*
 * addr - socket addresses as people write them: "127.0.0.1:80", "[::1]:80",
 * "[fe80::1%eth0]:80", and before they are resolved "localhost:80", "*:80".
 *
 * Nothing here asks a name server; every function returns at once. Any thread
 * may call.
 */
#ifndef COMMON_ADDR_H
#define COMMON_ADDR_H

#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDR_HOST_MAX 256 /* a DNS name of 253, RFC 1035 2.3.4 */
#define ADDR_PORT_MAX 6
/* The longest text that addr_print() writes for IP, with its final NUL. */
#define ADDR_TEXT_MAX (INET6_ADDRSTRLEN + IF_NAMESIZE + 9)

/* An address with its length, as connect(2) and bind(2) want the two. */
struct addr {
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_storage ss;
	};
	socklen_t len;
};

/* A text taken apart: what getaddrinfo(3) calls node and service. */
struct addr_hostport {
	char host[ADDR_HOST_MAX]; /* without brackets; "*" for any address */
	char port[ADDR_PORT_MAX]; /* decimal, "0" to "65535" */
};

/*
 * Splits TEXT, "HOST:PORT" or "[HOST]:PORT". An IPv6 address, and only that,
 * is written in brackets, which are taken off. Whether the host exists, or is
 * a number, is not looked at.
 *
 * Returns 0, or -1 with errno
 *   EINVAL		no colon, empty host, colons without brackets, brackets
 *			around something else or without an end, or a port that
 *			is no number from 0 to 65535
 *   ENAMETOOLONG	a host of ADDR_HOST_MAX bytes or more
 * and *HP undefined.
 */
int addr_split(const char *text, struct addr_hostport *hp);

/*
 * Reads a numeric address: "1.2.3.4:80", "[::1]:80", "[fe80::1%eth0]:80". Four
 * decimal numbers, as inet_pton(3) takes them, not inet_aton(3)'s "127.1".
 *
 * Returns 0, or -1 with errno EINVAL (not numeric, or as addr_split() says),
 * ENAMETOOLONG, or ENODEV for a zone ("%eth0") that names no interface, and
 * *ADDR undefined.
 */
int addr_parse(const char *text, struct addr *addr);

/*
 * Writes SA, LEN bytes long as accept(2) or getsockname(2) gave it, to TEXT,
 * SIZE bytes: in the form that addr_parse() reads. A Unix socket's is
 * "unix:PATH", "unix:@NAME" if abstract, "unix:" without a name; SIZE of
 * 6 + sizeof(sun_path) holds any.
 *
 * Returns 0, or -1 with errno EINVAL (LEN too short for the family),
 * EAFNOSUPPORT (another family), or ENOSPC (SIZE), and TEXT "?" if SIZE allows.
 */
int addr_print(const struct sockaddr *sa, socklen_t len, char *text,
	       size_t size);

/* The port of an IPv4 or IPv6 address, host order; -1, EAFNOSUPPORT else. */
int addr_port(const struct sockaddr *sa);

#endif
