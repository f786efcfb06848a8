/* SPDX-License-Identifier: MIT */
/*
 * Nothing here knows a port in advance: a server says where it listens, and
 * that goes into the next one's configuration.
 */
#include "cluster.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 30000 /* for a program to listen */

const char *cluster_name(int server)
{
	static const char *const names[] = { "httpd A", "httpd B", "origin",
					     "framed" };

	return names[server];
}

int cluster_find(struct cluster *c)
{
	const char *tmp = getenv("TMPDIR");
	ssize_t len =
		readlink("/proc/self/exe", c->build, sizeof(c->build) - 1);

	if (len == -1)
		return -1;
	c->build[len] = '\0';
	for (int i = 0; i < 2; i++) /* demo/demo */
		*strrchr(c->build, '/') = '\0';
	strcpy(c->top, c->build);
	for (int i = 0; i < 2; i++) /* build/gcc */
		*strrchr(c->top, '/') = '\0';
	if (snprintf(c->folder, sizeof(c->folder), "%s/readylist-demo.XXXXXX",
		     tmp != NULL && *tmp != '\0' ? tmp : "/tmp") >=
	    (int)sizeof(c->folder)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return mkdtemp(c->folder) != NULL ? 0 : -1;
}

void cluster_remove(const struct cluster *c)
{
	DIR *folder = opendir(c->folder);
	const struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
	if (rmdir(c->folder) == -1)
		fprintf(stderr, "demo: %s could not be removed: %s\n",
			c->folder, strerror(errno));
}

/* The files of a server in the folder: without a blank in the name. */
static const char *file_name(int server)
{
	static const char *const names[] = { "httpd-a", "httpd-b", "origin",
					     "framed" };

	return names[server];
}

static int start_httpd(struct cluster *c, int server)
{
	char program[PATH_MAX + 64], root[PATH_MAX + 64];
	const char *listen = c->address[server];
	char *argv[] = { program, "--root", root, "--listen", NULL, NULL };

	snprintf(program, sizeof(program), "%s/lab05-threadpool/httpd",
		 c->build);
	snprintf(root, sizeof(root), "%s/lab05-threadpool/www", c->top);
	argv[4] = *listen != '\0' ? (char *)listen : "127.0.0.1:0";
	return child_start(&c->server[server], c->folder, file_name(server),
			   argv);
}

static int start_origin(struct cluster *c)
{
	char program[PATH_MAX + 64], ca[PATH_MAX + 64];
	char *argv[] = { program, "--listen", "127.0.0.1:0", "--ca", ca, NULL };

	snprintf(program, sizeof(program), "%s/lab06-https-client/origin",
		 c->build);
	snprintf(ca, sizeof(ca), "%s/ca.pem", c->folder);
	return child_start(&c->server[ORIGIN], c->folder, file_name(ORIGIN),
			   argv);
}

/* A file of the folder; TEXT is all of it. */
static int write_file(const struct cluster *c, const char *name,
		      const char *text)
{
	char path[PATH_MAX + 64];
	FILE *file;
	int bad;

	snprintf(path, sizeof(path), "%s/%s", c->folder, name);
	file = fopen(path, "we");
	if (file == NULL)
		return -1;
	bad = fputs(text, file) == EOF;
	return fclose(file) == EOF || bad ? -1 : 0;
}

static int start_framed(struct cluster *c)
{
	char program[PATH_MAX + 64], conf[PATH_MAX + 64];
	char *argv[] = { program, "-c", conf, NULL };

	snprintf(program, sizeof(program), "%s/lab07-master-worker/framed",
		 c->build);
	snprintf(conf, sizeof(conf), "%s/framed.conf", c->folder);
	if (write_file(c, "framed.conf",
		       "[server]\nlisten = 127.0.0.1:0\nworkers = 2\n") == -1)
		return -1;
	return child_start(&c->server[FRAMED], c->folder, file_name(FRAMED),
			   argv);
}

static int start_server(struct cluster *c, int server)
{
	switch (server) {
	case ORIGIN:
		return start_origin(c);
	case FRAMED:
		return start_framed(c);
	default:
		return start_httpd(c, server);
	}
}

int cluster_start_again(struct cluster *c, int server)
{
	return start_server(c, server);
}

static int start_forwarder(struct cluster *c)
{
	char program[PATH_MAX + 64], rules[PATH_MAX + 64];
	char *argv[] = { program, "-f", rules, NULL };
	char text[1024];

	snprintf(text, sizeof(text),
		 "admin G 127.0.0.1:* - 127.0.0.1:0 ;\n"
		 "web RR ( ban 1 ) *:* - 127.0.0.1:0 > %s %s ;\n"
		 "tls RR *:* - 127.0.0.1:0 > %s ;\n"
		 "frames RR *:* - 127.0.0.1:0 > %s ;\n",
		 c->address[HTTPD_A], c->address[HTTPD_B], c->address[ORIGIN],
		 c->address[FRAMED]);
	if (write_file(c, "rules", text) == -1)
		return -1;
	snprintf(program, sizeof(program), "%s/lab08-forwarder/forwarder",
		 c->build);
	snprintf(rules, sizeof(rules), "%s/rules", c->folder);
	return child_start(&c->forwarder, c->folder, "forwarder", argv);
}

/*
 * Waits for the LINES lines "listening on ADDRESS ..." of CHILD and reads the
 * addresses into ADDRESSES.
 */
static int read_addresses(struct child *child, size_t lines,
			  char (*addresses)[64])
{
	size_t n = 0;
	FILE *file;

	if (child_await_lines(child, lines, PATIENCE_MS) == -1)
		return -1;
	file = fopen(child->out, "re");
	if (file == NULL)
		return -1;
	while (n < lines &&
	       fscanf(file, "listening on %63s%*[^\n] ", addresses[n]) == 1)
		n++;
	fclose(file);
	errno = EPROTO;
	return n == lines ? 0 : -1;
}

/* Says that NAME did not come up, and what it said itself. */
static int complain(const struct child *child, const char *name)
{
	char line[512];
	const char *reason = strerror(errno);
	FILE *file;

	if (errno == EINTR)
		return -1;
	if (errno == ECHILD)
		reason = "it ended";
	fprintf(stderr, "demo: %s does not listen: %s\n", name, reason);
	file = fopen(child->err, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		fprintf(stderr, "  %s", line);
	if (file != NULL)
		fclose(file);
	return -1;
}

int cluster_start(struct cluster *c)
{
	for (int i = 0; i < SERVERS; i++)
		if (start_server(c, i) == -1)
			return complain(&c->server[i], cluster_name(i));
	for (int i = 0; i < SERVERS; i++)
		if (read_addresses(&c->server[i], 1, &c->address[i]) == -1)
			return complain(&c->server[i], cluster_name(i));
	if (start_forwarder(c) == -1 ||
	    read_addresses(&c->forwarder, RULES, c->listener) == -1)
		return complain(&c->forwarder, "forwarder");
	return 0;
}

size_t cluster_cut(const struct cluster *c, int server)
{
	char line[1024], field[128];
	size_t n = 0;
	FILE *file = fopen(c->forwarder.err, "re");

	snprintf(field, sizeof(field), " server=%s ", c->address[server]);
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		n += strstr(line, field) != NULL &&
		     strstr(line, " reason=server-") != NULL;
	if (file != NULL)
		fclose(file);
	return n;
}
