/* SPDX-License-Identifier: MIT */
/*
 * box_filter - what the kernel refuses a program in a box, whatever way it is
 * asked (seccomp(2)): each such call fails with EPERM. The look at a module's
 * symbols sees no call that data makes which is run as code.
 *
 *	memory with new code in it	mmap and mprotect with PROT_EXEC
 *	memory that is no process's	memfd_create, System V shared memory
 *	queues that outlive a process	System V messages and semaphores, mqueue
 *	other names for a file		symlink, link: the judge may be root
 *	other processes' memory		process_vm_*, pidfd_getfd, kcmp
 *	namespaces and mounts		unshare, setns, mount and the like, and
 *					clone with CLONE_NEW*
 *	parts of the kernel that no	bpf, perf_event_open, userfaultfd, keys,
 *	lab is about			modules, sockets but of IP and UNIX
 *
 * And what the kernel tells the judge (seccomp_unotify(2)): that a sanitizer begins
 * its report, and that it ends its process. For the first it opens a file, before it
 * writes a byte; it alone makes that system call so. For the second it calls
 * exit_group(2), whose number has 32 bits. Those of FINDING_EXIT are in no honest
 * program's; the last byte is the exit status.
 *
 *	program	open(...)			and stands still
 *	judge	takes note, and opens a file of its own for it (finding_internal.h)
 *	program	exit_group(FINDING_EXIT | 1)	and stands still
 *	judge	takes note, reads the report, lets it go on
 */
#ifndef JUDGE_BOX_FILTER_INTERNAL_H
#define JUDGE_BOX_FILTER_INTERNAL_H

#include <stdbool.h>

#define FINDING_EXIT 0x5a117e00

/*
 * For a child between fork(2) and exec(3), after PR_SET_NO_NEW_PRIVS. WRITES_CODE
 * is for Valgrind, whose work is to write code. With FINDINGS, *FINDINGS becomes
 * the descriptor, which exec(3) closes, or stays what it is on a machine that has
 * none. 0, or -1 with errno; on a machine for which no filter is known, 0.
 */
int box_filter(bool writes_code, int *findings);

#endif
