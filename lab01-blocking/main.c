/* SPDX-License-Identifier: MIT */
/*
 * echo-server - sends back what it gets, with one of three ways to serve.
 * Options, set-up, wiring; all else is in listener.c, serve.c and io.c.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listener.h"
#include "serve.h"

#define USAGE                                                   \
	"usage: echo-server [--listen HOST:PORT] [--mode MODE]" \
	" [--max-clients N]\n"

static const char help[] =
	"  --listen HOST:PORT  where (127.0.0.1:0); port 0: any, host *: all\n"
	"  --mode MODE         iterative (default), fork or thread\n"
	"  --max-clients N     children or threads, 1 to 10000 (64)\n"
	"SIGTERM and SIGINT stop it; SIGUSR1 only interrupts system calls.\n";

static const char *const mode_names[] = { "iterative", "fork", "thread" };
static const char *address = "127.0.0.1:0";
static enum serve_mode mode = SERVE_ITERATIVE;
static size_t max_clients = 64;

static _Noreturn void wrong_usage(const char *option, const char *want)
{
	fprintf(stderr, "echo-server: %s: want %s\n" USAGE, option, want);
	exit(2);
}

static void set_option(int c)
{
	char *end;

	if (c == 'h') {
		exit(printf(USAGE "%s", help) < 0);
	} else if (c == 'l') {
		address = optarg;
	} else if (c == 'm') {
		for (mode = 0; strcmp(optarg, mode_names[mode]); mode++)
			if (mode == SERVE_THREAD)
				wrong_usage("--mode", "iterative, fork, "
						      "thread");
	} else {
		max_clients = strtoul(optarg, &end, 10);
		if (*end || max_clients - 1 >= SERVE_CLIENTS_MAX)
			wrong_usage("--max-clients", "a number, 1 to 10000");
	}
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

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == '?')
			wrong_usage(argv[optind - 1], "an option as below");
		set_option(c);
	}
	if (optind < argc)
		wrong_usage(argv[optind], "an option as below");
}

static void on_usr1(int sig)
{
	(void)sig;
}

int main(int argc, char *argv[])
{
	const struct sigaction interrupt = { .sa_handler = on_usr1 };
	const char *why = "";
	int fd;

	parse(argc, argv);
	sigaction(SIGUSR1, &interrupt, NULL);
	fd = listener_open(address, 128, &why);
	if (fd < 0) {
		fprintf(stderr, "echo-server: %s: %s\n", address, why);
		return 1;
	}
	printf("listening on %.*s:%d\n", (int)(strrchr(address, ':') - address),
	       address, listener_port(fd));
	fflush(stdout);
	if (serve(fd, mode, max_clients)) {
		perror("echo-server: serve");
		return 1;
	}
	return 0;
}
