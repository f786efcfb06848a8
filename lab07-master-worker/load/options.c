/* SPDX-License-Identifier: MIT */
/*
 * Options are a table: the long ones are getopt_long's, and each of them that
 * is a number has its range and its place here.
 */
#include "load/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "number.h"
#include "util.h"

const char options_usage[] = "usage: framed-load HOST:PORT [-c N] [-P N] [-n N "
			     "| -d SECONDS]\n"
			     "                   [--rate N] [--mix KIND=N,...] "
			     "[--reconnect N]\n"
			     "                   [--json] [--hostile] [--seed "
			     "N]\n";

const char options_help[] =
	"\n"
	"Puts load on a server of framed packets, and looks at every answer.\n"
	"\n"
	"  -c N            connections, 1 to 100000 (50)\n"
	"  -P N            packets in flight on each, 1 to 10000 (1)\n"
	"  -n N            ends after so many requests (100000)\n"
	"  -d SECONDS      ends after so long\n"
	"  --rate N        requests a second over all connections; latency "
	"then\n"
	"                  counts from the moment each was due (as fast as it "
	"goes)\n"
	"  --mix LIST      what is asked for, and how often: "
	"ping=N,register=N,\n"
	"                  login=N; what is not named counts 0 (ping=1)\n"
	"  --reconnect N   each connection is closed and made anew after N\n"
	"                  requests (never)\n"
	"  --hostile       sends every malformed thing there is instead, -n "
	"times\n"
	"                  (once), and looks at what the server makes of it\n"
	"  --json          prints one JSON object\n"
	"  --seed N        what is random is the same with the same number\n"
	"\n"
	"Ends with 0 if every answer was right, else with 1.\n";

enum {
	OPT_RATE = 256,
	OPT_MIX,
	OPT_RECONNECT,
	OPT_JSON,
	OPT_HOSTILE,
	OPT_SEED
};

static const struct option longs[] = {
	{ "rate", required_argument, NULL, OPT_RATE },
	{ "mix", required_argument, NULL, OPT_MIX },
	{ "reconnect", required_argument, NULL, OPT_RECONNECT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "hostile", no_argument, NULL, OPT_HOSTILE },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static const char *const kinds[MIX_KINDS] = { "ping", "register", "login" };

static int bad(const char *what, const char *text, const char *expected)
{
	fprintf(stderr, "framed-load: %s %s: expected %s\n", what, text,
		expected);
	return -1;
}

static int number(const char *name, const char *text, size_t min, size_t max,
		  size_t *n)
{
	char range[80];

	if (!number_parse(text, min, max, n))
		return 0;
	snprintf(range, sizeof(range), "a number from %zu to %zu", min, max);
	return bad(name, text, range);
}

/* One "KIND=N" of --mix. */
static int parse_share(struct options *o, char *share)
{
	char *value = strchr(share, '=');

	if (value)
		*value++ = '\0';
	for (int i = 0; value && i < MIX_KINDS; i++)
		if (!strcmp(share, kinds[i]))
			return number("--mix", value, 0, 1000000, &o->mix[i]);
	return bad("--mix", share, "ping=N, register=N or login=N");
}

static int parse_mix(struct options *o, const char *text)
{
	char copy[128], *rest = copy, *share;
	size_t sum = 0;

	if (strlen(text) >= sizeof(copy))
		return bad("--mix", text, "ping=N,register=N,login=N");
	strcpy(copy, text);
	memset(o->mix, 0, sizeof(o->mix));
	while ((share = strsep(&rest, ",")))
		if (parse_share(o, share) < 0)
			return -1;
	for (int i = 0; i < MIX_KINDS; i++)
		sum += o->mix[i];
	return sum ? 0 : bad("--mix", text, "at least one that is not 0");
}

static int parse_option(struct options *o, int c, const char *arg)
{
	size_t n;

	switch (c) {
	case 'c':
		return number("-c", arg, 1, 100000, &o->connections);
	case 'P':
		return number("-P", arg, 1, 10000, &o->pipeline);
	case 'n':
		return number("-n", arg, 1, SIZE_MAX / 2, &o->requests);
	case 'd':
		return number("-d", arg, 1, 1000000, &o->seconds);
	case OPT_RATE:
		return number("--rate", arg, 1, 100000000, &o->rate);
	case OPT_MIX:
		return parse_mix(o, arg);
	case OPT_RECONNECT:
		return number("--reconnect", arg, 1, SIZE_MAX / 2,
			      &o->reconnect);
	case OPT_JSON:
		o->json = true;
		return 0;
	case OPT_HOSTILE:
		o->hostile = true;
		return 0;
	case OPT_SEED:
		if (number("--seed", arg, 0, SIZE_MAX, &n) < 0)
			return -1;
		o->seed = n;
		return 0;
	case 'h':
		o->help = true;
		return 0;
	default:
		return -1;
	}
}

/* "localhost:80" as well as numbers; the first address that it has. */
static int resolve(struct options *o)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
	struct addr_hostport hp;
	int err;

	if (addr_split(o->target, &hp) < 0)
		return bad("address", o->target, "HOST:PORT");
	err = getaddrinfo(hp.host, hp.port, &hints, &list);
	if (err)
		return bad("address", o->target, gai_strerror(err));
	memcpy(&o->addr.ss, list->ai_addr, list->ai_addrlen);
	o->addr.len = list->ai_addrlen;
	freeaddrinfo(list);
	return 0;
}

static uint64_t random_seed(void)
{
	uint32_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = (uint32_t)clock_ns();
	return seed;
}

int options_parse(struct options *o, int argc, char *argv[])
{
	int c;

	*o = (struct options){ .connections = 50, .pipeline = 1 };
	o->mix[MIX_PING] = 1;
	o->seed = random_seed();
	while ((c = getopt_long(argc, argv, "c:P:n:d:", longs, NULL)) != -1)
		if (parse_option(o, c, optarg) < 0)
			return -1;
	if (o->help)
		return 0;
	if (optind + 1 != argc)
		return bad("one argument",
			   optind < argc ? argv[argc - 1] : "(none)",
			   "HOST:PORT and nothing else");
	if (o->requests && o->seconds)
		return bad("-n and -d", "together", "one of the two");
	if (!o->requests && !o->seconds)
		o->requests = o->hostile ? 1 : 100000;
	o->target = argv[optind];
	return resolve(o);
}
