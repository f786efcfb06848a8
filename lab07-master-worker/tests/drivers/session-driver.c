/* SPDX-License-Identifier: MIT */
/*
 * A pool of sessions on a loop of its own, for clients that connect. See
 * script.h for the form of it. Slots are numbered in the order in which they
 * were seen first.
 *
 *	create CONN QUEUE TOTAL RECYCLE_MS
 *	open MS			accepts a client; session_open(), at a time that
 *				is MS later than now: "SLOT GENERATION", or the
 *				errno's name. A size behind MS: SO_SNDBUF
 *	open-file N		N times session_open() on a regular file: the last
 *				errno's name
 *	let-in			the next closed() accepts a client, and opens it
 *	expect SLOT		outbox_expect(): the number
 *	answer SLOT SEQ CODE SIZE	outbox_answer()
 *	reply SLOT CODE SIZE N	N times outbox_reply(), with codes from CODE on
 *	flush SLOT		session_flush()
 *	finish SLOT REASON	session_finish()
 *	close SLOT REASON	session_close()
 *	read-on SLOT ON		session_read_on(), 0 or 1
 *	peer-ended SLOT		session_peer_ended()
 *	receive SLOT		recv(2) of what is there: how many bytes, 0 at
 *				the end
 *	show SLOT		state, generation, is a descriptor open?, what
 *				the loop watches it for
 *	counts			open, slots, waiting, queued, full?
 *	later MS		from now on, the clock says so much more
 *	each			the slots that sessions_each() calls
 *	each-ends SLOT OTHER	the same; in the turn of SLOT, OTHER is closed
 *	events			what the ops were told since the last "events"
 *	held			bytes of memory that are held
 *	descriptors		how many are open
 *	no-memory N, memory	the N-th call that takes memory fails, and those
 *				after it; no more failures
 *	rounds MS		answers so much later: how often the loop has
 *				gone round meanwhile
 *	destroy
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "loop.h"
#include "memory.h"
#include "poller_epoll.h"
#include "script.h"
#include "session.h"

#define SLOTS 4096
#define OURS  16 /* bytes behind each session */

static struct loop *loop;
static struct sessions *pool;
static struct session *slots[SLOTS];
static size_t nslots;
static int listener;
static char events[SCRIPT_LINE / 2];
static size_t nevents;

static int64_t later_ns;

int64_t __real_clock_ns(void);
int64_t __wrap_clock_ns(void);

int64_t __wrap_clock_ns(void)
{
	return __real_clock_ns() + later_ns;
}

static const char *const reasons[] = { "length",    "crc",	  "flood",
				       "heartbeat", "send-queue", "limit",
				       "drain",	    "peer" };
static const char *const states[] = { "free", "open", "finishing", "lingering",
				      "waiting" };

static size_t slot_of(struct session *s)
{
	for (size_t i = 0; i < nslots; i++)
		if (slots[i] == s)
			return i;
	if (nslots == SLOTS)
		exit(2);
	slots[nslots] = s;
	return nslots++;
}

static void event(const char *what, struct session *s, const char *more)
{
	if (nevents + 64 < sizeof(events))
		nevents += (size_t)sprintf(events + nevents, "%s%s %zu%s%s",
					   nevents ? "; " : "", what,
					   slot_of(s), *more ? " " : "", more);
}

/* Accepts a client that has connected by now. */
static void let_in(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct session *s;

	if (fd < 0)
		exit(2);
	s = session_open(pool, fd, clock_ns() / 1000000);
	if (s)
		event("opened", s, "");
	else
		close(fd);
}

static void on_readable(struct session *s)
{
	event("readable", s, "");
	session_read_on(s, false); /* until somebody has read */
}

static void on_settled(struct session *s)
{
	event("settled", s, "");
}

static void on_ended(struct session *s, enum session_reason reason)
{
	event("ended", s, session_reason_name(reason));
	if (s->fd < 0)
		event("without-descriptor", s, "");
}

static bool lets_in; /* closed() does */

static void on_closed(struct session *s)
{
	event("closed", s, "");
	if (sessions_full(pool))
		event("and-no-place", s, "");
	else if (lets_in)
		let_in();
	lets_in = false;
}

static const struct session_ops ops = { on_readable, on_settled, on_ended,
					on_closed };

static void create(const struct script *s)
{
	const struct session_limits limits = {
		.connections = (size_t)script_number(s, 1),
		.send_queue = (size_t)script_number(s, 2),
		.send_queue_total = (size_t)script_number(s, 3),
		.recycle_ms = script_number(s, 4),
	};

	pool = sessions_create(loop, sizeof(struct session) + OURS, &limits,
			       &ops);
	script_say("%s", pool ? "ok" : strerrorname_np(errno));
}

/* What follows the session is ours: NUL at first, and left alone. */
static bool is_clean(struct session *session)
{
	static const unsigned char before[2][OURS] = { { 0 }, { "ours" } };
	unsigned char *ours = (unsigned char *)(session + 1);
	bool clean = !memcmp(ours, before[session->generation > 1], OURS);

	memcpy(ours, before[1], OURS);
	return clean;
}

static void open_one(const struct script *s)
{
	int size = (int)script_number(s, 2), fd;
	struct session *session;

	fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		exit(2);
	if (size)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	session = session_open(pool, fd,
			       clock_ns() / 1000000 + script_number(s, 1));
	if (session) {
		script_say("%zu %u%s", slot_of(session), session->generation,
			   is_clean(session) ? "" : ", not NUL");
		return;
	}
	script_say("%s%s", strerrorname_np(errno),
		   fcntl(fd, F_GETFD) < 0 ? ", and closed the descriptor" : "");
	close(fd);
}

/* epoll_ctl(2) says EPERM: such a file is always ready. */
static void open_files(long long n)
{
	const char *result = "ok";
	bool closed = false;
	int fd;

	for (long long i = 0; i < n; i++) {
		fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			exit(2);
		if (!session_open(pool, fd, clock_ns() / 1000000))
			result = strerrorname_np(errno);
		closed = closed || close(fd) < 0;
	}
	script_say("%s%s", result, closed ? ", and closed the descriptor" : "");
}

/* A packet by its length and code, of zeros. */
static const unsigned char *packet(unsigned int code, size_t size)
{
	static unsigned char p[30000];

	p[0] = (unsigned char)(size >> 8);
	p[1] = (unsigned char)size;
	p[2] = (unsigned char)(code >> 8);
	p[3] = (unsigned char)code;
	return p;
}

static int reply(struct outbox *out, const struct script *s)
{
	unsigned int code = (unsigned int)script_number(s, 2);
	size_t size = (size_t)script_number(s, 3);
	long long n = script_number(s, 4);

	for (long long i = 0; i < n; i++)
		if (outbox_reply(out, packet(code + (unsigned int)i, size),
				 size) < 0)
			return -1;
	return 0;
}

static enum session_reason reason_of(const char *name)
{
	size_t i = 0;

	while (i < SESSION_REASONS && strcmp(reasons[i], name))
		i++;
	return (enum session_reason)i;
}

static void receive(struct session *s)
{
	static char data[65536];
	ssize_t n = recv(s->fd, data, sizeof(data), 0);

	if (n < 0)
		script_say("%s", strerrorname_np(errno));
	else
		script_say("%zd", n);
}

static void show(const struct session *s)
{
	unsigned int interest = loop_fd_started(&s->watch) ? s->watch.interest
							   : 0;

	script_say("%s %u %s %s%s", states[s->state], s->generation,
		   s->fd >= 0 ? "descriptor" : "none",
		   interest & POLLER_READ ? "r" : "-",
		   interest & POLLER_WRITE ? "w" : "-");
}

/* Commands about one slot. */
static bool obey_slot(const struct script *s)
{
	struct session *slot = slots[script_number(s, 1) % SLOTS];

	if (!slot)
		return false;
	if (script_is(s, "expect"))
		script_say("%ju", (uintmax_t)outbox_expect(&slot->out));
	else if (script_is(s, "answer"))
		script_say("%s",
			   script_result(outbox_answer(
				   &slot->out, (uint64_t)script_number(s, 2),
				   packet((unsigned int)script_number(s, 3),
					  (size_t)script_number(s, 4)),
				   (size_t)script_number(s, 4))));
	else if (script_is(s, "reply"))
		script_say("%s", script_result(reply(&slot->out, s)));
	else if (script_is(s, "flush"))
		script_say("%s", session_flush(slot) ? "closed" : "ok");
	else if (script_is(s, "finish"))
		script_say("%s", session_finish(slot, reason_of(s->word[2]))
					 ? "closed"
					 : "ok");
	else if (script_is(s, "receive"))
		receive(slot);
	else if (script_is(s, "show"))
		show(slot);
	else
		return false;
	return true;
}

/* Those whose answer is always "ok". */
static bool obey_quiet(const struct script *s)
{
	struct session *slot = slots[script_number(s, 1) % SLOTS];

	if (script_is(s, "close") && slot) {
		session_close(slot, reason_of(s->word[2]));
	} else if (script_is(s, "read-on") && slot) {
		session_read_on(slot, script_number(s, 2));
	} else if (script_is(s, "peer-ended") && slot) {
		session_peer_ended(slot);
	} else if (script_is(s, "let-in")) {
		lets_in = true;
	} else if (script_is(s, "later")) {
		later_ns += script_number(s, 1) * 1000000;
	} else if (script_is(s, "no-memory")) {
		memory_fail((unsigned long)script_number(s, 1));
	} else if (script_is(s, "memory")) {
		memory_mend();
	} else if (script_is(s, "destroy")) {
		sessions_destroy(pool);
		pool = NULL;
	} else {
		return false;
	}
	script_say("ok");
	return true;
}

static void each_one(struct session *s)
{
	event("each", s, "");
	if (slot_of(s) % 3 == 1)
		session_close(s, SESSION_DRAIN);
}

static long long turn, ended_in_it; /* of each-ends */

static void each_ends(struct session *s)
{
	event("each", s, "");
	if ((long long)slot_of(s) == turn)
		session_close(slots[ended_in_it % SLOTS], SESSION_DRAIN);
}

static void each(const struct script *s)
{
	turn = script_number(s, 1);
	ended_in_it = script_number(s, 2);
	sessions_each(pool, script_is(s, "each") ? each_one : each_ends);
}

static void say_events(void)
{
	script_say("%s", nevents ? events : "-");
	nevents = 0;
}

/* ---- how often the loop goes round ---- */

static struct poller_ops counting;
static unsigned long waits;
static struct loop_timer timer;

static int count_wait(struct poller *p, struct poller_event *e, int max, int ms)
{
	waits++;
	return poller_epoll_lt.wait(p, e, max, ms);
}

static void rounds_over(struct loop_timer *t)
{
	(void)t;
	script_say("%lu", waits);
}

static void rounds(int64_t ms)
{
	waits = 0;
	loop_timer_start(loop, &timer, ms);
}

static void obey(const struct script *s)
{
	if (script_is(s, "create"))
		create(s);
	else if (script_is(s, "open"))
		open_one(s);
	else if (script_is(s, "open-file"))
		open_files(script_number(s, 1));
	else if (script_is(s, "counts"))
		script_say("%zu %zu %zu %zu %s", sessions_count(pool),
			   sessions_slots(pool), sessions_waiting(pool),
			   sessions_queued(pool),
			   sessions_full(pool) ? "full" : "not-full");
	else if (script_is(s, "each") || script_is(s, "each-ends"))
		each(s), say_events();
	else if (script_is(s, "events"))
		say_events();
	else if (script_is(s, "held"))
		script_say("%zu", memory_held());
	else if (script_is(s, "descriptors"))
		script_say("%zu", script_descriptors());
	else if (script_is(s, "rounds"))
		rounds(script_number(s, 1));
	else if (!obey_quiet(s) && !obey_slot(s))
		script_unknown(s);
}

/*
 * A line in each round, and not before the round is over: what has come in the
 * meantime is known then.
 */
static void on_input(struct loop_fd *input, unsigned int ready)
{
	struct script s;

	(void)ready;
	if (script_read(&s)) {
		obey(&s);
		return;
	}
	loop_fd_stop(input);
	loop_stop(loop);
}

static void listen_anywhere(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(a);

	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&a, len) < 0 ||
	    listen(listener, 128) < 0 ||
	    getsockname(listener, (struct sockaddr *)&a, &len) < 0)
		exit(2);
	script_say("listening on 127.0.0.1:%d", ntohs(a.sin_port));
}

int main(void)
{
	struct loop_fd input;

	mallopt(M_PERTURB, 0x5a); /* malloc(3) finds no zeros by luck */
	counting = poller_epoll_lt;
	counting.wait = count_wait;
	loop = loop_create(&counting, 0);
	if (!loop)
		return 2;
	loop_timer_init(&timer, rounds_over);
	loop_fd_init(&input, on_input);
	if (loop_fd_start(loop, &input, STDIN_FILENO, POLLER_READ) < 0)
		return 2;
	listen_anywhere();
	loop_run(loop);
	sessions_destroy(pool);
	loop_destroy(loop);
	return 0;
}
