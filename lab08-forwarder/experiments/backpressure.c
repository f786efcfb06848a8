/* SPDX-License-Identifier: MIT */
/*
 * TCP stops a sender whose receiver does not read: its window is full
 * (tcp_select_window()). Between two connections stands the relay, and what it
 * reads it has to keep until the other side takes it. If it goes on to read, it
 * opens the fast sender's window again and again, and the stream piles up in
 * its memory. If it stops to read while the slow side is full, the kernel's
 * buffers fill up behind it, and the sender waits.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum {
	OFFERED = 64 << 20,
	LIMIT = 64 << 10,
	BUFFER =
		64
		<< 10, /* of each socket, so that the kernel's share is small */
	QUIET_MS = 300,
};

static void small_buffers(int fd)
{
	const int size = BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0)
		exp_die("SO_SNDBUF, SO_RCVBUF");
}

/*
 * The relay reads from IN and gives to OUT, nobody reads OUT's other end, and
 * it keeps at most LIMIT_BYTES. What it keeps is only counted: that is enough.
 */
struct flow {
	size_t sent, kept, peak;
};

static ssize_t try_send(int fd, size_t len)
{
	static const char zeros[65536];

	if (len > sizeof(zeros))
		len = sizeof(zeros);
	return send(fd, zeros, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* One round of sender and relay; whether anything moved. */
static bool step(struct flow *f, int sender, int in, int out, size_t limit)
{
	static char buf[65536];
	size_t room = limit - f->kept;
	bool moved = false;
	ssize_t n;

	n = f->sent < OFFERED ? try_send(sender, OFFERED - f->sent) : 0;
	if (n > 0) {
		f->sent += (size_t)n;
		moved = true;
	}
	if (room > sizeof(buf))
		room = sizeof(buf);
	n = room ? recv(in, buf, room, MSG_DONTWAIT) : 0;
	if (n > 0) {
		f->kept += (size_t)n;
		f->peak = f->kept > f->peak ? f->kept : f->peak;
		moved = true;
	}
	n = f->kept ? try_send(out, f->kept) : 0;
	if (n > 0) {
		f->kept -= (size_t)n;
		moved = true;
	}
	return moved;
}

static struct flow run(size_t limit)
{
	struct exp_pair front = exp_pair(), back = exp_pair();
	int64_t deadline = clock_ms() + QUIET_MS;
	struct flow f = { 0 };

	small_buffers(front.client);
	small_buffers(front.server);
	small_buffers(back.client);
	small_buffers(back.server);
	do {
		if (step(&f, front.client, front.server, back.client, limit))
			deadline = clock_ms() + QUIET_MS;
	} while (exp_tick(deadline));
	exp_saw("the sender got rid of %zu KiB, the relay kept up to %zu KiB",
		f.sent >> 10, f.peak >> 10);
	exp_close_pair(&front);
	exp_close_pair(&back);
	return f;
}

int main(void)
{
	struct flow f;

	exp_begin("backpressure", "a slow reader costs the relay memory "
				  "without end");
	exp_did("64 MiB are offered, the reader never reads; the relay reads "
		"on");
	f = run(SIZE_MAX / 2);
	exp_expect(f.sent == OFFERED && f.peak > OFFERED / 2,
		   "all of it is sent, and most of it is in the relay");

	exp_did("the same; the relay stops reading while it keeps 64 KiB");
	f = run(LIMIT);
	exp_expect(f.sent < OFFERED / 4 && f.peak <= LIMIT,
		   "the sender waits, and the relay keeps 64 KiB");
	return exp_end(EXP_TRUE, "unless it stops reading the fast side while "
				 "the slow side is full: then the sender "
				 "waits, by TCP's own window");
}
