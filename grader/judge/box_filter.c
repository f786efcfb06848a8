/* SPDX-License-Identifier: MIT */
/*
 * A classic BPF program in three parts: the machine, calls that are looked at
 * more closely, and calls that are refused. Jumps are counted in instructions
 * from the next one, so each part ends in itself.
 *
 * clone3(2) hides its flags behind a pointer, which a filter cannot follow. It
 * is said not to be there, and glibc takes clone(2).
 */
#include "box_filter_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#else
#define MACHINE 0
#endif

#define X32 0x40000000 /* a bit of the number: x86-64's second table */
#define NEW_NAMESPACE                                                  \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

#define DATA(member)	offsetof(struct seccomp_data, member)
#define ARG(n)		((unsigned int)(DATA(args) + 8 * (n))) /* its low half */
#define LOAD(at)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define NOT(k, skip)	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), 0, (skip))
#define IS(k, skip)	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), (skip), 0)
#define NO_BIT(k, skip) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (k), 0, (skip))
#define ALLOW		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define FAIL(err)	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (err))
#define REFUSE(call)	NOT(__NR_##call, 1), FAIL(EPERM)

/* CALL fails if its argument N has one of BITS. */
#define REFUSE_BITS(call, n, bits) \
	NOT(__NR_##call, 4), LOAD(ARG(n)), NO_BIT((bits), 1), FAIL(EPERM), ALLOW

#define HEAD                                                            \
	LOAD(DATA(arch)), IS(MACHINE, 1), FAIL(ENOSYS), LOAD(DATA(nr)), \
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1), FAIL(ENOSYS)

#define NO_NEW_CODE                                                          \
	NOT(__NR_mmap, 6), LOAD(ARG(2)), NO_BIT(PROT_EXEC, 3), LOAD(ARG(3)), \
		NO_BIT(MAP_ANONYMOUS, 1), FAIL(EPERM), ALLOW,                \
		REFUSE_BITS(mprotect, 2, PROT_EXEC),                         \
		REFUSE_BITS(pkey_mprotect, 2, PROT_EXEC)

#define NAMESPACES                                                     \
	NOT(__NR_clone3, 1), FAIL(ENOSYS),                             \
		REFUSE_BITS(clone, 0, NEW_NAMESPACE), REFUSE(unshare), \
		REFUSE(setns), REFUSE(mount), REFUSE(umount2),         \
		REFUSE(pivot_root), REFUSE(chroot), REFUSE(open_tree), \
		REFUSE(move_mount), REFUSE(fsopen), REFUSE(fsconfig),  \
		REFUSE(fsmount), REFUSE(fspick), REFUSE(mount_setattr)

#define SOCKETS                                                            \
	NOT(__NR_socket, 7), LOAD(ARG(0)), IS(AF_UNIX, 4), IS(AF_INET, 3), \
		IS(AF_INET6, 2), IS(AF_NETLINK, 1), FAIL(EPERM), ALLOW

#define MEMORY                                                       \
	REFUSE(memfd_create), REFUSE(memfd_secret), REFUSE(shmget),  \
		REFUSE(msgget), REFUSE(semget), REFUSE(mq_open),     \
		REFUSE(process_vm_readv), REFUSE(process_vm_writev), \
		REFUSE(process_madvise), REFUSE(pidfd_getfd), REFUSE(kcmp)

#ifdef __NR_symlink
#define OLD_LINKS REFUSE(symlink), REFUSE(link),
#else
#define OLD_LINKS
#endif
#define LINKS OLD_LINKS REFUSE(symlinkat), REFUSE(linkat)

#define KERNEL                                                        \
	REFUSE(bpf), REFUSE(perf_event_open), REFUSE(userfaultfd),    \
		REFUSE(keyctl), REFUSE(add_key), REFUSE(request_key), \
		REFUSE(init_module), REFUSE(finit_module),            \
		REFUSE(delete_module), REFUSE(kexec_load),            \
		REFUSE(open_by_handle_at), REFUSE(fanotify_init),     \
		REFUSE(syslog), REFUSE(acct), REFUSE(swapon), REFUSE(reboot)

/* A lock on a file that all cells have would be a word to a neighbour. */
#define LOCKS REFUSE(flock)

/*
 * As libsanitizer opens the file of its option log_path. Where libc calls openat(2)
 * that is another call than anybody's; else the mode is.
 */
#ifdef __NR_open
#define OPENS  __NR_open
#define OPEN_N 1
#else
#define OPENS  __NR_openat
#define OPEN_N 2
#endif

#define REPORTS                                                              \
	NOT(OPENS, 6), LOAD(ARG(OPEN_N)),                                    \
		NOT(O_WRONLY | O_CREAT | O_TRUNC, 3), LOAD(ARG(OPEN_N + 1)), \
		NOT(0660, 1),                                                \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF), ALLOW

#define FINDINGS                                                 \
	NOT(__NR_exit_group, 5), LOAD(ARG(0)),                   \
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffffff00), \
		NOT(FINDING_EXIT, 1),                            \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF), ALLOW

#define TAIL NAMESPACES, SOCKETS, MEMORY, LINKS, KERNEL, LOCKS, ALLOW

#define FPROG(filter) \
	((struct sock_fprog){ sizeof(filter) / sizeof(filter[0]), filter })

static int install(struct sock_fprog *fprog, unsigned int flags)
{
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, fprog);
}

int box_filter(bool writes_code, int *findings)
{
	static struct sock_filter telling[] = { HEAD, NO_NEW_CODE, REPORTS,
						FINDINGS, TAIL };
	static struct sock_filter all[] = { HEAD, NO_NEW_CODE, TAIL };
	static struct sock_filter for_valgrind[] = { HEAD, TAIL };
	struct sock_fprog fprog;
	int fd;

	if (!MACHINE)
		return 0;
	if (findings) {
		fprog = FPROG(telling);
		fd = install(&fprog, SECCOMP_FILTER_FLAG_NEW_LISTENER);
		if (fd >= 0) {
			*findings = fd;
			return 0;
		}
	}
	fprog = writes_code ? FPROG(for_valgrind) : FPROG(all);
	return install(&fprog, 0);
}
