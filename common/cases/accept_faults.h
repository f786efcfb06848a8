/* SPDX-License-Identifier: MIT */
/*
 * accept_faults - a program on a system where accept(2) fails: the drivers
 * accept-faults of labs 1 and 2 are this, with their servers. Before each
 * client it fails in another one of the ways that its manual page lists. A
 * definition in the program comes before the one in libc.
 */
#ifndef CASES_ACCEPT_FAULTS_H
#define CASES_ACCEPT_FAULTS_H

#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>

static const int faults[] = { EMFILE,  ECONNABORTED, EINTR,   ENFILE,
			      ENOBUFS, EPROTO,	     ENOMEM,  EINTR,
			      EPERM,   EHOSTUNREACH, ENETDOWN };

static unsigned int calls;

/* Each second call fails: 1 if this one does, with errno. */
static int fault(void)
{
	unsigned int n = calls++;

	if (n % 2)
		return 0;
	errno = faults[n / 2 % (sizeof(faults) / sizeof(faults[0]))];
	return 1;
}

int accept(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
	int (*real)(int, struct sockaddr *, socklen_t *);

	if (fault())
		return -1;
	*(void **)&real = dlsym(RTLD_NEXT, "accept");
	return real(fd, addr, len);
}

int accept4(int fd, struct sockaddr *restrict addr, socklen_t *restrict len,
	    int flags)
{
	int (*real)(int, struct sockaddr *, socklen_t *, int);

	if (fault())
		return -1;
	*(void **)&real = dlsym(RTLD_NEXT, "accept4");
	return real(fd, addr, len, flags);
}

#endif
