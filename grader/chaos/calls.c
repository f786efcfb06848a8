/* SPDX-License-Identifier: MIT */
/*
 * Connections, waiting, processes; and the calls that are only counted. Knows
 * which descriptors are in an epoll set and how, for the sake of edges that a
 * fault would swallow (see chaos.h).
 */
#undef _FORTIFY_SOURCE
#include "chaos_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REMEMBERED 4096 /* descriptors above are left alone */

/* Any thread may look while another one registers. */
static struct {
	atomic_int epfd;
	atomic_uint events;
	_Atomic uint64_t data;
} sets[REMEMBERED];

void chaos_rearm(int fd)
{
	struct epoll_event event;
	int err = errno;

	if (fd < 0 || fd >= REMEMBERED)
		return;
	event.events = sets[fd].events;
	if (!(event.events & EPOLLET))
		return;
	event.data.u64 = sets[fd].data;
	REAL(epoll_ctl)(sets[fd].epfd, EPOLL_CTL_MOD, fd, &event);
	errno = err;
}

bool chaos_is_oneshot(int fd)
{
	return fd >= 0 && fd < REMEMBERED && (sets[fd].events & EPOLLONESHOT);
}

CHAOS_API int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	int result;

	chaos_call(CHAOS_epoll_ctl, 0);
	result = REAL(epoll_ctl)(epfd, op, fd, event);
	if (result < 0 || fd < 0 || fd >= REMEMBERED)
		return result;
	if (op == EPOLL_CTL_DEL) {
		sets[fd].events = 0;
	} else {
		sets[fd].epfd = epfd;
		sets[fd].data = event->data.u64;
		sets[fd].events = event->events;
	}
	return result;
}

CHAOS_API int close(int fd)
{
	chaos_call(CHAOS_close, 0);
	if (fd >= 0 && fd < REMEMBERED)
		sets[fd].events = 0;
	return REAL(close)(fd);
}

#define ACCEPT_FAULTS (MAY_EINTR | MAY_EAGAIN | MAY_ECONNABORTED | MAY_EMFILE)

CHAOS_API int accept(int fd, __SOCKADDR_ARG addr, socklen_t *restrict len)
{
	if (chaos_call_fd(CHAOS_accept, fd, 0, ACCEPT_FAULTS) < 0)
		return -1;
	return (int)chaos_done(CHAOS_accept, REAL(accept)(fd, addr, len));
}

CHAOS_API int accept4(int fd, __SOCKADDR_ARG addr, socklen_t *restrict len,
		      int flags)
{
	if (chaos_call_fd(CHAOS_accept4, fd, 0, ACCEPT_FAULTS) < 0)
		return -1;
	return (int)chaos_done(CHAOS_accept4,
			       REAL(accept4)(fd, addr, len, flags));
}

CHAOS_API int socket(int domain, int type, int protocol)
{
	/* A server that has not begun to serve has nothing to survive. */
	if (chaos_call(CHAOS_socket, chaos_has_accepted() ? MAY_EMFILE : 0) < 0)
		return -1;
	return REAL(socket)(domain, type, protocol);
}

/* Interrupted, the connection is still made: in the background. */
CHAOS_API int connect(int fd, __CONST_SOCKADDR_ARG addr, socklen_t len)
{
	int flags, result;

	if (chaos_call_fd(CHAOS_connect, fd, 0, MAY_EINTR_CONNECT) == 0)
		return (int)chaos_done(CHAOS_connect,
				       REAL(connect)(fd, addr, len));
	flags = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	result = REAL(connect)(fd, addr, len);
	if (result < 0 && errno == EINPROGRESS)
		errno = EINTR;
	len = (socklen_t)errno;
	fcntl(fd, F_SETFL, flags);
	errno = (int)len;
	return result;
}

CHAOS_API int shutdown(int fd, int how)
{
	chaos_call(CHAOS_shutdown, 0);
	return REAL(shutdown)(fd, how);
}

CHAOS_API int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	if (chaos_call(CHAOS_poll, timeout ? MAY_EINTR : 0) < 0)
		return -1;
	return REAL(poll)(fds, n, timeout);
}

static bool waits(const struct timespec *t)
{
	return !t || t->tv_sec || t->tv_nsec;
}

CHAOS_API int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t,
		    const sigset_t *mask)
{
	if (chaos_call(CHAOS_ppoll, waits(t) ? MAY_EINTR : 0) < 0)
		return -1;
	return REAL(ppoll)(fds, n, t, mask);
}

CHAOS_API int select(int n, fd_set *restrict in, fd_set *restrict out,
		     fd_set *restrict except, struct timeval *restrict t)
{
	bool may = !t || t->tv_sec || t->tv_usec;

	if (chaos_call(CHAOS_select, may ? MAY_EINTR : 0) < 0)
		return -1;
	return REAL(select)(n, in, out, except, t);
}

CHAOS_API int pselect(int n, fd_set *restrict in, fd_set *restrict out,
		      fd_set *restrict except,
		      const struct timespec *restrict t,
		      const sigset_t *restrict mask)
{
	if (chaos_call(CHAOS_pselect, waits(t) ? MAY_EINTR : 0) < 0)
		return -1;
	return REAL(pselect)(n, in, out, except, t, mask);
}

CHAOS_API int epoll_create1(int flags)
{
	chaos_call(CHAOS_epoll_create1, 0);
	return REAL(epoll_create1)(flags);
}

CHAOS_API int epoll_wait(int epfd, struct epoll_event *events, int max,
			 int timeout)
{
	if (chaos_call(CHAOS_epoll_wait, timeout ? MAY_EINTR : 0) < 0)
		return -1;
	return REAL(epoll_wait)(epfd, events, max, timeout);
}

CHAOS_API int epoll_pwait(int epfd, struct epoll_event *events, int max,
			  int timeout, const sigset_t *mask)
{
	if (chaos_call(CHAOS_epoll_pwait, timeout ? MAY_EINTR : 0) < 0)
		return -1;
	return REAL(epoll_pwait)(epfd, events, max, timeout, mask);
}

CHAOS_API int epoll_pwait2(int epfd, struct epoll_event *events, int max,
			   const struct timespec *timeout, const sigset_t *mask)
{
	bool waits = !timeout || timeout->tv_sec || timeout->tv_nsec;

	if (chaos_call(CHAOS_epoll_pwait2, waits ? MAY_EINTR : 0) < 0)
		return -1;
	return REAL(epoll_pwait2)(epfd, events, max, timeout, mask);
}

CHAOS_API pid_t fork(void)
{
	pid_t pid;

	chaos_call(CHAOS_fork, 0);
	chaos_forking();
	pid = REAL(fork)();
	if (pid == 0)
		chaos_forked();
	return pid;
}

CHAOS_API pid_t wait(int *status)
{
	if (chaos_call(CHAOS_wait, MAY_EINTR) < 0)
		return -1;
	return REAL(wait)(status);
}

CHAOS_API pid_t waitpid(pid_t pid, int *status, int options)
{
	unsigned int may = options & WNOHANG ? 0 : MAY_EINTR;

	if (chaos_call(CHAOS_waitpid, may) < 0)
		return -1;
	return REAL(waitpid)(pid, status, options);
}

CHAOS_API int pthread_create(pthread_t *restrict thread,
			     const pthread_attr_t *restrict attr,
			     void *(*start)(void *), void *restrict arg)
{
	chaos_call(CHAOS_pthread_create, 0);
	return REAL(pthread_create)(thread, attr, start, arg);
}

CHAOS_API unsigned int sleep(unsigned int seconds)
{
	chaos_call(CHAOS_sleep, 0);
	return REAL(sleep)(seconds);
}

CHAOS_API int usleep(useconds_t us)
{
	chaos_call(CHAOS_usleep, 0);
	return REAL(usleep)(us);
}

CHAOS_API int nanosleep(const struct timespec *t, struct timespec *left)
{
	chaos_call(CHAOS_nanosleep, 0);
	return REAL(nanosleep)(t, left);
}

CHAOS_API int clock_nanosleep(clockid_t clock, int flags,
			      const struct timespec *t, struct timespec *left)
{
	chaos_call(CHAOS_clock_nanosleep, 0);
	return REAL(clock_nanosleep)(clock, flags, t, left);
}

CHAOS_API int sched_yield(void)
{
	chaos_call(CHAOS_sched_yield, 0);
	return REAL(sched_yield)();
}

int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t size);

CHAOS_API int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t size)
{
	if (n > size / sizeof(*fds))
		abort();
	return poll(fds, n, timeout);
}
