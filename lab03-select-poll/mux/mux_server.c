/* SPDX-License-Identifier: MIT */
#include "mux_server.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listener.h"
#include "log.h"
#include "number.h"
#include "signals.h"
#include "sock.h"
#include "util.h"

/* Room for a line of the chat, and more than anybody needs. */
#define CEILING_MIN 1024ul
#define CEILING_MAX (1ul << 30)

struct options {
	const char *listen;
	const struct poller_ops *poller;
	const struct app *app;
	size_t ceiling;
};

static const struct app *const apps[] = { &app_echo, &app_chat };

static void usage(FILE *to, const struct mux_variant *variant)
{
	fputs("usage: mux-server --listen HOST:PORT --poller ", to);
	for (size_t i = 0; variant->pollers[i]; i++)
		fprintf(to, "%s%s", i ? "|" : "", variant->pollers[i]->name);
	fputs(" --app echo|chat [--ceiling BYTES]\n"
	      "  --listen HOST:PORT  where to listen; port 0: any free one\n"
	      "  --poller NAME       how to wait for many clients\n"
	      "  --app NAME          what to do with them\n"
	      "  --ceiling BYTES     held for one client in each direction, "
	      "1024 to 1073741824 (65536)\n"
	      "  --help              this text\n",
	      to);
}

static const struct poller_ops *find_poller(const struct mux_variant *variant,
					    const char *name)
{
	for (size_t i = 0; variant->pollers[i]; i++)
		if (strcmp(variant->pollers[i]->name, name) == 0)
			return variant->pollers[i];
	return NULL;
}

static const struct app *find_app(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(apps); i++)
		if (strcmp(apps[i]->name, name) == 0)
			return apps[i];
	return NULL;
}

static int bad_option(const char *option, const char *value, const char *known)
{
	fprintf(stderr, "mux-server: --%s: '%s' is not %s\n", option, value,
		known);
	return 2;
}

/* Returns -1 to go on, or the exit status. */
static int parse_options(int argc, char *argv[], struct options *o,
			 const struct mux_variant *variant)
{
	static const struct option options[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "poller", required_argument, NULL, 'p' },
		{ "app", required_argument, NULL, 'a' },
		{ "ceiling", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'l') {
			o->listen = optarg;
		} else if (opt == 'p') {
			o->poller = find_poller(variant, optarg);
			if (!o->poller)
				return bad_option("poller", optarg,
						  "known: see --help");
		} else if (opt == 'a') {
			o->app = find_app(optarg);
			if (!o->app)
				return bad_option("app", optarg,
						  "echo or chat");
		} else if (opt == 'c') {
			if (number_parse(optarg, CEILING_MIN, CEILING_MAX,
					 &o->ceiling) < 0)
				return bad_option("ceiling", optarg,
						  "from 1024 to 1073741824");
		} else {
			usage(opt == 'h' ? stdout : stderr, variant);
			return opt == 'h' ? 0 : 2;
		}
	}
	if (o->listen && o->poller && o->app && optind == argc)
		return -1;
	usage(stderr, variant);
	return 2;
}

static struct mux *the_mux;

static void on_signal(struct loop_fd *watch, unsigned int ready)
{
	(void)ready;
	if (signals_read(watch->fd, NULL) > 0)
		loop_stop(mux_loop(the_mux));
}

/* Serves at LISTENER until a signal. Returns 0, or -1 with errno. */
static int serve(const struct options *o, int listener,
		 const struct mux_variant *variant)
{
	struct loop_fd stop;
	int signal_fd = signals_open((const int[]){ SIGTERM, SIGINT, 0 });
	int ret = -1;

	loop_fd_init(&stop, on_signal);
	the_mux = mux_create(o->poller, o->app, o->ceiling);
	if (signal_fd >= 0 && the_mux &&
	    loop_fd_start(mux_loop(the_mux), &stop, signal_fd, POLLER_READ) ==
		    0 &&
	    variant->open(the_mux, listener) == 0) {
		char bound[ADDR_TEXT_MAX];

		sock_local_text(listener, bound, sizeof(bound));
		printf("listening on %s\n", bound);
		fflush(stdout);
		ret = loop_run(mux_loop(the_mux));
		variant->close();
	}
	if (ret < 0)
		log_error_errno("mux-server: %s on %s", o->app->name,
				o->poller->name);
	mux_destroy(the_mux);
	if (signal_fd >= 0)
		close(signal_fd);
	return ret;
}

int mux_server(int argc, char *argv[], const struct mux_variant *variant)
{
	struct options o = { .ceiling = 65536 };
	int status = parse_options(argc, argv, &o, variant);
	const char *why;
	int listener;

	if (status >= 0)
		return status;
	listener = listener_open(o.listen, SOMAXCONN, &why);
	if (listener < 0 || sock_set_nonblock(listener, true) < 0) {
		fprintf(stderr, "mux-server: cannot listen on %s: %s\n",
			o.listen, listener < 0 ? why : strerror(errno));
		return 1;
	}
	status = serve(&o, listener, variant) < 0;
	close(listener);
	return status;
}
