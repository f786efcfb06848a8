/* SPDX-License-Identifier: MIT */
/*
 * All names and numbers are made before the fork: after it only system calls
 * are allowed (signal-safety(7)).
 */
#include "box_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "box_filter_internal.h"
#include "failure_internal.h"
#include "util.h"

#define UNDER_WAY 1024 /* descriptors: 253 a message, and some at a time */
#define PROCESSES 128  /* and threads of the judge, beside the programs' */

static enum { NO_BOX, BOX_UID, BOX_USER, BOX_BARE } kind;
static unsigned int user;
static char tests[PATH_MAX];   /* where this binary is */
static char scratch[PATH_MAX]; /* what the cell gives to write to */
static char uid_map[40], gid_map[40];

static void lower_limit(bool for_good)
{
	struct rlimit r;
	rlim_t most;

	getrlimit(RLIMIT_NOFILE, &r);
	most = r.rlim_max - MIN((rlim_t)UNDER_WAY, r.rlim_max / 4);
	r.rlim_cur = MIN(r.rlim_cur, most);
	if (for_good)
		r.rlim_max = most;
	setrlimit(RLIMIT_NOFILE, &r);
}

void box_leave_place(void)
{
	if (kind != NO_BOX)
		lower_limit(true);
}

void box_prepare(void)
{
	const char *box = getenv("JUDGE_BOX");
	ssize_t n;

	if (!box)
		return;
	if (sscanf(box, "uid %u", &user) == 1)
		kind = BOX_UID;
	else if (sscanf(box, "bare %u", &user) == 1)
		kind = BOX_BARE;
	else if (!strcmp(box, "user"))
		kind = BOX_USER;
	else
		judge_infra("JUDGE_BOX is %s", box);
	n = readlink("/proc/self/exe", tests, sizeof(tests) - 1);
	if (n < 0)
		judge_infra("/proc/self/exe");
	*strrchr(tests, '/') = '\0';
	n = snprintf(scratch, sizeof(scratch), "%s", getenv("TMPDIR") ?: "");
	if (*scratch != '/' || (size_t)n >= sizeof(scratch))
		judge_infra("TMPDIR in a box");
	*strrchr(scratch, '/') = '\0';
	snprintf(uid_map, sizeof(uid_map), "%u %u 1\n", geteuid(), geteuid());
	snprintf(gid_map, sizeof(gid_map), "%u %u 1\n", getegid(), getegid());
	/* The program and the judge share folders, and are two users. */
	umask(0);
	/* Tests go by how many descriptors the judge has. */
	lower_limit(false);
}

/*
 * Sticky where the judge is root on the machine: what it made there, and opens
 * or removes by name, a program does not put another file in the place of.
 */
mode_t box_folder_mode(void)
{
	return kind == NO_BOX ? 0700 : kind == BOX_BARE ? 01777 : 0777;
}

bool box_has_cell(void)
{
	return kind == BOX_UID || kind == BOX_USER;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

/* The kernel, short of memory, takes this one and nobody else's (proc(5)). */
static int first_to_go(void)
{
	return put("/proc/self/oom_score_adj", "1000");
}

/* The same user inside as outside, and all capabilities until exec(3). */
static int own_user_namespace(void)
{
	rlim_t most =
		PROCESSES + strtoul(getenv("JUDGE_PROCESSES") ?: "0", NULL, 10);
	struct rlimit processes = { most, most };
	int rc = -1;

	/* From here on it counts for all that is below this namespace. */
	setrlimit(RLIMIT_NPROC, &processes);
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	/* The judge is not dumpable: these would be root's (proc(5)). */
	prctl(PR_SET_DUMPABLE, 1);
	if (first_to_go() == 0 && put("/proc/self/uid_map", uid_map) == 0 &&
	    put("/proc/self/setgroups", "deny\n") == 0)
		rc = put("/proc/self/gid_map", gid_map);
	prctl(PR_SET_DUMPABLE, 0);
	return rc;
}

static int cover(const char *path)
{
	return mount("tmpfs", path, "tmpfs",
		     MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "size=4k");
}

/* What is known of the tests from before: their names, of hidden ones as well. */
static int cover_state(void)
{
	char state[PATH_MAX + 8];

	/* build/gcc/LAB/tests, and build/state. */
	snprintf(state, sizeof(state), "%s", tests);
	for (int up = 0; up < 3; up++)
		*strrchr(state, '/') = '\0';
	strcat(state, "/state");
	return cover(state) < 0 && errno != ENOENT ? -1 : 0;
}

static int cover_programs(void)
{
	static const char *const folders[] = {
		"/usr/bin",	     "/usr/sbin",  "/usr/local",
		"/usr/lib/git-core", "/usr/games", "/usr/src"
	};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (cover(folders[i]) < 0 && errno != ENOENT)
			return -1;
	return 0;
}

/* What a program writes is no program, and no library (mount(2)). */
static int no_programs_in(const char *path, unsigned long more)
{
	return mount(NULL, path, NULL,
		     MS_REMOUNT | MS_BIND | MS_NOEXEC | MS_NOSUID | MS_NODEV |
			     more,
		     NULL);
}

static int become_user(void)
{
	if (kind != BOX_USER &&
	    (setgroups(0, NULL) < 0 || setresgid(user, user, user) < 0 ||
	     setresuid(user, user, user) < 0))
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/*
 * What hides the tests, other programs, and what was written. Its own memory a
 * program could write to by /proc/self/mem, where it has code as well.
 */
static int own_mounts(bool valgrind)
{
	if (kind == BOX_UID ? unshare(CLONE_NEWNS) ?: first_to_go()
			    : own_user_namespace())
		return -1;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    cover_state() < 0 || cover(tests) < 0 ||
	    (!valgrind && cover_programs() < 0) ||
	    no_programs_in("/tmp", 0) < 0 ||
	    no_programs_in("/dev/shm", 0) < 0 ||
	    no_programs_in(scratch, 0) < 0 ||
	    no_programs_in("/proc", MS_RDONLY) < 0)
		return -1;
	return 0;
}

int box_enter(bool valgrind, int *findings)
{
	if (kind == NO_BOX)
		return 0;
	umask(022);
	if (kind == BOX_BARE ? first_to_go() : own_mounts(valgrind))
		return -1;
	return become_user() ?: box_filter(valgrind, findings);
}
