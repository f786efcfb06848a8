/* SPDX-License-Identifier: MIT */
/*
 * By hand, because strftime(3) and strptime(3) go by the locale, and because
 * Date is in every answer.
 */
#include "httpdate.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_S (-62167219200) /* 0000-01-01 */
#define LAST_S	253402300799   /* 9999-12-31 23:59:59 */

static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static void put_number(char *p, int digits, int n)
{
	while (digits--) {
		p[digits] = '0' + n % 10;
		n /= 10;
	}
}

void httpdate_format(time_t t, char text[HTTPDATE_LEN + 1])
{
	struct tm tm;

	t = t < FIRST_S ? FIRST_S : t > LAST_S ? LAST_S : t;
	gmtime_r(&t, &tm);
	memcpy(text, "Day, 00 Mon 0000 00:00:00 GMT", HTTPDATE_LEN + 1);
	memcpy(text, days + 3 * tm.tm_wday, 3);
	put_number(text + 5, 2, tm.tm_mday);
	memcpy(text + 8, months + 3 * tm.tm_mon, 3);
	put_number(text + 12, 4, tm.tm_year + 1900);
	put_number(text + 17, 2, tm.tm_hour);
	put_number(text + 20, 2, tm.tm_min);
	put_number(text + 23, 2, tm.tm_sec);
}

const char *httpdate_now(time_t now)
{
	static _Thread_local char text[HTTPDATE_LEN + 1];
	static _Thread_local time_t formatted;

	if (now != formatted || !text[0]) {
		httpdate_format(now, text);
		formatted = now;
	}
	return text;
}

/*
 * Does TEXT, of the length of FORM, look like it? In FORM "d" is a digit, "_"
 * a digit or a space, "*" anything, and all else itself.
 */
static bool looks_like(const char *text, const char *form)
{
	for (; *form; form++, text++) {
		bool digit = *text >= '0' && *text <= '9';

		if (*form == '*' || (*form == 'd' && digit) ||
		    (*form == '_' && (digit || *text == ' ')))
			continue;
		if (*form == 'd' || *form == '_' || *form != *text)
			return false;
	}
	return true;
}

static int two(const char *p)
{
	return (p[0] == ' ' ? 0 : p[0] - '0') * 10 + p[1] - '0';
}

static int month(const char *p)
{
	for (int i = 0; i < 12; i++)
		if (!memcmp(p, months + 3 * i, 3))
			return i;
	return -1;
}

/* The century of a year of two digits (RFC 9110 5.6.7). */
static int full_year(int year)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	year += (tm.tm_year + 1900) / 100 * 100;
	return year > tm.tm_year + 1900 + 50 ? year - 100 : year;
}

/* Day, month and year, and then the time: "08:49:37". */
static int make_time(int day, const char *mon, int year, const char *clock,
		     time_t *t)
{
	struct tm tm = {
		.tm_mday = day,
		.tm_mon = month(mon),
		.tm_year = year - 1900,
		.tm_hour = two(clock),
		.tm_min = two(clock + 3),
		.tm_sec = two(clock + 6),
	}, back;

	/* 60 is a leap second. */
	if (tm.tm_mon < 0 || tm.tm_hour > 23 || tm.tm_min > 59 ||
	    tm.tm_sec > 60)
		return -1;
	back = tm;
	*t = timegm(&back);
	/* The 31st of April would have become the 1st of May. */
	if (back.tm_sec != tm.tm_sec && tm.tm_sec == 60)
		return tm.tm_mday >= 1 && tm.tm_mday <= 31 ? 0 : -1;
	return back.tm_mday == tm.tm_mday && back.tm_mon == tm.tm_mon ? 0 : -1;
}

int httpdate_parse(struct slice s, time_t *t)
{
	const char *p = s.p, *comma;

	if (s.len == HTTPDATE_LEN && looks_like(p, "***, dd *** dddd dd:dd:dd "
						   "GMT"))
		return make_time(two(p + 5), p + 8,
				 two(p + 12) * 100 + two(p + 14), p + 17, t);
	if (s.len == 24 && looks_like(p, "*** *** _d dd:dd:dd dddd"))
		return make_time(two(p + 8), p + 4,
				 two(p + 20) * 100 + two(p + 22), p + 11, t);
	comma = s.len ? memchr(p, ',', s.len) : NULL;
	if (comma && s.p + s.len - comma == 24 &&
	    looks_like(comma, ", dd-***-dd dd:dd:dd GMT"))
		return make_time(two(comma + 2), comma + 5,
				 full_year(two(comma + 9)), comma + 12, t);
	return -1;
}
