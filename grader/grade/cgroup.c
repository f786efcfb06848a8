/* SPDX-License-Identifier: MIT */
/*
 * A machine has one hierarchy for all controllers (version 2), or one for each
 * (version 1), or some of both. So each controller is looked for by itself, and
 * what counts is whether a group made there has the file for its limit.
 */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "mem.h"
#include "util.h"

enum { TASKS, MEMORY, CONTROLLERS };
enum { V1, V2, VERSIONS };

/* A controller's files, and the line of EVENTS that counts what it did. */
struct controller {
	const char *name;
	const char *limit[VERSIONS];
	const char *events[VERSIONS];
	const char *count;
};

static const struct controller controllers[CONTROLLERS] = {
	[TASKS] = {
		.name = "pids",
		.limit = { "pids.max", "pids.max" },
		.events = { "pids.events", "pids.events" },
		.count = "max ",
	},
	[MEMORY] = {
		.name = "memory",
		.limit = { "memory.limit_in_bytes", "memory.max" },
		.events = { "memory.oom_control", "memory.events" },
		.count = "oom_kill ",
	},
};

struct cgroup {
	char name[64];
	unsigned long limits[CONTROLLERS];
	char *dirs[CONTROLLERS]; /* the same one twice in version 2; or NULL */
	int version[CONTROLLERS];
	struct cgroup *next; /* of those that could not be removed */
};

static struct cgroup *left_behind;

static int put_text(const char *dir, const char *name, const char *text)
{
	char *path = mem_printf("%s/%s", dir, name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);
	int rc = -1;

	free(path);
	if (fd < 0)
		return -1;
	if (write(fd, text, len) == (ssize_t)len)
		rc = 0;
	close(fd);
	return rc;
}

static int put(const char *dir, const char *name, unsigned long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lu\n", value);
	return put_text(dir, name, text);
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
		if (!strncmp(list, word, len) &&
		    (!list[len] || list[len] == ','))
			return true;
	return false;
}

/*
 * The group that we are in, from the top of the hierarchy that has CONTROLLER,
 * "" for that of version 2; to be freed. Lines are NUMBER:CONTROLLERS:PATH.
 */
static char *own_group(const char *controller)
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX + 256];
	char *found = NULL;

	while (f && !found && fgets(line, sizeof(line), f)) {
		char *names = strchr(line, ':');
		char *path = names ? strchr(names + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = '\0';
		path[strcspn(path, "\n")] = '\0';
		if (has_word(names + 1, controller))
			found = mem_strdup(path);
	}
	if (f)
		fclose(f);
	return found;
}

/* Makes G below ABOVE, with its limit. Its path, to be freed, or NULL. */
static char *make_in(const char *above, const struct cgroup *g, int which,
		     int version)
{
	const struct controller *c = &controllers[which];
	char *dir = mem_printf("%s/%s", above, g->name);
	bool is_new = !mkdir(dir, 0755);

	if ((is_new || errno == EEXIST) &&
	    !put(dir, c->limit[version], g->limits[which]))
		return dir;
	if (is_new)
		rmdir(dir);
	free(dir);
	return NULL;
}

/*
 * Has the groups below ABOVE limit what the controller does. systemd has seen to
 * that; without it, nobody may have. Only the top of the machine's hierarchy, the
 * one group without a type, may have processes beside such groups.
 */
static int hand_down(const char *above, int which)
{
	char *type = mem_printf("%s/cgroup.type", above);
	char *text = mem_printf("+%s", controllers[which].name);
	int rc = -1;

	if (access(type, F_OK) < 0)
		rc = put_text(above, "cgroup.subtree_control", text);
	free(type);
	free(text);
	return rc;
}

/*
 * In the hierarchy mounted at TOP. In a container, TOP may be our own group,
 * whatever its name is outside.
 */
static char *make_below(const char *top, const struct cgroup *g, int which,
			int version)
{
	char *own = own_group(version == V1 ? controllers[which].name : "");
	char *above = mem_printf("%s%s", top, own ?: "");
	char *dir = NULL;

	if (access(above, F_OK) < 0)
		above[strlen(top)] = '\0';
	dir = make_in(above, g, which, version);
	if (!dir && version == V2 && !hand_down(above, which))
		dir = make_in(above, g, which, version);
	if (!dir && strlen(above) > strlen(top) + 1) {
		*strrchr(above, '/') = '\0';
		dir = make_in(above, g, which, version);
	}
	free(above);
	free(own);
	return dir;
}

static void make_for(struct cgroup *g, int which)
{
	const struct controller *c = &controllers[which];
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *m;

	while (mounts && !g->dirs[which] && (m = getmntent(mounts))) {
		int version = !strcmp(m->mnt_type, "cgroup2") ? V2 : V1;

		if (version == V1 &&
		    (strcmp(m->mnt_type, "cgroup") || !hasmntopt(m, c->name)))
			continue;
		g->dirs[which] = make_below(m->mnt_dir, g, which, version);
		g->version[which] = version;
	}
	if (mounts)
		endmntent(mounts);
}

struct cgroup *cgroup_new(int tasks)
{
	struct cgroup *g = mem_alloc(sizeof(*g));
	unsigned long long number = 0;

	/* Numbers of processes are those of their namespace alone. */
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		number = (unsigned long long)clock_ns();
	snprintf(g->name, sizeof(g->name), "readylist-%d-%llx", (int)getpid(),
		 number);
	g->limits[TASKS] = (unsigned long)tasks;
	g->limits[MEMORY] = (unsigned long)CGROUP_MIB << 20;
	return g;
}

bool cgroup_make(struct cgroup *g)
{
	make_for(g, TASKS);
	if (g->dirs[TASKS])
		make_for(g, MEMORY);
	return g->dirs[TASKS] != NULL;
}

/*
 * Whether a process of ours can be moved into G. One of a namespace cannot be
 * into a group that is outside, which it may make (cgroup_namespaces(7)).
 */
static bool can_enter(const struct cgroup *g)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return false;
	if (!pid)
		_exit(cgroup_enter(g) != 0);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return status == 0;
}

static const bool *what_works(void)
{
	static bool works[CONTROLLERS];
	static bool tried;
	struct cgroup *g;

	if (tried)
		return works;
	tried = true;
	g = cgroup_new(CGROUP_TASKS);
	works[TASKS] = cgroup_make(g) && can_enter(g);
	works[MEMORY] = works[TASKS] && g->dirs[MEMORY];
	cgroup_remove(g);
	return works;
}

bool cgroup_works(void)
{
	return what_works()[TASKS];
}

bool cgroup_holds_memory(void)
{
	return what_works()[MEMORY];
}

int cgroup_enter(const struct cgroup *g)
{
	for (int i = 0; i < CONTROLLERS; i++)
		if (g->dirs[i] && put(g->dirs[i], "cgroup.procs", 0) < 0)
			return -1;
	return 0;
}

/* How often the kernel had to enforce the limit. */
static unsigned long count_of(const struct cgroup *g, int which)
{
	const struct controller *c = &controllers[which];
	char *path = g->dirs[which] ? mem_printf("%s/%s", g->dirs[which],
						 c->events[g->version[which]])
				    : NULL;
	FILE *f = path ? fopen(path, "re") : NULL;
	unsigned long count = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, c->count, strlen(c->count)))
			count = strtoul(line + strlen(c->count), NULL, 10);
	if (f)
		fclose(f);
	free(path);
	return count;
}

bool cgroup_was_crowded(const struct cgroup *g)
{
	return count_of(g, TASKS) > 0;
}

bool cgroup_was_starved(const struct cgroup *g)
{
	return count_of(g, MEMORY) > 0;
}

/* Whether nothing is left of G. */
static bool try_to_remove(struct cgroup *g)
{
	for (int i = 0; i < CONTROLLERS; i++)
		if (g->dirs[i] && rmdir(g->dirs[i]) && errno != ENOENT)
			return false;
	for (int i = 0; i < CONTROLLERS; i++)
		free(g->dirs[i]);
	free(g);
	return true;
}

static void remove_rest(void)
{
	struct cgroup **at = &left_behind;

	while (*at) {
		struct cgroup *one = *at, *next = one->next;

		if (try_to_remove(one))
			*at = next;
		else
			at = &one->next;
	}
}

void cgroup_remove(struct cgroup *g)
{
	g->next = left_behind;
	left_behind = g;
	remove_rest();
}

void cgroup_remove_rest(int64_t limit_ms)
{
	const struct timespec tick = { .tv_nsec = 5000000 };
	int64_t deadline = clock_ms() + limit_ms;

	remove_rest();
	while (left_behind && clock_ms() < deadline) {
		nanosleep(&tick, NULL);
		remove_rest();
	}
}
