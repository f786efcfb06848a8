/* SPDX-License-Identifier: MIT */
/* One table says what each option that is a number is called and may be. */
#include "server/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "util.h"

static const char help[] =
	"usage: forwarder -f RULES [-t] [-s MAX_SESSIONS] [-b BUFFER_BYTES] "
	"...\n"
	"  -f RULES          the rules file\n"
	"  -t                check it and exit\n"
	"  -s MAX_SESSIONS   connections at a time (10000)\n"
	"  -b BUFFER_BYTES   for each direction that has to wait, 1024 to "
	"16777216 (131072)\n"
	"  --workers N       threads, 1 to 64 (1)\n"
	"  --splice          move long streams by splice(2)\n"
	"  --drain S         from SIGTERM to the end, at most (30)\n"
	"  -d                say more\n"
	"  -r N              accepted for G5's sake, without effect\n"
	"  --help            this text\n";

static const struct {
	int opt;
	const char *name;
	size_t offset;
	size_t min;
	size_t max;
} numbers[] = {
	{ 's', "-s", offsetof(struct options, max_sessions), 1, 10000000 },
	{ 'b', "-b", offsetof(struct options, buffer), 1024, 16u << 20 },
	{ 'w', "--workers", offsetof(struct options, workers), 1,
	  OPTIONS_WORKERS_MAX },
	{ 'D', "--drain", offsetof(struct options, drain_s), 0, 31536000 },
	{ 'r', "-r", offsetof(struct options, events), 0, 1u << 30 },
};

static int usage(void)
{
	fprintf(stderr, "%.*s\n", (int)strcspn(help, "\n"), help);
	return 2;
}

static int set_number(struct options *o, int opt)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		if (numbers[i].opt != opt)
			continue;
		if (number_parse(optarg, numbers[i].min, numbers[i].max,
				 (size_t *)(void *)((char *)o +
						    numbers[i].offset)) == 0)
			return -1;
		fprintf(stderr,
			"forwarder: %s: '%s' is not a number from %zu to %zu\n",
			numbers[i].name, optarg, numbers[i].min,
			numbers[i].max);
	}
	return usage();
}

static int set(struct options *o, int opt)
{
	switch (opt) {
	case 'f':
		o->rules = optarg;
		return -1;
	case 't':
		o->check = true;
		return -1;
	case 'd':
		o->debug = true;
		return -1;
	case 'S':
		o->splice = true;
		return -1;
	case 'h':
		fputs(help, stdout);
		return 0;
	default:
		return set_number(o, opt);
	}
}

int options_parse(struct options *o, int argc, char *argv[])
{
	static const struct option known[] = {
		{ "workers", required_argument, NULL, 'w' },
		{ "splice", no_argument, NULL, 'S' },
		{ "drain", required_argument, NULL, 'D' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt, status = -1;

	*o = (struct options){
		.max_sessions = 10000,
		.buffer = 131072,
		.workers = 1,
		.drain_s = 30,
	};
	while (status < 0 &&
	       (opt = getopt_long(argc, argv, "f:ts:b:dr:", known, NULL)) != -1)
		status = set(o, opt);
	if (status >= 0)
		return status;
	if (optind < argc) {
		fprintf(stderr, "forwarder: '%s' is not an option\n",
			argv[optind]);
		return usage();
	}
	if (!o->rules) {
		fprintf(stderr, "forwarder: -f RULES is missing\n");
		return usage();
	}
	return -1;
}
