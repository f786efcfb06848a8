/* SPDX-License-Identifier: MIT */
/*
 * usys - the simulated descriptor table, and the system calls on it.
 *
 * Each call does what its namesake does with real descriptors: looks the
 * descriptor up (-1 and EBADF if there is none) and calls the file. New
 * descriptors get the lowest free number. 0 or a count; -1 with errno.
 */
#ifndef USYS_H
#define USYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

#include "ufile.h"
#include "uwait.h"

struct usys {
	struct ufile **file; /* by descriptor */
	int size;
	int lowest; /* no free number is below this */
};

/* A table for SIZE descriptors; ends the program if there is no memory. */
void usys_init(struct usys *sys, int size);

/* Closes all that is open and frees the table. */
void usys_destroy(struct usys *sys);

/* The file behind FD; NULL and EBADF if there is none. */
struct ufile *usys_file(const struct usys *sys, int fd);

/* New descriptors go to FD[0], FD[1] or are returned; -1 and EMFILE. */
int usys_stream(struct usys *sys, int fd[2]);
int usys_pipe(struct usys *sys, int fd[2]);
int usys_counter(struct usys *sys, uint64_t count);
int usys_plain(struct usys *sys);
int usys_epoll(struct usys *sys);
int usys_dup(struct usys *sys, int fd);

int usys_close(struct usys *sys, int fd);
ssize_t usys_read(struct usys *sys, int fd, size_t len, uint64_t *value);
ssize_t usys_write(struct usys *sys, int fd, uint64_t len);
int usys_shutdown(struct usys *sys, int fd, int how);

int usys_epoll_ctl(struct usys *sys, int epfd, int op, int fd,
		   const struct epoll_event *event);
/* By a task that does not sleep: timeout 0. */
int usys_epoll_wait(struct usys *sys, int epfd, struct epoll_event *events,
		    int max);

#endif
