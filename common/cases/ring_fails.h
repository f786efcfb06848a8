/* SPDX-License-Identifier: MIT */
/*
 * ring_fails - io_uring_enter(2) that fails, by a filter of seccomp(2): liburing
 * makes its calls by itself and not through libc.
 */
#ifndef COMMON_CASES_RING_FAILS_H
#define COMMON_CASES_RING_FAILS_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "util.h"

/*
 * From now on and for good, io_uring_enter(2) fails with ERROR. Returns 0, or -1
 * with errno if the kernel takes no filter.
 */
static int ring_fails(unsigned int error)
{
	struct sock_filter lines[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_enter, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { ARRAY_LEN(lines), lines };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

#endif
