/* SPDX-License-Identifier: MIT */
/*
 * The one place that waits. Whatever a test waits for, the programs' pipes and
 * their ends (pidfd_open(2)) are polled along with it: a program that floods
 * its output is never blocked by a test that looks at a socket, and one that
 * dies is noticed at once.
 */
#include "wait_internal.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "clock.h"
#include "finding_internal.h"

static nfds_t fill(struct pollfd *fds, int fd, short events)
{
	nfds_t n = 0;

	fds[n++] = (struct pollfd){ .fd = fd, .events = events };
	for (size_t i = 0; i < nprogs; i++) {
		const struct prog *p = progs[i];

		fds[n++] = (struct pollfd){ .fd = p->out, .events = POLLIN };
		fds[n++] = (struct pollfd){ .fd = p->err, .events = POLLIN };
		fds[n++] = (struct pollfd){ .fd = p->pidfd, .events = POLLIN };
		fds[n++] =
			(struct pollfd){ .fd = p->findings, .events = POLLIN };
	}
	return n;
}

static void take_finding(struct prog *p)
{
	enum finding told = finding_take(p->findings, p->report[0]);

	p->found |= told == FINDING_BEGUN || told == FINDING_TOLD;
	if (told == FINDING_TOLD && p->report[1] >= 0)
		pipe_buffer_fill(&p->errors, &p->report[1], STDERR_KEEP, true);
	if (told == FINDING_OVER) {
		close(p->findings);
		p->findings = -1;
	}
}

static bool take(const struct pollfd *fds)
{
	bool any = false;

	for (size_t i = 0; i < nprogs; i++) {
		const struct pollfd *f = fds + 1 + 4 * i;
		struct prog *p = progs[i];

		if (f[0].revents)
			pipe_buffer_fill(&p->output, &p->out, STDOUT_KEEP,
					 false);
		if (f[1].revents)
			pipe_buffer_fill(&p->errors, &p->err, STDERR_KEEP,
					 true);
		if (f[2].revents)
			prog_reap(p);
		if (f[3].revents)
			take_finding(p);
		any |= f[0].revents || f[1].revents || f[2].revents ||
		       f[3].revents;
	}
	return any;
}

static enum wake wait_once(int fd, short events, int timeout_ms)
{
	struct pollfd fds[1 + 4 * PROGS_MAX];
	nfds_t n = fill(fds, fd, events);
	bool any;

	if (poll(fds, n, timeout_ms) < 0) {
		if (errno == EINTR)
			return WAKE_PROG;
		judge_infra("poll");
	}
	any = take(fds);
	if (fds[0].revents)
		return WAKE_FD;
	return any ? WAKE_PROG : WAKE_DEADLINE;
}

enum wake judge_wait(int fd, short events, int64_t deadline_ms)
{
	enum wake wake = wait_once(fd, events, clock_left_ms(deadline_ms));

	/* A program that never stops talking does not stop the clock. */
	if (wake == WAKE_PROG && clock_ms() >= deadline_ms)
		return WAKE_DEADLINE;
	return wake;
}

bool judge_wait_fd(int fd, short events, int64_t deadline_ms)
{
	for (;;) {
		enum wake wake = judge_wait(fd, events, deadline_ms);

		if (wake != WAKE_PROG)
			return wake == WAKE_FD;
	}
}

void judge_pump(void)
{
	wait_once(-1, 0, 0);
}
