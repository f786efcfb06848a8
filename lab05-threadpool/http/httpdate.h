/* SPDX-License-Identifier: MIT */
/*
 * httpdate - dates as HTTP writes them (RFC 9110 5.6.7): always GMT, always in
 * English, whatever the locale.
 *
 *	Sun, 06 Nov 1994 08:49:37 GMT		IMF-fixdate: what we write
 *	Sunday, 06-Nov-94 08:49:37 GMT		RFC 850: read as well
 *	Sun Nov  6 08:49:37 1994		asctime: read as well
 */
#ifndef LAB05_HTTPDATE_H
#define LAB05_HTTPDATE_H

#include <time.h>

#include "http.h"

#define HTTPDATE_LEN 29 /* of an IMF-fixdate, without a NUL */

/*
 * Writes T as IMF-fixdate with a NUL to TEXT. Years 0 to 9999; what lies
 * outside is written as the nearest of them. Any thread.
 */
void httpdate_format(time_t t, char text[HTTPDATE_LEN + 1]);

/*
 * The same for the time NOW, in memory of the calling thread that is good
 * until its next call. Within a second it is formatted once.
 */
const char *httpdate_now(time_t now);

/*
 * Reads any of the three forms. The name of the day is not compared with the
 * date. A year of two digits that seems to be more than 50 years ahead is in
 * the past. Any thread.
 *
 * Returns 0 and *T, or -1 if S is none of them.
 */
int httpdate_parse(struct slice s, time_t *t);

#endif
