/* SPDX-License-Identifier: MIT */
/*
 * framed-load - puts load on a server of framed packets and looks at every
 * answer; or, with --hostile, at what it makes of what is malformed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "load/drive.h"
#include "load/hostile.h"
#include "load/options.h"
#include "load/tally.h"

int main(int argc, char *argv[])
{
	static struct tally tally;
	struct options options;
	int err;

	if (options_parse(&options, argc, argv) < 0) {
		fputs(options_usage, stderr);
		return 2;
	}
	if (options.help) {
		fputs(options_usage, stdout);
		fputs(options_help, stdout);
		return 0;
	}
	err = options.hostile ? hostile_run(&options, &tally)
			      : drive_run(&options, &tally);
	if (err) {
		fprintf(stderr, "framed-load: cannot connect to %s: %s\n",
			options.target, strerror(errno));
		return 1;
	}
	tally_print(&tally, &options);
	return tally_all_right(&tally) ? 0 : 1;
}
