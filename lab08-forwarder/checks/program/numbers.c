/* SPDX-License-Identifier: MIT */
/* The properties' numbers, which text/properties.h reads. */
#include <stdio.h>
#include <string.h>

#include "tests/drivertest.h"

static void number(struct prog *d, const char *before, const char *n,
		   const char *behind, bool good)
{
	static struct text t;

	text_clear(&t);
	text_addf(&t, "%s%s%s", before, n, behind);
	rules_taken(d, t.data, "file", &t, good ? NULL : "EINVAL", 1);
}

/* All numbers: both ends, and one past each. */
GRADED(program, number_limits)
{
#define RULE_BEHIND  " ) *:* - 127.0.0.1:80 > 10.0.0.1:81 ;"
#define SERVER_FRONT "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( check 1 "
	static const struct {
		const char *before, *behind;
		unsigned long min, max;
	} all[] = {
		{ "a RR ( timeout ", RULE_BEHIND, 0, 31536000 },
		{ "a RR ( connect_timeout ", RULE_BEHIND, 0, 31536000 },
		{ "a RR ( half_close_timeout ", RULE_BEHIND, 0, 31536000 },
		{ "a RR ( ban ", RULE_BEHIND, 0, 31536000 },
		{ "a RR ( sticky ", RULE_BEHIND, 0, 31536000 },
		{ "a RR ( retries ", RULE_BEHIND, 0, 255 },
		{ "a RR *:* ( maxclients ", " ) - 127.0.0.1:80 > 10.0.0.1:81 ;",
		  0, 1000000 },
		{ SERVER_FRONT "weight ", " ) ;", 0, 1000 },
		{ SERVER_FRONT "maxconn ", " ) ;", 0, 1000000 },
		{ SERVER_FRONT "rise ", " ) ;", 1, 100 },
		{ SERVER_FRONT "fall ", " ) ;", 1, 100 },
		{ "a RR *:* - 127.0.0.1:80 > 10.0.0.1:81 ( check ", " ) ;", 0,
		  31536000 },
		{ "( maxsessions_per_ip ", " )", 0, 1000000 },
	};
	struct prog *d = prog_driver("rules-driver");
	char text[32];

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(text, sizeof(text), "%lu", all[i].min);
		number(d, all[i].before, text, all[i].behind, true);
		snprintf(text, sizeof(text), "%lu", all[i].max);
		number(d, all[i].before, text, all[i].behind, true);
		snprintf(text, sizeof(text), "%ld", (long)all[i].min - 1);
		number(d, all[i].before, text, all[i].behind, false);
		snprintf(text, sizeof(text), "%lu", all[i].max + 1);
		number(d, all[i].before, text, all[i].behind, false);
		number(d, all[i].before, "4294967297", all[i].behind, false);
		number(d, all[i].before, "18446744073709551617", all[i].behind,
		       false);
		number(d, all[i].before, "1s", all[i].behind, false);
		number(d, all[i].before, "+1", all[i].behind, false);
	}
	prog_finish(d);
}
