/* SPDX-License-Identifier: MIT */
/*
 * demo - the finished programs of the eight labs at work together: three clients,
 * the forwarder, four servers, and what happens to them. See cluster.h for the
 * picture and story.h for what happens.
 *
 * One thread that looks about every 20 ms: at the clock, at the clients' slices,
 * at signals. Whatever ends it, it ends what it has started first.
 *
 * Exit status: 0 if no request failed but on connections that the killed server
 * had, 1 if any other did or something could not be started, 2 for wrong usage,
 * 128 and the signal's number after a signal.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "clients.h"
#include "clock.h"
#include "cluster.h"
#include "figures.h"
#include "number.h"
#include "screen.h"
#include "signals.h"
#include "story.h"
#include "summary.h"

#define LOOK_MS	  20
#define SAMPLE_NS 1000000000
#define END_MS	  3000	/* for SIGTERM to do its work */
#define LAST_MS	  60000 /* for the last slices: a request's own deadline */
#define SECONDS	  20
#define SHORTEST  5

struct demo {
	struct cluster cluster;
	struct load loads[LOADS];
	struct figures figures;
	struct story story;
	struct screen screen;
	int signals; /* a descriptor */
	int64_t began_ns;
	double all; /* seconds */
	bool plain;
};

/* Waits a moment. Returns the signal that has come, or 0. */
static int look_about(const struct demo *d)
{
	struct pollfd p = { .fd = d->signals, .events = POLLIN };

	if (poll(&p, 1, LOOK_MS) <= 0)
		return 0;
	return signals_read(d->signals, NULL);
}

static double seconds_now(const struct demo *d)
{
	return (double)(clock_ns() - d->began_ns) / 1e9;
}

static void show(struct demo *d)
{
	figures_sample(&d->figures, &d->cluster, clock_ns());
	d->figures.seconds = seconds_now(d);
	screen_show(&d->screen, &d->figures, &d->story);
}

/* Starts what has no slice running. Returns -1 if one cannot be started. */
static int keep_loads_going(struct demo *d)
{
	for (int i = 0; i < LOADS; i++)
		if (load_collect(&d->loads[i]) &&
		    load_start(&d->loads[i]) == -1)
			return -1;
	return 0;
}

static bool all_collected(struct demo *d)
{
	bool all = true;

	for (int i = 0; i < LOADS; i++)
		all = load_collect(&d->loads[i]) && all;
	return all;
}

/* The show. Returns a signal that has ended it, 0, or -1 with errno. */
static int play(struct demo *d)
{
	int64_t shown_ns, deadline_ms;
	int signo;

	d->began_ns = shown_ns = clock_ns();
	while (seconds_now(d) < d->all) {
		if (keep_loads_going(d) == -1)
			return -1;
		if (story_tell(&d->story, &d->cluster, seconds_now(d), d->all))
			screen_event(&d->screen, &d->story);
		if (clock_ns() - shown_ns >= SAMPLE_NS) {
			shown_ns += SAMPLE_NS;
			show(d);
		}
		signo = look_about(d);
		if (signo != 0)
			return signo;
	}
	deadline_ms = clock_ms() + LAST_MS;
	while (!all_collected(d) && clock_ms() < deadline_ms) {
		signo = look_about(d);
		if (signo != 0)
			return signo;
	}
	show(d);
	return 0;
}

/* Returns the exit status. */
static int run(struct demo *d)
{
	int ended;

	if (cluster_start(&d->cluster) == -1) {
		ended = signals_read(d->signals, NULL);
		return ended > 0 ? 128 + ended : 1;
	}
	clients_prepare(d->loads, &d->cluster);
	d->figures.loads = d->loads;
	d->figures.all = d->all;
	screen_begin(&d->screen, d->plain);
	ended = play(d);
	screen_end(&d->screen);
	if (ended == -1)
		fprintf(stderr, "demo: a client could not be started: %s\n",
			strerror(errno));
	child_end_all(END_MS);
	if (ended != 0)
		return ended > 0 ? 128 + ended : 1;
	return summary_print(d->loads, &d->cluster, &d->story);
}

static const char usage[] = "usage: demo [--seconds N] [--plain]\n"
			    "The finished programs at work together, and what "
			    "happens to them.\n"
			    "  --seconds N   how long, 5 to 3600 (20)\n"
			    "  --plain       lines instead of a picture, on a "
			    "terminal, too\n"
			    "  --help        this text\n";

/* Returns -1 to go on, or an exit status. */
static int read_options(int argc, char **argv, size_t *seconds, bool *plain)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "plain", no_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (option == 's' &&
		    number_parse(optarg, SHORTEST, 3600, seconds) == -1) {
			fprintf(stderr,
				"demo: --seconds takes %d to 3600, not '%s'\n",
				SHORTEST, optarg);
			return 2;
		}
		if (option == '?') {
			fputs(usage, stderr);
			return 2;
		}
		*plain = *plain || option == 'p';
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "demo: takes options only, not '%s'\n", argv[optind]);
	return 2;
}

int main(int argc, char **argv)
{
	static struct demo d;
	size_t seconds = SECONDS;
	bool plain = false;
	int status = read_options(argc, argv, &seconds, &plain);

	if (status != -1)
		return status;
	d.all = (double)seconds;
	d.plain = plain;
	d.signals = signals_open(
		(const int[]){ SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, 0 });
	if (d.signals == -1 || child_begin() == -1 ||
	    cluster_find(&d.cluster) == -1) {
		fprintf(stderr, "demo: %s\n", strerror(errno));
		return 1;
	}
	status = run(&d);
	child_end_all(END_MS);
	cluster_remove(&d.cluster);
	return status;
}
