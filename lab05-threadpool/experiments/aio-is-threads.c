/* SPDX-License-Identifier: MIT */
/*
 * POSIX has asynchronous I/O (aio(7)), and glibc implements it without the
 * kernel: aio_read(3) puts the request on a list and starts a thread, which
 * calls pread(2), or read(2) where there is no offset, and waits in it
 * (handle_fildes_io() in rt/aio_misc.c). There are 20 threads at most unless
 * aio_init(3) says otherwise, and the requests of one descriptor are served by
 * one thread, one after the other. So on sockets that are silent the threads
 * are soon all taken.
 */
#include <aio.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"
#include "experiment_usage.h"

enum { SOCKETS = 24, DEADLINE_MS = 10000, QUIET_MS = 200 };

static struct exp_pair pairs[SOCKETS];
static struct aiocb reads[SOCKETS];
static struct aiocb answer;
static char bytes[SOCKETS];

/* Is the request done within MS? */
static bool done(const struct aiocb *request, int ms)
{
	int64_t deadline = clock_ms() + ms;

	while (aio_error(request) == EINPROGRESS)
		if (!exp_tick(deadline))
			return false;
	return true;
}

static void begin_read(int i)
{
	reads[i].aio_fildes = pairs[i].server;
	reads[i].aio_buf = &bytes[i];
	reads[i].aio_nbytes = 1;
	if (aio_read(&reads[i]) < 0)
		exp_die("aio_read");
}

/* Waits until there are WANT threads, but not for long. */
static int settled_threads(int want)
{
	int64_t deadline = clock_ms() + QUIET_MS;
	int count;

	while ((count = exp_threads()) < want && exp_tick(deadline))
		;
	return count;
}

static void one_socket(void)
{
	int before = exp_threads(), after;

	begin_read(0);
	after = settled_threads(before + 1);
	exp_did("aio_read() on a socket with nothing to read");
	exp_saw("threads: %d before, %d after", before, after);
	exp_expect(after == before + 1, "a thread that waits");
}

/* One descriptor, one request at a time: the write waits for the read. */
static void answer_behind_read(void)
{
	bool written;

	answer.aio_fildes = pairs[0].server;
	answer.aio_buf = "x";
	answer.aio_nbytes = 1;
	exp_did("aio_write() on the same socket, which has room");
	if (aio_write(&answer) < 0)
		exp_die("aio_write");
	written = done(&answer, QUIET_MS);
	exp_saw("%s", written ? "written" : "not begun: the read is first");
	exp_expect(!written, "it waits for the read");
}

static void many_sockets(void)
{
	bool last, cancelled;
	int count;

	for (int i = 1; i < SOCKETS; i++)
		begin_read(i);
	count = settled_threads(SOCKETS + 1);
	exp_did("aio_read() on %d silent sockets in all", SOCKETS);
	exp_saw("%d threads", count);
	exp_expect(count > 10 && count <= SOCKETS, "one each, up to a limit");
	cancelled = aio_cancel(pairs[1].server, &reads[1]) == AIO_CANCELED;
	exp_did("cancel one; a byte for the last socket");
	exp_send(pairs[SOCKETS - 1].client, "x");
	last = done(&reads[SOCKETS - 1], QUIET_MS);
	exp_saw("cancelled: %s; the byte is read: %s", cancelled ? "yes" : "no",
		last ? "yes" : "no, all threads wait elsewhere");
	exp_expect(!cancelled && !last, "neither");
	for (int i = 0; i < SOCKETS - 1; i++)
		exp_send(pairs[i].client, "x");
	for (int i = 0; i < SOCKETS; i++)
		last = done(&reads[i], DEADLINE_MS);
	exp_did("a byte for each of the others");
	exp_saw("the last one's is read: %s", last ? "yes" : "no");
	exp_expect(last && done(&answer, DEADLINE_MS), "yes, and the answer is "
						       "written");
}

int main(void)
{
	exp_begin("aio-is-threads", "aio_read lets the kernel do the work");
	for (int i = 0; i < SOCKETS; i++)
		pairs[i] = exp_pair();
	one_socket();
	answer_behind_read();
	many_sockets();
	for (int i = 0; i < SOCKETS; i++)
		exp_close_pair(&pairs[i]);
	return exp_end(EXP_FALSE, "glibc starts threads that block, one a "
				  "descriptor, 20 at most");
}
