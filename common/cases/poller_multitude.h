/* SPDX-License-Identifier: MIT */
/*
 * poller_multitude - more descriptors than a small number can count. None is open,
 * and a poller that asks the kernel may refuse the first of them.
 */
#ifndef COMMON_TESTS_POLLER_MULTITUDE_H
#define COMMON_TESTS_POLLER_MULTITUDE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "poller.h"

#define PM_FIRST 100000 /* no descriptor is open from here on */

static int pm_add(struct poller *p, int fd)
{
	return p->ops->add(p, fd, 0);
}

static int pm_mod(struct poller *p, int fd)
{
	return p->ops->mod(p, fd, 0);
}

static int pm_del(struct poller *p, int fd)
{
	return p->ops->del(p, fd);
}

/*
 * N numbers are added to P, modified, added in vain, and deleted. Prints "ok", or
 * what went wrong first: "mod of number 32769: ENOENT".
 */
static void poller_multitude(struct poller *p, int n)
{
	static const struct {
		const char *name;
		int (*call)(struct poller *p, int fd);
		int error; /* that it is to say; 0: none */
	} steps[] = {
		{ "add", pm_add, 0 },
		{ "mod", pm_mod, 0 },
		{ "second add", pm_add, EEXIST },
		{ "del", pm_del, 0 },
	};

	for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++)
		for (int i = 0; i < n; i++) {
			int result = steps[s].call(p, PM_FIRST + i);
			int error = result ? errno : 0;

			if (error == steps[s].error)
				continue;
			printf("%s of number %d: %s\n", steps[s].name, i + 1,
			       error ? strerrorname_np(error) : "0");
			return;
		}
	puts("ok");
}

#endif
