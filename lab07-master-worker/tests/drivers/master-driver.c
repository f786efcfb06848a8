/* SPDX-License-Identifier: MIT */
/*
 * A master whose workers do nothing, and which says all that happens, a line
 * for each. Options: those of the numbers in struct master_config, --NAME N;
 * with --ignored N the signal N is ignored, as execve(2) may leave it.
 *
 *	child PID		with --child 1: of the program, and no worker; it
 *				ends when the file "end-child" is there
 *	starting SEAT MS	MS is of clock_ms()
 *	started SEAT PID, reaped PID STATUS, ready, reload, reloaded, reopen,
 *	stats, stopping
 *	reaped PID STATUS, not in the log	the same, if no line of the log has
 *				told how that worker ended
 *	fork-failed		before "started", where --no-fork N says that
 *				the N-th fork(2) fails
 *	worker PID SEAT OF N blocked MASK ignored MASK descriptors N
 *	told PID COMMAND	by a worker: leave stop cut reopen lost
 *
 * Before each "worker" line the worker reads the file "worker" in the working
 * directory, a line of these words: "mute" never says that it serves; "patient"
 * says it when the file "go" is there; "short" ends at once, with status 3;
 * "stubborn" does not end when it is told; "slow" ends a while after it was told;
 * "leaver" says that it leaves when the file "leave" is there, and ends a while
 * after. "reload" reads the file "config": the numbers WORKERS DRAIN_MS STATS_MS,
 * or "refuse", which is found out when some numbers are written.
 *
 * The end of standard input changes nothing. After master_run(): "ended" and
 * "ok", or the errno's name, and the number of open descriptors.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel/channel.h"
#include "clock.h"
#include "log.h"
#include "master.h"
#include "script.h"

pid_t __real_fork(void);
pid_t __wrap_fork(void);

static long fork_fails; /* the N-th from now on */

pid_t __wrap_fork(void)
{
	if (!fork_fails || --fork_fails)
		return __real_fork();
	script_say("fork-failed");
	errno = EAGAIN;
	return -1;
}

/* ---- what is in the log ---- */

static char last_logged[LOG_LINE_MAX];

#define WRAP_LOG(name)                                                \
	void __real_##name(const char *fmt, ...)                      \
		__attribute__((format(printf, 1, 2)));                \
	void __wrap_##name(const char *fmt, ...)                      \
		__attribute__((format(printf, 1, 2)));                \
	void __wrap_##name(const char *fmt, ...)                      \
	{                                                             \
		va_list ap;                                           \
                                                                      \
		va_start(ap, fmt);                                    \
		vsnprintf(last_logged, sizeof(last_logged), fmt, ap); \
		va_end(ap);                                           \
		__real_##name("%s", last_logged);                     \
	}

WRAP_LOG(log_info)
WRAP_LOG(log_warn)
WRAP_LOG(log_error)

static bool is_logged(pid_t pid)
{
	char words[32];

	snprintf(words, sizeof(words), "worker %d ", (int)pid);
	return !strncmp(last_logged, words, strlen(words));
}

/* The file NAME in TEXT; "" if it is not there. */
static void read_file(const char *name, char *text, size_t size)
{
	FILE *f = fopen(name, "re");

	text[0] = '\0';
	if (!f)
		return;
	if (!fgets(text, (int)size, f))
		text[0] = '\0';
	fclose(f);
}

/* ---- the worker ---- */

/* The field NAME of /proc/self/status, with signals 1 to 32. */
static void signal_mask(const char *name, char *to)
{
	char line[256];
	FILE *f = fopen("/proc/self/status", "re");

	strcpy(to, "?");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			sscanf(line + strlen(name), " %16s", to);
	if (f)
		fclose(f);
}

static const char *const commands[] = {
	[CHANNEL_NONE] = "none",     [CHANNEL_LEAVE] = "leave",
	[CHANNEL_STOP] = "stop",     [CHANNEL_CUT] = "cut",
	[CHANNEL_REOPEN] = "reopen", [CHANNEL_LOST] = "lost",
};

static enum channel_command next_command(const struct master_seat *seat,
					 const char *manner)
{
	struct pollfd p = { .fd = seat->commands, .events = POLLIN };
	enum channel_command c;

	for (;;) {
		c = channel_receive(seat->commands);
		if (c != CHANNEL_NONE)
			return c;
		if (strstr(manner, "leaver") && !access("leave", F_OK)) {
			channel_tell(seat->reports, CHANNEL_LEAVING);
			while (access("left", F_OK) < 0)
				usleep(10000);
			exit(0);
		}
		poll(&p, 1, *manner ? 10 : -1);
	}
}

static int work(void *arg, const struct master_seat *seat)
{
	char blocked[20], ignored[20], manner[64];
	enum channel_command c;

	(void)arg;
	read_file("worker", manner, sizeof(manner));
	signal_mask("SigBlk:", blocked);
	signal_mask("SigIgn:", ignored);
	script_say("worker %d %zu of %zu blocked %s ignored %s descriptors %zu",
		   getpid(), seat->seat, seat->workers, blocked, ignored,
		   script_descriptors());
	if (strstr(manner, "short"))
		return 3;
	while (strstr(manner, "patient") && access("go", F_OK) < 0)
		poll(NULL, 0, 10);
	if (!strstr(manner, "mute"))
		channel_tell(seat->reports, CHANNEL_READY);
	do {
		c = next_command(seat, manner);
		script_say("told %d %s", getpid(), commands[c]);
		if (c == CHANNEL_LOST)
			return 0;
	} while (c == CHANNEL_REOPEN ||
		 (strstr(manner, "stubborn") && c != CHANNEL_CUT) ||
		 strstr(manner, "deaf"));
	if (strstr(manner, "slow"))
		usleep(300000);
	return 0;
}

/* ---- the master ---- */

static void starting(void *arg, size_t seat)
{
	(void)arg;
	script_say("starting %zu %jd", seat, (intmax_t)clock_ms());
}

static void started(void *arg, size_t seat, pid_t pid)
{
	(void)arg;
	script_say("started %zu %d", seat, pid);
}

static void reaped(void *arg, pid_t pid, int status)
{
	(void)arg;
	script_say("reaped %d %d%s", pid, status,
		   is_logged(pid) ? "" : ", not in the log");
}

static int reload(void *arg, struct master_config *config)
{
	char text[128];
	size_t workers;
	long long drain, stats;

	(void)arg;
	read_file("config", text, sizeof(text));
	if (!strncmp(text, "refuse", 6)) {
		config->workers = 7;
		config->drain_ms = 1;
		script_say("reload refused");
		return -1;
	}
	if (sscanf(text, "%zu %lld %lld", &workers, &drain, &stats) == 3) {
		config->workers = workers;
		config->drain_ms = drain;
		config->stats_ms = stats;
	}
	script_say("reload");
	return 0;
}

static void say(void *arg, const char *what)
{
	(void)arg;
	script_say("%s", what);
}

static void ready(void *arg)
{
	say(arg, "ready");
}

static void reloaded(void *arg)
{
	say(arg, "reloaded");
}

static void reopen(void *arg)
{
	say(arg, "reopen");
}

static void stats(void *arg)
{
	say(arg, "stats");
}

static void stopping(void *arg)
{
	say(arg, "stopping");
}

static const struct master_ops ops = {
	.starting = starting,
	.started = started,
	.work = work,
	.reaped = reaped,
	.ready = ready,
	.reload = reload,
	.reloaded = reloaded,
	.reopen = reopen,
	.stats = stats,
	.stopping = stopping,
};

/* Ends with its parent, too, should nobody make that file. */
static void begin_child(void)
{
	pid_t parent = getpid(), pid = __real_fork();

	if (pid < 0)
		exit(2);
	if (pid > 0) {
		script_say("child %d", pid);
		return;
	}
	while (access("end-child", F_OK) < 0 && getppid() == parent)
		poll(NULL, 0, 10);
	_exit(0);
}

int main(int argc, char *argv[])
{
	struct master_config config = { 2, 60000, 3600000 };
	int result;

	for (int i = 1; i + 1 < argc; i += 2) {
		long n = atol(argv[i + 1]);

		if (!strcmp(argv[i], "--workers"))
			config.workers = (size_t)n;
		else if (!strcmp(argv[i], "--drain"))
			config.drain_ms = n;
		else if (!strcmp(argv[i], "--stats"))
			config.stats_ms = n;
		else if (!strcmp(argv[i], "--child"))
			begin_child();
		else if (!strcmp(argv[i], "--ignored"))
			signal((int)n, SIG_IGN);
		else
			fork_fails = n;
	}
	result = master_run(&config, &ops, NULL);
	script_say("ended %s %zu", script_result(result), script_descriptors());
	return result ? 1 : 0;
}
