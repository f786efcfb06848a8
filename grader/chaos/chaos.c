/* SPDX-License-Identifier: MIT */
/*
 * Counters and dice. The dice have no state but counts: a throw is a
 * hash of the seed and of which call this is, so threads need no lock and the
 * same program meets the same faults.
 */
#include "chaos_internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct settings chaos_set;

bool chaos_on;

static struct chaos_table no_table;
struct chaos_table *chaos_table = &no_table;
static void *real[CHAOS_FUNCTION_COUNT];

/* Which process: changed by each fork, on both sides. */
static uint64_t lineage;
static atomic_uint forks, threads;

/* Calls of the functions in chaos_set.signal_before. */
static atomic_uint waits;

/* Which thread, and what it has called; static TLS allocates nothing. */
struct thread {
	unsigned int number; /* 0: not given yet */
	uint32_t calls[CHAOS_FUNCTION_COUNT];
	bool spared[CHAOS_FUNCTION_COUNT];
};
static __thread __attribute__((tls_model("initial-exec"))) struct thread self;

static const char *const names[] = {
#define CHAOS_NAME(name) #name,
	CHAOS_FUNCTIONS(CHAOS_NAME)
#undef CHAOS_NAME
};

void *chaos_real(enum chaos_function f)
{
	void *p = __atomic_load_n(&real[f], __ATOMIC_RELAXED);

	if (!p) {
		p = dlsym(RTLD_NEXT, names[f]);
		if (!p)
			abort();
		__atomic_store_n(&real[f], p, __ATOMIC_RELAXED);
	}
	return p;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t z = a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2));

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A number for this call of F; WHAT tells several throws for one call apart. */
static uint64_t dice(enum chaos_function f, unsigned int what)
{
	uint64_t h = mix(chaos_set.seed, lineage);

	if (!self.number)
		self.number = atomic_fetch_add(&threads, 1) + 1;
	h = mix(h, self.number);
	h = mix(h, (uint64_t)f << 8 | what);
	return mix(h, self.calls[f]);
}

static bool chance(enum chaos_function f, unsigned int what,
		   unsigned int percent)
{
	return percent && dice(f, what) % 100 < percent;
}

static void count(uint64_t *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static int fail_with(enum chaos_function f, int err)
{
	count(&chaos_table->count[f].faults);
	if (err == EAGAIN)
		count(&chaos_table->count[f].eagain);
	self.spared[f] = true;
	errno = err;
	return -1;
}

static int call(enum chaos_function f, unsigned int may)
{
	if (self.spared[f]) {
		self.spared[f] = false;
		return 0;
	}
	if ((may & MAY_EINTR) && chance(f, 1, chaos_set.eintr))
		return fail_with(f, EINTR);
	if ((may & MAY_EINTR_CONNECT) && chance(f, 1, chaos_set.eintr_connect))
		return fail_with(f, EINTR);
	if ((may & MAY_EAGAIN) && chance(f, 2, chaos_set.eagain))
		return fail_with(f, EAGAIN);
	if ((may & MAY_ECONNABORTED) && chance(f, 3, chaos_set.econnaborted))
		return fail_with(f, ECONNABORTED);
	if ((may & MAY_EMFILE) && chance(f, 4, chaos_set.emfile))
		return fail_with(f, EMFILE);
	return 0;
}

uint64_t chaos_functions(const char *names_wanted)
{
	const char *at = names_wanted;
	uint64_t found = 0;

	for (;;) {
		size_t len = strcspn(at, "+");

		for (int f = 0; f < CHAOS_FUNCTION_COUNT; f++)
			if (strlen(names[f]) == len &&
			    memcmp(names[f], at, len) == 0)
				found |= UINT64_C(1) << f;
		if (!at[len])
			return found;
		at += len + 1;
	}
}

/* The gap between looking at a flag and the call that waits, made to order. */
static void raise_signal(enum chaos_function f, uint64_t functions)
{
	if (!chaos_set.signal || !(functions >> f & 1))
		return;
	if (atomic_fetch_add(&waits, 1) + 1 == chaos_set.signal_call)
		raise(chaos_set.signal);
}

static void count_call(enum chaos_function f)
{
	count(&chaos_table->count[f].calls);
	self.calls[f]++;
	raise_signal(f, chaos_set.signal_before);
}

int chaos_call(enum chaos_function f, unsigned int may)
{
	if (!chaos_on)
		return 0;
	count_call(f);
	return call(f, may);
}

/* What may happen on FD: files neither block nor are interrupted. */
static unsigned int allowed(int fd, int msg_flags)
{
	int err = errno, flags = fcntl(fd, F_GETFL);
	unsigned int no;
	struct stat st;

	/* An eventfd and its like have no type; the kernel never fails them. */
	if (flags < 0 || fstat(fd, &st) < 0 || S_ISREG(st.st_mode) ||
	    (st.st_mode & S_IFMT) == 0)
		no = MAY_EINTR | MAY_EINTR_CONNECT | MAY_EAGAIN;
	else if ((flags & O_NONBLOCK) || (msg_flags & MSG_DONTWAIT))
		no = MAY_EINTR | MAY_EINTR_CONNECT;
	else
		no = MAY_EAGAIN;
	errno = err;
	return ~no;
}

int chaos_call_fd(enum chaos_function f, int fd, int msg_flags,
		  unsigned int may)
{
	int result;

	if (!chaos_on)
		return 0;
	count_call(f);
	if ((may & MAY_EINTR && chaos_set.eintr) ||
	    (may & MAY_EINTR_CONNECT && chaos_set.eintr_connect) ||
	    (may & MAY_EAGAIN && chaos_set.eagain))
		may &= allowed(fd, msg_flags);
	if ((may & MAY_EAGAIN) && chaos_set.eagain && chaos_is_oneshot(fd))
		may &= ~MAY_EAGAIN;
	result = call(f, may);
	if (result < 0 && errno == EAGAIN)
		chaos_rearm(fd);
	return result;
}

ssize_t chaos_done(enum chaos_function f, ssize_t result)
{
	if (!chaos_on)
		return result;
	if (result < 0 && errno == EAGAIN)
		count(&chaos_table->count[f].eagain);
	if (result >= 0)
		raise_signal(f, chaos_set.signal_behind);
	return result;
}

/* Where a short count is what the kernel may give at any time. */
static bool is_stream(int fd)
{
	socklen_t len = sizeof(int);
	struct stat st;
	int type;

	if (fstat(fd, &st) < 0)
		return false;
	if (S_ISFIFO(st.st_mode))
		return true;
	return S_ISSOCK(st.st_mode) &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	       type == SOCK_STREAM;
}

size_t chaos_shorten(enum chaos_function f, int fd, size_t len,
		     unsigned int percent)
{
	int err = errno;
	uint64_t number;
	bool stream;

	if (!chaos_on || len < 2 || !chance(f, 5, percent) ||
	    chaos_is_oneshot(fd))
		return len;
	stream = is_stream(fd);
	errno = err;
	if (!stream)
		return len;
	count(&chaos_table->count[f].faults);
	number = dice(f, 6);
	/* Very few as often as any: both find mistakes of their own. */
	if (number & 1 && len > 8)
		len = 8;
	return 1 + (size_t)((number >> 1) % (len - 1));
}

bool chaos_alloc(enum chaos_function f)
{
	uint64_t n;

	if (!chaos_on)
		return false;
	count(&chaos_table->count[f].calls);
	if (f == CHAOS_free)
		return false;
	n = __atomic_add_fetch(&chaos_table->allocs, 1, __ATOMIC_RELAXED);
	if (n != chaos_set.fail_alloc)
		return false;
	count(&chaos_table->count[f].faults);
	errno = ENOMEM;
	return true;
}

bool chaos_has_accepted(void)
{
	const struct chaos_count *c = chaos_table->count;

	return __atomic_load_n(&c[CHAOS_accept].calls, __ATOMIC_RELAXED) ||
	       __atomic_load_n(&c[CHAOS_accept4].calls, __ATOMIC_RELAXED);
}

void chaos_forking(void)
{
	atomic_fetch_add(&forks, 1);
}

void chaos_forked(void)
{
	lineage = mix(lineage, atomic_load(&forks));
	atomic_store(&forks, 0);
}
