/* SPDX-License-Identifier: MIT */
/*
 * The descriptor is made by the child, in the box, and belongs to the judge: it
 * comes through the socket that tells how the start went (unix(7), SCM_RIGHTS).
 */
#include "finding_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int finding_send(int to, int fd)
{
	union control control = { .head = { .cmsg_level = SOL_SOCKET,
					    .cmsg_type = SCM_RIGHTS,
					    .cmsg_len =
						    CMSG_LEN(sizeof(int)) } };
	int error = 0;
	struct iovec iov = { &error, sizeof(error) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	return sendmsg(to, &msg, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int finding_receive(int from, int *error)
{
	union control control;
	struct iovec iov = { error, sizeof(*error) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fd = -1;
	ssize_t n;

	for (;;) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		do
			n = recvmsg(from, &msg, MSG_CMSG_CLOEXEC);
		while (n < 0 && errno == EINTR);
		if (n <= 0)
			break;
		if (msg.msg_controllen)
			memcpy(&fd, CMSG_DATA(&control.head), sizeof(fd));
		if (*error)
			return fd;
	}
	*error = 0;
	return fd;
}

void finding_file(int *to_write, int *to_read)
{
	char path[64];

	*to_read = -1;
	*to_write = memfd_create("report", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", *to_write);
	if (*to_write >= 0)
		*to_read = open(path, O_RDONLY | O_CLOEXEC);
}

/* Room for what a newer kernel may say of a call. */
union notice {
	struct seccomp_notif call;
	char bytes[512];
};

/* Its open(2) returns a descriptor of the judge's file, whatever else it has. */
static void open_for(int fd, __u64 id, int report)
{
	struct seccomp_notif_addfd add = { .id = id,
					   .flags = SECCOMP_ADDFD_FLAG_SEND,
					   .srcfd = (__u32)report,
					   .newfd_flags = O_CLOEXEC };
	struct seccomp_notif_resp refused = { .id = id, .error = -EMFILE };

	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0)
		ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &refused);
}

enum finding finding_take(int fd, int report)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct seccomp_notif_resp answer;
	union notice notice;

	if (poll(&p, 1, 0) <= 0)
		return FINDING_NONE;
	if (!(p.revents & POLLIN))
		return FINDING_OVER;
	memset(&notice, 0, sizeof(notice));
	/* It may have been killed meanwhile; it had found something all the same. */
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &notice) < 0)
		return FINDING_BEGUN;
	if (notice.call.data.nr != __NR_exit_group) {
		open_for(fd, notice.call.id, report);
		return FINDING_BEGUN;
	}
	answer = (struct seccomp_notif_resp){
		.id = notice.call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
	};
	ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	return FINDING_TOLD;
}
