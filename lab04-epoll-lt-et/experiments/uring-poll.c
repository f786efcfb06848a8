/* SPDX-License-Identifier: MIT */
/*
 * A poll of io_uring hangs on the same wait queue as an item of epoll. But
 * epoll puts the item on a list, where it is once, and looks at the file again
 * when somebody waits; io_poll_check_events() looks at the file at the arrival
 * and posts a completion, and the next arrival posts another. It asks for
 * EPOLLET unless told IORING_POLL_ADD_LEVEL, so what is there is reported when
 * the poll begins and when something new comes, never because it still holds.
 */
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"
#include "experiment_uring.h"

enum { BURST = 3, DEADLINE_MS = 5000, QUIET_MS = 30 };

static struct exp_pair pair;
static struct io_uring ring;
static int level, edge;
static int sent;

/* How often each of the three reports. */
struct reports {
	int level;
	int edge;
	int ring;
	bool more; /* the ring's poll goes on */
	uint32_t mask;
};

/* Sends a byte and waits until it is here. */
static void arrive(void)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;

	exp_send(pair.client, "x");
	sent++;
	while (exp_unread(pair.server) < sent && exp_tick(deadline))
		;
}

/*
 * One wait on each epoll, and what is in the ring. An epoll reports at most
 * once a wait; the ring has as many completions as were posted.
 */
static struct reports collect(void)
{
	struct reports r = { .more = true };
	struct exp_done done;

	r.level = exp_epoll_next(level, QUIET_MS, NULL) != 0;
	r.edge = exp_epoll_next(edge, QUIET_MS, NULL) != 0;
	while (exp_uring_next(&ring, QUIET_MS, &done)) {
		r.ring++;
		r.more = done.more;
		r.mask = (uint32_t)done.result;
	}
	return r;
}

static void begin(void)
{
	exp_epoll_ctl(level, EPOLL_CTL_ADD, pair.server, EPOLLIN);
	exp_epoll_ctl(edge, EPOLL_CTL_ADD, pair.server, EPOLLIN | EPOLLET);
	io_uring_prep_poll_multishot(exp_uring_sqe(&ring, 1), pair.server,
				     POLLIN);
	exp_uring_submit(&ring);
}

static void check(const char *what, int want_level, int want_edge,
		  int want_ring)
{
	struct reports r = collect();

	exp_did("%s", what);
	exp_saw("LT %d, ET %d, multishot poll %d", r.level, r.edge, r.ring);
	exp_expect(r.level == want_level && r.edge == want_edge &&
			   r.ring == want_ring && r.more,
		   "%d, %d, %d", want_level, want_edge, want_ring);
}

/* A poll that is not multishot: told once, then it is over. */
static void once(void)
{
	struct exp_done done = { 0 };
	bool again;

	io_uring_prep_poll_add(exp_uring_sqe(&ring, 2), pair.server, POLLIN);
	exp_uring_submit(&ring);
	exp_did("a poll without multishot, while bytes are unread");
	if (!exp_uring_next(&ring, DEADLINE_MS, &done))
		done.number = 0;
	again = exp_uring_next(&ring, QUIET_MS, &done);
	exp_saw("%s, it is %s", done.number == 2 ? "told at once" : "silent",
		done.more || again ? "still armed" : "over");
	exp_expect(done.number == 2 && !done.more && !again,
		   "told at once, and over");
}

/* The kernel may take several that come at the same moment for one. */
static void burst(void)
{
	struct reports r;

	for (int i = 0; i < BURST; i++)
		arrive();
	r = collect();
	exp_did("%d arrive, and only then is anybody asked", BURST);
	exp_saw("LT %d, ET %d, multishot poll %d", r.level, r.edge, r.ring);
	exp_expect(r.level == 1 && r.edge == 1 && r.ring > 1 && r.ring <= BURST,
		   "one event of each epoll, more than one completion");
}

static void reset(void)
{
	struct reports r;

	exp_reset(pair.client);
	exp_poll(pair.server, POLLRDHUP, DEADLINE_MS);
	r = collect();
	exp_did("the peer resets the connection");
	exp_saw("LT %d, ET %d, multishot poll %d: %s, and the poll %s", r.level,
		r.edge, r.ring, exp_epoll_names(r.mask),
		r.more ? "goes on" : "is over");
	exp_expect(r.level && r.edge && r.ring >= 1 && (r.mask & POLLHUP),
		   "all three tell it");
}

int main(void)
{
	exp_begin("uring-poll", "io_uring's poll is epoll by another name");
	exp_uring(&ring, 8);
	pair = exp_pair();
	level = exp_epoll();
	edge = exp_epoll();
	arrive();
	begin();
	check("a byte is there before the watching begins", 1, 1, 1);
	check("nothing new; the byte is unread", 1, 0, 0);
	arrive();
	check("a second byte arrives", 1, 1, 1);
	burst();
	once();
	reset();
	close(pair.server);
	close(level);
	close(edge);
	io_uring_queue_exit(&ring);
	return exp_end(EXP_HALF, "the same wait queue, and edges; but a "
				 "completion for each arrival, where epoll has "
				 "one event for all");
}
