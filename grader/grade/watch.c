/* SPDX-License-Identifier: MIT */
/* placeholder until the next commit */
#include "cli.h"
int cmd_watch(struct cli *cli)
{
	(void)cli;
	return CLI_USAGE;
}
