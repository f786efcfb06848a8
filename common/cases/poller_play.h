/* SPDX-License-Identifier: MIT */
/*
 * poller_play - a poller by hand: the drivers of labs 3 and 4 are this, with
 * their pollers. Lines on standard input, one answer each; S is a number below
 * PP_SLOTS, the name of a descriptor that is watched:
 *
 *	create [HINT] | destroy	-> "0" or "-1 ERRNO"
 *	short-create		the same three times, when no descriptor is to be
 *				had, and destroy if there is one
 *	zero-create		create and destroy while descriptor 0 is free; "left
 *				open" if it is not free again
 *	pair S			a socket pair, of which S is one end
 *	tcp S			the same, of TCP
 *	pipe S | sink S		S is the reading | writing end of a pipe
 *	file S | folder S	a regular file | a directory
 *	number S N		S stands for the number N, whatever that is
 *				-> all these: the descriptor's number
 *	add S BITS | mod S BITS | del S
 *				-> "0" or "-1 ERRNO"; BITS as in "RWD"
 *	write S N		the other end sends N bytes to S
 *	read S N		reads up to N bytes from S
 *	urgent S		the other end sends a byte of urgent data to S
 *	fill S			writes to S until it takes no more
 *	empty S			the other end reads all there is
 *	shut S | hang S		the other end shuts down writing | closes
 *	dup S | close S		-> what the system call returns
 *	wait MAX MS		-> "N S:BITS S:BITS ..." or "-1 ERRNO"; "overrun"
 *				if more than MAX places were written to
 *	nudge MAX MS		the same, while a signal comes every 10 ms
 *	flicker S MS		a wait of MS, while a thread writes a byte to S
 *				and takes it away again every 5 ms: -> the
 *				wait's answer, how often, and the longest time
 *				without: "0, 40 times, 6 ms"
 *	asks MS			-> how long a wait of MS has the kernel wait,
 *				which says at once that the time is up; for
 *				drivers that note it
 *	asked			-> the longest time that poll(2) was asked to wait
 *				since this line came last; for drivers that note it
 *	fails N ERROR		the N-th wait of the kernel's from now on fails with
 *				this number; for drivers that see to it
 *	ring-fails ERROR	io_uring_enter(2) fails with this number from now
 *				on -> "0", or "-1 ERRNO" where no filter is to be had
 *	threads ROUNDS		two threads, each with a poller of this kind, are told
 *				of their own descriptors so often -> "ok", or what
 *				was wrong
 *	multitude N		N numbers that are not open are added, modified,
 *				added in vain, and deleted -> "ok", or what went
 *				wrong: "mod of number 32769: ENOENT"
 *	nfds			-> what select(2) was given last, if the driver
 *				has a select() that notes it
 *	case NAME		-> what the loop did in this case, loop_cases.h
 *	other LINE		LINE, and its poller is another one of this kind that
 *				the same thread has
 */
#ifndef COMMON_TESTS_POLLER_PLAY_H
#define COMMON_TESTS_POLLER_PLAY_H

#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "loop_cases.h"
#include "poller_flicker.h"
#include "poller_multitude.h"
#include "poller_slot.h"
#include "poller_threads.h"
#include "ring_fails.h"

#define PP_SLOTS 640
#define PP_MAX	 1024 /* of a wait */

static struct {
	const struct poller_ops *ops;
	struct poller *poller;
	struct poller *other;
	struct pp_slot slots[PP_SLOTS];
	int dup; /* what dup(2) returned last */
	/* The driver's, which stands between the poller and the kernel: */
	int nfds;      /* of the last select(2) */
	bool pretend;  /* a wait is over at once */
	long asked_ms; /* how long it was to last, -1: without limit */
	int fails_in;  /* the wait that fails, from 1; 0: none */
	int fails_with;
} pp;

static const char pp_letters[] = "RWDHE";

static const unsigned int pp_bits[] = { POLLER_READ, POLLER_WRITE, POLLER_RDHUP,
					POLLER_HUP, POLLER_ERR };

static unsigned int pp_parse_bits(const char *text)
{
	unsigned int bits = 0;

	for (size_t i = 0; i < ARRAY_LEN(pp_bits); i++)
		if (strchr(text, pp_letters[i]))
			bits |= pp_bits[i];
	return bits;
}

static void pp_print_bits(unsigned int bits)
{
	for (size_t i = 0; i < ARRAY_LEN(pp_bits); i++)
		if (bits & pp_bits[i])
			putchar(pp_letters[i]);
}

static void pp_answer(long result)
{
	if (result < 0)
		printf("%ld %s\n", result, strerrorname_np(errno));
	else
		printf("%ld\n", result);
}

/* Moves bytes until the socket or N says stop; the number of bytes. */
static long pp_move(int fd, bool out, size_t n)
{
	static char bytes[4096];
	size_t done = 0;

	while (done < n) {
		size_t want = MIN(n - done, sizeof(bytes));
		ssize_t some = out ? write(fd, bytes, want)
				   : read(fd, bytes, want);

		if (some <= 0)
			break;
		done += (size_t)some;
	}
	return (long)done;
}

static void pp_print_report(const struct poller_event *event)
{
	int s = 0;

	while (s < PP_SLOTS && pp.slots[s].fd != event->fd)
		s++;
	if (s < PP_SLOTS)
		printf(" %d:", s);
	else
		printf(" #%d:", event->fd);
	pp_print_bits(event->ready);
}

static void pp_wait(int max, int timeout_ms)
{
	static struct poller_event events[PP_MAX + 1];
	const char *guard = (const char *)&events[max];
	bool whole = true;
	int n;

	memset(events, 0xa5, sizeof(events));
	n = pp.ops->wait(pp.poller, events, max, timeout_ms);
	for (size_t i = 0; i < sizeof(*events); i++)
		whole = whole && (unsigned char)guard[i] == 0xa5;
	if (n < 0) {
		pp_answer(n);
	} else if (!whole || n > max) {
		puts("overrun");
	} else {
		printf("%d", n);
		for (int i = 0; i < n; i++)
			pp_print_report(&events[i]);
		putchar('\n');
	}
}

static void pp_on_alarm(int sig)
{
	(void)sig;
}

static void pp_nudge(int max, int timeout_ms)
{
	const struct sigaction interrupt = { .sa_handler = pp_on_alarm };
	const struct timeval often = { .tv_usec = 10000 };
	struct itimerval timer = { often, often };

	sigaction(SIGALRM, &interrupt, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	pp_wait(max, timeout_ms);
	memset(&timer, 0, sizeof(timer));
	setitimer(ITIMER_REAL, &timer, NULL);
	signal(SIGALRM, SIG_IGN);
}

static void pp_short_create(void)
{
	struct rlimit limit, none;
	struct poller *p = NULL;
	int error = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	for (int i = 0; i < 3; i++) {
		p = pp.ops->create(0);
		error = errno;
		if (p)
			pp.ops->destroy(p);
	}
	setrlimit(RLIMIT_NOFILE, &limit);
	errno = error;
	pp_answer(p ? 0 : -1);
}

static void pp_zero_create(void)
{
	int input = fcntl(0, F_DUPFD_CLOEXEC, 0), error;
	struct poller *p;
	bool left;

	close(0);
	p = pp.ops->create(0);
	error = errno;
	if (p)
		pp.ops->destroy(p);
	left = fcntl(0, F_GETFD) >= 0;
	dup2(input, 0);
	close(input);
	errno = error;
	if (left)
		puts("left open");
	else
		pp_answer(p ? 0 : -1);
}

static void pp_asked(void)
{
	printf("%ld\n", pp.asked_ms);
	pp.asked_ms = 0;
}

static void pp_asks(int timeout_ms)
{
	struct poller_event event;

	pp.pretend = true;
	pp.asked_ms = -2;
	pp.ops->wait(pp.poller, &event, 1, timeout_ms);
	pp.pretend = false;
	printf("%ld\n", pp.asked_ms);
}

static void pp_case(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(loop_cases); i++)
		if (!strcmp(loop_cases[i].name, name)) {
			puts(loop_case_run(&loop_cases[i], pp.ops));
			return;
		}
	puts("what?");
}

static int pp_close(int *fd)
{
	int result = close(*fd);

	*fd = -1;
	return result;
}

/* What dup(2) returned is a descriptor; any other number may never be one. */
static int pp_number(struct pp_slot *s, int number)
{
	s->made_up = number != pp.dup;
	s->fd = number;
	return number;
}

static int pp_dup(int fd)
{
	pp.dup = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return pp.dup;
}

/* The lines about one slot. */
static void pp_slot_line(const char *verb, struct pp_slot *s, const char *arg)
{
	size_t n = strtoul(arg, NULL, 10);

	if (!strcmp(verb, "add"))
		pp_answer(pp.ops->add(pp.poller, s->fd, pp_parse_bits(arg)));
	else if (!strcmp(verb, "mod"))
		pp_answer(pp.ops->mod(pp.poller, s->fd, pp_parse_bits(arg)));
	else if (!strcmp(verb, "del"))
		pp_answer(pp.ops->del(pp.poller, s->fd));
	else if (!strcmp(verb, "write"))
		pp_answer(pp_move(s->peer, true, n));
	else if (!strcmp(verb, "read"))
		pp_answer(pp_move(s->fd, false, n));
	else if (!strcmp(verb, "urgent"))
		pp_answer(send(s->peer, "!", 1, MSG_OOB | MSG_NOSIGNAL));
	else if (!strcmp(verb, "fill"))
		pp_answer(pp_move(s->fd, true, 1 << 30));
	else if (!strcmp(verb, "empty"))
		pp_answer(pp_move(s->peer, false, 1 << 30));
	else if (!strcmp(verb, "shut"))
		pp_answer(shutdown(s->peer, SHUT_WR));
	else if (!strcmp(verb, "hang"))
		pp_answer(pp_close(&s->peer));
	else if (!strcmp(verb, "dup"))
		pp_answer(pp_dup(s->fd));
	else if (!strcmp(verb, "close"))
		pp_answer(pp_close(&s->fd));
	else if (!strcmp(verb, "number"))
		pp_answer(pp_number(s, (int)strtol(arg, NULL, 10)));
	else if (pp_open(s, verb))
		pp_answer(s->fd);
	else
		puts("what?");
}

static void pp_line(const char *line)
{
	char verb[32] = "", first[64] = "", second[32] = "";
	unsigned long s;

	sscanf(line, "%31s %63s %31s", verb, first, second);
	s = strtoul(first, NULL, 10);
	if (!strcmp(verb, "create")) {
		pp.poller = pp.ops->create(s);
		pp_answer(pp.poller && pp.poller->ops == pp.ops ? 0 : -1);
	} else if (!strcmp(verb, "short-create")) {
		pp_short_create();
	} else if (!strcmp(verb, "zero-create")) {
		pp_zero_create();
	} else if (!strcmp(verb, "destroy")) {
		pp.ops->destroy(pp.poller);
		pp_answer(0);
	} else if (!strcmp(verb, "wait") && s <= PP_MAX) {
		pp_wait((int)s, (int)strtol(second, NULL, 10));
	} else if (!strcmp(verb, "nudge") && s <= PP_MAX) {
		pp_nudge((int)s, (int)strtol(second, NULL, 10));
	} else if (!strcmp(verb, "flicker") && s < PP_SLOTS) {
		poller_flicker(pp.poller, pp.slots[s].fd, pp.slots[s].peer,
			       (int)strtol(second, NULL, 10));
	} else if (!strcmp(verb, "asked")) {
		pp_asked();
	} else if (!strcmp(verb, "asks")) {
		pp_asks((int)strtol(first, NULL, 10));
	} else if (!strcmp(verb, "fails")) {
		pp.fails_in = (int)strtol(first, NULL, 10);
		pp.fails_with = (int)strtol(second, NULL, 10);
		pp_answer(0);
	} else if (!strcmp(verb, "ring-fails")) {
		pp_answer(ring_fails((unsigned int)s));
	} else if (!strcmp(verb, "threads")) {
		poller_threads(pp.ops, (int)s);
	} else if (!strcmp(verb, "multitude")) {
		poller_multitude(pp.poller, (int)s);
	} else if (!strcmp(verb, "nfds")) {
		pp_answer(pp.nfds);
	} else if (!strcmp(verb, "case")) {
		pp_case(first);
	} else if (s < PP_SLOTS) {
		pp_slot_line(verb, &pp.slots[s], second);
	} else {
		puts("what?");
	}
}

static void pp_swap(void)
{
	struct poller *p = pp.poller;

	pp.poller = pp.other;
	pp.other = p;
}

/* A line to the one poller, or to the other. */
static void pp_told(const char *line)
{
	static const char other[] = "other ";
	size_t skip = sizeof(other) - 1;

	if (strncmp(line, other, skip) != 0) {
		pp_line(line);
		return;
	}
	pp_swap();
	pp_line(line + skip);
	pp_swap();
}

/* The driver: the first argument names one of KINDS, which ends with NULL. */
static int poller_play(int argc, char *argv[],
		       const struct poller_ops *const *kinds)
{
	char line[128];

	while (*kinds && (argc != 2 || strcmp((*kinds)->name, argv[1]) != 0))
		kinds++;
	if (!*kinds) {
		fprintf(stderr, "usage: %s POLLER\n", argv[0]);
		return 2;
	}
	pp.ops = *kinds;
	for (int i = 0; i < PP_SLOTS; i++)
		pp.slots[i].fd = pp.slots[i].peer = -1;
	signal(SIGPIPE, SIG_IGN);
	while (fgets(line, sizeof(line), stdin)) {
		pp_told(line);
		fflush(stdout);
	}
	for (int i = 0; i < PP_SLOTS; i++) {
		if (pp.slots[i].fd >= 0 && !pp.slots[i].made_up)
			close(pp.slots[i].fd);
		if (pp.slots[i].peer >= 0)
			close(pp.slots[i].peer);
	}
	return 0;
}

#endif
