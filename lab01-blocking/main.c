/* SPDX-License-Identifier: MIT */
/* echo-server - sends back what it gets, with one of three ways to serve. */
#include <err.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "listener.h"
#include "number.h"
#include "serve.h"
#include "sock.h"

#define USAGE \
	"usage: echo-server [--listen ADDR] [--mode M] [--max-clients N]\n"

static const char help[] = "  --listen HOST:PORT  where (127.0.0.1:0); port 0: "
			   "any, host *: all\n"
			   "  --mode MODE         iterative (default), fork or "
			   "thread\n"
			   "  --max-clients N     children or threads, 1 to "
			   "10000 (64)\n";
static const char *address = "127.0.0.1:0";
static enum serve_mode mode = SERVE_ITERATIVE;
static size_t max_clients = 64;

static _Noreturn void wrong_usage(const char *option, const char *want)
{
	fprintf(stderr, "echo-server: %s: want %s\n" USAGE, option, want);
	exit(2);
}

static void set_mode(const char *name)
{
	static const char *const names[] = { "iterative", "fork", "thread" };

	for (mode = 0; strcmp(name, names[mode]); mode++)
		if (mode == SERVE_THREAD)
			wrong_usage("--mode", "iterative, fork or thread");
}

static void parse(int argc, char *argv[])
{
	static const struct option known[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "mode", required_argument, NULL, 'm' },
		{ "max-clients", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "-", known, NULL)) != -1) {
		if (c == 'h')
			exit(printf(USAGE "%s", help) < 0);
		else if (c == 'l')
			address = optarg;
		else if (c == 'm')
			set_mode(optarg);
		else if (c != 'c')
			wrong_usage(argv[optind - 1], "another option");
		else if (number_parse(optarg, 1, SERVE_CLIENTS_MAX,
				      &max_clients))
			wrong_usage("--max-clients", "a number, 1 to 10000");
	}
}

/* SIGTERM and SIGINT come here only until serve() has handlers of its own. */
static void on_signal(int sig)
{
	if (sig != SIGUSR1)
		_exit(0);
}

int main(int argc, char *argv[])
{
	const struct sigaction sa = { .sa_handler = on_signal };
	const char *why = "not a TCP socket";
	char bound[ADDR_TEXT_MAX];
	int fd;

	parse(argc, argv);
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	fd = listener_open(address, 128, &why);
	if (fd < 0 || sock_local_text(fd, bound, sizeof(bound)))
		errx(1, "%s: %s", address, why);
	strrchr(bound, ':')[1] = '\0'; /* listener.c knows the port */
	printf("listening on %s%d\n", bound, listener_port(fd));
	fflush(stdout);
	if (serve(fd, mode, max_clients))
		err(1, "serve");
	close(fd);
	return 0;
}
