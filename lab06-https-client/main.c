/* SPDX-License-Identifier: MIT */
/* bot - an HTTP and HTTPS client with thousands of connections at once. */
#include "options/options.h"
#include "run/interrupt.h"
#include "run/run.h"

int main(int argc, char *argv[])
{
	struct options o;
	struct run run;
	int status;

	interrupt_init();
	status = options_parse(&o, argc, argv);
	if (status < 0) {
		status = run_prepare(&run, &o) < 0 ? 2 : run_all(&run);
		run_free(&run);
	}
	options_free(&o);
	return status;
}
