/* SPDX-License-Identifier: MIT */
/*
 * io_uring is often forbidden: by kernel.io_uring_disabled (Linux 6.6 and
 * later), or by the seccomp filter of a container. Both look the same to the
 * program, EPERM, so the setting is read to tell which of them it is.
 *
 * A ring is asked for by the bare system call: whoever wants to know must not
 * have to be linked with liburing.
 */
#include "uring_refusal.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The value of kernel.io_uring_disabled, 0 if there is no such setting. */
static int disabled(void)
{
	FILE *setting = fopen("/proc/sys/kernel/io_uring_disabled", "re");
	int value = 0;

	if (!setting)
		return 0;
	if (fscanf(setting, "%d", &value) != 1)
		value = 0;
	fclose(setting);
	return value;
}

static const char *reason(int error)
{
	static char text[128];

	switch (error) {
	case ENOSYS:
		return "this kernel has no io_uring";
	case EPERM:
		if (!disabled())
			return "io_uring is forbidden here, by seccomp perhaps";
		snprintf(text, sizeof(text), "kernel.io_uring_disabled is %d",
			 disabled());
		return text;
	case ENOMEM:
		return "io_uring needs more locked memory than the limit "
		       "(ulimit -l) allows";
	default:
		snprintf(text, sizeof(text), "io_uring_setup: %s",
			 strerror(error));
		return text;
	}
}

const char *uring_refusal(int major, int minor)
{
	static char text[128];
	struct io_uring_params params = { 0 };
	struct utsname kernel;
	int ring = (int)syscall(__NR_io_uring_setup, 2, &params);
	int has_major = 0, has_minor = 0;

	if (ring < 0)
		return reason(errno);
	close(ring);
	if (uname(&kernel) == 0 &&
	    sscanf(kernel.release, "%d.%d", &has_major, &has_minor) == 2 &&
	    (has_major < major || (has_major == major && has_minor < minor))) {
		snprintf(text, sizeof(text),
			 "it takes Linux %d.%d, and this is %d.%d", major,
			 minor, has_major, has_minor);
		return text;
	}
	return NULL;
}
