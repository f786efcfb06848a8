/* SPDX-License-Identifier: MIT */
/*
 * Drives one heartbeat. See script.h for the form of it. Entries are numbers.
 *
 *	init YES WAIT KICK	heartbeat_init(), YES and KICK 0 or 1
 *	add I MS		heartbeat_add() of entry I at that time
 *	fill N MS		of entries 0 to N - 1
 *	seen I MS, remove I
 *	expired MS		who has expired, in order, "-" if nobody
 *	next			heartbeat_next_ms()
 *	moves			calls of heap_insert() and heap_remove() so far
 *	ticks N			CPU nanoseconds of N rounds, each of them
 *				heartbeat_seen() and heartbeat_expired() at a
 *				time when nobody is due
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "heartbeat.h"
#include "script.h"
#include "util.h"

#define ENTRIES 200000

void __real_heap_insert(struct heap *h, struct heap_node *n, int64_t key,
			uint64_t order);
void __real_heap_remove(struct heap *h, struct heap_node *n);
void __wrap_heap_insert(struct heap *h, struct heap_node *n, int64_t key,
			uint64_t order);
void __wrap_heap_remove(struct heap *h, struct heap_node *n);

static struct heartbeat heartbeat;
static struct heartbeat_entry entries[ENTRIES];
static unsigned long moves;
static size_t filled;

void __wrap_heap_insert(struct heap *h, struct heap_node *n, int64_t key,
			uint64_t order)
{
	moves++;
	__real_heap_insert(h, n, key, order);
}

void __wrap_heap_remove(struct heap *h, struct heap_node *n)
{
	moves++;
	__real_heap_remove(h, n);
}

static void init(const struct script *s)
{
	const struct heartbeat_rules rules = {
		.enabled = script_number(s, 1),
		.wait_seconds = (unsigned int)script_number(s, 2),
		.kick_at_once = script_number(s, 3),
	};

	memset(&heartbeat, 0xee, sizeof(heartbeat));
	memset(entries, 0, sizeof(entries));
	heartbeat_init(&heartbeat, &rules);
}

static void expired(int64_t now)
{
	static char words[SCRIPT_LINE - 1];
	struct heartbeat_entry *e;
	size_t at = 0;

	while ((e = heartbeat_expired(&heartbeat, now)) &&
	       at < sizeof(words) - 32)
		at += (size_t)sprintf(words + at, "%s%td%s", at ? " " : "",
				      e - entries,
				      e->watched ? "(still watched)" : "");
	script_say("%s", at ? words : "-");
}

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void ticks(long long n)
{
	int64_t began = cpu_ns(), now = entries[0].last_ms;

	for (long long i = 0; i < n; i++) {
		heartbeat_seen(&entries[(size_t)i % filled], now + 1);
		if (heartbeat_expired(&heartbeat, now + 1))
			exit(2);
	}
	script_say("%jd", (intmax_t)(cpu_ns() - began));
}

/* Commands whose answer is "ok". */
static int quiet(const struct script *s)
{
	struct heartbeat_entry *e = &entries[script_number(s, 1)];
	int64_t ms = script_number(s, 2);

	if (script_is(s, "init")) {
		init(s);
	} else if (script_is(s, "add")) {
		heartbeat_add(&heartbeat, e, ms);
	} else if (script_is(s, "fill")) {
		filled = (size_t)script_number(s, 1);
		for (size_t i = 0; i < filled; i++)
			heartbeat_add(&heartbeat, &entries[i], ms);
	} else if (script_is(s, "seen")) {
		heartbeat_seen(e, ms);
	} else if (script_is(s, "remove")) {
		heartbeat_remove(&heartbeat, e);
	} else {
		return 0;
	}
	script_say("ok");
	return 1;
}

static void obey(const struct script *s)
{
	if (script_is(s, "expired"))
		expired(script_number(s, 1));
	else if (script_is(s, "next"))
		script_say("%jd", (intmax_t)heartbeat_next_ms(&heartbeat));
	else if (script_is(s, "moves"))
		script_say("%lu", moves);
	else if (script_is(s, "ticks"))
		ticks(script_number(s, 1));
	else if (!quiet(s))
		script_unknown(s);
}

int main(void)
{
	struct script s;

	while (script_read(&s))
		obey(&s);
	return 0;
}
