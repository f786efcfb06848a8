/* SPDX-License-Identifier: MIT */
#include "scripted_loop.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "util.h"

struct loop *scripted_loop;
static char trace[1024];

void scripted_on_fd(struct loop_fd *lf, unsigned int ready)
{
	struct watch *w = CONTAINER_OF(lf, struct watch, lf);
	size_t len = strlen(trace);

	snprintf(trace + len, sizeof(trace) - len, "%c:%s%s%s%s%s ", w->name,
		 ready & POLLER_READ ? "R" : "",
		 ready & POLLER_WRITE ? "W" : "",
		 ready & POLLER_RDHUP ? "D" : "", ready & POLLER_HUP ? "H" : "",
		 ready & POLLER_ERR ? "E" : "");
	if (w->act)
		w->act(w);
}

void scripted_begin(const struct poller_ops *ops)
{
	script_reset();
	trace[0] = '\0';
	scripted_loop = loop_create(ops, 0);
	cr_assert(scripted_loop);
}

void scripted_begin_level(void)
{
	scripted_begin(&poller_script_level);
}

void scripted_end(void)
{
	loop_destroy(scripted_loop);
}

void scripted_start(struct watch *w, char name, int fd, unsigned int interest)
{
	memset(w, 0, sizeof(*w));
	w->name = name;
	loop_fd_init(&w->lf, scripted_on_fd);
	cr_assert_eq(loop_fd_start(scripted_loop, &w->lf, fd, interest), 0);
}

void scripted_rounds(int n)
{
	while (n-- > 0)
		cr_assert_eq(loop_step(scripted_loop, -1), 0);
}

void scripted_saw(const char *want)
{
	cr_expect_str_eq(trace, want, "handlers: %s", trace);
}

void scripted_asked(const char *want)
{
	const char *got = script_log();

	cr_expect_str_eq(got, want, "want \"%s\", got \"%s\"", want, got);
}
