/* SPDX-License-Identifier: MIT */
/*
 * pids-again - echo-server on a system that has few process numbers: the one that
 * a child had is the next child's, the last one that was waited for first. The
 * kernel does that as well, some thousand processes later (fork(2), pid_max).
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A definition in the program comes before the one in libc. */
#define REAL(name) (*(void **)&real = dlsym(RTLD_NEXT, name))

#define FIRST	 0x40000000 /* above all that the kernel gives */
#define CHILDREN 64

/* The process with the number FIRST + i, or 0; fork() and the waits change it. */
static volatile pid_t child[CHILDREN];
static volatile int freed = -1; /* the number that was given back last */

static int number_of(pid_t pid)
{
	for (int i = 0; i < CHILDREN; i++)
		if (child[i] == pid)
			return i;
	return -1;
}

static pid_t give_number(pid_t pid)
{
	int i = freed >= 0 && !child[freed] ? freed : number_of(0);

	if (i < 0)
		return pid;
	child[i] = pid;
	return FIRST + i;
}

/* The kernel's number for the process that NUMBER stands for. */
static pid_t pid_of(pid_t number)
{
	bool ours = number >= FIRST && number < FIRST + CHILDREN;

	return ours && child[number - FIRST] ? child[number - FIRST] : number;
}

/* PID has been waited for. */
static pid_t take_number(pid_t pid)
{
	int i = pid > 0 ? number_of(pid) : -1;

	if (i < 0)
		return pid;
	child[i] = 0;
	freed = i;
	return FIRST + i;
}

/* No handler runs between fork(2) and the table's entry. */
pid_t fork(void)
{
	pid_t (*real)(void);
	sigset_t all, before;
	pid_t pid;

	REAL("fork");
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	pid = real();
	if (pid > 0)
		pid = give_number(pid);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pid;
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	pid_t (*real)(pid_t, int *, int, struct rusage *);

	REAL("wait4");
	return take_number(real(pid_of(pid), status, options, usage));
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

pid_t wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	int (*real)(idtype_t, id_t, siginfo_t *, int);
	int result;

	REAL("waitid");
	result = real(type, type == P_PID ? (id_t)pid_of((pid_t)id) : id, info,
		      options);
	if (result == 0 && info && info->si_pid > 0 && !(options & WNOWAIT))
		info->si_pid = take_number(info->si_pid);
	return result;
}

int kill(pid_t pid, int sig)
{
	int (*real)(pid_t, int);

	REAL("kill");
	return real(pid_of(pid), sig);
}
