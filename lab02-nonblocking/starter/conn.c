/* SPDX-License-Identifier: MIT */
/*
 * Task 1: conn_init() to conn_done(), conn_read(), conn_drain(). Task 2:
 * conn_send(), conn_flush(). Task 3: conn_finish().
 *
 * conn.h says what each must do; the handout, README.md, says why. The two
 * queues are common/buf.h's, and they keep to their ceilings by themselves.
 */
#include "conn.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

void conn_init(struct conn *c, int fd, size_t ceiling)
{
	/* Every field, and both buffers. */
	*c = (struct conn){ .fd = fd };
	TODO(ceiling);
}

void conn_close(struct conn *c)
{
	/* What is held? And what makes a second call harmless? */
	TODO(c);
}

bool conn_wants_read(const struct conn *c)
{
	/* Three conditions; conn.h has them. */
	TODO(c);
	return false;
}

bool conn_wants_write(const struct conn *c)
{
	/* Something waits; or something is still to be said without bytes. */
	TODO(c);
	return false;
}

bool conn_done(const struct conn *c)
{
	TODO(c);
	return false;
}

ssize_t conn_read(struct conn *c)
{
	/*
	 * Straight into the buffer: buf_reserve(), recv(2), buf_commit(). How
	 * much may be reserved? What is committed when nothing came?
	 */
	TODO(c);
	return -1;
}

enum conn_drained conn_drain(struct conn *c, size_t budget)
{
	/*
	 * conn_read() has five kinds of answer. Which of them end the loop,
	 * and with what result? There is a sixth reason to stop.
	 */
	TODO(c, budget);
	return CONN_LOST;
}

int conn_send(struct conn *c, const void *data, size_t n)
{
	/*
	 * The order of the questions matters: may we still send? is there room
	 * for all of it, should the socket take none? does something wait that
	 * has to go first? And only then send(2), whose flags keep SIGPIPE
	 * away.
	 */
	TODO(c, data, n);
	return -1;
}

int conn_flush(struct conn *c)
{
	/*
	 * What does send(2) return when there is room for a part? When there
	 * is none? Neither is a reason to try again now.
	 */
	TODO(c);
	return -1;
}

int conn_finish(struct conn *c)
{
	/*
	 * There are two moments at which the peer can be told: here, and at
	 * the end of a conn_flush(). One helper for both.
	 */
	TODO(c);
	return -1;
}
