/* SPDX-License-Identifier: MIT */
/*
 * http_oracle - what request.h, framing.h and body.h say of some bytes, in the
 * words of tests/drivers/request-driver.c. It is written from those headers,
 * apart from any parser: it has all the bytes before it, walks over them once,
 * word by word, and stops at the first one that cannot be right.
 */
#ifndef LAB05_TESTS_HTTP_ORACLE_H
#define LAB05_TESTS_HTTP_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORACLE_WANT_MAX (256 * 1024)

/*
 * Writes what the driver has to answer for the LEN bytes at BYTES to WANT, of
 * ORACLE_WANT_MAX bytes. BODY_MAX is the driver's, and LINES_ONLY says that it
 * was told "lines".
 *
 * Returns false if the oracle cannot say it: for a target or a host that is not
 * in its tables, and, with LINES_ONLY, if framing.h would refuse the request.
 */
bool http_oracle(const char *bytes, size_t len, uint64_t body_max,
		 bool lines_only, char *want);

#endif
