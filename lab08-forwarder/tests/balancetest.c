/* SPDX-License-Identifier: MIT */
#include "balancetest.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void balance_new(struct prog *d, const char *mode, const char *weights)
{
	const char *got = driver_ask(d, "new %s %llu %s", mode,
				     (unsigned long long)judge_random() >> 2,
				     weights);

	judge_check(strcmp(got, "ok") == 0, "balance_init() to return 0", "%s",
		    got);
}

struct prog *balance_start(const char *mode, const char *weights)
{
	struct prog *d = prog_driver("balance-driver");

	balance_new(d, mode, weights);
	return d;
}

void balance_set(struct prog *d, int i, const char *field, long long n)
{
	prog_input(d, "set %d %s %lld", i, field, n);
}

/* "3", "none" or "full" */
static int one(const char *word)
{
	char *end;
	long n = strtol(word, &end, 10);

	if (strcmp(word, "none") == 0)
		return PICK_NONE;
	if (strcmp(word, "full") == 0)
		return PICK_FULL;
	judge_check(*word && !*end && n >= 0 && n < 256,
		    "the index of a server, BALANCE_NONE or BALANCE_FULL", "%s",
		    word);
	return (int)n;
}

int balance_pick(struct prog *d, long long now, const char *address,
		 const char *tried)
{
	return one(driver_ask(d, "pick %lld %s%s%s", now, address,
			      tried ? " " : "", tried ? tried : ""));
}

const struct picks *balance_picks(struct prog *d, const char *fmt, ...)
{
	static struct picks picks;
	char command[128], *line, *rest, *word;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	rest = line = strdup(driver_ask(d, "%s", command));
	picks.n = 0;
	while ((word = strsep(&rest, " ")) && picks.n < PICKS_MAX)
		picks.at[picks.n++] = one(word);
	free(line);
	return &picks;
}

size_t balance_count(const struct picks *p, int i)
{
	size_t n = 0;

	for (size_t k = 0; k < p->n; k++)
		n += p->at[k] == i;
	return n;
}

void balance_expect_share(const struct picks *p, int i, double share)
{
	double n = (double)p->n, got = (double)balance_count(p, i);
	double deviation = sqrt(n * share * (1 - share));
	char *want = NULL;

	if (asprintf(&want, "server %d about %.0f times in %.0f", i, n * share,
		     n) < 0)
		judge_infra("no memory");
	judge_check(fabs(got - n * share) <= 5 * deviation + 1, want,
		    "%.0f times", got);
	free(want);
}
