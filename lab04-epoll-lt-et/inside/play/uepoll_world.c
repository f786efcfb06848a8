/* SPDX-License-Identifier: MIT */
/*
 * A world is a descriptor table and some tasks. Time passes by operations:
 * after each, the tasks that it woke run in the order they were woken, until
 * all are asleep again or done.
 */
#include "uepoll_world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util.h"

static void *world_open(const struct uscript *s)
{
	struct uworld *w = calloc(1, sizeof(*w));

	if (!w) {
		perror("uepoll: no memory");
		exit(1);
	}
	w->script = s;
	usys_init(&w->sys, USCRIPT_FDS);
	for (int i = 0; i < USCRIPT_NAMES; i++)
		w->fd[i] = -1;
	for (int i = 0; i < UWORLD_THREADS; i++)
		w->thread[i].name = -1;
	return w;
}

static void world_close(void *world)
{
	struct uworld *w = world;

	for (int i = 0; i < UWORLD_THREADS; i++) {
		if (w->thread[i].name < 0)
			continue;
		uwait_remove(&w->thread[i].task.wait);
		ufile_put(w->thread[i].file);
	}
	usys_destroy(&w->sys);
	free(w);
}

static long simple(struct uworld *w, enum uverb verb, int name, uint64_t n,
		   uint64_t *value)
{
	int fd = w->fd[name];
	struct ufile *file = usys_file(&w->sys, fd);

	if (verb != UV_SHUT && file && strcmp(file->ops->kind, "counter"))
		n = MIN(n, USCRIPT_BYTES);
	if (verb == UV_WRITE)
		return usys_write(&w->sys, fd, n);
	if (verb == UV_READ)
		return usys_read(&w->sys, fd, n, value);
	return usys_shutdown(&w->sys, fd, (int)n);
}

/* A "page fault" in the middle of the copy: the rest of the world goes on. */
static void inject(struct utask *task, int index)
{
	struct uworld *w = task->arg;
	const struct uop *op = w->injecting;
	uint64_t value;

	if (!op || index != op->during - 1)
		return;
	if (w->on_inject)
		w->on_inject(w, false);
	w->injected_ret = simple(w, op->inject_verb, op->inject_name,
				 op->inject_n, &value);
	w->injected_errno = errno;
	w->injected = true;
	if (w->on_inject)
		w->on_inject(w, true);
}

static void add_events(struct utext *t, const struct uworld *w,
		       const struct epoll_event *ev, int n)
{
	struct uevent event[USCRIPT_EVENTS];

	for (int i = 0; i < n; i++)
		event[i] = (struct uevent){ ev[i].events, (int)ev[i].data.u64 };
	utext_events(t, w->script, event, n);
}

/* For those who draw: EPOLL has reported these. */
static void remember(struct uworld *w, const struct ufile *epoll,
		     const struct epoll_event *ev, int n)
{
	for (int i = 0; i < n; i++)
		if (w->nr_reported < (int)ARRAY_LEN(w->reported))
			w->reported[w->nr_reported++] =
				(struct ureport){ epoll->id,
						  (int)ev[i].data.u64 };
}

static void play_wait(void *world, const struct uop *op, struct utext *t)
{
	struct uworld *w = world;
	struct ufile *epfile = usys_file(&w->sys, w->fd[op->name[0]]);
	struct utask task = { .on_copy = inject, .arg = w };
	struct epoll_event ev[USCRIPT_EVENTS];
	int n = -1;

	w->injecting = op->during ? op : NULL;
	w->injected = false;
	if (epfile)
		n = uepoll_wait(epfile, ev, (int)op->n, &task);
	remember(w, epfile, ev, n);
	if (n < 0)
		utext_ret(t, n, errno);
	else
		add_events(t, w, ev, n);
	if (!op->during)
		return;
	utext_add(t, " / ");
	if (w->injected)
		utext_ret(t, w->injected_ret, w->injected_errno);
	else
		utext_add(t, "not reached");
	w->injecting = NULL;
}

static struct uthread *free_thread(struct uworld *w, int name)
{
	struct uthread *found = NULL;

	for (int i = 0; i < UWORLD_THREADS; i++) {
		if (w->thread[i].name == name)
			return NULL;
		if (w->thread[i].name < 0)
			found = &w->thread[i];
	}
	return found;
}

static void play_thread(void *world, const struct uop *op, struct utext *t)
{
	struct uworld *w = world;
	struct ufile *epfile = usys_file(&w->sys, w->fd[op->name[0]]);
	struct uthread *th = free_thread(w, op->thread);
	struct epoll_event ev[USCRIPT_EVENTS];
	int n;

	if (!epfile || !th) {
		utext_ret(t, -1, th ? EBADF : EBUSY);
		return;
	}
	th->max = (int)op->n;
	th->file = epfile;
	th->task = (struct utask){ .may_sleep = true, .wakes = &w->wakes };
	n = uepoll_wait(epfile, ev, th->max, &th->task);
	remember(w, epfile, ev, n);
	if (n < 0) {
		utext_ret(t, n, errno);
	} else if (n > 0) {
		add_events(t, w, ev, n);
	} else {
		th->name = op->thread;
		ufile_get(epfile);
		utext_add(t, "asleep");
	}
}

static struct uthread *next_awake(struct uworld *w)
{
	struct uthread *next = NULL;

	for (int i = 0; i < UWORLD_THREADS; i++) {
		struct uthread *th = &w->thread[i];

		if (th->name < 0 || th->task.asleep)
			continue;
		if (!next || th->task.woken_as < next->task.woken_as)
			next = th;
	}
	return next;
}

/* Runs the tasks that were woken; what came out, by name, goes to T. */
static void settle(void *world, struct utext *t)
{
	struct uworld *w = world;
	struct {
		struct epoll_event ev[USCRIPT_EVENTS];
		int n;
	} done[USCRIPT_NAMES];
	bool any[USCRIPT_NAMES] = { false };
	struct uthread *th;

	while ((th = next_awake(w))) {
		int name = th->name;

		done[name].n = uepoll_wait(th->file, done[name].ev, th->max,
					   &th->task);
		if (th->task.asleep)
			continue;
		remember(w, th->file, done[name].ev, done[name].n);
		th->name = -1;
		ufile_put(th->file);
		any[name] = true;
	}
	for (int i = 0; i < w->script->names; i++) {
		if (!any[i])
			continue;
		utext_add(t, "; %s ", w->script->name[i]);
		add_events(t, w, done[i].ev, done[i].n);
	}
}

static int by_descriptor(const void *a, const void *b)
{
	const struct epitem *x = *(struct epitem *const *)a;
	const struct epitem *y = *(struct epitem *const *)b;

	if (x->fd != y->fd)
		return x->fd < y->fd ? -1 : 1;
	if (x->event.data.u64 != y->event.data.u64)
		return x->event.data.u64 < y->event.data.u64 ? -1 : 1;
	return (x->event.events > y->event.events) -
	       (x->event.events < y->event.events);
}

/* By descriptor: the kernel's own order, by address, is chance. */
static void play_items(void *world, const struct uop *op, struct utext *t)
{
	struct uworld *w = world;
	struct ufile *epfile = usys_file(&w->sys, w->fd[op->name[0]]);
	struct eventpoll *ep = epfile ? uepoll_from_file(epfile) : NULL;
	struct epitem *item, *sorted[256];
	size_t n = 0;

	if (!ep) {
		utext_ret(t, -1, epfile ? EINVAL : EBADF);
		return;
	}
	RB_FOREACH(item, epitem_tree, &ep->items)
		if (n < ARRAY_LEN(sorted))
			sorted[n++] = item;
	qsort(sorted, n, sizeof(sorted[0]), by_descriptor);
	utext_add(t, "%zu", n);
	for (size_t i = 0; i < n; i++) {
		utext_add(t, " %d=%s:", sorted[i]->fd,
			  w->script->name[sorted[i]->event.data.u64]);
		utext_mask(t, sorted[i]->event.events);
	}
}

static void play_open(void *world, const struct uop *op, struct utext *t)
{
	struct uworld *w = world;
	int fd[2] = { -1, -1 }, ret = 0;
	int out = op->verb == UV_DUP ? 1 : 0;

	if (op->verb == UV_STREAM)
		ret = usys_stream(&w->sys, fd);
	else if (op->verb == UV_PIPE)
		ret = usys_pipe(&w->sys, fd);
	else if (op->verb == UV_COUNTER)
		ret = fd[0] = usys_counter(&w->sys, op->n);
	else if (op->verb == UV_FILE)
		ret = fd[0] = usys_plain(&w->sys);
	else if (op->verb == UV_EPOLL)
		ret = fd[0] = usys_epoll(&w->sys);
	else
		ret = fd[0] = usys_dup(&w->sys, w->fd[op->name[0]]);
	if (ret < 0) {
		utext_ret(t, -1, errno);
		return;
	}
	utext_add(t, "%d", fd[0]);
	w->fd[op->name[out]] = fd[0];
	if (fd[1] >= 0) {
		utext_add(t, " %d", fd[1]);
		w->fd[op->name[1]] = fd[1];
	}
}

static int control(void *world, int code, const struct uop *op,
		   struct epoll_event *ev)
{
	struct uworld *w = world;

	return usys_epoll_ctl(&w->sys, w->fd[op->name[0]], code,
			      w->fd[op->name[1]], ev);
}

static void play_simple(void *world, const struct uop *op, struct utext *t)
{
	struct uworld *w = world;
	uint64_t value = 0;
	long ret;

	if (op->verb == UV_CLOSE)
		ret = usys_close(&w->sys, w->fd[op->name[0]]);
	else
		ret = simple(w, op->verb, op->name[0], op->n, &value);
	utext_ret(t, ret, errno);
	if (value)
		utext_add(t, " value %llu", (unsigned long long)value);
}

static void begin(void *world)
{
	struct uworld *w = world;

	w->nr_reported = 0;
}

const struct uplayer uplayer_uepoll = {
	.title = "uepoll",
	.open = world_open,
	.close = world_close,
	.begin = begin,
	.play_open = play_open,
	.control = control,
	.play_simple = play_simple,
	.play_wait = play_wait,
	.play_items = play_items,
	.play_thread = play_thread,
	.settle = settle,
};
