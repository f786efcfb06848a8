/* SPDX-License-Identifier: MIT */
/*
 * Stopping the kernel in the middle of epoll_wait's copy.
 *
 * The events go to two pages, the second of which does not exist yet:
 *
 *	     first page          │ second page, missing
 *	 ... event 1 | event 2   │ event 3 | event 4 ...     during 3
 *
 * Writing the first event of the second page faults. userfaultfd(2) hands the
 * fault to a thread of ours, which plays the injected operation (now the
 * kernel's epoll has the ready list in its hands, holds ep->mtx, and its files
 * go to the overflow list) and only then gives the page. Where userfaultfd is
 * not permitted (sysctl vm.unprivileged_userfaultfd), there is no way.
 */
#include "uepoll_kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util.h"

#define PAGE 4096

/* One for the process: made at the first use, never given back. */
static struct injector {
	int uffd; /* 0: not tried yet, -1: not possible */
	char *pages;
	struct ukernel *kernel;
	const struct uop *op;
	long ret;
	int err;
	bool ran;
	pthread_t thread;
} inj;

static void *fault_main(void *arg)
{
	struct uffd_msg msg;
	struct uffdio_zeropage zero = { .range = { .len = PAGE } };

	(void)arg;
	while (read(inj.uffd, &msg, sizeof(msg)) == sizeof(msg)) {
		uint64_t value;

		inj.ret = ukernel_simple(inj.kernel, inj.op->inject_verb,
					 inj.op->inject_name, inj.op->inject_n,
					 &value);
		inj.err = errno;
		inj.ran = true;
		zero.range.start = (uintptr_t)inj.pages + PAGE;
		ioctl(inj.uffd, UFFDIO_ZEROPAGE, &zero);
	}
	return NULL;
}

static bool set_up(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { .len = PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	inj.pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (inj.pages == MAP_FAILED)
		return false;
	inj.uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (inj.uffd < 0)
		return false;
	reg.range.start = (uintptr_t)inj.pages + PAGE;
	if (ioctl(inj.uffd, UFFDIO_API, &api) ||
	    ioctl(inj.uffd, UFFDIO_REGISTER, &reg) ||
	    pthread_create(&inj.thread, NULL, fault_main, NULL)) {
		close(inj.uffd);
		return false;
	}
	pthread_detach(inj.thread);
	return true;
}

bool uplayer_kernel_can_inject(void)
{
	if (inj.uffd == 0 && !set_up())
		inj.uffd = -1;
	return inj.uffd > 0;
}

void ukernel_wait_injecting(struct ukernel *k, const struct uop *op,
			    struct utext *t)
{
	struct epoll_event ev[USCRIPT_EVENTS], *at;
	int n;

	if (!uplayer_kernel_can_inject()) {
		utext_add(t, "not possible here");
		return;
	}
	madvise(inj.pages + PAGE, PAGE, MADV_DONTNEED);
	memset(inj.pages, 0, PAGE);
	inj.kernel = k;
	inj.op = op;
	inj.ran = false;
	at = (void *)(inj.pages + PAGE -
		      (size_t)(op->during - 1) * sizeof(*at));
	n = epoll_wait(k->fd[op->name[0]], at, (int)op->n, 0);
	if (n < 0) {
		utext_ret(t, n, errno);
	} else {
		memcpy(ev, at, (size_t)n * sizeof(*at));
		ukernel_events(t, k, ev, n);
	}
	utext_add(t, " / ");
	if (inj.ran)
		utext_ret(t, inj.ret, inj.err);
	else
		utext_add(t, "not reached");
}
