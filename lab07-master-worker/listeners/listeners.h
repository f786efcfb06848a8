/* SPDX-License-Identifier: MIT */
/*
 * listeners - the sockets that clients come in by.
 *
 *	                 seat 0     seat 1     seat 2
 *	127.0.0.1:9700   socket     socket     socket
 *	[::1]:9700       socket     socket     socket
 *
 * For each address there is a socket for each seat, all bound to it with
 * SO_REUSEPORT (socket(7)). The kernel spreads the clients over them, and only
 * the worker at whose socket a client waits is woken: no herd.
 *
 * A client that waits at a socket is reset when the socket is closed. So the
 * master opens all of them and keeps them open; a worker that ends, or is
 * killed, closes nothing but its copy, and the next worker of the seat accepts
 * who is waiting. (tcp(7): net.ipv4.tcp_migrate_req would move them, and is
 * off by default.)
 *
 * Fewer workers than there are sockets leave no socket alone: worker I of N
 * accepts at all sockets whose number is I modulo N.
 *
 * The first socket of an address is bound without SO_REUSEPORT, for a moment:
 * so it fails if anybody else listens there, another framed included.
 *
 * For the master, before and between forks; no threads.
 */
#ifndef LAB07_LISTENERS_H
#define LAB07_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>

struct listeners;

/* No addresses yet. NULL with errno ENOMEM. */
struct listeners *listeners_create(void);

/* Closes all sockets. LS may be NULL. */
void listeners_destroy(struct listeners *ls);

/*
 * Listens at ADDRESSES, an array of "HOST:PORT" that ends with NULL, with
 * SEATS sockets each or more, instead of what it listened at before. An address
 * that was there before, by its text, keeps its sockets, and so its port if that
 * was 0; one that was there by another text (a name, port 0) keeps them as well. Sockets of addresses that are gone are closed: who was forked before
 * has copies, and empties their queues.
 *
 * Returns 0; or -1 with WHY (SIZE bytes) "ADDRESS: reason", and nothing has
 * changed.
 */
int listeners_change(struct listeners *ls, char *const addresses[],
		     size_t seats, char *why, size_t size);

/*
 * The address number I as it is bound, "127.0.0.1:9700"; NULL if there are not
 * so many.
 */
const char *listeners_name(const struct listeners *ls, size_t i);

/* Whether nobody has asked this before of address I, which there is. */
bool listeners_is_new(struct listeners *ls, size_t i);

/* How many sockets there are, of all addresses. */
size_t listeners_count(const struct listeners *ls);

/*
 * In the worker SEAT of WORKERS, after the fork: closes what others accept at.
 * The descriptors that are left go to FDS, which has room for
 * listeners_count(); they are the caller's now. Returns how many.
 */
size_t listeners_keep(struct listeners *ls, size_t seat, size_t workers,
		      int *fds);

#endif
