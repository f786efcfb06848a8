/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing. Each call is counted, may fail, and may be made with
 * fewer bytes than asked for; what it then returns is the truth.
 *
 * The *_chk functions are what the same calls become in a program that is
 * compiled with _FORTIFY_SOURCE.
 */
#undef _FORTIFY_SOURCE
#include "chaos_internal.h"

#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <fcntl.h>
#include <unistd.h>

#define IOV_COPY 64 /* a short call never needs more of them */

#define FAULTS (MAY_EINTR | MAY_EAGAIN)

static ssize_t done(enum chaos_function f, int fd, ssize_t n, bool shortened)
{
	chaos_done(f, n);
	if (shortened && n > 0)
		chaos_rearm(fd);
	return n;
}

CHAOS_API ssize_t read(int fd, void *buf, size_t len)
{
	size_t want;

	if (chaos_call_fd(CHAOS_read, fd, 0, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_read, fd, len, chaos_set.short_read);
	return done(CHAOS_read, fd, REAL(read)(fd, buf, want), want < len);
}

CHAOS_API ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	size_t want;

	if (chaos_call_fd(CHAOS_recv, fd, flags, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_recv, fd, len, chaos_set.short_read);
	return done(CHAOS_recv, fd, REAL(recv)(fd, buf, want, flags),
		    want < len);
}

CHAOS_API ssize_t recvfrom(int fd, void *restrict buf, size_t len, int flags,
			   __SOCKADDR_ARG from, socklen_t *restrict from_len)
{
	size_t want;

	if (chaos_call_fd(CHAOS_recvfrom, fd, flags, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_recvfrom, fd, len, chaos_set.short_read);
	return done(CHAOS_recvfrom, fd,
		    REAL(recvfrom)(fd, buf, want, flags, from, from_len),
		    want < len);
}

CHAOS_API ssize_t write(int fd, const void *buf, size_t len)
{
	size_t want;

	if (chaos_call_fd(CHAOS_write, fd, 0, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_write, fd, len, chaos_set.short_write);
	return done(CHAOS_write, fd, REAL(write)(fd, buf, want), want < len);
}

CHAOS_API ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	size_t want;

	if (chaos_call_fd(CHAOS_send, fd, flags, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_send, fd, len, chaos_set.short_write);
	return done(CHAOS_send, fd, REAL(send)(fd, buf, want, flags),
		    want < len);
}

CHAOS_API ssize_t sendto(int fd, const void *buf, size_t len, int flags,
			 __CONST_SOCKADDR_ARG to, socklen_t to_len)
{
	size_t want;

	if (chaos_call_fd(CHAOS_sendto, fd, flags, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_sendto, fd, len, chaos_set.short_write);
	return done(CHAOS_sendto, fd,
		    REAL(sendto)(fd, buf, want, flags, to, to_len), want < len);
}

static size_t iov_len(const struct iovec *iov, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += iov[i].iov_len;
	return len;
}

/* The first LEN bytes of IOV as COPY; the number of pieces. */
static size_t iov_cut(struct iovec *copy, const struct iovec *iov, size_t n,
		      size_t len)
{
	size_t i = 0;

	for (; i < n && i < IOV_COPY && len; i++) {
		copy[i] = iov[i];
		if (copy[i].iov_len > len)
			copy[i].iov_len = len;
		len -= copy[i].iov_len;
	}
	return i;
}

CHAOS_API ssize_t readv(int fd, const struct iovec *iov, int n)
{
	size_t count = n > 0 ? (size_t)n : 0, len = iov_len(iov, count), want;
	struct iovec copy[IOV_COPY];
	bool cut;

	if (chaos_call_fd(CHAOS_readv, fd, 0, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_readv, fd, len, chaos_set.short_read);
	cut = want < len;
	if (cut) {
		n = (int)iov_cut(copy, iov, count, want);
		iov = copy;
	}
	return done(CHAOS_readv, fd, REAL(readv)(fd, iov, n), cut);
}

CHAOS_API ssize_t writev(int fd, const struct iovec *iov, int n)
{
	size_t count = n > 0 ? (size_t)n : 0, len = iov_len(iov, count), want;
	struct iovec copy[IOV_COPY];
	bool cut;

	if (chaos_call_fd(CHAOS_writev, fd, 0, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_writev, fd, len, chaos_set.short_write);
	cut = want < len;
	if (cut) {
		n = (int)iov_cut(copy, iov, count, want);
		iov = copy;
	}
	return done(CHAOS_writev, fd, REAL(writev)(fd, iov, n), cut);
}

CHAOS_API ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	size_t len = iov_len(msg->msg_iov, msg->msg_iovlen), want, n;
	struct iovec copy[IOV_COPY], *iov = msg->msg_iov;
	size_t iovlen = msg->msg_iovlen;
	ssize_t result;

	if (chaos_call_fd(CHAOS_recvmsg, fd, flags, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_recvmsg, fd, len, chaos_set.short_read);
	if (want == len)
		return chaos_done(CHAOS_recvmsg, REAL(recvmsg)(fd, msg, flags));
	n = iov_cut(copy, iov, iovlen, want);
	msg->msg_iov = copy;
	msg->msg_iovlen = n;
	result = REAL(recvmsg)(fd, msg, flags);
	msg->msg_iov = iov;
	msg->msg_iovlen = iovlen;
	return done(CHAOS_recvmsg, fd, result, true);
}

CHAOS_API ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	size_t len = iov_len(msg->msg_iov, msg->msg_iovlen), want;
	struct iovec copy[IOV_COPY];
	struct msghdr cut = *msg;

	if (chaos_call_fd(CHAOS_sendmsg, fd, flags, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_sendmsg, fd, len, chaos_set.short_write);
	if (want == len)
		return chaos_done(CHAOS_sendmsg, REAL(sendmsg)(fd, msg, flags));
	cut.msg_iovlen = iov_cut(copy, msg->msg_iov, msg->msg_iovlen, want);
	cut.msg_iov = copy;
	return done(CHAOS_sendmsg, fd, REAL(sendmsg)(fd, &cut, flags), true);
}

CHAOS_API ssize_t sendfile(int out, int in, off_t *offset, size_t len)
{
	size_t want;

	if (chaos_call_fd(CHAOS_sendfile, out, 0, FAULTS) < 0)
		return -1;
	want = chaos_shorten(CHAOS_sendfile, out, len, chaos_set.short_write);
	return done(CHAOS_sendfile, out, REAL(sendfile)(out, in, offset, want),
		    want < len);
}

CHAOS_API ssize_t splice(int in, off64_t *in_at, int out, off64_t *out_at,
			 size_t len, unsigned int flags)
{
	size_t want;

	chaos_call(CHAOS_splice, 0);
	want = chaos_shorten(CHAOS_splice, out, len, chaos_set.short_write);
	return done(CHAOS_splice, out,
		    REAL(splice)(in, in_at, out, out_at, want, flags),
		    want < len);
}

ssize_t __read_chk(int fd, void *buf, size_t len, size_t size);
ssize_t __recv_chk(int fd, void *buf, size_t len, size_t size, int flags);

CHAOS_API ssize_t __read_chk(int fd, void *buf, size_t len, size_t size)
{
	if (len > size)
		abort();
	return read(fd, buf, len);
}

CHAOS_API ssize_t __recv_chk(int fd, void *buf, size_t len, size_t size,
			     int flags)
{
	if (len > size)
		abort();
	return recv(fd, buf, len, flags);
}
