/* SPDX-License-Identifier: MIT */
/*
 * The thin layer that turns numbers into files, as the kernel's fdget() does.
 * It is apart from the files so that these, and uepoll, never see a number
 * that may mean another file tomorrow.
 */
#include "usys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "uepoll.h"

void usys_init(struct usys *sys, int size)
{
	sys->file = calloc((size_t)size, sizeof(struct ufile *));
	if (!sys->file) {
		perror("usys: no memory for the descriptor table");
		exit(1);
	}
	sys->size = size;
	sys->lowest = 0;
}

void usys_destroy(struct usys *sys)
{
	for (int fd = 0; fd < sys->size; fd++)
		if (sys->file[fd])
			usys_close(sys, fd);
	free(sys->file);
	sys->file = NULL;
}

struct ufile *usys_file(const struct usys *sys, int fd)
{
	if (fd < 0 || fd >= sys->size || !sys->file[fd]) {
		errno = EBADF;
		return NULL;
	}
	return sys->file[fd];
}

/* Gives FILE the lowest free number; takes over the caller's reference. */
static int install(struct usys *sys, struct ufile *file)
{
	if (!file)
		return -1;
	while (sys->lowest < sys->size && sys->file[sys->lowest])
		sys->lowest++;
	if (sys->lowest == sys->size) {
		ufile_put(file);
		errno = EMFILE;
		return -1;
	}
	sys->file[sys->lowest] = file;
	return sys->lowest++;
}

static int install_pair(struct usys *sys, struct ufile *end[2], int fd[2])
{
	fd[0] = install(sys, end[0]);
	fd[1] = install(sys, end[1]);
	if (fd[1] >= 0)
		return 0;
	if (fd[0] >= 0)
		usys_close(sys, fd[0]);
	errno = EMFILE;
	return -1;
}

int usys_stream(struct usys *sys, int fd[2])
{
	struct ufile *end[2];

	return ustream_pair(end) ? -1 : install_pair(sys, end, fd);
}

int usys_pipe(struct usys *sys, int fd[2])
{
	struct ufile *end[2];

	return upipe_pair(end) ? -1 : install_pair(sys, end, fd);
}

int usys_counter(struct usys *sys, uint64_t count)
{
	return install(sys, ucounter_new(count));
}

int usys_plain(struct usys *sys)
{
	return install(sys, uplain_new());
}

int usys_epoll(struct usys *sys)
{
	return install(sys, uepoll_new());
}

int usys_dup(struct usys *sys, int fd)
{
	struct ufile *file = usys_file(sys, fd);

	if (!file)
		return -1;
	ufile_get(file);
	return install(sys, file);
}

int usys_close(struct usys *sys, int fd)
{
	struct ufile *file = usys_file(sys, fd);

	if (!file)
		return -1;
	sys->file[fd] = NULL;
	if (fd < sys->lowest)
		sys->lowest = fd;
	ufile_put(file);
	return 0;
}

ssize_t usys_read(struct usys *sys, int fd, size_t len, uint64_t *value)
{
	struct ufile *file = usys_file(sys, fd);

	if (!file)
		return -1;
	if (!file->ops->read) {
		errno = EINVAL;
		return -1;
	}
	return file->ops->read(file, len, value);
}

ssize_t usys_write(struct usys *sys, int fd, uint64_t len)
{
	struct ufile *file = usys_file(sys, fd);

	if (!file)
		return -1;
	if (!file->ops->write) {
		errno = EINVAL;
		return -1;
	}
	return file->ops->write(file, len);
}

int usys_shutdown(struct usys *sys, int fd, int how)
{
	struct ufile *file = usys_file(sys, fd);

	if (!file)
		return -1;
	if (!file->ops->shutdown) {
		errno = ENOTSOCK;
		return -1;
	}
	return file->ops->shutdown(file, how);
}

int usys_epoll_ctl(struct usys *sys, int epfd, int op, int fd,
		   const struct epoll_event *event)
{
	struct ufile *epfile = usys_file(sys, epfd);
	struct ufile *file = usys_file(sys, fd);

	if (!epfile || !file)
		return -1;
	return uepoll_ctl(epfile, op, file, fd, event);
}

int usys_epoll_wait(struct usys *sys, int epfd, struct epoll_event *events,
		    int max)
{
	struct ufile *epfile = usys_file(sys, epfd);
	struct utask task = { 0 };

	return epfile ? uepoll_wait(epfile, events, max, &task) : -1;
}
