/* SPDX-License-Identifier: MIT */
/* One table says what each option is called; what it takes says its letter. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "options/option_values.h"
#include "util.h"

#define NS_PER_S 1000000000

static const char help[] =
	"usage: bot [OPTIONS] URL...\n"
	"How much:\n"
	"  --urls FILE          more URLs, one a line as [METHOD ]URL; -: "
	"stdin\n"
	"  -n N                 requests in all (each URL once)\n"
	"  -d SECONDS           begin requests for so long\n"
	"  -c N                 connections at most (50)\n"
	"  --per-host N         connections to one host at most\n"
	"  --rate R             requests a second, at planned times\n"
	"  --workers N          threads that talk, 1 to 64 (1)\n"
	"What:\n"
	"  -X METHOD            GET, or POST with --data\n"
	"  -H 'Name: value'     send this field; may be repeated\n"
	"  --data STRING|@FILE  send this body\n"
	"  --output DIR         write each body to DIR/NNNNNN.body\n"
	"  --follow N           follow so many redirects a request (0)\n"
	"  --retry N            try failed idempotent requests again (0)\n"
	"  --fail               a status of 400 and above is a failure\n"
	"  --max-body BYTES     longest body (no limit; with --output 1 GiB)\n"
	"  --keep-going         run although lines of FILE are bad\n"
	"Time-outs in seconds, fractions allowed:\n"
	"  --connect-timeout S  all addresses of a name (10)\n"
	"  --tls-timeout S      the TLS handshake (10)\n"
	"  --first-byte-timeout S  from request to answer (30)\n"
	"  --timeout S          the whole request (60)\n"
	"Connections:\n"
	"  --cacert FILE        trust these roots instead of the system's\n"
	"  --insecure           verify nobody\n"
	"  --tls-min VERSION    1.2 (default) or 1.3\n"
	"  --no-resume          a full TLS handshake each time\n"
	"  --no-keepalive       a connection for each request\n"
	"  --connect-to HOST:PORT:HOST2:PORT2\n"
	"                       connect there instead; empty: any, or the "
	"same\n"
	"  -4, -6               only IPv4, only IPv6\n"
	"Report:\n"
	"  --json               one JSON object on standard output\n"
	"  --help               this text\n"
	"Beyond these an answer is too large: a head of 64 KiB, 100 interim "
	"answers,\n"
	"4 KiB of chunk trailers, --max-body. A longer chunk line than 256 "
	"bytes "
	"is\n"
	"malformed, as is a length above 2^63-1.\n"
	"Exit status: 0 all answered, 1 some failed, 2 nothing was begun,\n"
	"130 SIGINT, 143 SIGTERM.\n";

/* Options that only have a long name. */
enum {
	OPT_URLS = 256,
	OPT_PER_HOST,
	OPT_RATE,
	OPT_WORKERS,
	OPT_DATA,
	OPT_OUTPUT,
	OPT_FOLLOW,
	OPT_RETRY,
	OPT_FAIL,
	OPT_MAX_BODY,
	OPT_KEEP_GOING,
	OPT_CONNECT_TIMEOUT,
	OPT_TLS_TIMEOUT,
	OPT_FIRST_BYTE_TIMEOUT,
	OPT_TIMEOUT,
	OPT_CACERT,
	OPT_INSECURE,
	OPT_TLS_MIN,
	OPT_NO_RESUME,
	OPT_NO_KEEPALIVE,
	OPT_CONNECT_TO,
	OPT_JSON,
	OPT_HELP,
};

static const struct option known[] = {
	{ "urls", required_argument, NULL, OPT_URLS },
	{ "per-host", required_argument, NULL, OPT_PER_HOST },
	{ "rate", required_argument, NULL, OPT_RATE },
	{ "workers", required_argument, NULL, OPT_WORKERS },
	{ "data", required_argument, NULL, OPT_DATA },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "follow", required_argument, NULL, OPT_FOLLOW },
	{ "retry", required_argument, NULL, OPT_RETRY },
	{ "fail", no_argument, NULL, OPT_FAIL },
	{ "max-body", required_argument, NULL, OPT_MAX_BODY },
	{ "keep-going", no_argument, NULL, OPT_KEEP_GOING },
	{ "connect-timeout", required_argument, NULL, OPT_CONNECT_TIMEOUT },
	{ "tls-timeout", required_argument, NULL, OPT_TLS_TIMEOUT },
	{ "first-byte-timeout", required_argument, NULL,
	  OPT_FIRST_BYTE_TIMEOUT },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "cacert", required_argument, NULL, OPT_CACERT },
	{ "insecure", no_argument, NULL, OPT_INSECURE },
	{ "tls-min", required_argument, NULL, OPT_TLS_MIN },
	{ "no-resume", no_argument, NULL, OPT_NO_RESUME },
	{ "no-keepalive", no_argument, NULL, OPT_NO_KEEPALIVE },
	{ "connect-to", required_argument, NULL, OPT_CONNECT_TO },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ 0 },
};

/* Each of these returns false after it has said what is wrong. */

static bool set_amount(struct options *o, int opt, const char *text)
{
	switch (opt) {
	case 'n':
		return option_count("-n", text, 1, UINT64_MAX / 2,
				    &o->requests);
	case 'd':
		return option_seconds("-d", text, &o->duration_ns);
	case 'c':
		return option_size("-c", text, 1, OPTIONS_CONNECTIONS_MAX,
				   &o->connections);
	case OPT_PER_HOST:
		return option_size("--per-host", text, 1,
				   OPTIONS_CONNECTIONS_MAX, &o->per_host);
	case OPT_RATE:
		return option_rate("--rate", text, &o->rate);
	default:
		return option_size("--workers", text, 1, OPTIONS_WORKERS_MAX,
				   &o->workers);
	}
}

static bool set_request(struct options *o, int opt, const char *text)
{
	switch (opt) {
	case 'X':
		o->method = text;
		return option_method("-X", text);
	case 'H':
		return option_header(o, text);
	case OPT_DATA:
		return option_data(o, text);
	case OPT_OUTPUT:
		o->output = text;
		return true;
	case OPT_FOLLOW:
		return option_size("--follow", text, 0, 1000, &o->follow);
	case OPT_RETRY:
		return option_size("--retry", text, 0, 1000, &o->retry);
	default:
		return option_count("--max-body", text, 1, INT64_MAX,
				    &o->max_body);
	}
}

static bool set_connection(struct options *o, int opt, const char *text)
{
	switch (opt) {
	case OPT_CONNECT_TIMEOUT:
		return option_seconds("--connect-timeout", text,
				      &o->connect_ns);
	case OPT_TLS_TIMEOUT:
		return option_seconds("--tls-timeout", text, &o->tls_ns);
	case OPT_FIRST_BYTE_TIMEOUT:
		return option_seconds("--first-byte-timeout", text,
				      &o->first_byte_ns);
	case OPT_TIMEOUT:
		return option_seconds("--timeout", text, &o->total_ns);
	case OPT_CONNECT_TO:
		return option_connect_to(o, text);
	case OPT_TLS_MIN:
		o->tls13 = !strcmp(text, "1.3");
		return o->tls13 || !strcmp(text, "1.2") ||
		       option_wrong("--tls-min", text, "1.2 or 1.3");
	default:
		o->cacert = text;
		return true;
	}
}

static void set_flag(struct options *o, int opt)
{
	switch (opt) {
	case OPT_FAIL:
		o->fail = true;
		break;
	case OPT_KEEP_GOING:
		o->keep_going = true;
		break;
	case OPT_INSECURE:
		o->insecure = true;
		break;
	case OPT_NO_RESUME:
		o->no_resume = true;
		break;
	case OPT_NO_KEEPALIVE:
		o->no_keepalive = true;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	default: /* -4, -6 */
		o->family = opt == '4' ? AF_INET : AF_INET6;
	}
}

/* Returns -1 to go on, or the exit status. */
static int set(struct options *o, int opt)
{
	switch (opt) {
	case '?': /* getopt(3) has said it */
		return 2;
	case OPT_HELP:
		fputs(help, stdout);
		return 0;
	case OPT_URLS:
		if (o->urls_file) {
			fprintf(stderr, "bot: --urls: only one file\n");
			return 2;
		}
		o->urls_file = optarg;
		return -1;
	case 'n':
	case 'd':
	case 'c':
	case OPT_PER_HOST ... OPT_WORKERS:
		return set_amount(o, opt, optarg) ? -1 : 2;
	case 'X':
	case 'H':
	case OPT_DATA ... OPT_RETRY:
	case OPT_MAX_BODY:
		return set_request(o, opt, optarg) ? -1 : 2;
	case OPT_CONNECT_TIMEOUT ... OPT_CACERT:
	case OPT_TLS_MIN:
	case OPT_CONNECT_TO:
		return set_connection(o, opt, optarg) ? -1 : 2;
	default:
		set_flag(o, opt);
		return -1;
	}
}

int options_parse(struct options *o, int argc, char *argv[])
{
	int opt, status = -1;

	*o = (struct options){
		.connections = 50,
		.workers = 1,
		.max_body = UINT64_MAX,
		.connect_ns = 10ll * NS_PER_S,
		.tls_ns = 10ll * NS_PER_S,
		.first_byte_ns = 30ll * NS_PER_S,
		.total_ns = 60ll * NS_PER_S,
		.family = AF_UNSPEC,
	};
	url_list_init(&o->urls);
	while (status < 0 && (opt = getopt_long(argc, argv, "n:d:c:X:H:46",
						known, NULL)) != -1)
		status = set(o, opt);
	if (status < 0 && o->output && o->max_body == UINT64_MAX)
		o->max_body = 1ull << 30;
	return status < 0 ? option_urls(o, argv + optind) : status;
}

void options_free(struct options *o)
{
	for (size_t i = 0; i < o->nconnect_to; i++) {
		free(o->connect_to[i].host);
		free(o->connect_to[i].port);
		free(o->connect_to[i].host2);
		free(o->connect_to[i].port2);
	}
	free(o->data_file);
	url_list_free(&o->urls);
}
