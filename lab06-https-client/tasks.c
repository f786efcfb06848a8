/* SPDX-License-Identifier: MIT */
/*
 * Two queues, which count as one: tasks that can be dialled, and tasks that
 * need a look-up first. The thread looks up a name only when nothing is left to
 * dial; a task that comes meanwhile and needs none is dialled by the thread that
 * pushes it. So a resolver that never answers costs the tasks that need it, and
 * no others.
 *
 *	                known        .-------.
 *	tasks_push() ──────────────► | ready | ──► start() ──► loop_post()
 *	     │                       '-------'
 *	     │         unknown       .---------.      ▲
 *	     └─────────────────────► | unknown | ─────┘ its name was looked up
 *	                             '---------'
 *
 * A look-up is made without the lock. Its task stays in the queue meanwhile, so
 * that tasks_destroy() finds nothing half done; and if that comes first, the
 * thread is left alone with the look-up and frees everything when it is back.
 *
 * The whole of a name's addresses is written before its state becomes KNOWN,
 * and never again: after that they are read without the lock.
 */
#include "tasks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "addr.h"
#include "clock.h"
#include "util.h"

#define ADDRESS_MAX (INET6_ADDRSTRLEN + IF_NAMESIZE + 1)

struct tasks_name {
	bool known;
	int error; /* why there are no addresses, if naddresses is 0 */
	size_t naddresses;
	char (*addresses)[ADDRESS_MAX]; /* numeric, without brackets */
	char host[];
};

struct room {
	struct loop *loop;
	struct loop_task *task;
};

struct tasks {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work; /* a task has come, or the end */
	int family;
	size_t capacity;
	size_t count; /* in both queues */
	struct list ready;
	struct list unknown;
	bool looking;	 /* the thread is in getaddrinfo(3) */
	bool stopping;	 /* tasks_destroy() was called */
	bool left_alone; /* and did not wait for the thread */
	void *names;	 /* tsearch(3)'s tree */
	size_t nrooms;
	struct room rooms[TASKS_ROOMS_MAX]; /* who waits for room */
};

/* ------------------------------------------------------------------ names */

static int compare_names(const void *a, const void *b)
{
	return strcasecmp(((const struct tasks_name *)a)->host,
			  ((const struct tasks_name *)b)->host);
}

static void free_name(void *name)
{
	free(((struct tasks_name *)name)->addresses);
	free(name);
}

/* A numeric address is its own only one; of another family, it has none. */
static bool know_numeric(struct tasks_name *name, int family)
{
	struct in6_addr any;
	int own = inet_pton(AF_INET, name->host, &any) == 1    ? AF_INET
		  : inet_pton(AF_INET6, name->host, &any) == 1 ? AF_INET6
							       : AF_UNSPEC;

	if (own == AF_UNSPEC)
		return true;
	name->known = true;
	name->error = ENOENT;
	if (family != AF_UNSPEC && family != own)
		return true;
	name->addresses = malloc(sizeof(*name->addresses));
	if (!name->addresses)
		return false;
	strcpy(name->addresses[0], name->host);
	name->naddresses = 1;
	return true;
}

static struct tasks_name *new_name(const char *host, int family)
{
	struct tasks_name *name = calloc(1, sizeof(*name) + strlen(host) + 1);

	if (!name)
		return NULL;
	strcpy(name->host, host);
	if (!know_numeric(name, family)) {
		free(name);
		return NULL;
	}
	return name;
}

struct tasks_name *tasks_name(struct tasks *t, const char *host)
{
	struct tasks_name *name = new_name(host, t->family);
	struct tasks_name **found = NULL;

	if (!name)
		return NULL;
	pthread_mutex_lock(&t->lock);
	found = tsearch(name, &t->names, compare_names);
	pthread_mutex_unlock(&t->lock);
	if (!found || *found != name)
		free_name(name);
	errno = ENOMEM;
	return found ? *found : NULL;
}

/* ---------------------------------------------------------------- look-up */

static int resolver_errno(int status)
{
	switch (status) {
	case EAI_MEMORY:
		return ENOMEM;
	case EAI_AGAIN:
	case EAI_FAIL:
	case EAI_SYSTEM:
		return EIO;
	default:
		return ENOENT;
	}
}

/* What getaddrinfo(3) found, as text. */
static void keep_addresses(struct tasks_name *name, struct addrinfo *found)
{
	size_t n = 0;

	name->error = ENOMEM;
	name->addresses = calloc(TASKS_ADDRESSES_MAX, ADDRESS_MAX);
	for (struct addrinfo *ai = found;
	     name->addresses && ai && n < TASKS_ADDRESSES_MAX; ai = ai->ai_next)
		if (!getnameinfo(ai->ai_addr, ai->ai_addrlen,
				 name->addresses[n], ADDRESS_MAX, NULL, 0,
				 NI_NUMERICHOST))
			n++;
	name->naddresses = n;
}

/* With the lock: whoever waits for NAME can be dialled. */
static void release(struct tasks *t, const struct tasks_name *name)
{
	struct list *link = t->unknown.next;

	while (link != &t->unknown) {
		struct task *task = CONTAINER_OF(link, struct task, link);

		link = link->next;
		if (task->name != name)
			continue;
		list_remove(&task->link);
		list_append(&t->ready, &task->link);
	}
}

/* With the lock, which is given back meanwhile. */
static void look_up(struct tasks *t, struct tasks_name *name)
{
	struct addrinfo hints = { .ai_family = t->family,
				  .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	int status;

	t->looking = true;
	pthread_mutex_unlock(&t->lock);
	status = getaddrinfo(name->host, NULL, &hints, &found);
	if (status)
		name->error = resolver_errno(status);
	else
		keep_addresses(name, found);
	if (!status)
		freeaddrinfo(found);
	pthread_mutex_lock(&t->lock);
	name->known = true;
	t->looking = false;
	/* Else who waited is dropped, and may be gone. */
	if (!t->stopping)
		release(t, name);
}

/* ------------------------------------------------------------------ dials */

/*
 * Tries the addresses that are left until one is connected or under way. Each
 * has an equal share of the time.
 */
static int dial_next(struct task *task)
{
	struct tasks_name *name = task->name;
	char text[ADDRESS_MAX + 2 + ADDR_PORT_MAX + 1];
	int fd = -1;

	errno = task->error;
	while (task->next < name->naddresses) {
		const char *address = name->addresses[task->next];
		size_t untried = name->naddresses - task->next++;
		int share = clock_left_ms(task->deadline_ms) / (int)untried;

		snprintf(text, sizeof(text),
			 strchr(address, ':') ? "[%s]:%s" : "%s:%s", address,
			 task->port);
		fd = dial_start(&task->dial, text, MAX(share, 1));
		if (fd >= 0 || errno == EINPROGRESS)
			break;
		task->error = errno;
	}
	return fd;
}

/* The first dial; what comes of it is for the handler. */
static void start(struct task *task)
{
	struct tasks_name *name = task->name;

	task->dial_ns = clock_ns();
	task->deadline_ms = clock_ms() + task->timeout_ms;
	task->dns_ns = task->waits ? task->dial_ns - task->pushed_ns : 0;
	task->resolved = name->naddresses > 0;
	task->error = name->error;
	task->fd = task->resolved ? dial_next(task) : -1;
	if (task->fd < 0 && task->resolved)
		task->error = errno;
	loop_post(task->loop, &task->done);
}

int tasks_continue(struct task *task)
{
	int fd = dial_continue(&task->dial);

	if (fd >= 0 || errno == EINPROGRESS)
		return fd;
	task->error = errno;
	return dial_next(task);
}

int tasks_fd(const struct task *task)
{
	return dial_fd(&task->dial);
}

int tasks_left_ms(const struct task *task)
{
	return dial_left_ms(&task->dial);
}

void tasks_cancel(struct task *task)
{
	dial_cancel(&task->dial);
}

/* ------------------------------------------------------------------ queue */

/* With the lock: who waits for room is told, once it is worth it. */
static void tell_rooms(struct tasks *t)
{
	if (t->count > t->capacity / 2)
		return;
	while (t->nrooms) {
		struct room *room = &t->rooms[--t->nrooms];

		loop_post(room->loop, room->task);
	}
}

static void wait_for_room(struct tasks *t, struct loop *loop,
			  struct loop_task *task)
{
	for (size_t i = 0; i < t->nrooms; i++)
		if (t->rooms[i].task == task)
			return;
	if (task && t->nrooms < TASKS_ROOMS_MAX)
		t->rooms[t->nrooms++] = (struct room){ loop, task };
}

int tasks_push(struct tasks *t, struct task *task, struct loop_task *room)
{
	bool queued = false, full = false;

	task->next = 0;
	task->pushed_ns = clock_ns();
	pthread_mutex_lock(&t->lock);
	task->waits = !task->name->known;
	if (task->waits || !t->looking) {
		full = t->count == t->capacity;
		queued = !full;
	}
	if (queued) {
		list_append(task->waits ? &t->unknown : &t->ready, &task->link);
		if (t->count++ == 0)
			pthread_cond_signal(&t->work);
	}
	if (full)
		wait_for_room(t, task->loop, room);
	pthread_mutex_unlock(&t->lock);
	if (!queued && !full)
		start(task);
	errno = EAGAIN;
	return full ? -1 : 0;
}

/* With the lock, which is given back meanwhile: one task, or one look-up. */
static void do_one(struct tasks *t)
{
	bool dial = !list_empty(&t->ready);
	struct list *link = dial ? t->ready.next : t->unknown.next;
	struct task *task = CONTAINER_OF(link, struct task, link);

	if (!dial) {
		look_up(t, task->name);
		return;
	}
	list_remove(&task->link);
	t->count--;
	tell_rooms(t);
	pthread_mutex_unlock(&t->lock);
	start(task);
	pthread_mutex_lock(&t->lock);
}

static void free_all(struct tasks *t)
{
	tdestroy(t->names, free_name);
	pthread_cond_destroy(&t->work);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static void *thread_main(void *arg)
{
	struct tasks *t = arg;
	struct sched_param none = { 0 };

	/*
	 * On a busy core, a thread that preempts the loop for each connect makes
	 * two context switches of it; of this policy, it takes those that have
	 * come when the loop lets it (sched(7)). Without it all works as well.
	 */
	pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
	pthread_mutex_lock(&t->lock);
	while (!t->stopping) {
		if (t->count)
			do_one(t);
		else
			pthread_cond_wait(&t->work, &t->lock);
	}
	pthread_mutex_unlock(&t->lock);
	/* Nobody else touches it any more. */
	if (t->left_alone)
		free_all(t);
	return NULL;
}

struct tasks *tasks_create(size_t capacity, int family)
{
	struct tasks *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->capacity = capacity;
	t->family = family;
	list_init(&t->ready);
	list_init(&t->unknown);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->work, NULL);
	errno = pthread_create(&t->thread, NULL, thread_main, t);
	if (!errno)
		return t;
	free_all(t);
	return NULL;
}

void tasks_destroy(struct tasks *t)
{
	pthread_t thread;
	bool left_alone;

	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	thread = t->thread;
	t->stopping = true;
	t->left_alone = left_alone = t->looking;
	pthread_cond_signal(&t->work);
	pthread_mutex_unlock(&t->lock);
	if (left_alone) {
		pthread_detach(thread);
		return;
	}
	pthread_join(thread, NULL);
	free_all(t);
}
