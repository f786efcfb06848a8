/* SPDX-License-Identifier: MIT */
/*
 * libchaos.so - the world as it can be, for a program that thinks it never is:
 * preloaded (ld.so(8), LD_PRELOAD) it makes calls short, interrupts them, lets
 * them fail, and counts them. Everything it does the kernel may do as well.
 *
 * It is told what to do by the environment variable CHAOS, pairs of NAME=VALUE
 * separated by commas:
 *
 *	seed=N		where the sequence of faults starts; the same seed gives
 *			the same faults to the same calls
 *	exe=PATH	work only in processes that run this file (absolute);
 *			absent: in all
 *	table=PATH	a file of sizeof(struct chaos_table) to count in,
 *			shared by the program and its children; absent: none
 *	short_read=P	chances in percent, 0 to 100; what each means is said
 *	short_write=P	below
 *	eintr=P
 *	eintr_connect=P
 *	eagain=P
 *	econnaborted=P
 *	emfile=P
 *	fail_alloc=N	the N-th allocation of the program and its children
 *			fails with ENOMEM, counted from 1 at the start of main
 *			(constructors included); 0 or absent: none
 *	signal=S	the thread whose call is a process's N-th one of FUNCTIONS
 *	signal_call=N	raises signal S right before the call is made;
 *	signal_before=FUNCTIONS	FUNCTIONS is "accept+accept4" and the like
 *	signal_behind=FUNCTIONS	the same, right behind the N-th call of these that
 *			succeeds: accept, accept4, and others that transfer
 *
 * Without CHAOS, and in processes that exe= leaves out, every call goes
 * straight through.
 *
 * short_read, short_write: stream sockets, pipes and FIFOs only. The call is
 * made with fewer bytes than asked for, at least one.
 *
 * eintr: calls that would be allowed to block: not on O_NONBLOCK descriptors or
 * regular files, not with MSG_DONTWAIT, WNOHANG or a time-out of 0. The call
 * is not made.
 *
 * eintr_connect: the same for connect(2), apart because to try again is not the
 * answer there: the call is made and goes on in the background.
 *
 * eagain: O_NONBLOCK descriptors (or MSG_DONTWAIT) only.
 *
 * econnaborted: accept, accept4. emfile: the same, and socket once the program
 * has called one of them: what fails before is the start, which may fail.
 *
 * After an injected error the same thread's next call of that function is
 * spared, so that a program which tries again gets on even at 100 percent.
 *
 * Edge-triggered epoll: a program that saw EAGAIN, or less than it asked for,
 * may rightly wait for the next edge (epoll(7)), and with bytes still there
 * the kernel would never send one. So the descriptor is armed again
 * (EPOLL_CTL_MOD) after such a fault; one with EPOLLONESHOT is left in peace
 * by both.
 *
 * The sequence: whether a call fails follows from the seed, the process (by
 * the forks that led to it), the thread (by the order of first calls), the
 * function and how often that thread called it. No clock, pid or address takes
 * part.
 *
 * Safe in signal handlers, threads and after fork(2): no locks, no memory.
 * With AddressSanitizer, ASAN_OPTIONS needs verify_asan_link_order=0.
 */
#ifndef CHAOS_H
#define CHAOS_H

#include <stdint.h>

#define CHAOS_MAGIC 0x31736f616863u /* "chaos1" */

/* The functions whose calls are counted. */
#define CHAOS_FUNCTIONS(X) \
	X(read)            \
	X(readv)           \
	X(recv)            \
	X(recvfrom)        \
	X(recvmsg)         \
	X(write)           \
	X(writev)          \
	X(send)            \
	X(sendto)          \
	X(sendmsg)         \
	X(sendfile)        \
	X(splice)          \
	X(socket)          \
	X(connect)         \
	X(accept)          \
	X(accept4)         \
	X(shutdown)        \
	X(close)           \
	X(poll)            \
	X(ppoll)           \
	X(select)          \
	X(pselect)         \
	X(epoll_create1)   \
	X(epoll_ctl)       \
	X(epoll_wait)      \
	X(epoll_pwait)     \
	X(epoll_pwait2)    \
	X(fork)            \
	X(wait)            \
	X(waitpid)         \
	X(pthread_create)  \
	X(sleep)           \
	X(usleep)          \
	X(nanosleep)       \
	X(clock_nanosleep) \
	X(sched_yield)     \
	X(malloc)          \
	X(calloc)          \
	X(realloc)         \
	X(aligned_alloc)   \
	X(memalign)        \
	X(posix_memalign)  \
	X(free)

enum chaos_function {
#define CHAOS_ENUM(name) CHAOS_##name,
	CHAOS_FUNCTIONS(CHAOS_ENUM)
#undef CHAOS_ENUM
		CHAOS_FUNCTION_COUNT
};

/* Counts only grow; read and written with the __atomic builtins. */
struct chaos_count {
	uint64_t calls;	 /* all, those that failed included */
	uint64_t eagain; /* failed with EAGAIN, by us or by the kernel */
	uint64_t faults; /* shortened, or failed by us */
};

struct chaos_table {
	uint64_t magic;	   /* CHAOS_MAGIC, set by whoever makes the file */
	uint64_t attached; /* processes that have mapped it, forks aside */
	uint64_t allocs;   /* malloc, calloc, growing realloc and the aligned */
	struct chaos_count count[CHAOS_FUNCTION_COUNT];
};

#endif
