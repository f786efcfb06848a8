/* SPDX-License-Identifier: MIT */
/*
 * The life of a client:
 *
 *	            mux_add()           lost, done, or guest_drop()
 *	(accepted) ----------> serving -----------------------------> gone
 *	                        ^   |                                   |
 *	                        '---'                   end of the round |
 *	                   on_ready(): flush,                           v
 *	                   read, app, interest                        freed
 *
 * A client may go in the middle of anything, its own handler included: its
 * message made another one's buffer overflow, whose removal is announced to
 * all, which... So `gone` is set and the descriptor closed at once, but the
 * memory lives on until the round has ended, when nobody is in the middle of
 * anything.
 *
 * Level and edge: with a level-triggered poller one recv(2) a report is
 * enough, as what is left will be reported again. With an edge-triggered one,
 * the socket is drained to EAGAIN, or the loop is asked to come back.
 */
#include "mux.h"

#include <errno.h>
#include <stdlib.h>

#include "conn.h"
#include "sock.h"
#include "util.h"

struct mux {
	struct loop *loop;
	const struct app *app;
	void *state; /* the app's */
	size_t ceiling;
	struct list clients;
	struct list gone;
	struct loop_task bury; /* frees what is in `gone` */
};

struct guest {
	struct loop_fd watch;
	struct conn conn;
	struct mux *mux;
	struct list link;
	void *data; /* the app's */
	bool gone;
	bool lost; /* broken in guest_send(): to be dropped */
};

static void bury(struct loop_task *task)
{
	struct mux *mux = CONTAINER_OF(task, struct mux, bury);

	while (!list_empty(&mux->gone)) {
		struct guest *c =
			CONTAINER_OF(mux->gone.next, struct guest, link);

		list_remove(&c->link);
		free(c);
	}
}

/* Takes C out of everything but memory. */
static void remove_guest(struct guest *c)
{
	struct mux *mux = c->mux;

	c->gone = true;
	loop_fd_stop(&c->watch);
	conn_close(&c->conn);
	list_remove(&c->link);
	list_append(&mux->gone, &c->link);
	loop_defer(mux->loop, &mux->bury);
}

void guest_drop(struct guest *c)
{
	if (c->gone)
		return;
	remove_guest(c);
	c->mux->app->left(c->mux->state, c);
}

/* Watches C for what makes sense now. */
static void update_interest(struct guest *c)
{
	unsigned int interest = 0;

	if (conn_wants_read(&c->conn))
		interest |= POLLER_READ;
	if (conn_wants_write(&c->conn) || c->lost)
		interest |= POLLER_WRITE;
	loop_fd_modify(&c->watch, interest);
}

/* Reads what a report of READ is worth. False if the connection is lost. */
static bool take_input(struct guest *c)
{
	if (!loop_is_edge(c->mux->loop))
		return conn_read(&c->conn) >= 0 || errno == EAGAIN;
	switch (conn_drain(&c->conn, MUX_BUDGET)) {
	case CONN_LOST:
		return false;
	case CONN_MORE:
		loop_fd_again(&c->watch, POLLER_READ);
		return true;
	default:
		return true;
	}
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct guest *c = CONTAINER_OF(watch, struct guest, watch);
	struct conn *conn = &c->conn;
	bool fine = !c->lost;

	if (fine && (ready & POLLER_WRITE))
		fine = conn_flush(conn) == 0;
	if (fine && (ready & POLLER_READ) && conn_wants_read(conn))
		fine = take_input(c);
	if (fine)
		c->mux->app->input(c->mux->state, c);
	if (c->gone)
		return;
	if (!fine || c->lost || conn_done(conn))
		guest_drop(c);
	else
		update_interest(c);
}

int mux_add(struct mux *mux, int fd)
{
	struct guest *c = calloc(1, sizeof(*c));
	struct conn conn;
	int error;

	conn_init(&conn, fd, mux->ceiling);
	if (!c) {
		conn_close(&conn);
		errno = ENOMEM;
		return -1;
	}
	c->conn = conn;
	c->mux = mux;
	list_append(&mux->clients, &c->link);
	loop_fd_init(&c->watch, on_ready);
	/* Apps answer in small pieces; a failure costs time and nothing else. */
	sock_set_nodelay(fd, true);
	if (loop_fd_start(mux->loop, &c->watch, fd, POLLER_READ) == 0 &&
	    mux->app->joined(mux->state, c) == 0)
		return 0;
	error = errno;
	remove_guest(c);
	errno = error;
	return -1;
}

struct mux *mux_create(const struct poller_ops *poller, const struct app *app,
		       size_t ceiling)
{
	struct mux *mux = calloc(1, sizeof(*mux));

	if (!mux)
		return NULL;
	mux->app = app;
	mux->ceiling = ceiling;
	list_init(&mux->clients);
	list_init(&mux->gone);
	loop_task_init(&mux->bury, bury);
	mux->loop = loop_create(poller, 0);
	mux->state = mux->loop ? app->start() : NULL;
	if (mux->state)
		return mux;
	loop_destroy(mux->loop);
	free(mux);
	return NULL;
}

void mux_destroy(struct mux *mux)
{
	if (!mux)
		return;
	while (!list_empty(&mux->clients))
		guest_drop(CONTAINER_OF(mux->clients.next, struct guest, link));
	bury(&mux->bury);
	mux->app->stop(mux->state);
	loop_destroy(mux->loop);
	free(mux);
}

struct loop *mux_loop(struct mux *mux)
{
	return mux->loop;
}

struct buf *guest_input(struct guest *c)
{
	return &c->conn.in;
}

bool guest_eof(const struct guest *c)
{
	return c->conn.eof;
}

size_t guest_room(const struct guest *c)
{
	return buf_room(&c->conn.out);
}

int guest_send(struct guest *c, const void *data, size_t n)
{
	if (c->gone || c->lost)
		return 0;
	if (conn_send(&c->conn, data, n) < 0) {
		if (errno == ENOBUFS)
			return -1;
		c->lost = true;
	}
	update_interest(c);
	return 0;
}

void guest_finish(struct guest *c)
{
	if (c->gone || c->lost || c->conn.finishing)
		return;
	if (conn_finish(&c->conn) < 0)
		c->lost = true;
	update_interest(c);
}

void guest_set_data(struct guest *c, void *data)
{
	c->data = data;
}

void *guest_data(const struct guest *c)
{
	return c->data;
}
