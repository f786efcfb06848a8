/* SPDX-License-Identifier: MIT */
#include "lab03.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

struct prog *poller_driver(const struct prog_opts *opts, const char *kind)
{
	struct prog_opts all = opts ? *opts : (struct prog_opts){ 0 };
	struct prog *driver;

	all.no_listen = all.keep_stdin = true;
	driver = prog_start_opts(&all, "drivers/poller-driver", kind);
	play(driver, "0", "create");
	return driver;
}

void driver_ends(struct prog *driver)
{
	prog_close_stdin(driver);
	prog_expect_exit(driver, 0);
}

uint64_t waits_of(struct prog *srv, const char *kind)
{
	if (!strcmp(kind, "select"))
		return prog_calls(srv, "select") + prog_calls(srv, "pselect");
	return prog_calls(srv, "poll") + prog_calls(srv, "ppoll");
}

/* The size of the address space: with AddressSanitizer, many TiB. */
static unsigned long address_space_pages(struct prog *srv)
{
	unsigned long pages;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", prog_pid(srv));
	f = fopen(path, "re");
	if (!f || fscanf(f, "%lu", &pages) != 1)
		judge_infra("%s", path);
	fclose(f);
	return pages;
}

void expect_memory(struct prog *srv, size_t before, size_t kib)
{
	size_t now = prog_rss_kib(srv);

	if (address_space_pages(srv) > 1ul << 28) {
		judge_step("a sanitizer is built in: memory is not judged");
		return;
	}
	judge_check(now <= before + kib, "memory to be bounded",
		    "%zu KiB more than before, and not %zu at most",
		    now - before, kib);
}

void let_pass(int64_t ms)
{
	int64_t begin = clock_ms();

	judge_step("%lld ms pass", (long long)ms);
	judge_until(clock_ms() - begin >= ms, "the time has passed");
}

void room_others(const struct room *room, const struct peer *about,
		 const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (int i = 0; i < room->n; i++)
		if (room->member[i] != about)
			peer_expectf(room->member[i], "%s\n", line);
}

struct peer *room_enter(struct room *room, const char *guest)
{
	struct peer *c = peer_connect(room->srv);

	peer_expectf(c, "* welcome, %s\n", guest);
	room_others(room, NULL, "* %s joined", guest);
	room->member[room->n++] = c;
	return c;
}

struct room room_open(const struct prog_opts *opts, const char *kind, int n)
{
	static const struct prog_opts none;
	struct room room = { .n = 0 };
	char guest[16];

	room.srv = mux_server_opts(opts ? opts : &none, kind, "chat");
	for (int i = 1; i <= n; i++) {
		snprintf(guest, sizeof(guest), "guest%d", i);
		room_enter(&room, guest);
	}
	return room;
}

void room_without(struct room *room, const struct peer *c)
{
	int kept = 0;

	for (int i = 0; i < room->n; i++)
		if (room->member[i] != c)
			room->member[kept++] = room->member[i];
	room->n = kept;
}
