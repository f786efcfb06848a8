/* SPDX-License-Identifier: MIT */
/*
 * As root no user namespace is made: the judge stays root in its cell, and the
 * program becomes a user that owns nothing. Otherwise bwrap makes one, and the
 * program gets one below it: it cannot look into the judge then, but has its
 * number, and may signal it.
 */
#include "cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "command.h"
#include "mem.h"
#include "util.h"

#define SCRATCH_BYTES "268435456"
#define FIRST_USER    61000 /* of no package and no person (Debian policy 9.2) */
#define USERS	      4000

/* Folders that bwrap makes by itself are for their owner alone. */
static const char *const front[] = {
	"bwrap",
	"--die-with-parent",
	"--new-session",
	"--unshare-net",
	"--unshare-ipc",
	"--unshare-uts",
	"--unshare-pid",
	"--hostname",
	"cell",
	"--ro-bind",
	"/usr",
	"/usr",
	"--symlink",
	"usr/bin",
	"/bin",
	"--symlink",
	"usr/sbin",
	"/sbin",
	"--symlink",
	"usr/lib",
	"/lib",
	"--symlink",
	"usr/lib64",
	"/lib64",
	"--perms",
	"0755",
	"--dir",
	"/etc",
	"--ro-bind",
	"/etc/ld.so.cache",
	"/etc/ld.so.cache",
};

/* Of /etc, what libc and OpenSSL look at, if it is there. */
static const char *const etc[] = {
	"/etc/alternatives",  "/etc/group",	      "/etc/hosts",
	"/etc/nsswitch.conf", "/etc/passwd",	      "/etc/protocols",
	"/etc/services",      "/etc/ssl/openssl.cnf",
};

#define SIZED "--size", SCRATCH_BYTES, "--perms"

static const char *const behind[] = {
	"--proc",	"/proc",
	"--dev",	"/dev",
	SIZED,		"1777",
	"--tmpfs",	"/dev/shm",
	"--remount-ro", "/dev",
	SIZED,		"1777",
	"--tmpfs",	"/tmp",
	SIZED,		"0777",
	"--tmpfs",	CELL_SCRATCH,
	"--perms",	"0777",
	"--dir",	CELL_SCRATCH "/cwd",
	"--perms",	"0777",
	"--dir",	CELL_SCRATCH "/tmp",
	"--chdir",	CELL_SCRATCH "/cwd",
	"--perms",	"0755",
	"--dir",	CELL_TREE,
};

struct list {
	const char **all;
	size_t count;
};

static void add(struct list *l, const char *word)
{
	l->all = mem_resize(l->all, l->count + 2, sizeof(*l->all));
	l->all[l->count++] = word ? mem_strdup(word) : NULL;
	l->all[l->count] = NULL;
}

static void add_all(struct list *l, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(l, words[i]);
}

const char **cell_argv(const char *root, const char *const *argv)
{
	char *build = mem_printf("%s/build", root);
	struct list l = { 0 };

	add_all(&l, front, ARRAY_LEN(front));
	if (geteuid() == 0) {
		add(&l, "--cap-add");
		add(&l, "ALL");
	} else {
		add(&l, "--unshare-user");
	}
	for (size_t i = 0; i < ARRAY_LEN(etc); i++) {
		add(&l, "--ro-bind-try");
		add(&l, etc[i]);
		add(&l, etc[i]);
	}
	add_all(&l, behind, ARRAY_LEN(behind));
	add(&l, "--ro-bind");
	add(&l, build);
	add(&l, CELL_TREE "/build");
	add(&l, "--");
	while (*argv)
		add(&l, *argv++);
	free(build);
	return l.all;
}

void cell_free(const char **argv)
{
	for (size_t i = 0; argv[i]; i++)
		free((char *)argv[i]);
	free(argv);
}

/*
 * Two grades side by side begin at two places: what a user may have, like
 * RLIMIT_NPROC, is counted for all processes of that user on the machine.
 */
char *cell_box(enum box box, unsigned int n, unsigned int *user)
{
	static unsigned int begin;

	*user = 0;
	if (geteuid() != 0)
		return mem_strdup("user");
	if (!begin && getrandom(&begin, sizeof(begin), GRND_NONBLOCK) < 0)
		begin = (unsigned int)getpid();
	*user = FIRST_USER + (begin + n) % USERS;
	return mem_printf("%s %u", box == BOX_BARE ? "bare" : "uid", *user);
}

bool cell_works(char **why)
{
	static const char *const nothing[] = { "true", NULL };
	const char **argv = cell_argv("/usr/lib/..", nothing);
	struct keeper_job job = { .argv = argv, .deadline_ms = 20000 };
	struct keeper_end end;
	bool works;

	/* The tree does not matter here: any folder will do for its build/. */
	for (size_t i = 0; argv[i]; i++)
		if (!strcmp(argv[i], "/usr/lib/../build"))
			mem_replace((char **)&argv[i], "/usr");
	works = command_run(&job, &end) == RUN_DONE && command_is_good(&end);
	if (!works)
		*why = mem_printf("an official run needs bubblewrap and "
				  "namespaces, and "
				  "they cannot be had here: %.300s\n"
				  "Install bubblewrap. Ubuntu 24.04: sysctl "
				  "kernel.apparmor_restrict_unprivileged_"
				  "userns=0; "
				  "Debian: sysctl "
				  "kernel.unprivileged_userns_clone=1; "
				  "Docker: --security-opt seccomp=unconfined "
				  "--cap-add "
				  "SYS_ADMIN. Or, as root and weaker: "
				  "--isolation uid "
				  "(docs/INSTRUCTORS.md). Nothing was run.",
				  end.output);
	keeper_end_free(&end);
	cell_free(argv);
	return works;
}
