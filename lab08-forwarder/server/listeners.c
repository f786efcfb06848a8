/* SPDX-License-Identifier: MIT */
/*
 * All workers watch the same socket, and whoever is quicker gets the client.
 * So a listener that has to go cannot simply be closed: another thread might be
 * in accept4(2) with its number. It is shut down at once, which ends it for
 * clients, and closed when the last thread has let go of it.
 */
#include "server/listeners.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "address/resolve.h"
#include "listener.h"
#include "relay.h"
#include "sock.h"

#define PROBE_S 10
#define PROBES	6

void listener_key(const struct rule *rule, size_t index, char *text,
		  size_t size)
{
	const char *wanted = rule->listens[index].text;
	struct addresses *a = NULL;
	struct addr_hostport hp;
	const char *why;

	snprintf(text, size, "%s", wanted);
	if (strncmp(wanted, "unix:", 5) == 0 || addr_split(wanted, &hp) < 0)
		return;
	if (strcmp(hp.port, "0") == 0)
		snprintf(text, size, "%s %s %zu", wanted, rule->id, index);
	else if (strcmp(hp.host, "*") == 0)
		snprintf(text, size, "[::]:%s", hp.port);
	else
		a = addresses_resolve(wanted, &why);
	if (a)
		addr_print(&a->list[0].sa, a->list[0].len, text, size);
	addresses_release(a);
}

/*
 * Whether SUN is a Unix socket at which nobody listens any more. To connect to
 * another kind of file is refused, too.
 */
static bool is_left_over(const struct sockaddr_un *sun)
{
	struct stat st;
	bool dead;
	int fd;

	if (lstat(sun->sun_path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	dead = connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) < 0 &&
	       errno == ECONNREFUSED;
	close(fd);
	return dead;
}

static int bind_unix(int fd, const struct sockaddr_un *sun)
{
	const struct sockaddr *sa = (const struct sockaddr *)sun;
	mode_t mask = umask(0177);
	int result = bind(fd, sa, sizeof(*sun));

	if (result < 0 && errno == EADDRINUSE) {
		if (is_left_over(sun) && unlink(sun->sun_path) == 0)
			result = bind(fd, sa, sizeof(*sun));
		else
			errno = EADDRINUSE;
	}
	umask(mask);
	return result;
}

static int open_unix(const char *path, const char **why)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err;

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	if (fd >= 0 && bind_unix(fd, &sun) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	*why = strerrordesc_np(err = errno);
	if (fd >= 0)
		close(fd);
	errno = err;
	return -1;
}

static int open_tcp(const char *text, const char **why)
{
	int fd = listener_open(text, SOMAXCONN, why);

	if (fd < 0)
		return -1;
	if (sock_set_nonblock(fd, true) == 0 &&
	    sock_set_nodelay(fd, true) == 0 &&
	    sock_set_keepalive(fd, RELAY_KEEPALIVE_S, PROBE_S, PROBES) == 0)
		return fd;
	*why = strerrordesc_np(errno);
	close(fd);
	return -1;
}

struct listener *listener_create(const char *text, const char *key,
				 const char **why)
{
	struct listener *l = calloc(1, sizeof(*l));
	int err;

	*why = "out of memory";
	if (!l)
		return NULL;
	atomic_init(&l->holders, 1);
	l->is_unix = strncmp(text, "unix:", 5) == 0;
	l->fd = l->is_unix ? open_unix(text + 5, why) : open_tcp(text, why);
	if (l->fd < 0) {
		err = errno;
		free(l);
		errno = err;
		return NULL;
	}
	snprintf(l->key, sizeof(l->key), "%s", key);
	if (l->is_unix) {
		snprintf(l->bound, sizeof(l->bound), "%s", text);
	} else {
		sock_local(l->fd, &l->local);
		sock_local_text(l->fd, l->bound, sizeof(l->bound));
	}
	return l;
}

struct listener *listener_hold(struct listener *l)
{
	atomic_fetch_add(&l->holders, 1);
	return l;
}

void listener_release(struct listener *l)
{
	if (!l || atomic_fetch_sub(&l->holders, 1) != 1)
		return;
	listener_shut(l);
	close(l->fd);
	free(l);
}

bool listener_yield(struct listener *l)
{
	if (l->shut || l->is_unix || shutdown(l->fd, SHUT_RDWR) < 0)
		return false;
	l->yielded = true;
	return true;
}

void listener_resume(struct listener *l)
{
	if (l->yielded)
		listen(l->fd, SOMAXCONN);
	l->yielded = false;
}

void listener_shut(struct listener *l)
{
	if (l->shut)
		return;
	l->shut = true;
	shutdown(l->fd, SHUT_RDWR);
	if (l->is_unix)
		unlink(l->key + strlen("unix:"));
}
