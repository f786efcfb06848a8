/* SPDX-License-Identifier: MIT */
/*
 * A gate is one listener that one worker watches, with lab 4's acceptor, which
 * rests when descriptors are short; here is said so, once a second.
 */
#include "server/worker.h"

#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "poller_epoll.h"
#include "server/connection.h"
#include "server/manage.h"
#include "server/program.h"
#include "server/queue.h"
#include "sock.h"
#include "util.h"

#define COMPLAIN_NS 1000000000
/*
 * A worker that keeps up with its peers would sleep between any two reports, and
 * the peers, which have more to do, would have to wake it each time.
 */
#define LINGER_NS 50000
#define AGAIN_MS  100 /* until a listener that is not watched is tried again */

struct gate {
	struct list link;
	struct worker *worker;
	struct listener *listener;
	struct acceptor acceptor;
};

/* ---- clients ---- */

static void on_accepted(struct acceptor *a, int fd)
{
	struct gate *g = CONTAINER_OF(a, struct gate, acceptor);
	struct addr client = { .ss.ss_family = AF_UNIX };

	if (!g->listener->is_unix && sock_peer(fd, &client) < 0)
		connection_gone(g->worker, g->listener, fd);
	else
		connection_admit(g->worker, g->listener, fd, &client);
}

/* Whether it is time for a line about it, of which there is one a second. */
static bool may_complain(struct program *p, int64_t now_ns)
{
	int64_t last_ns = atomic_load(&p->complained_ns);

	return now_ns - last_ns >= COMPLAIN_NS &&
	       atomic_compare_exchange_strong(&p->complained_ns, &last_ns,
					      now_ns);
}

/*
 * Idle managers make room, which only the first worker can tell them; for others
 * there is some after the pause. Nobody is turned away: the client waits in the
 * accept queue. So the reserve, with which the acceptor would do that, is given
 * up; it takes it anew when its pause is over.
 */
static bool on_shortage(struct acceptor *a)
{
	struct gate *g = CONTAINER_OF(a, struct gate, acceptor);
	struct worker *w = g->worker;

	if (w->index == 0 && manage_make_room(w->program))
		return true;
	if (w->index > 0)
		loop_post(w->program->workers[0].loop, &w->program->shortage);
	if (a->reserve >= 0)
		close(a->reserve);
	a->reserve = -1;
	if (may_complain(w->program, loop_now_ns(w->loop)))
		log_warn("accepting at %s rests: no descriptor is left",
			 g->listener->bound);
	return false;
}

/* ---- gates ---- */

static bool is_for(const struct worker *w, const struct listener *l)
{
	return !l->manage || w->index == 0;
}

static void start_gate(struct gate *g)
{
	struct worker *w = g->worker;

	if (acceptor_start(&g->acceptor, w->loop, g->listener->fd,
			   on_accepted) < 0) {
		log_error_errno("cannot accept at %s for now",
				g->listener->bound);
		loop_timer_start(w->loop, &w->again, AGAIN_MS);
		return;
	}
	g->acceptor.shortage = on_shortage;
}

static void open_gate(struct worker *w, struct listener *l)
{
	struct gate *g = calloc(1, sizeof(*g));

	if (!g) {
		log_error("out of memory: nobody is accepted at %s for now",
			  l->bound);
		loop_timer_start(w->loop, &w->again, AGAIN_MS);
		return;
	}
	g->worker = w;
	g->listener = listener_hold(l);
	g->acceptor.reserve = -1;
	loop_fd_init(&g->acceptor.watch, NULL);
	loop_timer_init(&g->acceptor.pause, NULL);
	list_append(&w->gates, &g->link);
	if (!w->paused || l->manage)
		start_gate(g);
}

static void close_gate(struct gate *g)
{
	acceptor_stop(&g->acceptor);
	list_remove(&g->link);
	listener_release(g->listener);
	free(g);
}

static bool has_gate(const struct worker *w, const struct listener *l)
{
	for (struct list *at = w->gates.next; at != &w->gates; at = at->next)
		if (CONTAINER_OF(at, struct gate, link)->listener == l)
			return true;
	return false;
}

void worker_sync(struct worker *w)
{
	const struct table *t = &w->program->table;
	struct list *next;

	program_lock(w->program);
	for (struct list *at = w->gates.next; at != &w->gates; at = next) {
		struct gate *g = CONTAINER_OF(at, struct gate, link);

		next = at->next;
		if (!table_has_listener(t, g->listener) ||
		    !is_for(w, g->listener))
			close_gate(g);
	}
	for (size_t i = 0; i < t->listener_count; i++)
		if (is_for(w, t->listeners[i]) && !has_gate(w, t->listeners[i]))
			open_gate(w, t->listeners[i]);
	program_unlock(w->program);
}

void worker_pause(struct worker *w)
{
	w->paused = true;
	for (struct list *at = w->gates.next; at != &w->gates; at = at->next) {
		struct gate *g = CONTAINER_OF(at, struct gate, link);

		if (!g->listener->manage)
			acceptor_stop(&g->acceptor);
	}
}

/* ---- tasks that others post ---- */

static void on_sync(struct loop_task *task)
{
	worker_sync(CONTAINER_OF(task, struct worker, sync));
}

static void on_sweep(struct loop_task *task)
{
	worker_sweep(CONTAINER_OF(task, struct worker, sweep));
}

static void on_grant(struct loop_task *task)
{
	queue_resume(CONTAINER_OF(task, struct worker, grant));
}

/* Gates that should be watched and are not, nor rest. */
static void start_gates(struct worker *w)
{
	for (struct list *at = w->gates.next; at != &w->gates; at = at->next) {
		struct gate *g = CONTAINER_OF(at, struct gate, link);

		if ((!w->paused || g->listener->manage) &&
		    !loop_fd_started(&g->acceptor.watch) &&
		    !loop_timer_started(&g->acceptor.pause))
			start_gate(g);
	}
}

static void on_again(struct loop_timer *timer)
{
	struct worker *w = CONTAINER_OF(timer, struct worker, again);

	worker_sync(w);
	start_gates(w);
}

/* The client that waits to be let in, if there is one, is judged anew. */
static void admit_parked(struct worker *w)
{
	struct listener *at = w->parked_at;
	struct addr client;
	int fd = w->parked;

	w->parked = -1;
	w->parked_at = NULL;
	if (fd >= 0 && sock_peer(fd, &client) == 0)
		connection_admit(w, at, fd, &client);
	else if (fd >= 0)
		connection_gone(w, at, fd);
	listener_release(at);
}

/* There is room again, or nobody is let in any more. */
static void on_resume(struct loop_task *task)
{
	struct worker *w = CONTAINER_OF(task, struct worker, resume);

	if (!w->paused)
		return;
	w->paused = false;
	admit_parked(w);
	start_gates(w);
}

void worker_sweep(struct worker *w)
{
	struct list marked;
	struct list *next;

	list_init(&marked);
	program_lock(w->program);
	for (struct list *at = w->connections.next; at != &w->connections;
	     at = next) {
		struct connection *c =
			CONTAINER_OF(at, struct connection, link);

		next = at->next;
		if (!c->ending)
			continue;
		list_remove(&c->link);
		list_append(&marked, &c->link);
	}
	program_unlock(w->program);
	while (!list_empty(&marked)) {
		struct connection *c =
			CONTAINER_OF(marked.next, struct connection, link);

		relay_end(&c->relay, c->end_reason); /* and it unlinks itself */
	}
}

/* ---- life ---- */

int worker_open(struct worker *w, struct program *p, size_t index)
{
	*w = (struct worker){ .program = p, .index = index, .parked = -1 };
	list_init(&w->gates);
	list_init(&w->connections);
	list_init(&w->granted);
	loop_task_init(&w->sync, on_sync);
	loop_task_init(&w->sweep, on_sweep);
	loop_task_init(&w->grant, on_grant);
	loop_task_init(&w->resume, on_resume);
	loop_timer_init(&w->again, on_again);
	w->loop = loop_create(&poller_epoll_et, 0);
	w->place = (struct relay_place){
		.loop = w->loop,
		.ops = &connection_ops,
		.scratch = malloc(p->options->buffer),
		.size = p->options->buffer,
		.pipes = p->options->splice ? &w->pipes : NULL,
	};
	if (!w->loop || !w->place.scratch)
		return -1;
	if (p->options->workers < (size_t)sysconf(_SC_NPROCESSORS_ONLN))
		loop_linger(w->loop, LINGER_NS);
	lines_init(&w->lines, w->loop);
	return 0;
}

void worker_close(struct worker *w)
{
	while (w->gates.next && !list_empty(&w->gates))
		close_gate(CONTAINER_OF(w->gates.next, struct gate, link));
	if (w->loop)
		loop_timer_stop(&w->again);
	/* The program is stopping: it is only told so. */
	admit_parked(w);
	if (w->loop)
		lines_flush(&w->lines);
	pipes_free(&w->pipes);
	free(w->place.scratch);
	loop_destroy(w->loop);
	w->loop = NULL;
}
