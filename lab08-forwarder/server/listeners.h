/* SPDX-License-Identifier: MIT */
/*
 * listeners - the sockets that clients come in by. Rules that name the same
 * address share one; each holder counts, and the last one closes it.
 */
#ifndef LAB08_LISTENERS_H
#define LAB08_LISTENERS_H

#include <stdatomic.h>
#include <stdbool.h>

#include "addr.h"
#include "rules.h"

struct listener {
	atomic_uint holders;
	int fd;
	/* What makes it the same: the address, and for port 0 also who asked. */
	char key[RULES_WORD_MAX + RULES_ID_MAX + 32];
	char bound[RULES_WORD_MAX + 1]; /* as it is printed, with its port */
	struct addr local;		/* of TCP */
	bool is_unix;
	atomic_bool manage; /* a rule of mode G is among those that listen here */
	bool shut;
	bool yielded;
};

/*
 * What makes the INDEXth address of RULE the same listener as another: TEXT,
 * SIZE bytes. That is the address, however it is written; a name is looked up.
 * Port 0 is another one each time.
 */
void listener_key(const struct rule *rule, size_t index, char *text,
		  size_t size);

/*
 * Opens TEXT, HOST:PORT as lab 1's listener takes it, or "unix:/path", which is
 * a socket of mode 0600; one that a dead process left there is replaced. What
 * is accepted has TCP_NODELAY and SO_KEEPALIVE (inherited, tcp(7)).
 *
 * Returns it with one holder, or NULL with errno and *WHY a sentence.
 */
struct listener *listener_create(const char *text, const char *key,
				 const char **why);

struct listener *listener_hold(struct listener *l);
void listener_release(struct listener *l);

/*
 * L makes room for another listener of its port, as long as that may take: it
 * keeps its address, but does not listen. Returns whether it does so now.
 */
bool listener_yield(struct listener *l);

/* It listens again, if it had yielded. */
void listener_resume(struct listener *l);

/*
 * From now on nobody can connect, whoever still holds it, and the address is
 * free (shutdown(2) of a listening socket; a Unix socket's file is removed).
 */
void listener_shut(struct listener *l);

#endif
