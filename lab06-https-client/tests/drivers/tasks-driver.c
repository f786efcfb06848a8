/* SPDX-License-Identifier: MIT */
/*
 * Drives tasks.c: a line of standard input is a command, and its answer is one
 * line on standard output.
 *
 *	name HOST ADDRESSES	what HOST resolves to: see resolver.h
 *	stuck HOST ADDRESSES	the same, once "free HOST" was said
 *	free HOST
 *	looking HOST		waits until HOST is being looked up
 *	lookups HOST		how often it was
 *	order			the names in the order of their look-ups
 *	create N FAMILY		the tasks: 4, 6 or any
 *	push I HOST PORT MS	task I (0 to 99): "queued" or "full"
 *	alone I HOST PORT MS	the same, without a ROOM
 *	fill HOST PORT N	pushes N tasks from 100 on, as many as are taken
 *	first I			waits for task I's handler: what does it find?
 *	wait I			and goes on until it is connected, or has failed
 *	times I			how long ago its first dial began, and how long
 *				it waited for a look-up, in ms
 *	dialled N		did the first dials of tasks 0 to N - 1 begin in
 *				this order?
 *	tried			which addresses were dialled since the last time
 *				that this was asked: see dials.h
 *	all			waits for all that are queued
 *	called			how many handlers were called so far
 *	room			waits until there is room
 *	rooms			how often it was told so
 *	refused N HOST PORT	N loops, each of which pushes a task: how many of
 *				them were refused
 *	told			waits until each of these is told of room
 *	destroy			and what was dropped is the driver's again, who fills
 *				it with GONE: "called" says if that has changed
 *	hammer T N HOST PORT	T threads, each with a loop, push N tasks each
 *	flood HOST PORT		a thread pushes tasks of HOST, which is stuck, without
 *				a pause while HOST is freed and its look-up ends:
 *				"flooded" when all handlers were called
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "dials.h"
#include "poller_epoll.h"
#include "resolver.h"
#include "sock.h"
#include "tasks.h"
#include "util.h"

#define TASKS 10000
#define GONE  0xa5

struct push {
	struct task task;
	bool queued, called, dropped;
	char port[8];
	int *ncalled;
};

static struct loop *loop;
static struct tasks *tasks;
static struct push pushes[TASKS];
static int ncalled, rooms;
static __thread bool pushing;
static const char *broken; /* what is, whatever the command is */
static struct loop_task room;

static void on_done(struct loop_task *lt)
{
	struct push *p = CONTAINER_OF(lt, struct push, task.done);

	if (pushing || p->called)
		broken = "a handler called from tasks_push(), or twice";
	p->called = true;
	++*p->ncalled;
}

static void on_room(struct loop_task *lt)
{
	(void)lt;
	rooms++;
}

/* Hands P to the task thread. */
static bool push_of(struct push *p, struct tasks_name *name, const char *port,
		    int ms, struct loop *own, struct loop_task *own_room)
{
	int ret;

	snprintf(p->port, sizeof(p->port), "%s", port);
	/* What the caller does not set may hold anything, as of a use before. */
	memset(&p->task, GONE, sizeof(p->task));
	p->task.name = name;
	p->task.port = p->port;
	p->task.timeout_ms = ms;
	p->task.loop = own;
	loop_task_init(&p->task.done, on_done);
	p->called = p->dropped = false;
	pushing = true;
	ret = tasks_push(tasks, &p->task, own_room);
	pushing = false;
	if (ret < 0 && errno != EAGAIN)
		broken = "another errno than EAGAIN";
	p->queued = ret == 0;
	return p->queued;
}

static bool push(struct push *p, const char *host, const char *port, int ms,
		 struct loop *own, struct loop_task *own_room)
{
	return push_of(p, tasks_name(tasks, host), port, ms, own, own_room);
}

static void print_result(const struct push *p)
{
	const struct task *t = &p->task;
	const char *dns = t->dns_ns > 0 ? "after a look-up" : "without waiting";
	char peer[ADDR_TEXT_MAX];

	if (t->fd >= 0) {
		sock_peer_text(t->fd, peer, sizeof(peer));
		printf("connected %s%s%s %s\n", peer,
		       fcntl(t->fd, F_GETFL) & O_NONBLOCK ? "" : " blocking",
		       fcntl(t->fd, F_GETFD) & FD_CLOEXEC ? "" : " inherited",
		       dns);
	} else if (t->error == EINPROGRESS) {
		printf("under way, %d ms left\n", tasks_left_ms(t));
	} else {
		printf("failed %s %s\n", strerrorname_np(t->error),
		       t->resolved ? "resolved" : "unresolved");
	}
}

/* Runs the loop until P's handler was called. */
static void first(struct push *p)
{
	while (p->queued && !p->called)
		loop_step(loop, -1);
}

/* And goes on with the connect. */
static void finish(struct push *p)
{
	struct task *t = &p->task;

	first(p);
	while (t->fd < 0 && t->error == EINPROGRESS) {
		struct pollfd pfd = { tasks_fd(t), POLLOUT, 0 };

		poll(&pfd, 1, tasks_left_ms(t));
		t->fd = tasks_continue(t);
		t->error = t->fd < 0 ? errno : 0;
	}
}

static void print_times(const struct task *t)
{
	printf("began %jd ms ago, waited %jd ms\n",
	       (intmax_t)((clock_ns() - t->dial_ns) / 1000000),
	       (intmax_t)(t->dns_ns / 1000000));
}

/* All of them have been waited for. */
static void print_dialled(int n)
{
	for (int i = 1; i < n; i++)
		if (pushes[i].task.dial_ns < pushes[i - 1].task.dial_ns) {
			printf("task %d before task %d\n", i, i - 1);
			return;
		}
	puts("in order");
}

static void forget(struct push *p)
{
	if (p->queued && p->called && p->task.fd >= 0)
		close(p->task.fd);
	else if (p->queued && p->called && p->task.error == EINPROGRESS)
		tasks_cancel(&p->task);
	p->queued = p->called = false;
}

static void drop_all(void)
{
	for (size_t i = 0; i < TASKS; i++) {
		struct push *p = &pushes[i];

		if (!p->queued || p->called)
			continue;
		memset(&p->task, GONE, sizeof(p->task));
		p->queued = false;
		p->dropped = true;
	}
}

static bool is_untouched(const struct push *p)
{
	const unsigned char *bytes = (const unsigned char *)&p->task;

	for (size_t i = 0; p->dropped && i < sizeof(p->task); i++)
		if (bytes[i] != GONE)
			return false;
	return true;
}

static void print_called(void)
{
	/* Whatever is posted already has its turn. */
	loop_step(loop, 0);
	printf("called %d", ncalled);
	for (size_t i = 0; i < TASKS; i++)
		if (!is_untouched(&pushes[i]))
			printf(", task %zu was touched when it was gone", i);
	putchar('\n');
}

static void wait_all(void)
{
	int connected = 0, failed = 0;

	for (size_t i = 0; i < TASKS; i++) {
		if (!pushes[i].queued)
			continue;
		finish(&pushes[i]);
		if (pushes[i].task.fd >= 0)
			connected++;
		else
			failed++;
		forget(&pushes[i]);
	}
	printf("connected %d failed %d\n", connected, failed);
}

static void fill(const char *host, const char *port, int n)
{
	int i = 0;

	while (i < n && push(&pushes[100 + i], host, port, 10000, loop, &room))
		i++;
	printf("queued %d\n", i);
}

/* ------------------------------------------------------------- the hammer */

struct smith {
	pthread_t thread;
	struct loop *loop;
	struct loop_task room;
	const char *host, *port;
	int n, ncalled;
	struct push *pushes;
};

static void nothing(struct loop_task *lt)
{
	(void)lt;
}

static void *forge(void *arg)
{
	struct smith *s = arg;
	int i = 0;

	while (s->ncalled < s->n) {
		bool full = false;

		while (i < s->n && !full) {
			struct push *p = &s->pushes[i];

			p->ncalled = &s->ncalled;
			full = !push(p, s->host, s->port, 10000, s->loop,
				     &s->room);
			i += !full;
		}
		loop_step(s->loop, -1);
	}
	for (i = 0; i < s->n; i++)
		forget(&s->pushes[i]);
	return NULL;
}

static void hammer(int threads, int n, const char *host, const char *port)
{
	struct smith *smiths = calloc(threads, sizeof(*smiths));
	int done = 0;

	for (int i = 0; i < threads; i++) {
		struct smith *s = &smiths[i];

		*s = (struct smith){ .loop = loop_create(&poller_epoll_lt, 64),
				     .host = host,
				     .port = port,
				     .n = n,
				     .pushes = calloc(n, sizeof(*s->pushes)) };
		loop_task_init(&s->room, nothing);
		pthread_create(&s->thread, NULL, forge, s);
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(smiths[i].thread, NULL);
		done += smiths[i].ncalled;
	}
	/* A room may still be posted to these loops until the tasks end. */
	tasks_destroy(tasks);
	tasks = NULL;
	for (int i = 0; i < threads; i++) {
		loop_destroy(smiths[i].loop);
		free(smiths[i].pushes);
	}
	free(smiths);
	printf("hammered %d\n", done);
}

/* -------------------------------------------------------------- the flood */

/* Without an order: what the tasks have no lock for is not ordered by this. */
static struct {
	struct tasks_name *name;
	const char *port;
	atomic_int pushed;
	atomic_bool ends;
} flood;

static __thread bool hesitates;

/* The linker puts the first in the place of the second, which is libc's. */
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);

/* In the flood another thread gets the lock first: what was read before is old. */
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	if (hesitates)
		usleep(50);
	return __real_pthread_mutex_lock(mutex);
}

static void *pour(void *unused)
{
	(void)unused;
	hesitates = true;
	for (int i = 1; i < TASKS; i++) {
		if (atomic_load_explicit(&flood.ends, memory_order_relaxed))
			break;
		push_of(&pushes[i], flood.name, flood.port, 10000, loop, NULL);
		atomic_store_explicit(&flood.pushed, i, memory_order_relaxed);
	}
	atomic_store_explicit(&flood.pushed, TASKS, memory_order_relaxed);
	return NULL;
}

/* N of them were pushed, or there are no more. */
static void await_pushed(int n)
{
	while (atomic_load_explicit(&flood.pushed, memory_order_relaxed) < n)
		usleep(1000);
}

static void flood_of(const char *host, const char *port)
{
	pthread_t thread;

	flood.name = tasks_name(tasks, host);
	flood.port = port;
	atomic_store(&flood.pushed, 0);
	atomic_store(&flood.ends, false);
	for (size_t i = 0; i < TASKS; i++)
		pushes[i].ncalled = &ncalled;
	push_of(&pushes[0], flood.name, port, 10000, loop, NULL);
	resolver_wait(host);
	if (pthread_create(&thread, NULL, pour, NULL)) {
		puts("no thread");
		return;
	}
	await_pushed(10);
	resolver_free(host);
	first(&pushes[0]);
	await_pushed(MIN(atomic_load(&flood.pushed) + 10, TASKS));
	atomic_store_explicit(&flood.ends, true, memory_order_relaxed);
	pthread_join(thread, NULL);
	for (size_t i = 0; i < TASKS; i++) {
		first(&pushes[i]);
		forget(&pushes[i]);
	}
	puts("flooded");
}

/* ------------------------------------------------------ loops that wait */

#define LOOPS 64

static struct waiting {
	struct loop *loop;
	struct loop_task room;
	struct push push;
	bool told;
} waiting[LOOPS];

static void on_told(struct loop_task *lt)
{
	CONTAINER_OF(lt, struct waiting, room)->told = true;
}

static void refuse(int n, const char *host, const char *port)
{
	int refused = 0;

	for (int i = 0; i < n && i < LOOPS; i++) {
		struct waiting *w = &waiting[i];

		w->loop = loop_create(&poller_epoll_lt, 4);
		loop_task_init(&w->room, on_told);
		w->push.ncalled = &ncalled;
		refused +=
			!push(&w->push, host, port, 10000, w->loop, &w->room);
	}
	printf("refused %d\n", refused);
}

static void wait_until_told(void)
{
	int told = 0;

	for (int i = 0; i < LOOPS && waiting[i].loop; i++, told++)
		while (!waiting[i].told)
			loop_step(waiting[i].loop, -1);
	printf("told %d\n", told);
}

/* After tasks_destroy(): until then a room may be posted to them. */
static void end_waiting(void)
{
	for (int i = 0; i < LOOPS; i++)
		if (waiting[i].loop)
			loop_destroy(waiting[i].loop);
}

/* ----------------------------------------------------------- the commands */

static int family_of(const char *text)
{
	return *text == '4' ? AF_INET : *text == '6' ? AF_INET6 : AF_UNSPEC;
}

static void on_name(const char *word, const char *host, char *rest)
{
	if (!strcmp(word, "free"))
		resolver_free(host);
	else if (!strcmp(word, "looking"))
		resolver_wait(host);
	else
		resolver_add(host, rest, *word == 's');
	puts("yes");
}

static void on_task(const char *word, const char *number, char *rest)
{
	struct push *p = &pushes[atoi(number) % TASKS];
	const char *host, *port;

	if (!strcmp(word, "push") || !strcmp(word, "alone")) {
		host = strsep(&rest, " ");
		port = strsep(&rest, " ");
		p->ncalled = &ncalled;
		puts(push(p, host, port, atoi(rest), loop,
			  *word == 'p' ? &room : NULL)
			     ? "queued"
			     : "full");
		return;
	}
	if (!strcmp(word, "times")) {
		print_times(&p->task);
		return;
	}
	if (!strcmp(word, "first"))
		first(p);
	else
		finish(p);
	print_result(p);
	if (!strcmp(word, "wait"))
		forget(p);
}

static void on_many(const char *word, char *first_word, char *rest)
{
	const char *second = strsep(&rest, " "), *third = strsep(&rest, " ");

	for (size_t i = 0; i < TASKS; i++)
		pushes[i].ncalled = &ncalled;
	if (!strcmp(word, "flood"))
		flood_of(first_word, second);
	else if (!strcmp(word, "refused"))
		refuse(atoi(first_word), second, third);
	else if (!strcmp(word, "fill"))
		fill(first_word, second, atoi(third));
	else
		hammer(atoi(first_word), atoi(second), third, rest);
}

static void on_all(const char *word)
{
	if (!strcmp(word, "all")) {
		wait_all();
	} else if (!strcmp(word, "called")) {
		print_called();
	} else if (!strcmp(word, "room")) {
		while (!rooms)
			loop_step(loop, -1);
		puts("room");
	} else if (!strcmp(word, "rooms")) {
		loop_step(loop, 0);
		printf("rooms %d\n", rooms);
	} else if (!strcmp(word, "told")) {
		wait_until_told();
	} else if (!strcmp(word, "order")) {
		printf("order%s\n", resolver_order());
	} else if (!strcmp(word, "tried")) {
		printf("tried%s\n", dials_take());
	} else if (!strcmp(word, "destroy")) {
		tasks_destroy(tasks);
		tasks = NULL;
		drop_all();
		puts("destroyed");
	} else {
		puts("unknown command");
	}
}

static void command(char *line)
{
	static char none[1];
	char *word = strsep(&line, " "), *arg = strsep(&line, " ");

	if (!line)
		line = none;
	if (!strcmp(word, "create")) {
		tasks = tasks_create(atoi(arg), family_of(line));
		puts(tasks ? "created" : "not created");
	} else if (!strcmp(word, "lookups")) {
		printf("lookups %d\n", resolver_count(arg));
	} else if (!strcmp(word, "dialled")) {
		print_dialled(atoi(arg));
	} else if (!strcmp(word, "name") || !strcmp(word, "stuck") ||
		   !strcmp(word, "free") || !strcmp(word, "looking")) {
		on_name(word, arg, line);
	} else if (!strcmp(word, "push") || !strcmp(word, "alone") ||
		   !strcmp(word, "first") || !strcmp(word, "wait") ||
		   !strcmp(word, "times")) {
		on_task(word, arg, line);
	} else if (!strcmp(word, "fill") || !strcmp(word, "refused") ||
		   !strcmp(word, "hammer") || !strcmp(word, "flood")) {
		on_many(word, arg, line);
	} else {
		on_all(word);
	}
	if (broken)
		printf("broken: %s\n", broken);
	fflush(stdout);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	loop = loop_create(&poller_epoll_lt, 64);
	if (!loop)
		return 1;
	loop_task_init(&room, on_room);
	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		command(line);
	}
	tasks_destroy(tasks);
	end_waiting();
	for (size_t i = 0; i < TASKS; i++)
		forget(&pushes[i]);
	loop_destroy(loop);
	free(line);
	return 0;
}
