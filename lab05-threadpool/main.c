/* SPDX-License-Identifier: MIT */
/* httpd - a web server, with three ways to divide the work among threads. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/httpd.h"
#include "server/listeners.h"
#include "log.h"
#include "site/path.h"
#include "sock.h"

static void ready(const int listeners[])
{
	char bound[ADDR_TEXT_MAX];

	sock_local_text(listeners[0], bound, sizeof(bound));
	printf("listening on %s\n", bound);
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	int listeners[OPTIONS_LOOPS_MAX], root, ret;
	struct access *access = NULL;
	struct options o;
	const char *why;

	ret = options_parse(&o, argc, argv);
	if (ret >= 0)
		return ret;
	root = path_open_root(o.root);
	if (root < 0) {
		fprintf(stderr, "httpd: cannot serve %s: %s\n", o.root,
			strerror(errno));
		return 1;
	}
	if (listeners_open(o.listen, o.loops, listeners, &why) < 0) {
		fprintf(stderr, "httpd: cannot listen on %s: %s\n", o.listen,
			why);
		return 1;
	}
	if (o.access_log && !(access = access_open(o.access_log))) {
		fprintf(stderr, "httpd: cannot log to %s: %s\n", o.access_log,
			strerror(errno));
		return 1;
	}
	ret = httpd_run(&o, root, access, listeners, ready);
	if (ret < 0)
		log_error_errno("httpd");
	access_close(access);
	for (size_t i = 0; i < o.loops; i++)
		close(listeners[i]);
	close(root);
	return ret < 0;
}
