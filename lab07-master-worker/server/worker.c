/* SPDX-License-Identifier: MIT */
/*
 * Commands of the master, signals of others, and time: all of them only change
 * the mode, and set_mode() does what a mode is.
 *
 * HUP, USR1 and USR2 are for the master, who tells its workers by the channel.
 * `killall -HUP framed` sends them here too, where they mean nothing.
 */
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "channel/channel.h"
#include "daemon.h"
#include "log.h"
#include "log/logfile.h"
#include "poller_epoll.h"
#include "server/door.h"
#include "server/peer.h"
#include "signals.h"
#include "title.h"
#include "util.h"

/* Silence is looked for so often, at most. */
#define BEAT_MS 1000

enum mode { SERVING, LEAVING, CLOSING, STOPPING, CUT };

struct worker {
	struct peers peers; /* first: on_closed() finds the worker by it */
	const struct config *config;
	const struct master_seat *seat;
	enum mode mode;
	struct loop *loop;
	struct accounts *accounts;
	struct door *door;
	struct loop_fd commands;
	struct loop_fd signals;
	struct loop_timer drain;
	struct loop_timer beat;
};

/* ---- modes ---- */

static void end_if_empty(struct worker *w)
{
	if (w->mode != SERVING && !sessions_count(w->peers.sessions) &&
	    door_closed(w->door))
		loop_stop(w->loop);
}

static void cut(struct session *s)
{
	session_close(s, SESSION_DRAIN);
}

static void drain_clients(struct worker *w, int how)
{
	w->peers.drain = how;
	peers_drain(&w->peers);
}

static void set_mode(struct worker *w, enum mode mode)
{
	const int64_t drain_ms = (int64_t)w->config->drain_seconds * 1000;

	if (mode <= w->mode)
		return;
	w->mode = mode;
	door_leave(w->door);
	if (mode == LEAVING || mode == STOPPING)
		loop_timer_start(w->loop, &w->drain, drain_ms);
	if (mode == CLOSING) {
		loop_timer_start(w->loop, &w->drain, WORKER_CLOSING_MS);
		drain_clients(w, PEERS_GO_BETWEEN);
	}
	if (mode == STOPPING)
		drain_clients(w, PEERS_GO);
	if (mode == CUT) {
		sessions_each(w->peers.sessions, cut);
		loop_stop(w->loop);
	}
	end_if_empty(w);
}

static void on_drain(struct loop_timer *timer)
{
	struct worker *w = CONTAINER_OF(timer, struct worker, drain);

	set_mode(w, w->mode == LEAVING ? CLOSING : CUT);
}

static void on_command(struct loop_fd *lf, unsigned int ready)
{
	struct worker *w = CONTAINER_OF(lf, struct worker, commands);
	enum channel_command command;

	(void)ready;
	while ((command = channel_receive(lf->fd)) != CHANNEL_NONE) {
		switch (command) {
		case CHANNEL_LEAVE:
			set_mode(w, LEAVING);
			break;
		case CHANNEL_LOST:
			log_warn("the master is gone");
			loop_fd_stop(lf);
			set_mode(w, STOPPING);
			return;
		case CHANNEL_STOP:
			set_mode(w, STOPPING);
			break;
		case CHANNEL_CUT:
			set_mode(w, CUT);
			break;
		case CHANNEL_REOPEN:
			if (*w->config->log_file &&
			    logfile_open(w->config->log_file) < 0)
				log_error_errno("%s", w->config->log_file);
			break;
		case CHANNEL_NONE:
			break;
		}
	}
}

static void on_signal(struct loop_fd *lf, unsigned int ready)
{
	struct worker *w = CONTAINER_OF(lf, struct worker, signals);
	int signo;

	(void)ready;
	while ((signo = signals_read(lf->fd, NULL)) > 0) {
		channel_tell(w->seat->reports, CHANNEL_LEAVING);
		set_mode(w, signo == SIGQUIT ? CUT : STOPPING);
	}
}

/* ---- clients ---- */

static void start_beat(struct worker *w)
{
	int64_t next = heartbeat_next_ms(&w->peers.heartbeat);

	/* Whole periods: who is due in the same one costs one wake-up. */
	if (next >= 0 && !loop_timer_started(&w->beat))
		loop_timer_start_at(w->loop, &w->beat,
				    (next / BEAT_MS + 1) * BEAT_MS * 1000000);
}

static void on_beat(struct loop_timer *timer)
{
	struct worker *w = CONTAINER_OF(timer, struct worker, beat);

	peers_check_silence(&w->peers);
	start_beat(w);
}

static void on_client(void *arg, int fd)
{
	struct worker *w = arg;

	if (peer_admit(&w->peers, fd) == 0)
		start_beat(w);
	if (sessions_full(w->peers.sessions))
		door_pause(w->door);
}

static bool on_shortage(void *arg)
{
	struct worker *w = arg;

	return peers_make_room(&w->peers);
}

static void on_left(void *arg)
{
	end_if_empty(arg);
}

static const struct door_ops door_ops = { on_client, on_shortage, on_left };

static void on_closed(struct peers *peers)
{
	struct worker *w = CONTAINER_OF(peers, struct worker, peers);

	door_resume(w->door);
	end_if_empty(w);
}

/* ---- the beginning and the end ---- */

static int open_accounts(struct worker *w)
{
	struct logic_accounts logic;
	char why[512];

	w->accounts = accounts_open(w->config->database, w->config->threads,
				    why, sizeof(why));
	if (!w->accounts) {
		log_error("%s", why);
		return -1;
	}
	logic = accounts_logic(w->accounts);
	w->peers.work = work_create(w->loop, w->config->threads, &logic,
				    w->peers.stats, peer_answered);
	return w->peers.work ? 0 : -1;
}

static void set_rules(struct worker *w)
{
	const struct config *c = w->config;
	const struct heartbeat_rules rules = {
		.enabled = c->heartbeat,
		.wait_seconds = (unsigned int)c->wait_seconds,
		.kick_at_once = c->kick_at_once,
	};

	heartbeat_init(&w->peers.heartbeat, &rules);
	w->peers.flood.enabled = c->flood;
	w->peers.flood.packets = c->flood_packets;
	w->peers.flood.within_ms = (int64_t)c->flood_within_ms;
}

static int open_sessions(struct worker *w)
{
	const struct session_limits limits = {
		.connections = w->config->connections,
		.send_queue = w->config->send_queue,
		.send_queue_total = w->config->send_queue_total,
		.recycle_ms = (int64_t)w->config->recycle_seconds * 1000,
	};

	w->peers.sessions = sessions_create(w->loop, sizeof(struct peer),
					    &limits, &peer_ops);
	return w->peers.sessions ? 0 : -1;
}

static int open_door(struct worker *w, struct listeners *listeners)
{
	size_t n = listeners_count(listeners);
	int *fds = malloc(n * sizeof(*fds));

	if (!fds)
		return -1;
	n = listeners_keep(listeners, w->seat->seat, w->seat->workers, fds);
	w->door = door_open(w->loop, fds, n, &door_ops, w);
	free(fds);
	return w->door ? 0 : -1;
}

static int watch(struct worker *w)
{
	int fd = signals_open((const int[]){ SIGTERM, SIGINT, SIGQUIT, 0 });

	if (fd < 0)
		return -1;
	if (loop_fd_start(w->loop, &w->signals, fd, POLLER_READ) < 0) {
		close(fd);
		return -1;
	}
	return loop_fd_start(w->loop, &w->commands, w->seat->commands,
			     POLLER_READ);
}

static int begin(struct worker *w, struct listeners *listeners)
{
	loop_fd_init(&w->commands, on_command);
	loop_fd_init(&w->signals, on_signal);
	loop_timer_init(&w->drain, on_drain);
	loop_timer_init(&w->beat, on_beat);
	w->peers.closed = on_closed;
	signals_ignore(SIGHUP);
	signals_ignore(SIGUSR1);
	signals_ignore(SIGUSR2);
	set_rules(w);
	w->loop = w->peers.loop = loop_create(&poller_epoll_lt, 0);
	if (!w->loop)
		return -1;
	if (open_accounts(w) < 0 || open_sessions(w) < 0 ||
	    open_door(w, listeners) < 0 || watch(w) < 0)
		return -1;
	return channel_tell(w->seat->reports, CHANNEL_READY);
}

static void end(struct worker *w)
{
	/* A beginning that failed has made only a part of this. */
	if (w->peers.sessions)
		sessions_each(w->peers.sessions, cut);
	work_destroy(w->peers.work);
	accounts_close(w->accounts);
	door_destroy(w->door);
	if (w->peers.sessions)
		sessions_destroy(w->peers.sessions);
	loop_fd_stop(&w->commands);
	if (loop_fd_started(&w->signals))
		close(w->signals.fd);
	loop_fd_stop(&w->signals);
	loop_destroy(w->loop);
}

int worker_run(const struct config *config, struct listeners *listeners,
	       struct stats *stats, const struct master_seat *seat)
{
	struct worker *w = calloc(1, sizeof(*w));
	int ret;

	if (!w)
		return 1;
	w->config = config;
	w->seat = seat;
	w->peers.stats = stats;
	title_set("framed: worker process");
	ret = begin(w, listeners);
	if (ret < 0)
		log_error_errno("cannot begin to serve");
	else
		ret = loop_run(w->loop);
	end(w);
	free(w);
	return ret < 0 ? 1 : 0;
}
