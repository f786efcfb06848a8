/* SPDX-License-Identifier: MIT */
/* One table says what each option is called, takes and sets. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "util.h"

static const char help[] =
	"usage: httpd [--root DIR] [--listen HOST:PORT] "
	"[--model MODEL] ...\n"
	"  --root DIR             what is served (lab05-threadpool/www)\n"
	"  --listen HOST:PORT     where (127.0.0.1:8080); port 0: any free "
	"one\n"
	"  --model MODEL          inline (default), reactor or proactor\n"
	"  --threads N            of the pool, 1 to 1024 (4); not with inline\n"
	"  --queue N              tasks that may wait for a thread (4096)\n"
	"  --loops N              event loops, a thread and a listener each "
	"(1)\n"
	"  --access-log FILE      a line for each answer, when it is sent\n"
	"  --head-timeout MS      for a request's head (10000)\n"
	"  --body-timeout MS      for its body (30000)\n"
	"  --idle-timeout MS      between requests (60000)\n"
	"  --drain-timeout MS     from SIGTERM to the end (30000)\n"
	"  --max-body BYTES       of a request's body (1048576)\n"
	"  --max-connections N    in all (what the descriptors allow); the\n"
	"                         longest idle one makes room for a new one\n"
	"  --max-per-address N    from one address (no limit)\n"
	"  --status PATH|off      the server's figures (/status), and "
	"PATH.json\n"
	"  --dot-files            serve names that begin with a dot, too\n"
	"  --cache-control TEXT   Cache-Control of files (none)\n"
	"  --nosniff              X-Content-Type-Options: nosniff, of files\n"
	"  --help                 this text\n"
	"\n"
	"NAME.br or NAME.gz is sent for NAME if the client accepts it.\n"
	"SIGTERM, SIGINT: finish what was begun, then end; again: end at "
	"once.\n"
	"SIGHUP: open DIR and FILE again. SIGUSR1: open FILE again.\n"
	"Not offered: TLS, HTTP/2, virtual hosts, ranges of several parts.\n";

static const char *const models[] = { "inline", "reactor", "proactor" };

/* The options that are numbers: where they go, and from where to where. */
static const struct {
	const char *name;
	size_t offset;
	size_t min;
	size_t max;
} numbers[] = {
	{ "threads", offsetof(struct options, threads), 1, POOL_THREADS_MAX },
	{ "queue", offsetof(struct options, queue), 1, 1u << 20 },
	{ "loops", offsetof(struct options, loops), 1, OPTIONS_LOOPS_MAX },
	{ "head-timeout", offsetof(struct options, limits.head_ms), 1,
	  1u << 30 },
	{ "body-timeout", offsetof(struct options, limits.body_ms), 1,
	  1u << 30 },
	{ "idle-timeout", offsetof(struct options, limits.idle_ms), 1,
	  1u << 30 },
	{ "drain-timeout", offsetof(struct options, drain_ms), 1, 1u << 30 },
	{ "max-body", offsetof(struct options, limits.body_max), 0, 1ul << 40 },
	{ "max-connections", offsetof(struct options, connections), 1,
	  1u << 30 },
	{ "max-per-address", offsetof(struct options, per_address), 1,
	  1u << 30 },
};

static int wrong(const char *name, const char *value, const char *want)
{
	fprintf(stderr, "httpd: --%s: '%s' is not %s\n%.*s\n", name, value,
		want, (int)strcspn(help, "\n"), help);
	return 2;
}

static int set_number(struct options *o, const char *name, const char *text)
{
	char want[64];

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		if (strcmp(numbers[i].name, name) != 0)
			continue;
		if (number_parse(text, numbers[i].min, numbers[i].max,
				 (size_t *)(void *)((char *)o +
						    numbers[i].offset)) == 0)
			return -1;
		snprintf(want, sizeof(want), "a number from %zu to %zu",
			 numbers[i].min, numbers[i].max);
		return wrong(name, text, want);
	}
	return 2;
}

static int set_model(struct options *o, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(models); i++) {
		if (strcmp(models[i], name) == 0) {
			o->model = i;
			o->model_name = models[i];
			return -1;
		}
	}
	return wrong("model", name, "inline, reactor or proactor");
}

/* "/status", or "off". */
static int set_status(struct options *o, const char *path)
{
	size_t len = strlen(path);

	if (strcmp(path, "off") == 0) {
		o->status_name = NULL;
		return -1;
	}
	if (len < 2 || path[0] != '/' || path[1] == '/' || path[len - 1] == '/')
		return wrong("status", path, "a path such as /status, or off");
	o->status_name = path + 1;
	return -1;
}

static int set_cache_control(struct options *o, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			len = 0;
	if (!len || len > ANSWER_CACHE_CONTROL_MAX)
		return wrong("cache-control", text,
			     "printable text of 1 to 128 bytes");
	o->policy.cache_control = text;
	return -1;
}

static int set(struct options *o, int opt, const char *name)
{
	switch (opt) {
	case 's':
		return set_status(o, optarg);
	case 'c':
		return set_cache_control(o, optarg);
	case 'd':
		o->dot_files = true;
		return -1;
	case 'x':
		o->policy.nosniff = true;
		return -1;
	case 'r':
		o->root = optarg;
		return -1;
	case 'l':
		o->listen = optarg;
		return -1;
	case 'a':
		o->access_log = optarg;
		return -1;
	case 'm':
		return set_model(o, optarg);
	case 'n':
		return set_number(o, name, optarg);
	case 'h':
		fputs(help, stdout);
		return 0;
	default:
		fprintf(stderr, "%.*s\n", (int)strcspn(help, "\n"), help);
		return 2;
	}
}

int options_parse(struct options *o, int argc, char *argv[])
{
	static const struct option known[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "listen", required_argument, NULL, 'l' },
		{ "access-log", required_argument, NULL, 'a' },
		{ "model", required_argument, NULL, 'm' },
		{ "threads", required_argument, NULL, 'n' },
		{ "queue", required_argument, NULL, 'n' },
		{ "loops", required_argument, NULL, 'n' },
		{ "head-timeout", required_argument, NULL, 'n' },
		{ "body-timeout", required_argument, NULL, 'n' },
		{ "idle-timeout", required_argument, NULL, 'n' },
		{ "drain-timeout", required_argument, NULL, 'n' },
		{ "max-body", required_argument, NULL, 'n' },
		{ "max-connections", required_argument, NULL, 'n' },
		{ "max-per-address", required_argument, NULL, 'n' },
		{ "status", required_argument, NULL, 's' },
		{ "cache-control", required_argument, NULL, 'c' },
		{ "dot-files", no_argument, NULL, 'd' },
		{ "nosniff", no_argument, NULL, 'x' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt, at = 0, status = -1;

	*o = (struct options){
		.root = "lab05-threadpool/www",
		.listen = "127.0.0.1:8080",
		.model_name = models[0],
		.threads = 4,
		.queue = 4096,
		.loops = 1,
		.limits = { 10000, 30000, 60000, 1048576 },
		.status_name = "status",
		.connections = SIZE_MAX,
		.per_address = SIZE_MAX,
		.drain_ms = 30000,
	};
	while (status < 0 &&
	       (opt = getopt_long(argc, argv, "", known, &at)) != -1)
		status = set(o, opt, known[at].name);
	if (status < 0 && optind < argc) {
		fprintf(stderr, "httpd: '%s' is not an option\n", argv[optind]);
		return set(o, '?', NULL);
	}
	return status;
}
