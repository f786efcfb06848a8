/* SPDX-License-Identifier: MIT */
/*
 * Drives the state of a server: a line of standard input is a command, with one
 * blank between its words. Times are in nanoseconds.
 *
 *	init BAN RISE FALL		configure BAN RISE FALL
 *	failed NOW			checked GOOD NOW	(GOOD is 0 or 1)
 *	order ORDER NOW			unchecked NOW
 *	(ORDER is 0 enabled, 1 drained, 2 disabled)
 *
 * have no answer;
 *
 *	state NOW	"STATE out=N banned_until=N slow_since=N"
 */
#include <stdio.h>
#include <string.h>

#include "health.h"
#include "words.h"

static struct health h;

static void numbers(char *rest, unsigned int n[3])
{
	for (int i = 0; i < 3; i++)
		n[i] = (unsigned int)words_number(&rest);
}

static void command(const char *name, char *rest)
{
	unsigned int n[3];
	int64_t first;

	if (strcmp(name, "init") == 0 || strcmp(name, "configure") == 0) {
		numbers(rest, n);
		(*name == 'i' ? health_init : health_configure)(&h, n[0], n[1],
								n[2]);
		return;
	}
	first = words_number(&rest);
	if (strcmp(name, "failed") == 0)
		health_failed(&h, first);
	else if (strcmp(name, "checked") == 0)
		health_checked(&h, first, words_number(&rest));
	else if (strcmp(name, "order") == 0)
		health_order(&h, (enum health_ordered)first,
			     words_number(&rest));
	else if (strcmp(name, "unchecked") == 0)
		health_unchecked(&h, first);
	else if (strcmp(name, "state") == 0)
		printf("%s out=%d banned_until=%lld slow_since=%lld\n",
		       health_state_name(health_state(&h, first)), h.out,
		       (long long)h.banned_until_ns,
		       (long long)h.slow_since_ns);
}

int main(void)
{
	char *line;

	while ((line = words_line())) {
		const char *name = words_next(&line);

		command(name, line);
		fflush(stdout);
	}
	return 0;
}
