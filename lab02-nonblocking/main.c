/* SPDX-License-Identifier: MIT */
/*
 * spin-server: echo to any number of clients in one thread that never waits.
 * Options, set-up and wiring only.
 */
#include <err.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "listener.h"
#include "number.h"
#include "signals.h"
#include "sock.h"
#include "spin.h"

#define CLIENTS_MAX 1000000
#define CEILING_MAX (1 << 30)

static const char usage[] =
	"usage: spin-server --listen HOST:PORT [--clients N] [--ceiling N]\n"
	"  --listen HOST:PORT  where to listen; port 0: any free one\n"
	"  --clients N         served at one time, 1 to 1000000 (10000)\n"
	"  --ceiling N         bytes held for one client in each direction,\n"
	"                      1 to 1073741824 (65536)\n";

static volatile sig_atomic_t stop;

static void on_stop(int signo)
{
	stop = signo;
}

static _Noreturn void wrong_usage(void)
{
	fputs(usage, stderr);
	exit(2);
}

/* What the option --NAME says, 1 to MAX; else ends the program. */
static size_t number(const char *name, const char *text, size_t max)
{
	size_t n = 0;

	if (number_parse(text, 1, max, &n) < 0)
		errx(2, "--%s: '%s' is not a number from 1 to %zu", name, text,
		     max);
	return n;
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
		if (opt == 'h')
			exit(fputs(usage, stdout) < 0);
		else if (opt == 'l')
			address = optarg;
		else if (opt == 'n')
			l->clients = number("clients", optarg, CLIENTS_MAX);
		else if (opt == 'c')
			l->ceiling = number("ceiling", optarg, CEILING_MAX);
		else
			wrong_usage();
	}
	if (!address || optind < argc)
		wrong_usage();
	return address;
}

int main(int argc, char *argv[])
{
	struct spin_limits limits = { .ceiling = 65536, .clients = 10000 };
	const char *address = parse_options(argc, argv, &limits), *why;
	int listener = listener_open(address, SOMAXCONN, &why);
	char bound[ADDR_TEXT_MAX];

	if (listener < 0)
		errx(1, "cannot listen on %s: %s", address, why);
	signals_handle(SIGTERM, on_stop);
	signals_handle(SIGINT, on_stop);
	sock_local_text(listener, bound, sizeof(bound));
	printf("listening on %s\n", bound);
	fflush(stdout);
	if (spin_serve(listener, &limits, &stop) < 0)
		err(1, "cannot serve");
	close(listener);
	return 0;
}
