/* SPDX-License-Identifier: MIT */
/* What -s says is read with the file, and again at each reload. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage_line[] = "usage: framed -c FILE [-t] [-s "
				 "SECTION.KEY=VALUE]...\n";

static const char help[] = "A server of framed packets: a master process and "
			   "its workers.\n"
			   "\n"
			   "  -c FILE                  the configuration, see "
			   "framed.conf\n"
			   "  -t                       check it, and exit\n"
			   "  -s SECTION.KEY=VALUE     overrides what the file "
			   "says\n"
			   "\n"
			   "Signals to the master: TERM, INT stop when all is "
			   "answered; QUIT stops\n"
			   "at once; HUP reads the configuration again; USR1 "
			   "opens the log again;\n"
			   "USR2 writes a line of statistics.\n";

static int usage(void)
{
	fputs(usage_line, stderr);
	return 2;
}

/* Makes NAME absolute: the program changes its working directory. */
static int set_file(struct options *o, const char *name)
{
	char folder[PATH_MAX] = "";
	int n;

	if (*name != '/' && !getcwd(folder, sizeof(folder))) {
		perror("framed: working directory");
		return -1;
	}
	n = snprintf(o->file, sizeof(o->file), "%s%s%s", folder,
		     *folder ? "/" : "", name);
	if (n < (int)sizeof(o->file))
		return 0;
	fprintf(stderr, "framed: -c: expected a path shorter than %zu bytes\n",
		sizeof(o->file));
	return -1;
}

int options_parse(struct options *o, int argc, char *argv[])
{
	static const struct option names[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *file = NULL;
	int c;

	memset(o, 0, sizeof(*o));
	o->settings = calloc((size_t)argc, sizeof(*o->settings));
	if (!o->settings) {
		perror("framed");
		return 1;
	}
	while ((c = getopt_long(argc, argv, "c:ts:", names, NULL)) != -1) {
		if (c == 'h') {
			printf("%s%s", usage_line, help);
			return 0;
		}
		if (c == 'c')
			file = optarg;
		else if (c == 't')
			o->check = true;
		else if (c == 's')
			o->settings[o->count++] = optarg;
		else
			return usage();
	}
	if (!file || optind < argc)
		return usage();
	return set_file(o, file) < 0 ? 1 : -1;
}
