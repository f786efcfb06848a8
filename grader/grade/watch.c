/* SPDX-License-Identifier: MIT */
/*
 * grade watch: folders are watched, not files, because most editors save by
 * renaming a new file over the old one (inotify(7) follows the old one into
 * oblivion), and because a lab may gain files.
 *
 *	grading ──done──► waiting ──save──► settling ──quiet──► grading
 *	   └──────────────save──────────────────▲
 *
 * A save in the middle of a run ends that run: its results are of code that
 * is not there any more. Where the file system tells of no save, there is a look
 * at the code every second (look.h), and runs go on to their end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

#include "build.h"
#include "cli.h"
#include "code.h"
#include "look.h"
#include "mem.h"
#include "print.h"
#include "state.h"
#include "stop.h"
#include "terminal.h"

#define SETTLE_MS  60	/* of quiet after a save */
#define SETTLE_MAX 10	/* so many times at most */
#define POLL_MS	   1000 /* between two looks at code without events */
#define EVENTS	   (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)

struct watch {
	struct cli *cli;
	struct lab *only; /* NULL: the lab that was saved in */
	struct lab **of;  /* by watch descriptor: the lab to grade */
	size_t of_count;
	struct lab *changed;
	int fd;
	struct look *look; /* NULL: events are enough */
	bool quit;
	bool grading;
	bool now;  /* the key: grade again */
	bool hint; /* the key: the next hint */
	bool is_raw;
	struct termios saved;
};

static bool on_save(void *arg)
{
	struct watch *w = arg;
	char buf[16384] __attribute__((aligned(8)));
	const struct inotify_event *e;
	bool relevant = false;
	ssize_t n;

	while ((n = read(w->fd, buf, sizeof(buf))) > 0) {
		for (char *at = buf; at < buf + n; at += sizeof(*e) + e->len) {
			e = (const struct inotify_event *)at;
			if (!e->len || e->wd < 0 ||
			    (size_t)e->wd >= w->of_count ||
			    (!code_is_source(e->name) &&
			     strcmp(e->name, "Makefile") != 0))
				continue;
			w->changed = w->of[e->wd];
			relevant = true;
		}
	}
	return relevant;
}

static bool on_key(void *arg)
{
	struct watch *w = arg;
	char key;
	ssize_t n = read(STDIN_FILENO, &key, 1);

	if (n <= 0 || key == 'q' || key == 'Q')
		w->quit = true;
	w->now |= n > 0 && (key == 'g' || key == '\n' || key == ' ');
	w->hint |= n > 0 && key == 'h';
	return w->quit || w->now || (w->hint && !w->grading);
}

/* A save in DIR is a reason to grade LAB. */
static int add_folder(struct watch *w, const struct lab *dir, struct lab *lab)
{
	char *path = mem_printf("%s/%s", dir->root, dir->dir);
	int wd = inotify_add_watch(w->fd, path, EVENTS | IN_ONLYDIR);

	free(path);
	if (wd < 0)
		return -1;
	while (w->of_count <= (size_t)wd) {
		w->of = mem_resize(w->of, w->of_count + 1, sizeof(*w->of));
		w->of[w->of_count++] = NULL;
	}
	w->of[wd] = lab;
	return 0;
}

/* The lab's own folder, and those of the modules that it uses. */
static int add_folders(struct watch *w)
{
	struct labs *labs = &w->cli->labs;
	char *uses = w->only ? build_uses(w->only) : mem_strdup("");
	int rc = 0;

	for (size_t i = 0; i < labs->count && !rc; i++) {
		struct lab *dir = &labs->all[i];

		if (!w->only)
			rc = add_folder(w, dir, dir);
		else if (dir == w->only || strstr(uses, dir->dir))
			rc = add_folder(w, dir, w->only);
	}
	free(uses);
	return rc;
}

/* Keys come one by one and unseen, if there is somebody to press them. */
static void take_terminal(struct watch *w)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
	    tcgetattr(STDIN_FILENO, &w->saved))
		return;
	raw = w->saved;
	raw.c_lflag &= ~(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	w->is_raw = true;
	stop_add(STDIN_FILENO, on_key, w);
}

static void give_terminal_back(const struct watch *w)
{
	if (w->is_raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &w->saved);
}

/* The lab to begin with: the one named, or the first unfinished. */
static struct lab *first_lab(const struct watch *w)
{
	struct labs *labs = &w->cli->labs;
	struct lab *first = w->only;

	for (size_t i = 0; i < labs->count && !first; i++) {
		struct lab_result lr;
		struct score s;

		state_load(&lr, &labs->all[i]);
		s = lab_result_score(&lr);
		if (s.points < s.max)
			first = &labs->all[i];
		lab_result_free(&lr);
	}
	return first ? first : &labs->all[labs->count - 1];
}

static void say_keys(const struct watch *w, const struct lab *lab)
{
	const char *filter = w->cli->run.filter;

	printf("\n  Watching %s%s%s: save a file to grade again.%s\n",
	       w->only ? lab_short(lab) : "all labs", filter ? " " : "",
	       filter ?: "",
	       w->is_raw ? "\n  Keys: g grades now, h is the next hint, q ends."
			 : "");
	fflush(stdout);
}

static void grade_once(struct watch *w, const struct lab *lab)
{
	struct lab_result lr;

	state_load(&lr, lab);
	if (terminal_draws(STDOUT_FILENO))
		fputs("\033[H\033[2J", stdout);
	printf("%s: grading\n", lab_short(lab));
	fflush(stdout);
	w->grading = true;
	if (run_lab(&lr, &w->cli->run) == RUN_DONE) {
		if (state_save(&lr))
			fprintf(stderr, "grade: cannot keep the results: %s\n",
				strerror(errno));
		if (w->cli->verbose)
			print_text(stdout, &lr, DETAIL_ALL);
		else
			print_watch(stdout, &lr, w->cli->run.filter);
		say_keys(w, lab);
	}
	w->grading = false;
	lab_result_free(&lr);
}

/* The next hint for the test that is to be mended next. */
static void hint(struct watch *w, const struct lab *lab)
{
	const struct test *t;
	struct lab_result lr;

	state_load(&lr, lab);
	t = lab_result_next(&lr, w->cli->run.filter);
	putchar('\n');
	if (t)
		show_hint(lab, t, false);
	else
		printf("  Nothing is left to mend in %s.\n",
		       w->cli->run.filter ?: lab_short(lab));
	say_keys(w, lab);
	lab_result_free(&lr);
}

/* Until there is a reason to grade, or the end. */
static void wait_for_change(struct watch *w, struct lab *lab)
{
	while (!w->changed && !w->quit && !w->now && !stop_signalled()) {
		if (w->look)
			w->changed = look_again(w->look);
		if (!w->changed)
			stop_wait(NULL, 0, w->look ? POLL_MS : -1);
		if (w->hint)
			hint(w, lab);
		w->hint = false;
	}
}

static void settle(struct watch *w)
{
	for (int i = 0; i < SETTLE_MAX && !w->quit; i++) {
		if (!stop_wait(NULL, 0, SETTLE_MS) || stop_signalled())
			return;
	}
}

int cmd_watch(struct cli *cli)
{
	struct watch w = { .cli = cli };
	struct lab *lab;

	if (cli_resolve(cli, &w.only, &cli->run.filter))
		return CLI_USAGE;
	w.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	lab = first_lab(&w);
	/* Without events, or too few of them (inotify(7)), it looks itself. */
	if (w.fd < 0 || add_folders(&w) || look_is_needed(lab))
		w.look = look_begin(&cli->labs, w.only);
	if (w.fd >= 0)
		stop_add(w.fd, on_save, &w);
	take_terminal(&w);
	while (!w.quit && !stop_signalled()) {
		w.changed = NULL;
		w.now = false;
		/* What is saved from here on is another look's. */
		if (w.look)
			look_again(w.look);
		grade_once(&w, lab);
		wait_for_change(&w, lab);
		settle(&w);
		if (w.changed)
			lab = w.changed;
	}
	stop_add(-1, NULL, NULL);
	give_terminal_back(&w);
	if (w.fd >= 0)
		close(w.fd);
	free(w.of);
	look_end(w.look);
	return stop_signalled() ? STOP_EXIT : CLI_DONE;
}
