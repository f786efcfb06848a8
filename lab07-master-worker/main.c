/* SPDX-License-Identifier: MIT */
/* framed - a server of framed packets: a master process and its workers. */
#include <stdio.h>
#include <stdlib.h>

#include "server/options.h"
#include "server/server.h"
#include "title.h"

int main(int argc, char *argv[])
{
	struct options o;
	int status;

	if (title_init(argv) < 0) {
		perror("framed");
		return 1;
	}
	status = options_parse(&o, argc, argv);
	if (status < 0)
		status = server_run(&o);
	free(o.settings);
	return status;
}
