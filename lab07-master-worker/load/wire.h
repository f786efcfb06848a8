/* SPDX-License-Identifier: MIT */
/*
 * wire - packets as a client makes and reads them: written apart from the
 * server's code, so that a mistake in one is not a mistake in both.
 *
 *	 0        2        4                 8             length
 *	+--------+--------+-----------------+-------------+
 *	| length |  code  | crc32 of body   |    body     |
 *	+--------+--------+-----------------+-------------+
 *
 * All numbers are in network order. Any thread may call.
 */
#ifndef LAB07_LOAD_WIRE_H
#define LAB07_LOAD_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { WIRE_PING = 0, WIRE_REGISTER = 5, WIRE_LOGIN = 6 };

enum {
	WIRE_DONE = 0,
	WIRE_TAKEN = 1,
	WIRE_REFUSED = 2, /* no such user, or a wrong password */
	WIRE_MALFORMED = 3,
	WIRE_LATER = 4,
};

#define WIRE_HEADER	   8
#define WIRE_MAX	   30000
#define WIRE_USER	   56
#define WIRE_PASSWORD	   40
#define WIRE_REGISTER_BODY (4 + WIRE_USER + WIRE_PASSWORD)
#define WIRE_LOGIN_BODY	   (WIRE_USER + WIRE_PASSWORD)
#define WIRE_ANSWER_BODY   (4 + WIRE_USER)
#define WIRE_REQUEST_MAX   (WIRE_HEADER + WIRE_REGISTER_BODY)
#define WIRE_ANSWER_MAX	   (WIRE_HEADER + WIRE_ANSWER_BODY)

/* A header of any content, right or wrong, at OUT: WIRE_HEADER bytes. */
void wire_header(void *out, uint16_t length, uint16_t code, uint32_t crc);

/*
 * A packet with the LEN bytes of BODY, 0 to WIRE_MAX - WIRE_HEADER, at OUT.
 * Returns its length. BODY may be where it belongs, at OUT + WIRE_HEADER.
 */
size_t wire_packet(void *out, uint16_t code, const void *body, size_t len);

/* The three requests. USER and PASSWORD are shorter than their fields. */
size_t wire_ping(void *out);
size_t wire_register(void *out, int32_t type, const char *user,
		     const char *password);
size_t wire_login(void *out, const char *user, const char *password);

/* An answer, taken apart. USER lies in the caller's bytes. */
struct wire_answer {
	uint16_t code;
	int32_t result;	  /* 0 for a ping */
	const char *user; /* WIRE_USER bytes; NULL for a ping */
};

/*
 * Reads the answer that begins at DATA, of which LEN bytes are there.
 *
 * Returns the bytes of it; 0 if there are not enough yet; -1 if it is none, and
 * *WHY says in a few words what is wrong with it.
 */
ssize_t wire_read(const void *data, size_t len, struct wire_answer *answer,
		  const char **why);

#endif
