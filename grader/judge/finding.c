/* SPDX-License-Identifier: MIT */
/*
 * The descriptor is made by the child, in the box, and belongs to the judge: it
 * comes through the socket that tells how the start went (unix(7), SCM_RIGHTS).
 */
#include "finding_internal.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
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

/* Room for what a newer kernel may say of a call. */
union notice {
	struct seccomp_notif call;
	char bytes[512];
};

int finding_take(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct seccomp_notif_resp answer;
	union notice notice;

	if (poll(&p, 1, 0) <= 0)
		return 0;
	if (!(p.revents & POLLIN))
		return -1;
	memset(&notice, 0, sizeof(notice));
	/* It may have been killed meanwhile; it had found something all the same. */
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &notice) == 0) {
		answer = (struct seccomp_notif_resp){
			.id = notice.call.id,
			.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
		};
		ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
	return 1;
}
