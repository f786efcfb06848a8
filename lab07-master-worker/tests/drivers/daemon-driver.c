/* SPDX-License-Identifier: MIT */
/*
 * A program that may go to the background. See script.h for the form of it;
 * standard input and output go with it.
 *
 *	start			daemon_start(): answered by the daemon
 *	no-fork			the next fork(2) fails with EAGAIN
 *	interruptible		SIGUSR1 has a handler from now on, and interrupts
 *	interrupted		before the middle process goes on, it sends
 *				SIGUSR1 to the starter, over and over
 *	ignore-children		SIGCHLD is ignored, as execve(2) may leave it
 *	umask MASK		umask(2), octal
 *	no-input		descriptor 0 is closed: commands come by another
 *	facts			pid, parent, session, session leader?, terminal?,
 *				umask, working directory
 *	report N		daemon_report() with that status
 *	silence FD		daemon_silence()
 *	close FD		close(2)
 *	write FD		write(2) of a byte
 *	read FD			read(2) of a byte: how many came
 *	cloexec FD		is it close-on-exec?
 *	end-cloexec		is the descriptor of daemon_start()?
 *	descriptors		how many are open
 *	pid-file PATH		pidfile_create(): "ok", "EEXIST by PID", errno
 *	vanish			the next file that is opened by its name loses
 *				that name at once
 *	replaced		the same, and another file has that name then
 *	no-open			the next open(2) fails with ENOENT
 *	no-descriptors ON	1: no descriptor is to be had; 0: as many as before
 *	fails CALL		the next write(2) or ftruncate(2) of a file fails
 *				with ENOSPC
 *	locked PATH N		does somebody hold a lock on its byte N?
 *	remove PATH		pidfile_remove(): was PATH gone when the
 *				descriptor was closed?
 *	remove-nothing PATH	the same without a descriptor
 *	child			a child that has all descriptors, and stays
 *	nap MS			answers so much later
 *	die N			_exit(2) with that status
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "script.h"

pid_t __real_fork(void);
int __real_close(int fd);
int __real_open(const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *buf, size_t len);
int __real_ftruncate(int fd, off_t len);
pid_t __wrap_fork(void);
int __wrap_close(int fd);
ssize_t __wrap_write(int fd, const void *buf, size_t len);
int __wrap_ftruncate(int fd, off_t len);
int __wrap_open(const char *path, int flags, ...);

static int end = -1;	 /* for daemon_report() */
static int pidfile = -1; /* of pidfile_create() */
static const char *pidfile_path;
static bool gone_at_close, closed_pidfile, vanishes, replaced;
static bool open_fails;
static long fork_fails;	  /* the N-th from now on */
static pid_t interrupted; /* the starter, by its middle process */
static char full[16];	  /* the call that finds a full disk */

/* Whether CALL is to fail on FD, a file. */
static bool is_full(const char *call, int fd)
{
	struct stat st;

	if (strcmp(full, call) || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	full[0] = '\0';
	errno = ENOSPC;
	return true;
}

ssize_t __wrap_write(int fd, const void *buf, size_t len)
{
	return is_full("write", fd) ? -1 : __real_write(fd, buf, len);
}

int __wrap_ftruncate(int fd, off_t len)
{
	return is_full("ftruncate", fd) ? -1 : __real_ftruncate(fd, len);
}

/* Whether the parent of this process sleeps (proc(5), /proc/PID/stat). */
static bool parent_sleeps(void)
{
	char path[64], text[256] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", getppid());
	f = fopen(path, "re");
	if (f && !fgets(text, sizeof(text), f))
		text[0] = '\0';
	if (f)
		fclose(f);
	return strstr(text, ") S ") != NULL;
}

/* It is in a call that waits, and that call fails each time (EINTR). */
static void interrupt_starter(void)
{
	for (int i = 0; i < 10; i++) {
		for (int looks = 0; looks < 1000 && !parent_sleeps(); looks++)
			usleep(1000);
		kill(interrupted, SIGUSR1);
	}
}

pid_t __wrap_fork(void)
{
	if (interrupted && getppid() == interrupted)
		interrupt_starter();
	if (!fork_fails || --fork_fails)
		return __real_fork();
	errno = EAGAIN;
	return -1;
}

int __wrap_close(int fd)
{
	if (fd >= 0 && fd == pidfile && pidfile_path) {
		closed_pidfile = true;
		gone_at_close = access(pidfile_path, F_OK) < 0;
	}
	return __real_close(fd);
}

/* The owner before removes its file, and the next one may have made its own. */
static void lose_name(const char *path)
{
	int other;

	unlink(path);
	if (!replaced)
		return;
	other = __real_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (other >= 0)
		__real_close(other);
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode = 0;
	int fd;

	va_start(more, flags);
	if (flags & O_CREAT)
		mode = va_arg(more, mode_t);
	va_end(more);
	if (open_fails) {
		open_fails = false;
		errno = ENOENT;
		return -1;
	}
	fd = __real_open(path, flags, mode);
	if (vanishes && fd >= 0)
		lose_name(path);
	vanishes = replaced = false;
	return fd;
}

static void facts(void)
{
	mode_t mask = umask(0);
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	char cwd[4096];

	umask(mask);
	script_say("%d %d %d %d %d %03o %s", getpid(), getppid(), getsid(0),
		   getsid(0) == getpid(), tty >= 0, mask,
		   getcwd(cwd, sizeof(cwd)));
	if (tty >= 0)
		close(tty);
}

static void make_pidfile(const char *path)
{
	pid_t owner = 0;

	pidfile = pidfile_create(path, &owner);
	if (pidfile < 0 && errno == EEXIST)
		script_say("EEXIST by %d", owner);
	else if (pidfile >= 0 && !(fcntl(pidfile, F_GETFD) & FD_CLOEXEC))
		script_say("a descriptor that execve(2) leaves open");
	else
		script_say("%s", script_result(pidfile));
}

static void say_locked(const char *path, off_t byte)
{
	struct flock at = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1,
	};
	int fd = __real_open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 || fcntl(fd, F_GETLK, &at) < 0)
		script_say("%s", script_result(-1));
	else
		script_say("%s", at.l_type == F_UNLCK ? "no" : "yes");
	if (fd >= 0)
		__real_close(fd);
}

static void remove_pidfile(const char *path)
{
	pidfile_path = path;
	pidfile_remove(path, pidfile);
	pidfile_path = NULL;
	pidfile = -1;
	script_say("%s", !closed_pidfile ? "never closed"
			 : gone_at_close ? "removed, then closed"
					 : "closed, then removed");
}

static void on_usr1(int signo)
{
	(void)signo;
}

/* Without SA_RESTART: what waits fails with EINTR (signal(7)). */
static void be_interruptible(void)
{
	const struct sigaction sa = { .sa_handler = on_usr1 };

	script_say("%s", script_result(sigaction(SIGUSR1, &sa, NULL)));
}

static void inherit(const struct script *s)
{
	if (script_is(s, "ignore-children"))
		signal(SIGCHLD, SIG_IGN);
	else if (script_is(s, "umask"))
		umask((mode_t)strtol(s->word[1], NULL, 8));
	else
		script_leave_stdin();
	script_say("ok");
}

static void child(void)
{
	pid_t pid = __real_fork();

	if (pid == 0) {
		signal(SIGTERM, SIG_DFL);
		for (;;)
			pause();
	}
	script_say("%d", pid);
}

static void read_byte(int fd)
{
	char byte;
	ssize_t n = read(fd, &byte, 1);

	if (n < 0)
		script_say("%s", strerrorname_np(errno));
	else
		script_say("%zd", n);
}

/* Commands about descriptors. */
static bool obey_fd(const struct script *s)
{
	int fd = (int)script_number(s, 1);

	if (script_is(s, "silence"))
		script_say("%s", script_result(daemon_silence(fd)));
	else if (script_is(s, "close"))
		script_say("%s", script_result(__real_close(fd)));
	else if (script_is(s, "write"))
		script_say("%s", script_result((int)write(fd, "x", 1)));
	else if (script_is(s, "read"))
		read_byte(fd);
	else if (script_is(s, "no-descriptors"))
		script_say("%s",
			   (script_no_descriptors(script_number(s, 1)), "ok"));
	else if (script_is(s, "cloexec"))
		script_say("%d", fcntl(fd, F_GETFD) & FD_CLOEXEC);
	else if (script_is(s, "end-cloexec"))
		script_say("%d", fcntl(end, F_GETFD) & FD_CLOEXEC);
	else if (script_is(s, "descriptors"))
		script_say("%zu", script_descriptors());
	else
		return false;
	return true;
}

static bool obey_pidfile(const struct script *s)
{
	if (script_is(s, "pid-file")) {
		make_pidfile(s->word[1]);
	} else if (script_is(s, "vanish") || script_is(s, "replaced")) {
		vanishes = true;
		replaced = script_is(s, "replaced");
		script_say("ok");
	} else if (script_is(s, "no-open")) {
		open_fails = true;
		script_say("ok");
	} else if (script_is(s, "fails")) {
		snprintf(full, sizeof(full), "%s", s->word[1]);
		script_say("ok");
	} else if (script_is(s, "locked")) {
		say_locked(s->word[1], (off_t)script_number(s, 2));
	} else if (script_is(s, "remove")) {
		remove_pidfile(s->word[1]);
	} else if (script_is(s, "remove-nothing")) {
		pidfile_remove(s->word[1], -1);
		script_say("ok");
	} else {
		return false;
	}
	return true;
}

static void obey(const struct script *s)
{
	if (script_is(s, "start")) {
		end = daemon_start();
		script_say("%s", script_result(end));
	} else if (script_is(s, "no-fork")) {
		fork_fails = script_number(s, 1);
		script_say("ok");
	} else if (script_is(s, "interruptible")) {
		be_interruptible();
	} else if (script_is(s, "interrupted")) {
		interrupted = getpid();
		script_say("ok");
	} else if (script_is(s, "ignore-children") || script_is(s, "umask") ||
		   script_is(s, "no-input")) {
		inherit(s);
	} else if (script_is(s, "facts")) {
		facts();
	} else if (script_is(s, "report")) {
		daemon_report(end, (int)script_number(s, 1));
		script_say("ok");
	} else if (script_is(s, "child")) {
		child();
	} else if (script_is(s, "nap")) {
		usleep(1000 * (useconds_t)script_number(s, 1));
		script_say("ok");
	} else if (script_is(s, "die")) {
		_exit((int)script_number(s, 1));
	} else if (!obey_fd(s) && !obey_pidfile(s)) {
		script_unknown(s);
	}
}

int main(void)
{
	struct script s;

	while (script_read(&s))
		obey(&s);
	return 0;
}
