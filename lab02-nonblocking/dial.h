/* SPDX-License-Identifier: MIT */
/*
 * dial - a connection to HOST:PORT, made without waiting for it.
 *
 *	struct dial d;
 *	int fd = dial_start(&d, "example.org:80", 3000);
 *
 *	while (fd < 0 && errno == EINPROGRESS) {
 *		... until dial_fd(&d) is writable, or dial_left_ms(&d) is over
 *		fd = dial_continue(&d);
 *	}
 *
 * A name may have several addresses; they are tried in the order in which
 * getaddrinfo(3) gives them (RFC 6724), the next when one fails. The time is
 * for all of them: each gets an equal share of what is left when its turn
 * comes, so that a silent first address leaves time for the others.
 *
 *	             dial_start()
 *	                  |
 *	                  v        refused, unreachable, share used up
 *	   .-------> CONNECTING ------------------------------------.
 *	   |              |                                         |
 *	   |              | writable and SO_ERROR is 0         next address?
 *	   |              v                                     |        |
 *	   |          connected                             yes |        | no
 *	   '----------------------------------------------------'        v
 *	                                                        failed: errno
 *
 * A dial belongs to one thread at a time.
 */
#ifndef LAB02_DIAL_H
#define LAB02_DIAL_H

#include <netdb.h>
#include <stdint.h>

struct dial {
	int fd;		     /* the attempt under way; -1 between and after */
	int error;	     /* why the last attempt failed */
	int64_t deadline_ms; /* for all attempts, by clock_ms() */
	int64_t attempt_deadline_ms; /* for this one */
	struct addrinfo *addresses;  /* of the name; ours to free */
	struct addrinfo *next;	     /* the one to try after this */
};

/*
 * Begins to connect to HOST_PORT (addr_split() in common/addr.h gives the
 * form), for at most TIMEOUT_MS milliseconds, 1 or more. Resolving the name is
 * the one thing here that may wait (getaddrinfo(3)); a numeric address never
 * does.
 *
 * Returns a connected socket, non-blocking and close-on-exec, that the caller
 * owns; or -1 with errno EINPROGRESS: go on with dial_continue(); or -1 with
 * another errno, and nothing is left to clean up:
 *   EINVAL	HOST_PORT is malformed; ENAMETOOLONG: its host is too long
 *   ENOENT	the name does not exist or has no address
 *   EIO	the resolver did not answer; another time it may (EAI_AGAIN)
 *   ECONNREFUSED, EHOSTUNREACH, ...: the last address' error, connect(2)
 *   EMFILE, ENFILE, ENOMEM: no descriptor or memory here
 */
int dial_start(struct dial *d, const char *host_port, int timeout_ms);

/*
 * Looks at what became of it. May be called at any time after EINPROGRESS; it
 * makes sense when dial_fd() is writable or dial_left_ms() is over. Returns as
 * dial_start() does, and with errno ETIMEDOUT if the last address gave no
 * answer in its time.
 */
int dial_continue(struct dial *d);

/*
 * The socket to watch for writing while errno was EINPROGRESS. Each call of
 * dial_continue() may change it: another address is another socket. Once there
 * is a result it is -1.
 */
int dial_fd(const struct dial *d);

/* How long to wait for dial_fd() at most: milliseconds, as poll(2) takes. */
int dial_left_ms(const struct dial *d);

/*
 * Gives it up. Needed only between EINPROGRESS and the result; later it does
 * nothing, for a connection that was made is the caller's.
 */
void dial_cancel(struct dial *d);

#endif
