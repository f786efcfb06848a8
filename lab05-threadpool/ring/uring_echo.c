/* SPDX-License-Identifier: MIT */
/* uring-echo - the program around completion.c: options, listener, signals. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "completion.h"
#include "listener.h"
#include "log.h"
#include "number.h"
#include "ring.h"
#include "signals.h"
#include "sock.h"
#include "uring_refusal.h"
#include "util.h"

static const char help[] = "usage: uring-echo --listen HOST:PORT [--ceiling "
			   "BYTES] "
			   "[--buffers N] [--completions N]\n"
			   "  --listen HOST:PORT  where to listen; port 0: any "
			   "free one\n"
			   "  --ceiling BYTES     held for one client, 1024 to "
			   "1073741824 (65536)\n"
			   "  --buffers N         of 4096 bytes, for all "
			   "clients together: a power\n"
			   "                      of two, 1 to 32768 (512)\n"
			   "  --completions N     places of the completion "
			   "queue, 2 to 65536 (4096)\n"
			   "  --help              this text\n";

struct settings {
	const char *listen;
	size_t ceiling;
	size_t buffers;
	size_t completions;
};

static int wrong(const char *option, const char *value, const char *want)
{
	fprintf(stderr, "uring-echo: --%s: '%s' is not %s\n", option, value,
		want);
	return 2;
}

/* Returns -1 to go on, or the exit status. */
static int set(struct settings *s, int option)
{
	switch (option) {
	case 'l':
		s->listen = optarg;
		return -1;
	case 'c':
		if (number_parse(optarg, 1024, 1ul << 30, &s->ceiling) == 0)
			return -1;
		return wrong("ceiling", optarg, "from 1024 to 1073741824");
	case 'b':
		if (number_parse(optarg, 1, 32768, &s->buffers) == 0 &&
		    !(s->buffers & (s->buffers - 1)))
			return -1;
		return wrong("buffers", optarg,
			     "a power of two from 1 to 32768");
	case 'q':
		if (number_parse(optarg, 2, 65536, &s->completions) == 0)
			return -1;
		return wrong("completions", optarg, "from 2 to 65536");
	default:
		fputs(help, option == 'h' ? stdout : stderr);
		return option == 'h' ? 0 : 2;
	}
}

static int parse(int argc, char *argv[], struct settings *s)
{
	static const struct option options[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "ceiling", required_argument, NULL, 'c' },
		{ "buffers", required_argument, NULL, 'b' },
		{ "completions", required_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt, status = -1;

	while (status < 0 &&
	       (opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		status = set(s, opt);
	if (status < 0 && (!s->listen || optind < argc)) {
		fputs(help, stderr);
		return 2;
	}
	return status;
}

/* Serves at LISTENER until a signal. Returns 0, or -1 with errno. */
static int serve(const struct settings *s, int listener)
{
	const struct completion_options options = {
		.ceiling = s->ceiling,
		.buffers = (unsigned int)s->buffers,
		.completions = (unsigned int)s->completions,
	};
	int stop = signals_open((const int[]){ SIGTERM, SIGINT, 0 });
	struct completion *server = NULL;
	char bound[ADDR_TEXT_MAX];
	int ret = -1;

	if (stop >= 0)
		server = completion_create(listener, stop, &options);
	if (server) {
		sock_local_text(listener, bound, sizeof(bound));
		printf("listening on %s\n", bound);
		fflush(stdout);
		ret = completion_run(server);
	}
	if (ret < 0)
		log_error_errno("uring-echo");
	completion_destroy(server);
	if (stop >= 0)
		close(stop);
	return ret;
}

int main(int argc, char *argv[])
{
	struct settings s = { .ceiling = 65536,
			      .buffers = 512,
			      .completions = 4096 };
	int status = parse(argc, argv, &s);
	const char *why;
	int listener;

	if (status >= 0)
		return status;
	why = uring_refusal(RING_LINUX_MAJOR, RING_LINUX_MINOR);
	if (why) {
		fprintf(stderr, "uring-echo: cannot serve: %s\n", why);
		return 1;
	}
	listener = listener_open(s.listen, SOMAXCONN, &why);
	if (listener < 0) {
		fprintf(stderr, "uring-echo: cannot listen on %s: %s\n",
			s.listen, why);
		return 1;
	}
	status = serve(&s, listener) < 0;
	close(listener);
	return status;
}
