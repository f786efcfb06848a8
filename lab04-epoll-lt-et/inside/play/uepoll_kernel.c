/* SPDX-License-Identifier: MIT */
/*
 * The kernel plays a script. Its files are made to be of the size that the
 * simulated ones have: a socket's send buffer is set so that 8 small writes
 * fill it (what one is charged with is measured first), a pipe has 2 pages.
 * Descriptors are moved to BASE and up, lowest free number first, so that both
 * players hand out the same numbers.
 *
 * A thread of a script is a real thread. The player waits after each operation
 * until every thread is done or is seen asleep inside epoll_wait by
 * /proc/self/task/TID/syscall; nothing here depends on time.
 */
#include "uepoll_kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

#define PIPE_BYTES  8192
#define SOCK_WRITES 8
#define WRITE_MAX   64 /* a longer write would be charged with more */

static char buffer[USCRIPT_BYTES];

_Noreturn void ukernel_die(const char *what)
{
	fprintf(stderr, "cannot set up: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* What the kernel charges for one small write: SIOCOUTQ tells. */
static int write_charge(void)
{
	static int charge;
	int fd[2];

	if (charge)
		return charge;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) ||
	    send(fd[0], "x", 1, 0) != 1 || ioctl(fd[0], SIOCOUTQ, &charge))
		ukernel_die("socketpair");
	close(fd[0]);
	close(fd[1]);
	return charge;
}

static void *kernel_open(const struct uscript *s)
{
	struct ukernel *k = calloc(1, sizeof(*k));

	if (!k)
		ukernel_die("memory");
	signal(SIGPIPE, SIG_IGN);
	k->script = s;
	for (int i = 0; i < USCRIPT_NAMES; i++)
		k->fd[i] = UKERNEL_BASE - 1;
	for (int i = 0; i < UKERNEL_THREADS; i++)
		k->thread[i].name = -1;
	return k;
}

static void kernel_close(void *world)
{
	struct ukernel *k = world;

	ukernel_threads_stop(k);
	for (int i = 0; i < USCRIPT_FDS; i++)
		if (k->kind[i])
			close(UKERNEL_BASE + i);
	free(k);
}

/* Moves FD to the lowest free number of ours. */
static int place(struct ukernel *k, int fd, enum ukind kind)
{
	int slot = 0;

	if (fd < 0)
		return -1;
	while (slot < USCRIPT_FDS && k->kind[slot])
		slot++;
	if (slot == USCRIPT_FDS) {
		close(fd);
		errno = EMFILE;
		return -1;
	}
	if (dup3(fd, UKERNEL_BASE + slot, O_CLOEXEC) < 0)
		ukernel_die("dup3");
	close(fd);
	k->kind[slot] = kind;
	return UKERNEL_BASE + slot;
}

enum ukind ukernel_kind(const struct ukernel *k, int fd)
{
	int slot = fd - UKERNEL_BASE;

	return slot < 0 ? UKIND_NONE : k->kind[slot];
}

static int open_pair(struct ukernel *k, enum uverb verb, int fd[2])
{
	enum ukind kind = verb == UV_STREAM ? UKIND_STREAM : UKIND_OTHER;
	int size = SOCK_WRITES / 2 * write_charge();
	int raw[2];

	if (verb == UV_PIPE) {
		if (pipe2(raw, O_NONBLOCK | O_CLOEXEC) ||
		    fcntl(raw[1], F_SETPIPE_SZ, PIPE_BYTES) != PIPE_BYTES)
			ukernel_die("pipe of 2 pages");
	} else {
		if (socketpair(AF_UNIX,
			       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
			       raw))
			ukernel_die("socketpair");
		for (int i = 0; i < 2; i++) /* the kernel doubles it */
			if (setsockopt(raw[i], SOL_SOCKET, SO_SNDBUF, &size,
				       sizeof(size)))
				ukernel_die("SO_SNDBUF");
	}
	fd[0] = place(k, raw[0], kind);
	fd[1] = place(k, raw[1], kind);
	if (fd[1] >= 0)
		return 0;
	if (fd[0] >= 0) {
		close(fd[0]);
		k->kind[fd[0] - UKERNEL_BASE] = UKIND_NONE;
	}
	errno = EMFILE;
	return -1;
}

static int open_one(struct ukernel *k, const struct uop *op)
{
	int fd = k->fd[op->name[0]];

	switch (op->verb) {
	case UV_COUNTER:
		fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (op->n && write(fd, &op->n, sizeof(op->n)) < 0)
			ukernel_die("eventfd");
		return place(k, fd, UKIND_COUNTER);
	case UV_FILE:
		return place(k, open("/dev/null", O_RDWR | O_CLOEXEC),
			     UKIND_OTHER);
	case UV_EPOLL:
		return place(k, epoll_create1(EPOLL_CLOEXEC), UKIND_EPOLL);
	default:
		return place(k, fcntl(fd, F_DUPFD_CLOEXEC, 3),
			     ukernel_kind(k, fd));
	}
}

static void play_open(void *world, const struct uop *op, struct utext *t)
{
	struct ukernel *k = world;
	int fd[2] = { -1, -1 }, ret;

	if (op->verb == UV_STREAM || op->verb == UV_PIPE)
		ret = open_pair(k, op->verb, fd);
	else
		ret = fd[0] = open_one(k, op);
	if (ret < 0) {
		utext_ret(t, -1, errno);
		return;
	}
	utext_add(t, "%d", fd[0] - UKERNEL_BASE);
	k->fd[op->name[op->verb == UV_DUP ? 1 : 0]] = fd[0];
	if (fd[1] >= 0) {
		utext_add(t, " %d", fd[1] - UKERNEL_BASE);
		k->fd[op->name[1]] = fd[1];
	}
}

static int control(void *world, int code, const struct uop *op,
		   struct epoll_event *ev)
{
	struct ukernel *k = world;

	return epoll_ctl(k->fd[op->name[0]], code, k->fd[op->name[1]], ev);
}

long ukernel_simple(struct ukernel *k, enum uverb verb, int name, uint64_t n,
		    uint64_t *value)
{
	int fd = k->fd[name];
	bool counter = ukernel_kind(k, fd) == UKIND_COUNTER;

	if (verb == UV_SHUT)
		return shutdown(fd, (int)n);
	if (counter && verb == UV_READ)
		return read(fd, value, sizeof(*value));
	if (counter)
		return write(fd, &n, sizeof(n));
	if (ukernel_kind(k, fd) == UKIND_STREAM && verb == UV_WRITE)
		n = MIN(n, WRITE_MAX);
	n = MIN(n, USCRIPT_BYTES);
	return verb == UV_READ ? read(fd, buffer, n) : write(fd, buffer, n);
}

static void play_simple(void *world, const struct uop *op, struct utext *t)
{
	struct ukernel *k = world;
	int fd = k->fd[op->name[0]];
	uint64_t value = 0;
	long ret;

	if (op->verb == UV_CLOSE) {
		ret = close(fd);
		if (ret == 0)
			k->kind[fd - UKERNEL_BASE] = UKIND_NONE;
	} else {
		ret = ukernel_simple(k, op->verb, op->name[0], op->n, &value);
	}
	utext_ret(t, ret, errno);
	if (value)
		utext_add(t, " value %llu", (unsigned long long)value);
}

void ukernel_events(struct utext *t, const struct ukernel *k,
		    const struct epoll_event *ev, int n)
{
	struct uevent event[USCRIPT_EVENTS];

	for (int i = 0; i < n; i++)
		event[i] = (struct uevent){ ev[i].events, (int)ev[i].data.u64 };
	utext_events(t, k->script, event, n);
}

static void play_wait(void *world, const struct uop *op, struct utext *t)
{
	struct ukernel *k = world;
	struct epoll_event ev[USCRIPT_EVENTS];
	int n;

	if (op->during) {
		ukernel_wait_injecting(k, op, t);
		return;
	}
	n = epoll_wait(k->fd[op->name[0]], ev, (int)op->n, 0);
	if (n < 0)
		utext_ret(t, n, errno);
	else
		ukernel_events(t, k, ev, n);
}

static void play_items(void *world, const struct uop *op, struct utext *t)
{
	ukernel_items(world, op, t);
}

static void play_thread(void *world, const struct uop *op, struct utext *t)
{
	ukernel_thread_start(world, op, t);
}

static void settle(void *world, struct utext *t)
{
	ukernel_threads_settle(world, t);
}

const struct uplayer uplayer_kernel = {
	.title = "kernel",
	.open = kernel_open,
	.close = kernel_close,
	.play_open = play_open,
	.control = control,
	.play_simple = play_simple,
	.play_wait = play_wait,
	.play_items = play_items,
	.play_thread = play_thread,
	.settle = settle,
};
