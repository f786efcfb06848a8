/* SPDX-License-Identifier: MIT */
/*
 * A process with a title. See script.h for the form of it.
 *
 *	init		title_init()
 *	set TEXT	title_set(): the rest of the line, "_" for spaces
 *	long N		title_set() with N letters
 *	room		bytes from argv[0] to the end of the environment
 *	arguments	bytes from argv[0] to the end of the arguments
 *	gap		the first string of the environment is moved elsewhere
 *	later-gap	the same with one in the middle: bytes from argv[0] to
 *			where it was
 *	argv I		argv[I]
 *	get NAME	getenv(3); "-" if there is none
 *	put NAME VALUE	setenv(3)
 *	environ		how many strings it has, and a sum over them
 *	moved		does none of them, nor argv[1]..., lie where they were?
 *	stayed		do all of them lie where they were?
 *	no-memory	the next call that takes memory fails
 *	exec KIND	begins anew by execve(2), and says nothing about it;
 *			"bare": one argument and no environment;
 *			"nameless": the same, and the argument is empty;
 *			"odd": strings that are empty, without "=", or twice
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "script.h"
#include "title.h"

static char **arguments;
static uintptr_t begin, end; /* of what execve(2) put down */
static uintptr_t middle;     /* where the arguments end */

/* As the kernel does it, argv and environ lie one behind the other. */
static void find_end(void)
{
	begin = end = (uintptr_t)arguments[0];
	for (char **p = arguments; *p; p++)
		end = (uintptr_t)*p + strlen(*p) + 1;
	middle = end;
	for (char **p = environ; *p; p++)
		if ((uintptr_t)*p == end)
			end += strlen(*p) + 1;
}

static void sum_environ(void)
{
	uint32_t sum = 0;
	size_t n = 0;

	for (; environ[n]; n++)
		for (const char *p = environ[n]; *p; p++)
			sum = sum * 31 + (unsigned char)*p;
	script_say("%zu %u", n, sum);
}

static bool is_inside(const char *p)
{
	return (uintptr_t)p >= begin && (uintptr_t)p < end;
}

static const char *moved(void)
{
	for (char **p = arguments + 1; *p; p++)
		if (is_inside(*p))
			return "an argument has stayed";
	for (char **p = environ; *p; p++)
		if (is_inside(*p))
			return "a string of the environment has stayed";
	return arguments[0] == (char *)begin ? "ok" : "argv[0] has moved";
}

static const char *stayed(void)
{
	for (char **p = arguments; *p; p++)
		if (!is_inside(*p))
			return "an argument has moved";
	for (char **p = environ; *p; p++)
		if (!is_inside(*p))
			return "a string of the environment has moved";
	return "ok";
}

static void set(const struct script *s)
{
	char text[SCRIPT_LINE];
	size_t n = (size_t)script_number(s, 1);

	if (script_is(s, "long")) {
		for (size_t i = 0; i < n; i++)
			text[i] = (char)('a' + i % 26);
		text[n] = '\0';
	} else {
		strcpy(text, s->word[1]);
		for (char *p = text; *p; p++)
			*p = *p == '_' ? ' ' : *p;
	}
	title_set(text);
	memset(text, '#', n + 1); /* the title must not be this memory */
	script_say("ok");
}

/* The rest of the environment no longer follows the arguments. */
static const char *make_gap(void)
{
	char *copy = environ[0] ? strdup(environ[0]) : NULL;

	if (!copy)
		return "-";
	environ[0] = copy;
	return "ok";
}

static size_t make_later_gap(void)
{
	size_t n = 0;
	char *copy, *was;

	while (environ[n])
		n++;
	was = environ[n / 2];
	copy = was ? strdup(was) : NULL;
	if (!copy)
		exit(2);
	environ[n / 2] = copy;
	return (size_t)((uintptr_t)was - begin);
}

static void begin_anew(const char *kind)
{
	static char *const alone[] = { "title-driver", NULL };
	static char *const nameless[] = { "", NULL };
	static char *const odd[] = { "title-driver", "", "", "last", NULL };
	static char *const none[] = { NULL };
	static char *const oddities[] = { "A=1", "",	"NO_VALUE",
					  "A=2", "",	"=nameless",
					  "B=",	 "B=b", NULL };

	if (!strcmp(kind, "odd"))
		execve("/proc/self/exe", odd, oddities);
	else if (!strcmp(kind, "bare"))
		execve("/proc/self/exe", alone, none);
	else
		execve("/proc/self/exe", nameless, none);
	exit(2);
}

static void obey(const struct script *s)
{
	const char *value;

	if (script_is(s, "init")) {
		script_say("%s", script_result(title_init(arguments)));
	} else if (script_is(s, "set") || script_is(s, "long")) {
		set(s);
	} else if (script_is(s, "room")) {
		script_say("%zu", (size_t)(end - begin));
	} else if (script_is(s, "arguments")) {
		script_say("%zu", (size_t)(middle - begin));
	} else if (script_is(s, "later-gap")) {
		script_say("%zu", make_later_gap());
	} else if (script_is(s, "stayed")) {
		script_say("%s", stayed());
	} else if (script_is(s, "gap")) {
		script_say("%s", make_gap());
	} else if (script_is(s, "argv")) {
		script_say("%s", arguments[script_number(s, 1)]);
	} else if (script_is(s, "get")) {
		value = getenv(s->word[1]);
		script_say("%s", value ? value : "-");
	} else if (script_is(s, "put")) {
		script_say("%s",
			   script_result(setenv(s->word[1], s->word[2], 1)));
	} else if (script_is(s, "environ")) {
		sum_environ();
	} else if (script_is(s, "moved")) {
		script_say("%s", moved());
	} else if (script_is(s, "no-memory")) {
		memory_fail((unsigned long)script_number(s, 1));
		script_say("ok");
	} else if (script_is(s, "exec")) {
		begin_anew(s->word[1]);
	} else if (script_is(s, "memory")) {
		memory_mend();
		script_say("ok");
	} else {
		script_unknown(s);
	}
}

int main(int argc, char *argv[])
{
	struct script s;

	(void)argc;
	arguments = argv;
	find_end();
	while (script_read(&s))
		obey(&s);
	return 0;
}
