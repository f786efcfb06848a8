/* SPDX-License-Identifier: MIT */
/*
 * accept_fails - accept(2) and accept4(2) for a driver that decides which calls
 * fail: it defines accept_fails(), which returns true, with errno set, if this
 * call is to fail, and includes this in one file. Call from any thread from
 * which accept_fails() may be called. A definition in the program comes before
 * the one in libc.
 */
#ifndef CASES_ACCEPT_FAILS_H
#define CASES_ACCEPT_FAILS_H

#include <dlfcn.h>
#include <stdbool.h>
#include <sys/socket.h>

static bool accept_fails(void);

int accept(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
	int (*real)(int, struct sockaddr *, socklen_t *);

	if (accept_fails())
		return -1;
	*(void **)&real = dlsym(RTLD_NEXT, "accept");
	return real(fd, addr, len);
}

int accept4(int fd, struct sockaddr *restrict addr, socklen_t *restrict len,
	    int flags)
{
	int (*real)(int, struct sockaddr *, socklen_t *, int);

	if (accept_fails())
		return -1;
	*(void **)&real = dlsym(RTLD_NEXT, "accept4");
	return real(fd, addr, len, flags);
}

#endif
