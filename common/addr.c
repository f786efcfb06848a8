/* SPDX-License-Identifier: MIT */
/*
 * inet_pton(3) and inet_ntop(3), and what they leave out: the port, the
 * brackets that keep an IPv6 address and its port apart (RFC 3986, 3.2.2), and
 * the zone of a link-local address (RFC 4007, 11).
 */
#include "addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

/* 0 to 65535, digits only: no sign, no space, no 0x. */
static int parse_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long port;

	if (digits == 0 || text[digits])
		return -1;
	port = strtoul(text, NULL, 10);
	return port <= 65535 ? (int)port : -1;
}

/*
 * Finds the host in TEXT: where it starts, how long it is, and where the port
 * starts. NULL if TEXT has not the form.
 */
static const char *find_host(const char *text, size_t *len, const char **port)
{
	const char *end;

	if (*text == '[') {
		text++;
		end = strchr(text, ']');
		if (!end || end[1] != ':' || !memchr(text, ':', end - text))
			return NULL;
		*port = end + 2;
	} else {
		end = strchr(text, ':');
		if (!end || strchr(end + 1, ':'))
			return NULL;
		*port = end + 1;
	}
	*len = (size_t)(end - text);
	return *len ? text : NULL;
}

int addr_split(const char *text, struct addr_hostport *hp)
{
	const char *port_text;
	size_t len;
	const char *host = find_host(text, &len, &port_text);
	int port = host ? parse_port(port_text) : -1;

	if (port < 0) {
		errno = EINVAL;
		return -1;
	}
	if (len >= sizeof(hp->host)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(hp->host, host, len);
	hp->host[len] = '\0';
	snprintf(hp->port, sizeof(hp->port), "%hu", (unsigned short)port);
	return 0;
}

/* HOST is an IPv6 address, perhaps with a zone: a name, or a number. */
static int parse_in6(char *host, struct sockaddr_in6 *in6)
{
	char *zone = strchr(host, '%');

	if (zone)
		*zone++ = '\0';
	if (inet_pton(AF_INET6, host, &in6->sin6_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	in6->sin6_family = AF_INET6;
	if (!zone)
		return 0;
	in6->sin6_scope_id = if_nametoindex(zone);
	if (!in6->sin6_scope_id && zone[0] &&
	    strspn(zone, "0123456789") == strlen(zone))
		in6->sin6_scope_id = (uint32_t)strtoul(zone, NULL, 10);
	if (!in6->sin6_scope_id) {
		errno = ENODEV;
		return -1;
	}
	return 0;
}

int addr_parse(const char *text, struct addr *addr)
{
	struct addr_hostport hp;
	in_port_t port;

	if (addr_split(text, &hp) < 0)
		return -1;
	port = htons((in_port_t)atoi(hp.port));
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, hp.host, &addr->in.sin_addr) == 1) {
		addr->in.sin_family = AF_INET;
		addr->in.sin_port = port;
		addr->len = sizeof(addr->in);
		return 0;
	}
	addr->in6.sin6_port = port;
	addr->len = sizeof(addr->in6);
	return parse_in6(hp.host, &addr->in6);
}

static int print_in(const struct sockaddr_in *in, char *text, size_t size)
{
	char host[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
	return snprintf(text, size, "%s:%u", host, ntohs(in->sin_port));
}

static int print_in6(const struct sockaddr_in6 *in6, char *text, size_t size)
{
	char host[INET6_ADDRSTRLEN];
	char zone[IF_NAMESIZE] = "";
	uint32_t scope = in6->sin6_scope_id;

	inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
	if (scope && !if_indextoname(scope, zone))
		snprintf(zone, sizeof(zone), "%u", scope);
	return snprintf(text, size, "[%s%s%s]:%u", host, scope ? "%" : "", zone,
			ntohs(in6->sin6_port));
}

/* sun_path has no final NUL if it is full (unix(7)). */
static int print_un(const struct sockaddr_un *un, socklen_t len, char *text,
		    size_t size)
{
	size_t off = offsetof(struct sockaddr_un, sun_path);
	size_t max = len > off ? len - off : 0;

	if (max && !un->sun_path[0])
		return snprintf(text, size, "unix:@%.*s", (int)(max - 1),
				un->sun_path + 1);
	return snprintf(text, size, "unix:%.*s", (int)max, un->sun_path);
}

int addr_print(const struct sockaddr *sa, socklen_t len, char *text,
	       size_t size)
{
	int n = -1;

	errno = EINVAL;
	if (len < sizeof(sa->sa_family))
		n = -1;
	else if (sa->sa_family == AF_INET && len >= sizeof(struct sockaddr_in))
		n = print_in((const struct sockaddr_in *)sa, text, size);
	else if (sa->sa_family == AF_INET6 &&
		 len >= sizeof(struct sockaddr_in6))
		n = print_in6((const struct sockaddr_in6 *)sa, text, size);
	else if (sa->sa_family == AF_UNIX)
		n = print_un((const struct sockaddr_un *)sa, len, text, size);
	else if (sa->sa_family != AF_INET && sa->sa_family != AF_INET6)
		errno = EAFNOSUPPORT;
	if (n >= 0 && (size_t)n < size)
		return 0;
	if (n >= 0)
		errno = ENOSPC;
	if (size)
		snprintf(text, size, "?");
	return -1;
}

int addr_port(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)sa)->sin_port);
	if (sa->sa_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)sa)->sin6_port);
	errno = EAFNOSUPPORT;
	return -1;
}
