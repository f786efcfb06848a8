/* SPDX-License-Identifier: MIT */
/*
 * A table of chains, by a hash of the address as text: that is what the log
 * writes, and it is the same for all families. Without a limit for each address
 * and without a log, a connection costs one atomic addition.
 */
#include "peers.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sock.h"

#define CHAINS 1024

struct peers {
	size_t total;
	size_t per_address;
	bool named;
	atomic_size_t connections;
	pthread_mutex_t lock; /* for the chains and all in them */
	struct peer *chains[CHAINS];
};

struct peers *peers_create(size_t per_address, bool named)
{
	struct peers *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->total = SIZE_MAX;
	p->per_address = per_address;
	p->named = named || per_address < SIZE_MAX;
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

void peers_limit(struct peers *p, size_t total)
{
	p->total = total;
}

void peers_free(struct peers *p)
{
	if (!p)
		return;
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* The address of "127.0.0.1:80" or "[::1]:80" alone. */
static char *address_of(char *text)
{
	char *end = text[0] == '[' ? strchr(text, ']') : strrchr(text, ':');

	if (end)
		*end = '\0';
	return text[0] == '[' ? text + 1 : text;
}

/* Where the address TEXT is, or is to be, in its chain. */
static struct peer **find(struct peers *p, const char *text)
{
	uint32_t h = 2166136261u;
	struct peer **at;

	for (const char *c = text; *c; c++)
		h = (h ^ (unsigned char)*c) * 16777619u;
	at = &p->chains[h % CHAINS];
	while (*at && strcmp((*at)->text, text) != 0)
		at = &(*at)->next;
	return at;
}

/* One more of the address TEXT; the lock is held. */
static int add(struct peers *p, const char *text, struct peer **peer)
{
	struct peer **at = find(p, text);

	if (!*at) {
		*at = calloc(1, sizeof(**at) + strlen(text) + 1);
		if (!*at)
			return -1;
		strcpy((*at)->text, text);
	}
	*peer = *at;
	if ((*peer)->connections == p->per_address) {
		errno = EDQUOT;
		return -1;
	}
	(*peer)->connections++;
	return 0;
}

static int take_address(struct peers *p, int fd, struct peer **peer)
{
	char text[ADDR_TEXT_MAX];
	int ret;

	if (sock_peer_text(fd, text, sizeof(text)) < 0)
		return -1;
	pthread_mutex_lock(&p->lock);
	ret = add(p, address_of(text), peer);
	pthread_mutex_unlock(&p->lock);
	return ret;
}

int peers_take(struct peers *p, int fd, struct peer **peer)
{
	*peer = NULL;
	if (atomic_fetch_add(&p->connections, 1) >= p->total) {
		atomic_fetch_sub(&p->connections, 1);
		errno = EUSERS;
		return -1;
	}
	if (p->named && take_address(p, fd, peer) < 0) {
		atomic_fetch_sub(&p->connections, 1);
		return -1;
	}
	return 0;
}

void peers_give_back(struct peers *p, struct peer *peer)
{
	atomic_fetch_sub(&p->connections, 1);
	if (!peer)
		return;
	pthread_mutex_lock(&p->lock);
	if (--peer->connections == 0) {
		*find(p, peer->text) = peer->next;
		free(peer);
	}
	pthread_mutex_unlock(&p->lock);
}
