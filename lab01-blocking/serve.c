/* SPDX-License-Identifier: MIT */
/*
 * Three ways to serve, one loop. A slot is the right to one client:
 *
 *	take a slot -> accept -> start(client) -> take a slot -> ...
 *	     ^                        |
 *	     +--- the client is done -+	its slot is posted back
 *
 * so the loop waits in one of two places, and the bound on clients is kept by
 * the semaphore. In mode iterative, start() returns when the client is done;
 * in mode fork the slot comes back from the handler of SIGCHLD, in mode thread
 * from the thread: sem_post(3) may be called in all of these places.
 *
 * Stopping must not have a gap: a flag that is set between the check of the
 * flag and the call that blocks would be seen only when that call returns,
 * which may be never. So the handler makes the calls return, however late they
 * begin: a slot is posted, and the listener and the client of mode iterative
 * are shut down, after which accept(2) and read(2) no longer block.
 */
#include "serve.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "log.h"

#define ECHO_SIZE 65536

/* An entry of the table of clients; mode iterative has none. */
struct client {
	bool busy;	  /* from accept to the end of its child or thread */
	pid_t pid;	  /* mode fork: the child, while busy */
	int fd;		  /* mode thread: the connection, while busy */
	pthread_t thread; /* to be joined if STARTED is set; both are */
	bool started;	  /* the main thread's alone */
};

static int listening; /* the listener */
static sem_t slots;
static volatile sig_atomic_t stopping;
static volatile sig_atomic_t served = -1; /* mode iterative: the client */

/*
 * Mode fork: SIGCHLD's handler changes the table, so everybody else blocks
 * the signal meanwhile. Mode thread: threads change it, under the lock, which
 * also keeps a descriptor open while the others use its number.
 */
static struct client *clients;
static size_t clients_max;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Until the client ends it, resets it, or the connection is shut down. */
static void echo(int fd)
{
	char buf[ECHO_SIZE];
	ssize_t n;

	while ((n = read_some(fd, buf, sizeof(buf))) > 0)
		if (write_full(fd, buf, n) < 0)
			break;
}

static void on_stop(int sig)
{
	int saved = errno;

	(void)sig;
	stopping = 1;
	shutdown(listening, SHUT_RDWR);
	if (served >= 0)
		shutdown(served, SHUT_RDWR);
	sem_post(&slots);
	errno = saved;
}

/* One signal may stand for many children: signals do not queue. */
static void on_child(int sig)
{
	int saved = errno;
	pid_t pid;
	size_t i;

	(void)sig;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		for (i = 0; i < clients_max; i++) {
			if (clients[i].pid != pid)
				continue;
			clients[i].pid = 0;
			clients[i].busy = false;
			sem_post(&slots);
		}
	}
	errno = saved;
}

static void handle(int sig, void (*handler)(int))
{
	/*
	 * No SA_RESTART: other signals interrupt calls too, so EINTR has to be
	 * dealt with anyway, and like this it is put to the test all the time.
	 */
	struct sigaction sa = { .sa_handler = handler,
				.sa_flags = SA_NOCLDSTOP };

	sigfillset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void hold_signals(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, before);
}

/* Mode iterative. */
static void start_here(int fd)
{
	served = fd;
	if (!stopping) /* else the handler may have looked too early */
		echo(fd);
	served = -1;
	close(fd);
	sem_post(&slots);
}

/* --------------------------------------------------------------- mode fork */

/* A slot is held, so there is a free entry. */
static struct client *free_client(void)
{
	struct client *c = clients;

	while (c->busy)
		c++;
	return c;
}

static _Noreturn void run_child(int fd, const sigset_t *mask)
{
	handle(SIGTERM, SIG_DFL);
	handle(SIGINT, SIG_DFL);
	handle(SIGCHLD, SIG_DFL);
	pthread_sigmask(SIG_SETMASK, mask, NULL);
	close(listening);
	echo(fd);
	close(fd);
	_exit(0);
}

/*
 * The signals are held over the fork: the child must not run the parent's
 * handlers, and may end before the parent has written down who it is.
 */
static void start_child(int fd)
{
	sigset_t before;
	pid_t pid;

	hold_signals(&before);
	pid = fork();
	if (pid == 0)
		run_child(fd, &before);
	if (pid > 0) {
		struct client *c = free_client();

		c->busy = true;
		c->pid = pid;
	} else {
		log_warn_errno("a client is turned away: fork");
		sem_post(&slots);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	close(fd);
}

static void stop_children(void)
{
	sigset_t before;
	size_t i;

	hold_signals(&before);
	for (i = 0; i < clients_max; i++)
		if (clients[i].busy)
			kill(clients[i].pid, SIGTERM);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ------------------------------------------------------------- mode thread */

static void *run_thread(void *arg)
{
	struct client *c = arg;

	echo(c->fd);
	pthread_mutex_lock(&lock);
	close(c->fd);
	c->busy = false;
	pthread_mutex_unlock(&lock);
	sem_post(&slots);
	return NULL;
}

static void start_thread(int fd)
{
	struct client *c;
	int err;

	pthread_mutex_lock(&lock);
	c = free_client();
	pthread_mutex_unlock(&lock);
	if (c->started) /* the one that had this entry before has ended */
		pthread_join(c->thread, NULL);
	c->fd = fd;
	c->busy = true;
	err = pthread_create(&c->thread, NULL, run_thread, c);
	c->started = !err;
	if (err) {
		errno = err;
		log_warn_errno("a client is turned away: pthread_create");
		c->busy = false;
		close(fd);
		sem_post(&slots);
	}
}

static void stop_threads(void)
{
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < clients_max; i++)
		if (clients[i].busy)
			shutdown(clients[i].fd, SHUT_RDWR);
	pthread_mutex_unlock(&lock);
	for (i = 0; i < clients_max; i++)
		if (clients[i].started)
			pthread_join(clients[i].thread, NULL);
}

/* ---------------------------------------------------------------- the loop */

static void take_slot(void)
{
	while (sem_wait(&slots) && errno == EINTR)
		;
}

/* The next client, or -1: stopped, or with errno if the listener is gone. */
static int next_client(void)
{
	const struct timespec pause = { .tv_nsec = SERVE_PAUSE_MS * 1000000L };

	while (!stopping) {
		int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			return fd;
		if (errno == EBADF || errno == ENOTSOCK || errno == EINVAL)
			break;
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		log_warn_errno("accept");
		nanosleep(&pause, NULL);
	}
	return -1;
}

static int begin(int listener, size_t max_clients)
{
	int on;
	socklen_t len = sizeof(on);

	if (getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &on, &len))
		return -1;
	if (!on || max_clients < SERVE_CLIENTS_MIN ||
	    max_clients > SERVE_CLIENTS_MAX) {
		errno = EINVAL;
		return -1;
	}
	clients = calloc(max_clients, sizeof(*clients));
	if (!clients)
		return -1;
	clients_max = max_clients;
	listening = listener;
	sem_init(&slots, 0, max_clients);
	handle(SIGPIPE, SIG_IGN);
	handle(SIGCHLD, on_child);
	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	return 0;
}

int serve(int listener, enum serve_mode mode, size_t max_clients)
{
	static const struct {
		void (*start)(int fd); /* takes over FD and a slot */
		void (*stop)(void); /* ends and awaits all that was started */
	} modes[] = {
		[SERVE_ITERATIVE] = { start_here, NULL },
		[SERVE_FORK] = { start_child, stop_children },
		[SERVE_THREAD] = { start_thread, stop_threads },
	};
	int fd, err;

	if (begin(listener, mode == SERVE_ITERATIVE ? 1 : max_clients))
		return -1;
	for (;;) {
		take_slot();
		fd = next_client();
		if (fd < 0)
			break;
		modes[mode].start(fd);
	}
	err = errno;
	if (modes[mode].stop)
		modes[mode].stop();
	handle(SIGCHLD, SIG_DFL); /* its handler looks at the table */
	free(clients);
	errno = err;
	return stopping ? 0 : -1;
}
