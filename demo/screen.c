/* SPDX-License-Identifier: MIT */
/*
 * The picture is drawn over itself: the cursor goes up as many lines as it has,
 * and each line is cleared to its end. So what stood on the terminal before
 * stays, and the last picture stays as well.
 */
#include "screen.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.h"

#define ROWS	24 /* of the picture, events included, and some more */
#define COLUMNS 80
#define BAR	20

static const char *const load_names[] = { "bot, HTTP", "bot, HTTPS",
					  "framed-load" };

void screen_begin(struct screen *s, bool plain)
{
	struct winsize size;

	memset(s, 0, sizeof(*s));
	s->live = !plain && terminal_draws(STDOUT_FILENO) &&
		  ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
		  size.ws_row >= ROWS && size.ws_col >= COLUMNS;
	if (s->live)
		fputs("\033[?25l", stdout); /* no cursor */
}

void screen_end(struct screen *s)
{
	if (s->live)
		fputs("\033[?25h\n", stdout);
	fflush(stdout);
}

/* Ends a line of the picture. */
static void end_line(struct screen *s)
{
	fputs("\033[K\n", stdout);
	s->drawn++;
}

/* A time in microseconds, in a field of 8. */
static void print_time(double us)
{
	if (us <= 0)
		printf("%8s", "-");
	else if (us < 1000)
		printf("%5.0f us", us);
	else
		printf("%5.1f ms", us / 1000);
}

static void draw_loads(struct screen *s, const struct figures *f)
{
	printf("  %-12s %5s %11s %8s %8s %12s %8s", "client", "conns",
	       "requests/s", "p50", "p99", "requests", "failed");
	end_line(s);
	for (int i = 0; i < LOADS; i++) {
		const struct load *l = &f->loads[i];

		printf("  %-12s %5u %11.0f ", load_names[i], l->connections,
		       l->rate);
		print_time(l->p50_us);
		putchar(' ');
		print_time(l->p99_us);
		printf(" %12llu %8llu", (unsigned long long)l->done,
		       (unsigned long long)l->failed);
		end_line(s);
	}
}

static void draw_share(int share)
{
	int full = share < 0 ? 0 : (share * BAR + 50) / 100;

	for (int i = 0; i < BAR; i++)
		fputs(i < full ? "█" : "░", stdout);
	if (share < 0)
		printf("    -");
	else
		printf(" %3d%%", share);
}

static void draw_servers(struct screen *s, const struct figures *f)
{
	printf("  %-9s %-7s %5s  %-25s %9s %10s", "server", "state", "conns",
	       "share of new connections", "MB/s", "memory");
	end_line(s);
	for (int i = 0; i < SERVERS; i++) {
		const struct figures_server *server = &f->server[i];

		printf("  %-9s %-7s %5lu  ", cluster_name(i), server->state,
		       server->open);
		draw_share(server->share);
		printf(" %9.1f %7.1f MB", server->down_rate / 1e6,
		       (double)server->memory / 1e6);
		end_line(s);
	}
	printf("  %-9s %-7s %5lu %37s %7.1f MB", "forwarder", "", f->open, "",
	       (double)f->memory / 1e6);
	end_line(s);
}

static void draw(struct screen *s, const struct figures *f,
		 const struct story *story)
{
	if (s->drawn > 0)
		printf("\033[%dA", s->drawn);
	s->drawn = 0;
	printf("  Readylist: the eight labs at work %30.0f s of %.0f",
	       f->seconds, f->all);
	end_line(s);
	end_line(s);
	draw_loads(s, f);
	end_line(s);
	draw_servers(s, f);
	end_line(s);
	for (size_t i = 0; i < story->lines; i++) {
		printf("  %s", story->line[i]);
		end_line(s);
	}
}

static void print_line(const struct figures *f)
{
	printf("%5.1f s  %lu conns", f->seconds, f->open);
	for (int i = 0; i < LOADS; i++) {
		const struct load *l = &f->loads[i];

		printf(" | %s %.0f/s p99 %.1f ms failed %llu", l->name, l->rate,
		       l->p99_us / 1000, (unsigned long long)l->failed);
	}
	printf(" |");
	for (int i = 0; i < SERVERS; i++) {
		const struct figures_server *server = &f->server[i];

		printf(" %s %s", cluster_name(i), server->state);
		if (server->share >= 0)
			printf(" %d%%", server->share);
		printf(" %.1f MB%s", (double)server->memory / 1e6,
		       i + 1 < SERVERS ? "," : "\n");
	}
}

void screen_show(struct screen *s, const struct figures *f,
		 const struct story *story)
{
	if (s->live)
		draw(s, f, story);
	else
		print_line(f);
	fflush(stdout);
}

void screen_event(struct screen *s, const struct story *story)
{
	if (s->live)
		return;
	puts(story->line[story->lines - 1]);
	fflush(stdout);
}
