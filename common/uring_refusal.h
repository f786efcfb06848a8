/* SPDX-License-Identifier: MIT */
/*
 * uring_refusal - whether this process may use io_uring(7), for those who have
 * to say why not: a kernel setting, a container's seccomp filter, a limit.
 */
#ifndef COMMON_URING_REFUSAL_H
#define COMMON_URING_REFUSAL_H

/*
 * Why io_uring as Linux MAJOR.MINOR has it is not to be had here: a clause such
 * as "kernel.io_uring_disabled is 2", valid until the next call; NULL if it is.
 * Makes a small ring and closes it. One thread at a time.
 */
const char *uring_refusal(int major, int minor);

#endif
