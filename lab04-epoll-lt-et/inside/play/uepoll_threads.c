/* SPDX-License-Identifier: MIT */
/*
 * Real threads that sleep in epoll_wait, and how to know that they do.
 *
 * A wake-up marks the thread as running before the call that caused it
 * returns. So after an operation, each thread is either still asleep, and
 * /proc shows it inside epoll_wait, or it will come back and say so. A thread
 * that comes back may have woken another: look again until nothing moves.
 */
#include "uepoll_kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "util.h"

#define DEADLINE_MS 10000

static void *thread_main(void *arg)
{
	struct ukthread *th = arg;

	atomic_store(&th->tid, gettid());
	th->n = (int)syscall(SYS_epoll_pwait, th->epfd, th->ev, th->max, -1,
			     NULL, 8);
	th->err = errno;
	atomic_store(&th->done, true);
	return NULL;
}

/* Reads /proc/self/task/TID/FILE; false if it cannot be read. */
static bool read_proc(pid_t tid, const char *file, char *text, size_t size)
{
	char path[64];
	ssize_t len = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", (int)tid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, text, size - 1);
		close(fd);
	}
	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/*
 * Does /proc show the thread inside epoll_pwait, and asleep? Both are needed,
 * in this order: a thread that was woken but has not run yet is still shown
 * inside the call, but no longer as sleeping. Some containers hide the first;
 * then asleep must do, since these threads hardly sleep anywhere else.
 */
static bool asleep(struct ukthread *th)
{
	pid_t tid = atomic_load(&th->tid);
	char text[256];
	const char *state;

	if (!tid)
		return false;
	if (read_proc(tid, "syscall", text, sizeof(text)) &&
	    (text[0] == 'r' || atoi(text) != SYS_epoll_pwait))
		return false;
	read_proc(tid, "stat", text, sizeof(text));
	state = strrchr(text, ')');
	return state && state[2] == 'S';
}

/* Waits until TH is asleep or done; whether it is done. */
static bool thread_settle(struct ukthread *th)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;

	while (!atomic_load(&th->done)) {
		if (asleep(th) && !atomic_load(&th->done))
			return false;
		if (clock_ms() > deadline) {
			errno = ETIMEDOUT;
			ukernel_die("a thread neither sleeps nor returns");
		}
		sched_yield();
	}
	return true;
}

void ukernel_threads_settle(struct ukernel *k, struct utext *t)
{
	bool reaped[USCRIPT_NAMES] = { false };
	struct ukthread *by_name[USCRIPT_NAMES] = { NULL };
	bool again = true;

	while (again) {
		again = false;
		for (int i = 0; i < UKERNEL_THREADS; i++) {
			struct ukthread *th = &k->thread[i];

			if (th->name < 0 || reaped[th->name] ||
			    !thread_settle(th))
				continue;
			pthread_join(th->thread, NULL);
			reaped[th->name] = true;
			by_name[th->name] = th;
			again = true;
		}
	}
	for (int i = 0; i < USCRIPT_NAMES; i++) {
		if (!by_name[i])
			continue;
		utext_add(t, "; %s ", k->script->name[i]);
		ukernel_events(t, k, by_name[i]->ev, by_name[i]->n);
		by_name[i]->name = -1;
	}
}

static struct ukthread *free_thread(struct ukernel *k, int name)
{
	struct ukthread *found = NULL;

	for (int i = 0; i < UKERNEL_THREADS; i++) {
		if (k->thread[i].name == name)
			return NULL;
		if (k->thread[i].name < 0)
			found = &k->thread[i];
	}
	return found;
}

void ukernel_thread_start(struct ukernel *k, const struct uop *op,
			  struct utext *t)
{
	int epfd = k->fd[op->name[0]];
	struct ukthread *th = free_thread(k, op->thread);

	if (!th || ukernel_kind(k, epfd) == UKIND_NONE) {
		utext_ret(t, -1, th ? EBADF : EBUSY);
		return;
	}
	th->epfd = epfd;
	th->max = (int)op->n;
	th->tid = 0;
	th->done = false;
	if (pthread_create(&th->thread, NULL, thread_main, th))
		ukernel_die("thread");
	th->name = op->thread;
	if (!thread_settle(th)) {
		utext_add(t, "asleep");
		return;
	}
	pthread_join(th->thread, NULL);
	th->name = -1;
	if (th->n < 0)
		utext_ret(t, th->n, th->err);
	else
		ukernel_events(t, k, th->ev, th->n);
}

static void on_signal(int sig)
{
	(void)sig;
}

void ukernel_threads_stop(struct ukernel *k)
{
	struct sigaction sa = { .sa_handler = on_signal }; /* no SA_RESTART */

	for (int i = 0; i < UKERNEL_THREADS; i++) {
		struct ukthread *th = &k->thread[i];

		if (th->name < 0)
			continue;
		sigaction(SIGUSR1, &sa, NULL);
		pthread_kill(th->thread, SIGUSR1);
		pthread_join(th->thread, NULL);
		th->name = -1;
	}
}
