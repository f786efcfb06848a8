/* SPDX-License-Identifier: MIT */
/* The help is made of the tables that the origin works by. */
#include "practice/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "practice/counts.h"
#include "practice/hello.h"
#include "practice/paths.h"

static const char usage[] = "usage: origin [--listen HOST:PORT] [--ca FILE] "
			    "[--certificate KIND] "
			    "[--tickets N] [--trap KIND]...\n";

static const char options[] =
	"An HTTP and HTTPS server, both on one port, to practise a client on.\n"
	"  --listen HOST:PORT  where (127.0.0.1:0); port 0: any free one\n"
	"  --ca FILE           write the root certificate there, in PEM\n"
	"  --certificate KIND  for clients that name no server (valid)\n"
	"  --tickets N         of a TLS 1.3 handshake, 0 to 8 (2); 0: no\n"
	"                      session is ever resumed\n"
	"  --trap KIND         one more listener, on a port of its own, whose\n"
	"                      connections get nowhere: refused,\n"
	"                      never-accepts, silent, closes, resets\n"
	"  --help              this text\n";

static const char parameters[] =
	"\nIn the query, for any of the answers with a body:\n"
	"  size=N chunk=N      bytes of the body, and of a chunk\n"
	"  as=FRAMING          length, chunked or eof\n"
	"  code=N minor=N      the status, and the version 1.N\n"
	"  field=TEXT          another field line, e.g. X:%20y\n"
	"  fields=N            so many more\n"
	"  head-size=N         fill the head up to so many bytes\n"
	"  extension=TEXT trailer=TEXT\n"
	"                      of each chunk, and behind the last\n"
	"  interim=N interim-code=N\n"
	"                      interim answers first\n"
	"  at=PLACE            start, final, head, first, body, end, or\n"
	"                      an offset\n"
	"  then=WHAT           what happens there: stall close cut reset wait\n"
	"                      key-update ask-update ticket renegotiate\n"
	"  every=N             and again after so many bytes\n"
	"  extra=TEXT          bytes behind the answer\n"
	"and for all of them:\n"
	"  cut=N wire=N        bytes a piece (a TLS record), and a segment\n"
	"  pause=MS delay=MS   before each segment, and before the answer\n"
	"  next=WHAT           the connection's next request gets: close,\n"
	"                      reset, cut, half (an answer)\n"
	"  after=stall         read nothing any more behind the answer\n"
	"  unread=1 rate=N     do not read the request's body, or read N "
	"bytes\n"
	"                      a second\n";

static const char *const traps[TRAP_END] = {
	"refused", "never-accepts", "silent", "closes", "resets",
};

const char *trap_name(enum trap trap)
{
	return traps[trap];
}

static int help(void)
{
	printf("%s%s", usage, options);
	puts("\nThe path decides what the answer is:");
	paths_help();
	fputs(parameters, stdout);
	puts("\nThe first label of the server's name (SNI) decides what "
	     "becomes "
	     "of a handshake,\nas in https://expired.test/:");
	hello_help();
	puts("\nGET /stats shows, a line each:");
	counts_help();
	return 0;
}

static int wrong(const char *option, const char *value, const char *want)
{
	fprintf(stderr, "origin: --%s: '%s' is not %s\n%s", option, value, want,
		usage);
	return 2;
}

static int add_trap(struct origin_options *o, const char *name)
{
	for (int i = 0; i < TRAP_END && o->ntraps < TRAPS_MAX; i++) {
		if (strcmp(traps[i], name) == 0) {
			o->traps[o->ntraps++] = i;
			return -1;
		}
	}
	return wrong("trap", name, "one of eight traps that --help names");
}

static int set(struct origin_options *o, int opt)
{
	int kind;

	switch (opt) {
	case 'l':
		o->listen = optarg;
		return -1;
	case 'a':
		o->ca = optarg;
		return -1;
	case 'c':
		kind = certs_find(optarg);
		if (kind < 0)
			return wrong("certificate", optarg,
				     "a kind that --help names");
		o->unnamed = kind;
		return -1;
	case 't':
		if (number_parse(optarg, 0, 8, &o->tickets) < 0)
			return wrong("tickets", optarg, "a number from 0 to 8");
		return -1;
	case 'p':
		return add_trap(o, optarg);
	case 'h':
		return help();
	default:
		fputs(usage, stderr);
		return 2;
	}
}

int origin_options_parse(struct origin_options *o, int argc, char *argv[])
{
	static const struct option known[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "ca", required_argument, NULL, 'a' },
		{ "certificate", required_argument, NULL, 'c' },
		{ "tickets", required_argument, NULL, 't' },
		{ "trap", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt, status = -1;

	*o = (struct origin_options){ .listen = "127.0.0.1:0", .tickets = 2 };
	while (status < 0 &&
	       (opt = getopt_long(argc, argv, "", known, NULL)) != -1)
		status = set(o, opt);
	if (status < 0 && optind < argc) {
		fprintf(stderr, "origin: '%s' is not an option\n%s",
			argv[optind], usage);
		return 2;
	}
	return status;
}
