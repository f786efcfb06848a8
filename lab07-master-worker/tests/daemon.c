/* SPDX-License-Identifier: MIT */
/* Task 3: the way to the background, by way of daemon-driver. */
#include "asking.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 1000 /* of CPU time, which nobody needs who waits */

struct facts {
	int pid, parent, session, leads, terminal;
	char mask[8], cwd[128];
};

static struct facts facts_of(struct prog *d)
{
	struct facts f;
	const char *line = prog_answer(d, "facts");

	judge_check(sscanf(line, "%d %d %d %d %d %7s %127s", &f.pid, &f.parent,
			   &f.session, &f.leads, &f.terminal, f.mask,
			   f.cwd) == 7,
		    "a process that answers", "%s", line);
	return f;
}

/* Does descriptor FD of the process PID lead to EXPECTED? */
static bool is_link(int pid, int fd, const char *expected)
{
	char path[64], link[256];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	n = readlink(path, link, sizeof(link) - 1);
	link[n > 0 ? n : 0] = '\0';
	return !strcmp(link, expected);
}

/* A daemon that does not answer has lost its standard input or output. */
static struct facts facts_of_daemon(struct prog *d)
{
	const char *said;

	judge_promise("Standard input, output and error are still");
	said = prog_answer(d, "start");
	judge_promise("Returns in the daemon only: the descriptor");
	prog_said(d, said, "ok");
	judge_promise("Standard input, output and error are still");
	return facts_of(d);
}

/*
 * The daemon reports, the starter ends, and then the daemon does. The child of
 * the starter leads its session: if that is the daemon, it is waited for.
 */
static void ends_well(struct prog *d, const struct facts *f)
{
	judge_promise("Has the starter end with STATUS, 0 to 255,");
	if (f->leads)
		judge_promise("so the leader forks once more and ends: the");
	prog_input(d, "report 0");
	judge_until(process_has_ended(prog_pid(d)), "the starter has ended");
	prog_input(d, "die 7");
	prog_expect_exit(d, 0);
}

/* How many descriptors the process PID has. */
static size_t descriptors_of(pid_t pid)
{
	char path[64];
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void no_terminal(void)
{
	struct prog *d = prog_driver("daemon-driver");
	struct facts f = facts_of_daemon(d);

	judge_promise("Returns in the daemon only: the descriptor");
	judge_check(f.pid != prog_pid(d), "another process than the starter",
		    "the same");
	judge_promise("setsid(2) makes a new session without a");
	judge_check(f.session != getsid(0) && f.session != prog_pid(d),
		    "a session of its own", "session %d", f.session);
	judge_promise("so the leader forks once more and ends: the");
	judge_check(!f.leads, "a process that does not lead its session",
		    "it leads session %d", f.session);
	judge_promise("setsid(2) makes a new session without a");
	judge_check(!f.terminal, "no terminal", "/dev/tty can be opened");
	ends_well(d, &f);
}

GRADED(daemon, leaves_terminal_and_folder)
{
	struct prog *d = prog_driver("daemon-driver");
	struct facts f;

	prog_ask(d, "ok", "umask 110");
	f = facts_of_daemon(d);
	judge_promise("The umask is 027 and the working directory");
	judge_check(!strcmp(f.mask, "027"), "umask 027", "umask %s", f.mask);
	judge_check(!strcmp(f.cwd, "/"), "working directory /", "%s", f.cwd);
	ends_well(d, &f);
	no_terminal();
}

GRADED(daemon, starter_waits_for_the_report)
{
	struct prog *d = prog_driver("daemon-driver");
	struct facts f;

	judge_promise("The starter does not end before the daemon");
	prog_ask(d, "ok", "interruptible");
	prog_ask(d, "ok", "interrupted");
	prog_ask(d, "ok", "start");
	f = facts_of(d);
	judge_promise("The middle process is reaped by the starter.");
	prog_expect_no_zombies(d);
	judge_promise("The starter does not end before the daemon");
	judge_step(
		"SIGUSR1 to the starter, which has a handler, over and over");
	for (int i = 0; i < 30; i++) {
		kill(prog_pid(d), SIGUSR1);
		prog_ask(d, "ok", "nap 10");
		judge_check(!process_has_ended(prog_pid(d)),
			    "a starter that waits for the daemon's report",
			    "it has ended before there was one");
	}
	judge_promise("Has the starter end with STATUS, 0 to 255,");
	prog_input(d, "report 0");
	judge_until(process_has_ended(prog_pid(d)), "the starter ends, though "
						    "the "
						    "daemon goes on");
	judge_check(!process_has_ended(f.pid), "a daemon that goes on",
		    "it has ended");
	prog_input(d, "die 3");
	prog_expect_exit(d, 0);
}

static void reported_statuses(void)
{
	static const int statuses[] = { 1, 2, 255 };

	for (int i = 0; i < 3; i++) {
		struct prog *d = prog_driver("daemon-driver");

		judge_promise("it waits, and ends with the status that");
		prog_ask(d, "ok", "start");
		judge_promise("Has the starter end with STATUS, 0 to 255,");
		prog_input(d, "report %d", statuses[i]);
		judge_until(process_has_ended(prog_pid(d)),
			    "the starter has ended");
		prog_input(d, "die 0");
		prog_expect_exit(d, statuses[i]);
	}
}

/* CPU time of the process PID, which may have ended meanwhile: 0 then. */
static long cpu_ms(pid_t pid)
{
	unsigned long user = 0, system = 0;
	char path[64], text[512] = "";
	const char *behind_name;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (f && !fgets(text, sizeof(text), f))
		text[0] = '\0';
	if (f)
		fclose(f);
	behind_name = strrchr(text, ')');
	if (!behind_name ||
	    sscanf(behind_name,
		   ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
		   &user, &system) != 2)
		return 0;
	return (long)((user + system) * 1000) / sysconf(_SC_CLK_TCK);
}

/*
 * Nobody is waited for where SIGCHLD is ignored, which execve(2) leaves so: the
 * middle process is gone by itself, and waitpid(2) says ECHILD.
 */
static void status_without_children(void)
{
	struct prog *d = prog_driver("daemon-driver");

	judge_checking("daemon_no_children");
	judge_step("whoever started the program ignores SIGCHLD");
	prog_ask(d, "ok", "ignore-children");
	prog_ask(d, "ok", "start");
	prog_input(d, "report 5");
	/* One that turns in circles is not waited for any longer. */
	judge_until(process_has_ended(prog_pid(d)) ||
			    cpu_ms(prog_pid(d)) > BUSY_MS,
		    "the starter has ended, with the status reported");
	judge_check(process_has_ended(prog_pid(d)),
		    "a starter that ends with the status reported",
		    "it goes on, and has used more than %d ms of CPU time",
		    BUSY_MS);
	prog_input(d, "die 0");
	prog_expect_exit(d, 5);
	judge_checking(NULL);
}

GRADED(daemon, starter_ends_with_the_status)
{
	struct prog *d = prog_driver("daemon-driver");
	struct facts f;

	judge_promise("it waits, and ends with the status that");
	prog_ask(d, "ok", "start");
	prog_input(d, "die 0");
	prog_expect_exit(d, 1);
	judge_step("the same, but the daemon is killed");
	d = prog_driver("daemon-driver");
	prog_ask(d, "ok", "start");
	f = facts_of(d);
	kill(f.pid, SIGKILL);
	prog_expect_exit(d, 1);
	judge_step("the same, but the middle process cannot fork");
	judge_checking("daemon_second_fork");
	d = prog_driver("daemon-driver");
	prog_ask(d, "ok", "no-fork 2");
	prog_input(d, "start");
	prog_expect_exit(d, 1);
	judge_checking(NULL);
	reported_statuses();
	status_without_children();
}

GRADED(daemon, survives_its_starter)
{
	struct prog *d = prog_driver("daemon-driver");
	struct facts f;

	prog_ask(d, "ok", "start");
	f = facts_of(d);
	prog_signal(d, SIGKILL);
	judge_until(process_has_ended(prog_pid(d)), "the starter has ended");
	judge_step("the daemon reports to nobody, and does the next thing");
	prog_input(d, "report 0");
	prog_input(d, "silence 2");
	judge_until(process_has_ended(f.pid) || is_link(f.pid, 2, "/dev/null"),
		    "the daemon goes on, or has ended");
	judge_check(!process_has_ended(f.pid), "a daemon that goes on",
		    "it has ended");
	prog_input(d, "die 0");
	prog_expect_signal(d, SIGKILL);
}

GRADED(daemon, keeps_no_descriptor)
{
	struct prog *d = prog_driver("daemon-driver");
	long long before = ask_number(prog_answer(d, "descriptors")), now;
	struct facts f;

	judge_promise("-1 with errno if there is no daemon (EAGAIN,");
	prog_ask(d, "ok", "no-fork 1");
	prog_ask(d, "EAGAIN", "start");
	judge_checking("daemon_without_descriptors");
	prog_ask(d, "ok", "no-descriptors 1");
	prog_ask(d, "EMFILE", "start");
	prog_ask(d, "ok", "no-descriptors 0");
	judge_checking(NULL);
	now = ask_number(prog_answer(d, "descriptors"));
	judge_check(now == before, "none left open after fork(2) failed",
		    "%lld descriptors, and %lld before", now, before);
	judge_promise("Returns in the daemon only: the descriptor");
	prog_ask(d, "ok", "start");
	now = ask_number(prog_answer(d, "descriptors"));
	judge_check(now == before + 1, "one more descriptor, for the report",
		    "%lld descriptors, and %lld before", now, before);
	prog_ask(d, "1", "end-cloexec");
	f = facts_of(d);
	judge_promise("Has the starter end with STATUS, 0 to 255,");
	prog_input(d, "report 0");
	judge_until(descriptors_of(f.pid) == (size_t)before,
		    "daemon_report() has closed its descriptor");
	prog_input(d, "die 0");
	prog_expect_exit(d, 0);
}

/* As in a chroot(2) without /dev: what cannot be silenced is as it was. */
static void no_silence(void)
{
	struct prog *d = prog_driver("daemon-driver");
	char path[64], before[256] = "", after[256] = "";
	const char *said;

	judge_checking("daemon_no_silence");
	snprintf(path, sizeof(path), "/proc/%d/fd/2", prog_pid(d));
	if (readlink(path, before, sizeof(before) - 1) < 0)
		judge_infra("%s", path);
	prog_ask(d, "ok", "no-open");
	said = prog_answer(d, "silence 2");
	/* Who opens it by another call than open(2) has found it. */
	if (strcmp(said, "ok") != 0 || !is_link(prog_pid(d), 2, "/dev/null")) {
		judge_check(!strcmp(said, "ENOENT"), "ENOENT", "\"%s\"", said);
		judge_check(readlink(path, after, sizeof(after) - 1) > 0 &&
				    !strcmp(before, after),
			    before, "descriptor 2 leads to \"%s\"", after);
	}
	judge_checking(NULL);
	prog_finish(d);
}

/* Whoever started the program may have closed 0, and open(2) returns that. */
static void silence_without_stdin(void)
{
	struct prog *d = prog_driver("daemon-driver");
	long long before;

	judge_checking("daemon_descriptor_0");
	judge_step("descriptor 0 is closed");
	prog_ask(d, "ok", "no-input");
	before = ask_number(prog_answer(d, "descriptors"));
	prog_ask(d, "ok", "silence 2");
	judge_check(is_link(prog_pid(d), 2, "/dev/null"), "/dev/null",
		    "descriptor 2 leads elsewhere");
	judge_check(ask_number(prog_answer(d, "descriptors")) == before,
		    "no other descriptor left open", "there is one");
	prog_ask(d, "ok", "silence 0");
	judge_check(is_link(prog_pid(d), 0, "/dev/null"), "/dev/null",
		    "descriptor 0 leads elsewhere");
	prog_ask(d, "0", "cloexec 0");
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(daemon, silence)
{
	struct prog *d = prog_driver("daemon-driver");
	long long before;

	prog_ask(d, "ok", "close 2");
	before = ask_number(prog_answer(d, "descriptors"));
	prog_ask(d, "ok", "silence 2");
	judge_check(is_link(prog_pid(d), 2, "/dev/null"), "/dev/null",
		    "descriptor 2 leads elsewhere");
	prog_ask(d, "0", "cloexec 2");
	judge_check(ask_number(prog_answer(d, "descriptors")) == before + 1,
		    "no other descriptor left open", "there is one");
	prog_ask(d, "ok", "silence 2");
	prog_ask(d, "0", "cloexec 2");
	judge_check(ask_number(prog_answer(d, "descriptors")) == before + 1,
		    "no other descriptor left open", "there is one");
	prog_ask(d, "ok", "write 2");
	judge_checking("daemon_silence_is_read");
	prog_ask(d, "0", "read 2");
	judge_checking(NULL);
	prog_input(d, "silence 1");
	prog_input(d, "nap 1");
	prog_close_stdin(d);
	prog_expect_output(d, "", 0);
	prog_expect_exit(d, 0);
	no_silence();
	silence_without_stdin();
}

/* ---- pid files ---- */

static void expect_file(const char *path, const char *expected)
{
	char text[256];
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		n = read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	judge_check(n >= 0, "the pid file is there", "it is not");
	text[n] = '\0';
	judge_check(!strcmp(text, expected), expected, "the file holds \"%s\"",
		    text);
}

/* For the program to write, too: where it is graded officially, it is another
 * user than the judge. */
static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		judge_infra("%s", path);
	close(fd);
}

/* A place for the file, and the line it must hold for D. */
static const char *pid_path(struct prog *d, char *line)
{
	static char path[4096];

	if (!getcwd(path, sizeof(path) - 32))
		judge_infra("getcwd");
	sprintf(path + strlen(path), "/pid.%d", getpid());
	sprintf(line, "%d\n", prog_pid(d));
	return path;
}

/* D makes the file PATH, and its descriptor does not outlive execve(2). */
static void expect_pid_file(struct prog *d, const char *path)
{
	const char *said, *before = judge_promise("Creates the file PATH");

	said = prog_answer(d, "pid-file %s", path);
	if (strstr(said, "execve(2)"))
		judge_promise("Returns a descriptor, close-on-exec, to be");
	prog_said(d, said, "ok");
	judge_promise(before);
}

/* D removes the file PATH, and then closes it. */
static void expect_removed(struct prog *d, const char *path)
{
	const char *said;

	judge_promise("Removes the file and gives the lock up, in");
	said = prog_answer(d, "remove %s", path);
	if (!strcmp(said, "never closed"))
		judge_promise("FD is closed.");
	prog_said(d, said, "removed, then closed");
	judge_promise("Removes the file and gives the lock up, in");
}

static void pid_file_written(void)
{
	struct prog *d = prog_driver("daemon-driver");
	mode_t mask = (mode_t)strtol(facts_of(d).mask, NULL, 8);
	char line[32];
	const char *path = pid_path(d, line);
	struct stat st;

	judge_promise("Creates the file PATH (mode 0644 less the");
	expect_pid_file(d, path);
	expect_file(path, line);
	judge_check(!stat(path, &st) && (st.st_mode & 0777) == (0644 & ~mask),
		    "mode 0644, less the umask",
		    "mode %03o, with a umask of "
		    "%03o",
		    st.st_mode & 0777, mask);
	expect_removed(d, path);
	judge_check(access(path, F_OK) < 0, "the file is gone", "it is not");
	judge_step("a file left behind by a process that is no more");
	write_file(path, "99999999999999999999 and more\n");
	judge_promise("Creates the file PATH (mode 0644 less the");
	expect_pid_file(d, path);
	expect_file(path, line);
	judge_promise("-1 for FD: no effect.");
	prog_ask(d, "ok", "remove-nothing %s", path);
	expect_file(path, line);
	prog_finish(d);
	/* The next one could not: it is the judge's, who may be another user. */
	unlink(path);
}

/* The umask decides, and not what it mostly is. The file is not there yet. */
static void pid_file_modes(void)
{
	static const mode_t masks[] = { 0, 022, 077 };
	struct prog *d = prog_driver("daemon-driver");
	char line[32];
	const char *path = pid_path(d, line);
	struct stat st;

	judge_promise("Creates the file PATH (mode 0644 less the");
	for (int i = 0; i < 3; i++) {
		prog_ask(d, "ok", "umask %o", masks[i]);
		expect_pid_file(d, path);
		judge_check(!stat(path, &st), "the pid file is there",
			    "it is not");
		judge_check((st.st_mode & 0777) == (0644 & ~masks[i]),
			    "mode 0644, less the umask",
			    "mode %03o, with a umask of %03o",
			    st.st_mode & 0777, masks[i]);
		expect_removed(d, path);
	}
	prog_finish(d);
}

/* The pid file is descriptor 0, which is one like any other. */
static void pid_file_is_descriptor_0(void)
{
	struct prog *d = prog_driver("daemon-driver");
	struct prog *other = prog_driver("daemon-driver");
	char line[32];
	const char *path = pid_path(d, line);

	judge_checking("daemon_pid_file_0");
	prog_ask(d, "ok", "no-input");
	prog_ask(d, "ok", "pid-file %s", path);
	expect_file(path, line);
	prog_ask(other, "yes", "locked %s 0", path);
	prog_ask(d, "removed, then closed", "remove %s", path);
	judge_check(access(path, F_OK) < 0, "the file is gone", "it is not");
	judge_checking(NULL);
	prog_finish(d);
	prog_finish(other);
}

/* D has N descriptors: what was opened in vain is closed. */
static void expect_descriptors(struct prog *d, long long n)
{
	long long now = ask_number(prog_answer(d, "descriptors"));

	judge_checking("daemon_opened_in_vain");
	judge_check(now == n, "no file left open that is not the pid file",
		    "%lld descriptors, and %lld would be right", now, n);
	judge_checking(NULL);
}

/* OWNER gives its file up, and another gets the name that NEXT has opened. */
static void pid_file_is_replaced(struct prog *next, struct prog *owner,
				 const char *path)
{
	char line[32];

	judge_checking("daemon_pid_file_replaced");
	judge_step("the file that was opened is another than the one that has "
		   "the name when it is locked");
	expect_removed(owner, path);
	prog_ask(next, "ok", "replaced");
	prog_ask(next, "ok", "pid-file %s", path);
	sprintf(line, "%d\n", prog_pid(next));
	expect_file(path, line);
	prog_ask(owner, "yes", "locked %s 0", path);
	judge_checking(NULL);
}

GRADED(daemon, pid_file_has_one_owner)
{
	struct prog *d = prog_driver("daemon-driver"), *other;
	char line[32], expected[64];
	const char *path = pid_path(d, line);
	long long before;

	other = prog_driver("daemon-driver");
	expect_pid_file(d, path);
	judge_promise("a living process holds the lock; its pid is");
	snprintf(expected, sizeof(expected), "EEXIST by %d", prog_pid(d));
	before = ask_number(prog_answer(other, "descriptors"));
	for (int i = 0; i < 3; i++) {
		prog_ask(other, expected, "pid-file %s", path);
		expect_file(path, line);
	}
	expect_descriptors(other, before);
	judge_step("the lock is on the whole file, however long that gets");
	judge_promise("The lock is fcntl(2)'s F_SETLK, for writing,");
	prog_ask(other, "yes", "locked %s 0", path);
	prog_ask(other, "yes", "locked %s 1000", path);
	expect_removed(d, path);
	judge_promise("The owner before may remove its file at any");
	judge_step("the file that was opened loses its name before it is "
		   "locked");
	prog_ask(other, "ok", "vanish");
	prog_ask(other, "ok", "pid-file %s", path);
	sprintf(line, "%d\n", prog_pid(other));
	expect_file(path, line);
	prog_ask(d, "yes", "locked %s 0", path);
	expect_descriptors(other, before + 1);
	pid_file_is_replaced(d, other, path);
	prog_finish(d);
	prog_finish(other);
}

GRADED(daemon, pid_file_is_free_with_its_owner)
{
	struct prog *d = prog_driver("daemon-driver"), *next;
	char line[32];
	const char *path = pid_path(d, line);
	pid_t child;

	next = prog_driver("daemon-driver");
	expect_pid_file(d, path);
	judge_promise("it belongs to this process alone, is not");
	judge_step("a child of it stays, with all descriptors");
	child = (pid_t)ask_number(prog_answer(d, "child"));
	prog_signal(d, SIGKILL);
	judge_until(process_has_ended(prog_pid(d)), "the owner has ended");
	prog_ask(next, "ok", "pid-file %s", path);
	snprintf(line, sizeof(line), "%d\n", prog_pid(next));
	expect_file(path, line);
	kill(child, SIGKILL);
	prog_finish(next);
}

/* The disk is full: nothing is held, and others may try. */
static void pid_file_without_room(void)
{
	static const char *const calls[] = { "write", "ftruncate" };
	struct prog *d = prog_driver("daemon-driver");
	struct prog *other = prog_driver("daemon-driver");
	char line[32];
	const char *path = pid_path(other, line);

	judge_checking("daemon_full_disk");
	for (int i = 0; i < 2; i++) {
		long long before = ask_number(prog_answer(d, "descriptors"));

		prog_ask(d, "ok", "fails %s", calls[i]);
		prog_ask(d, "ENOSPC", "pid-file %s", path);
		judge_check(ask_number(prog_answer(d, "descriptors")) == before,
			    "no descriptor left open behind the failure",
			    "there is one, of a failed %s(2)", calls[i]);
		prog_ask(other, "ok", "pid-file %s", path);
		expect_file(path, line);
		expect_removed(other, path);
	}
	judge_checking(NULL);
	prog_finish(d);
	prog_finish(other);
}

/*
 * A symbolic link to TARGET, in a folder where others may remove it: programs
 * that are graded officially make no links, and the judge is another user then.
 */
static const char *make_link(const char *target)
{
	static char path[PATH_MAX];

	if (mkdir("links", 0777) < 0 && errno != EEXIST)
		judge_infra("mkdir");
	if (!realpath("links", path) || strlen(path) > sizeof(path) - 8)
		judge_infra("realpath");
	strcat(path, "/pid");
	if (symlink(target, path) < 0)
		judge_infra("symlink");
	return path;
}

/* PATH is a symbolic link, as it was made, and nothing has taken its place. */
static void expect_link(const char *path)
{
	struct stat st;

	judge_check(!lstat(path, &st) && S_ISLNK(st.st_mode),
		    "the symbolic link is still there", "it is not");
}

/* D owns FILE by the name of a link to it, and gives it up. */
static void pid_file_by_link(struct prog *d, struct prog *other,
			     const char *file)
{
	const char *path = make_link(file);
	char line[32], expected[64];
	struct stat st;

	judge_promise("A symbolic link of that name is followed: the");
	sprintf(line, "%d\n", prog_pid(d));
	sprintf(expected, "EEXIST by %d", prog_pid(d));
	prog_input(d, "pid-file %s", path);
	prog_said(d,
		  prog_line_for(d, "the file behind the link to be locked: who "
				   "compares it with the link tries for ever"),
		  "ok");
	expect_link(path);
	expect_file(file, line);
	prog_ask(other, "yes", "locked %s 0", file);
	prog_ask(other, expected, "pid-file %s", path);
	prog_ask(other, expected, "pid-file %s", file);
	expect_file(file, line);
	judge_promise("Where PATH is a symbolic link, that is what goes");
	prog_ask(d, "removed, then closed", "remove %s", path);
	judge_check(lstat(path, &st) < 0, "the symbolic link is gone",
		    "it is not");
	expect_file(file, line);
	prog_ask(other, "no", "locked %s 0", file);
}

/* What the link leads to is no regular file: both are left alone. */
static void pid_file_by_link_to_pipe(struct prog *d)
{
	const char *path = make_link("../pipe");

	judge_step("the pid file is a symbolic link to a pipe");
	judge_promise("EINVAL PATH is no regular file (a device, a");
	prog_ask(d, "EINVAL", "pid-file %s", path);
	expect_link(path);
	judge_check(access("pipe", F_OK) == 0, "the pipe is left alone",
		    "it is gone");
}

static void pid_file_is_a_link(void)
{
	struct prog *d = prog_driver("daemon-driver");
	struct prog *other = prog_driver("daemon-driver");
	char line[32], file[PATH_MAX + 8];

	judge_checking("daemon_pid_file_link");
	snprintf(file, sizeof(file), "%s.file", pid_path(d, line));
	judge_step("the pid file is a symbolic link to a file that is not "
		   "there");
	pid_file_by_link(d, other, file);
	judge_step("the pid file is a symbolic link to a file that a process "
		   "left behind");
	pid_file_by_link(other, d, file);
	pid_file_by_link_to_pipe(d);
	judge_checking(NULL);
	prog_finish(d);
	prog_finish(other);
}

GRADED(daemon, pid_file)
{
	struct prog *d = prog_driver("daemon-driver");
	long long before = ask_number(prog_answer(d, "descriptors"));
	char pipe[PATH_MAX];

	judge_promise("others of open(2) (EISDIR: a directory),");
	prog_ask(d, "ENOENT", "pid-file /proc/self/nowhere/pid");
	prog_ask(d, "EISDIR", "pid-file /");
	judge_step("a pipe has the name");
	judge_promise("EINVAL PATH is no regular file (a device, a");
	if (mkfifo("pipe", 0666) < 0 || !realpath("pipe", pipe))
		judge_infra("mkfifo");
	prog_ask(d, "EINVAL", "pid-file %s", pipe);
	judge_check(access("pipe", F_OK) == 0, "the pipe is left alone",
		    "it is gone");
	judge_promise("others of open(2) (EISDIR: a directory),");
	judge_check(ask_number(prog_answer(d, "descriptors")) == before,
		    "none left open after a failure", "there is one");
	prog_finish(d);
	pid_file_modes();
	pid_file_written();
	pid_file_without_room();
	pid_file_is_descriptor_0();
	pid_file_is_a_link();
}
