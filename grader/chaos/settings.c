/* SPDX-License-Identifier: MIT */
/*
 * What libchaos.so is told in $CHAOS, read before the program's own
 * constructors run. A setting that makes no sense is as good as none.
 */
#include "chaos_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The value of NAME in $CHAOS copied to VALUE; false if it is not there. */
static bool setting(const char *name, char *value, size_t size)
{
	const char *at = getenv("CHAOS");
	size_t len = strlen(name);

	for (; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
		size_t n = strcspn(at, ",");

		if (strncmp(at, name, len) != 0 || at[len] != '=')
			continue;
		n -= len + 1;
		if (n >= size)
			return false;
		memcpy(value, at + len + 1, n);
		value[n] = '\0';
		return true;
	}
	return false;
}

static uint64_t number(const char *name)
{
	char value[32];

	if (!setting(name, value, sizeof(value)))
		return 0;
	return strtoull(value, NULL, 10);
}

static uint64_t functions(const char *name)
{
	char value[256];

	if (!setting(name, value, sizeof(value)))
		return 0;
	return chaos_functions(value);
}

static bool is_wanted_here(void)
{
	char want[4096], exe[4096];
	ssize_t n;

	if (!getenv("CHAOS"))
		return false;
	if (!setting("exe", want, sizeof(want)))
		return true;
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n < 0)
		return false;
	exe[n] = '\0';
	return strcmp(want, exe) == 0;
}

static void map_table(void)
{
	char path[4096];
	struct stat st;
	void *at;
	int fd;

	if (!setting("table", path, sizeof(path)))
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size == sizeof(*chaos_table)) {
		at = mmap(NULL, sizeof(*chaos_table), PROT_READ | PROT_WRITE,
			  MAP_SHARED, fd, 0);
		if (at == MAP_FAILED ||
		    ((struct chaos_table *)at)->magic != CHAOS_MAGIC)
			goto out;
		chaos_table = at;
		__atomic_fetch_add(&chaos_table->attached, 1, __ATOMIC_RELAXED);
	}
out:
	REAL(close)(fd);
}

static __attribute__((constructor(101))) void begin(void)
{
	int err = errno;

	for (int f = 0; f < CHAOS_FUNCTION_COUNT; f++)
		chaos_real((enum chaos_function)f);
	if (!is_wanted_here())
		return;
	map_table();
	chaos_set = (struct settings){
		.seed = number("seed"),
		.short_read = (unsigned int)number("short_read"),
		.short_write = (unsigned int)number("short_write"),
		.eintr = (unsigned int)number("eintr"),
		.eintr_connect = (unsigned int)number("eintr_connect"),
		.eagain = (unsigned int)number("eagain"),
		.econnaborted = (unsigned int)number("econnaborted"),
		.emfile = (unsigned int)number("emfile"),
		.fail_alloc = number("fail_alloc"),
		.signal = (int)number("signal"),
		.signal_call = (unsigned int)number("signal_call"),
		.signal_before = functions("signal_before"),
		.signal_behind = functions("signal_behind"),
	};
	chaos_on = true;
	errno = err;
}
