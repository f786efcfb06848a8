/* SPDX-License-Identifier: MIT */
/*
 * All of it is the kernel's own account: getrusage(2), and a folder for each
 * thread in /proc/self/task (proc(5)), which has those that a library started,
 * too.
 */
#include "experiment_usage.h"

#include <dirent.h>
#include <sys/resource.h>

#include "experiment.h"

static double us(struct timeval time)
{
	return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

double exp_cpu_us(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) < 0)
		exp_die("getrusage");
	return us(usage.ru_utime) + us(usage.ru_stime);
}

long exp_sleeps(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) < 0)
		exp_die("getrusage");
	return usage.ru_nvcsw;
}

int exp_threads(void)
{
	DIR *folder = opendir("/proc/self/task");
	int count = 0;

	if (!folder)
		exp_skip("needs /proc");
	for (struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}
