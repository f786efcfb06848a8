/* SPDX-License-Identifier: MIT */
/*
 * app - what a mux-server does with its clients: echo, or chat.
 *
 * An app is four functions. The mux (mux.h) calls them, one at a time, in the
 * thread of its loop; they look at a client's input and send to any client.
 * An app knows nothing of descriptors, pollers or readiness, so the same one
 * runs on select, poll and epoll.
 */
#ifndef LAB03_APP_H
#define LAB03_APP_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

struct mux;
struct guest; /* a connection, as an app sees it */

struct app {
	const char *name; /* as --app names it */

	/*
	 * Begins. Returns the app's own state, which the other functions get
	 * as STATE; or NULL with errno ENOMEM.
	 */
	void *(*start)(void);

	/* Ends: frees STATE. All clients have left by now. */
	void (*stop)(void *state);

	/*
	 * C has come. Returns 0, also if it has dropped C meanwhile; or -1 to
	 * turn it away: it is closed, and left() is not called.
	 */
	int (*joined)(void *state, struct guest *c);

	/*
	 * Something about C is new: more bytes in guest_input(), or the end
	 * of its input (guest_eof()), or room to send. Called again and again;
	 * what the app does not consume stays for the next time.
	 */
	void (*input)(void *state, struct guest *c);

	/*
	 * C is gone, by its own will, by an error, or by guest_drop(). For
	 * the last time C may be looked at; sending to it has no effect.
	 */
	void (*left)(void *state, struct guest *c);
};

/* The bytes that came and are not consumed yet: buf_data(), buf_consume(). */
struct buf *guest_input(struct guest *c);

/* C will send no more. What is in guest_input() is the rest. */
bool guest_eof(const struct guest *c);

/* How many bytes guest_send() would take now. */
size_t guest_room(const struct guest *c);

/*
 * Sends N bytes to C: what its socket does not take now is kept and sent
 * later, up to the ceiling. All or nothing is taken.
 *
 * Returns 0, or -1 with errno ENOBUFS: C reads too slowly, its ceiling would
 * be passed, and nothing was taken. A connection that breaks here is dropped
 * a little later by itself (left() is called then, not from here), and until
 * then takes everything and returns 0.
 */
int guest_send(struct guest *c, const void *data, size_t n);

/* No more will be sent to C: when all is out, it sees the end of the stream. */
void guest_finish(struct guest *c);

/*
 * Ends C now; what was not sent yet is lost. Its left() is called before this
 * returns. C may be any client, the one whose input() is running included; it
 * stays readable memory until the present round of the loop has ended. No
 * effect on a client that has left.
 */
void guest_drop(struct guest *c);

/* A pointer of the app's own for each client, NULL at first. */
void guest_set_data(struct guest *c, void *data);
void *guest_data(const struct guest *c);

extern const struct app app_echo; /* echo.c, given */
extern const struct app app_chat; /* chat.c, the student's */

#endif
