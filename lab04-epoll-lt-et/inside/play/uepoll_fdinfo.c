/* SPDX-License-Identifier: MIT */
/*
 * The kernel shows an epoll's interest list in /proc/self/fdinfo/EPFD, a line
 * "tfd: N events: MASK data: DATA ..." an item (ep_show_fdinfo).
 */
#include "uepoll_kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

struct line {
	int fd;
	uint32_t mask;
	unsigned long long data;
};

static int by_fd(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->fd != y->fd)
		return x->fd < y->fd ? -1 : 1;
	if (x->data != y->data)
		return x->data < y->data ? -1 : 1;
	return x->mask < y->mask ? -1 : x->mask > y->mask;
}

static int read_lines(int epfd, struct line *line, int max)
{
	char path[64], text[16384], *at = text;
	ssize_t len;
	int fd, n = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", epfd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	while (n < max && (at = strstr(at, "tfd:"))) {
		if (sscanf(at, "tfd: %d events: %x data: %llx", &line[n].fd,
			   &line[n].mask, &line[n].data) == 3)
			n++;
		at++;
	}
	return n;
}

void ukernel_items(struct ukernel *k, const struct uop *op, struct utext *t)
{
	int epfd = k->fd[op->name[0]];
	struct line line[256];
	int n;

	if (ukernel_kind(k, epfd) != UKIND_EPOLL) {
		utext_ret(t, -1,
			  ukernel_kind(k, epfd) == UKIND_NONE ? EBADF : EINVAL);
		return;
	}
	n = read_lines(epfd, line, (int)ARRAY_LEN(line));
	if (n < 0)
		ukernel_die("/proc/self/fdinfo");
	qsort(line, (size_t)n, sizeof(line[0]), by_fd);
	utext_add(t, "%d", n);
	for (int i = 0; i < n; i++) {
		utext_add(t, " %d=%s:", line[i].fd - UKERNEL_BASE,
			  k->script->name[line[i].data]);
		utext_mask(t, line[i].mask);
	}
}
