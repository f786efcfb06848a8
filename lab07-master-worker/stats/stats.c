/* SPDX-License-Identifier: MIT */
/*
 * mmap(2) with MAP_SHARED and MAP_ANONYMOUS is memory that a fork does not
 * copy. A block is a page, so that no two workers write to the same cache line.
 */
#include "stats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "list.h"
#include "util.h"

struct block {
	struct list link;
	pid_t pid; /* 0: not assigned yet */
	struct stats *stats;
};

struct stats_board {
	struct list blocks;
	uint64_t started;
	uint64_t ended[STATS_COUNTS]; /* of workers that have ended */
};

static const char *const names[STATS_COUNTS] = {
	[STATS_CONNECTIONS] = "connections",
	[STATS_ACCEPTED] = "accepted",
	[STATS_PACKETS] = "packets",
	[STATS_PINGS] = "pings",
	[STATS_REGISTERS] = "registers",
	[STATS_LOGINS] = "logins",
	[STATS_DROPPED] = "dropped",
	[STATS_ANSWERS] = "answers",
	[STATS_DONE] = "done",
	[STATS_TAKEN] = "taken",
	[STATS_DENIED] = "denied",
	[STATS_MALFORMED] = "malformed",
	[STATS_LATER] = "later",
	[STATS_STALE] = "stale",
	[STATS_CLOSED + SESSION_LENGTH] = "closed_length",
	[STATS_CLOSED + SESSION_CRC] = "closed_crc",
	[STATS_CLOSED + SESSION_FLOOD] = "closed_flood",
	[STATS_CLOSED + SESSION_HEARTBEAT] = "closed_heartbeat",
	[STATS_CLOSED + SESSION_SEND_QUEUE] = "closed_send_queue",
	[STATS_CLOSED + SESSION_LIMIT] = "closed_limit",
	[STATS_CLOSED + SESSION_DRAIN] = "closed_drain",
	[STATS_CLOSED + SESSION_PEER] = "closed_peer",
};

static struct block *of_link(const struct list *link)
{
	return CONTAINER_OF(link, struct block, link);
}

static void drop(struct block *b)
{
	list_remove(&b->link);
	munmap(b->stats, sizeof(*b->stats));
	free(b);
}

struct stats_board *stats_create(void)
{
	struct stats_board *board = calloc(1, sizeof(*board));

	if (board)
		list_init(&board->blocks);
	return board;
}

void stats_destroy(struct stats_board *board)
{
	if (!board)
		return;
	while (!list_empty(&board->blocks))
		drop(of_link(board->blocks.next));
	free(board);
}

struct stats *stats_reserve(struct stats_board *board)
{
	struct block *b = calloc(1, sizeof(*b));
	void *page;

	if (!b)
		return NULL;
	page = mmap(NULL, sizeof(*b->stats), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED) {
		free(b);
		errno = ENOMEM;
		return NULL;
	}
	b->stats = page;
	list_init(&b->link);
	list_append(&board->blocks, &b->link);
	return b->stats;
}

/* The block of PID, 0: the one that is not assigned yet; or NULL. */
static struct block *find(const struct stats_board *board, pid_t pid)
{
	const struct list *l;

	for (l = board->blocks.next; l != &board->blocks; l = l->next)
		if (of_link(l)->pid == pid)
			return of_link(l);
	return NULL;
}

void stats_assign(struct stats_board *board, pid_t pid)
{
	struct block *b = find(board, 0);

	if (!b)
		return;
	if (pid < 0) {
		drop(b);
		return;
	}
	b->pid = pid;
	board->started++;
}

static uint64_t value(const struct stats *stats, size_t which)
{
	return atomic_load_explicit(&stats->counts[which],
				    memory_order_relaxed);
}

void stats_retire(struct stats_board *board, pid_t pid)
{
	struct block *b = find(board, pid);

	if (!b)
		return;
	/* Its connections, if it was killed, have ended with it. */
	for (size_t i = STATS_CONNECTIONS + 1; i < STATS_COUNTS; i++)
		board->ended[i] += value(b->stats, i);
	drop(b);
}

static uint64_t sum(const struct stats_board *board, size_t which)
{
	uint64_t total = board->ended[which];
	const struct list *l;

	for (l = board->blocks.next; l != &board->blocks; l = l->next)
		total += value(of_link(l)->stats, which);
	return total;
}

void stats_print(const struct stats_board *board, char *text, size_t size)
{
	unsigned int workers = 0;
	const struct list *l;
	size_t n;

	for (l = board->blocks.next; l != &board->blocks; l = l->next)
		workers++;
	n = (size_t)snprintf(text, size, "workers=%u started=%llu", workers,
			     (unsigned long long)board->started);
	for (size_t i = 0; i < STATS_COUNTS && n < size; i++)
		n += (size_t)snprintf(text + n, size - n, " %s=%llu", names[i],
				      (unsigned long long)sum(board, i));
}
