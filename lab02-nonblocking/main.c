/* SPDX-License-Identifier: MIT */
/*
 * spin-server: echo to any number of clients in one thread that never waits.
 * Options, set-up and wiring only.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "signals.h"
#include "sock.h"

#include "listener.h"
#include "spin.h"

static volatile sig_atomic_t stop;

static void on_stop(int signo)
{
	stop = signo;
}

static void usage(FILE *to)
{
	fputs("usage: spin-server --listen HOST:PORT [--clients N] "
	      "[--ceiling BYTES]\n"
	      "  --listen HOST:PORT  where to listen; port 0: any free one\n"
	      "  --clients N         served at one time, 1 to 1000000 "
	      "(10000)\n"
	      "  --ceiling BYTES     held for one client in each direction, "
	      "1 to 1073741824 (65536)\n"
	      "  --help              this text\n",
	      to);
}

/* The number in TEXT, if it is from 1 to MAX; else ends the program. */
static size_t parse_number(const char *option, const char *text, size_t max)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno == 0 && *end == '\0' && *text >= '0' && *text <= '9' &&
	    n >= 1 && n <= max)
		return n;
	fprintf(stderr, "spin-server: %s: '%s' is not a number from 1 to %zu\n",
		option, text, max);
	exit(2);
}

static const char *parse_options(int argc, char *argv[], struct spin_limits *l)
{
	static const struct option options[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "clients", required_argument, NULL, 'n' },
		{ "ceiling", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *address = NULL;
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'l') {
			address = optarg;
		} else if (opt == 'n') {
			l->clients = parse_number("--clients", optarg, 1000000);
		} else if (opt == 'c') {
			l->ceiling = parse_number("--ceiling", optarg, 1 << 30);
		} else {
			usage(opt == 'h' ? stdout : stderr);
			exit(opt == 'h' ? 0 : 2);
		}
	}
	if (address && optind == argc)
		return address;
	usage(stderr);
	exit(2);
}

int main(int argc, char *argv[])
{
	struct spin_limits limits = { .ceiling = 65536, .clients = 10000 };
	const char *address = parse_options(argc, argv, &limits);
	char bound[ADDR_TEXT_MAX];
	const char *why;
	int listener = listener_open(address, SOMAXCONN, &why);

	if (listener < 0 ||
	    sock_local_text(listener, bound, sizeof(bound)) < 0 ||
	    signals_handle(SIGTERM, on_stop) < 0 ||
	    signals_handle(SIGINT, on_stop) < 0) {
		fprintf(stderr, "spin-server: cannot listen on %s: %s\n",
			address, listener < 0 ? why : strerror(errno));
		return 1;
	}
	printf("listening on %s\n", bound);
	fflush(stdout);
	if (spin_serve(listener, &limits, &stop) < 0) {
		log_error_errno("spin-server");
		return 1;
	}
	close(listener);
	return 0;
}
