/* SPDX-License-Identifier: MIT */
/*
 * Signals sent to the test's own process.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include "signals.h"

TestSuite(signals, .timeout = 10);

static volatile sig_atomic_t caught;

static void on_signal(int signo)
{
	caught = signo;
}

Test(signals, ignored_sigpipe_is_epipe)
{
	int fds[2];

	cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
	close(fds[0]);
	cr_expect_eq(signals_ignore(SIGPIPE), 0);
	cr_expect_eq(write(fds[1], "x", 1), -1);
	cr_expect_eq(errno, EPIPE);
	close(fds[1]);
	cr_expect_eq(signals_ignore(SIGKILL), -1);
	cr_expect_eq(errno, EINVAL);
}

/* A timer that repeats, in case the first comes before read(2) sleeps. */
Test(signals, handler_interrupts)
{
	const struct itimerval every = { { 0, 10000 }, { 0, 10000 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	int fds[2];
	char byte;

	cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
	cr_expect_eq(signals_handle(SIGALRM, on_signal), 0);
	cr_assert_eq(setitimer(ITIMER_REAL, &every, NULL), 0);
	cr_expect_eq(read(fds[0], &byte, 1), -1);
	cr_expect_eq(errno, EINTR);
	cr_assert_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
	cr_expect_eq(caught, SIGALRM);
	close(fds[0]);
	close(fds[1]);
}

Test(signals, read_from_descriptor)
{
	struct signalfd_siginfo info;
	int fd = signals_open((const int[]){ SIGUSR1, SIGUSR2, 0 });

	cr_assert_geq(fd, 0);
	cr_expect(fcntl(fd, F_GETFL) & O_NONBLOCK);
	cr_expect(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	cr_expect_eq(signals_read(fd, NULL), 0);
	raise(SIGUSR2);
	raise(SIGUSR2);
	raise(SIGUSR1);
	cr_expect_eq(signals_read(fd, &info), SIGUSR1);
	cr_expect_eq(info.ssi_pid, (uint32_t)getpid());
	cr_expect_eq(signals_read(fd, NULL), SIGUSR2);
	cr_expect_eq(signals_read(fd, NULL), 0);
	close(fd);
	cr_expect_eq(signals_read(fd, NULL), -1);
	cr_expect_eq(errno, EBADF);
}

Test(signals, refuses)
{
	cr_expect_eq(signals_open((const int[]){ SIGKILL, 0 }), -1);
	cr_expect_eq(errno, EINVAL);
	cr_expect_eq(signals_block((const int[]){ 9999, 0 }, NULL), -1);
	cr_expect_eq(errno, EINVAL);
	cr_expect_eq(signals_handle(SIGSTOP, on_signal), -1);
	cr_expect_eq(errno, EINVAL);
}
