/* SPDX-License-Identifier: MIT */
/*
 * A table of events, each with its share of the time and the function that
 * brings it about.
 */
#include "story.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "manage.h"
#include "util.h"

#define END_MS 5000 /* a killed process is gone by then */

/* What an event does writes a sentence to TEXT. Returns 0, or -1. */
typedef int event_fn(struct cluster *c, char *text, size_t size);

static int kill_httpd(struct cluster *c, char *text, size_t size)
{
	struct child *b = &c->server[HTTPD_B];

	snprintf(text, size, "httpd B is killed: kill -9 %d", (int)b->pid);
	child_signal(b, SIGKILL);
	child_await_end(b, END_MS);
	return WIFSIGNALED(b->status) ? 0 : -1;
}

static int start_httpd(struct cluster *c, char *text, size_t size)
{
	if (cluster_start_again(c, HTTPD_B) == -1)
		return -1;
	snprintf(text, size, "httpd B is back, as process %d",
		 (int)c->server[HTTPD_B].pid);
	return 0;
}

static int change_rule(struct cluster *c, char *text, size_t size)
{
	char command[512], answer[1024];

	snprintf(command, sizeof(command),
		 "modify rule web RR ( ban 1 ) *:* - 127.0.0.1:0 > "
		 "%s ( weight 3 ) %s ;",
		 c->address[HTTPD_A], c->address[HTTPD_B]);
	if (manage_ask(c->listener[RULE_ADMIN], command, answer,
		       sizeof(answer)) == -1)
		return -1;
	answer[strcspn(answer, "\r\n")] = '\0';
	snprintf(text, size, "httpd A gets weight 3: %.60s", answer);
	return strcmp(answer, "modify forward rule ok") == 0 ? 0 : -1;
}

static int reload_framed(struct cluster *c, char *text, size_t size)
{
	snprintf(text, size, "framed reloads: kill -HUP %d",
		 (int)c->server[FRAMED].pid);
	child_signal(&c->server[FRAMED], SIGHUP);
	return c->server[FRAMED].pid != 0 ? 0 : -1;
}

static const struct {
	double at;
	event_fn *happens;
} events[] = {
	{ 0.25, kill_httpd },
	{ 0.4, start_httpd },
	{ 0.6, change_rule },
	{ 0.75, reload_framed },
};

bool story_tell(struct story *s, struct cluster *c, double seconds, double all)
{
	char text[128] = "";
	int result;

	if (s->next == ARRAY_LEN(events) || s->lines == STORY_LINES ||
	    seconds < events[s->next].at * all)
		return false;
	result = events[s->next].happens(c, text, sizeof(text));
	snprintf(s->line[s->lines], sizeof(s->line[0]), "%5.1f s  %.70s%s",
		 seconds, text, result == 0 ? "" : " (failed)");
	s->failed = s->failed || result != 0;
	s->next++;
	s->lines++;
	return true;
}
