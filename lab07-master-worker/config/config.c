/* SPDX-License-Identifier: MIT */
/*
 * A table says of each key where its value goes, how it is read, its range and
 * its default. The default is a text that is read like any other, so it cannot
 * be out of range.
 */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "number.h"
#include "util.h"

#define WORKERS_MAX 256 /* crew.h, CREW_SEATS_MAX */
#define DAY	    86400
#define MILLION	    1000000

enum kind { NUMBER, BOOL, PATH, WORKERS, LEVEL, LISTEN };

struct key {
	const char *section;
	const char *name;
	enum kind kind;
	size_t offset; /* in struct config */
	const char *normal;
	size_t min; /* of a path: how many bytes */
	size_t max;
};

#define AT(field) offsetof(struct config, field)

/* clang-format off */
static const struct key keys[] = {
	{ "server", "listen", LISTEN, AT(listen), "127.0.0.1:9700", 0, 0 },
	{ "server", "workers", WORKERS, AT(workers), "auto", 1, WORKERS_MAX },
	{ "server", "threads", NUMBER, AT(threads), "4", 1, 64 },
	{ "server", "daemon", BOOL, AT(daemon), "no", 0, 0 },
	{ "server", "pid_file", PATH, AT(pid_file), "", 0, 0 },
	{ "server", "drain_seconds", NUMBER, AT(drain_seconds), "60", 1, DAY },
	{ "log", "file", PATH, AT(log_file), "", 0, 0 },
	{ "log", "level", LEVEL, AT(level), "info", 0, 0 },
	{ "limits", "connections", NUMBER, AT(connections), "20000", 1,
	  MILLION },
	{ "limits", "send_queue", NUMBER, AT(send_queue), "400", 1, 100000 },
	{ "limits", "send_queue_total", NUMBER, AT(send_queue_total), "50000",
	  1, 10 * MILLION },
	{ "limits", "recycle_seconds", NUMBER, AT(recycle_seconds), "10", 0,
	  3600 },
	{ "heartbeat", "enabled", BOOL, AT(heartbeat), "yes", 0, 0 },
	{ "heartbeat", "wait_seconds", NUMBER, AT(wait_seconds), "20", 1, DAY },
	{ "heartbeat", "kick_at_once", BOOL, AT(kick_at_once), "no", 0, 0 },
	{ "flood", "enabled", BOOL, AT(flood), "no", 0, 0 },
	{ "flood", "packets", NUMBER, AT(flood_packets), "10", 2, MILLION },
	{ "flood", "within_ms", NUMBER, AT(flood_within_ms), "100", 1, 60000 },
	{ "accounts", "database", PATH, AT(database), "framed.db", 1, 0 },
	{ "stats", "every_seconds", NUMBER, AT(stats_seconds), "10", 1, DAY },
};
/* clang-format on */

/* Where the values go, and what they need to be read. */
struct target {
	struct config *config;
	const char *folder; /* of the file, with a / at its end */
};

static const struct key *find_key(const char *section, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (!strcmp(keys[i].section, section) &&
		    !strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static size_t cpus(void)
{
	cpu_set_t set;

	/* Those that this process may run on, which need not be all. */
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	return MIN((size_t)CPU_COUNT(&set), (size_t)WORKERS_MAX);
}

static int set_workers(size_t *workers, const char *value, char *why,
		       size_t size)
{
	if (strcmp(value, "auto") == 0) {
		*workers = cpus();
		return 0;
	}
	if (number_parse(value, 1, WORKERS_MAX, workers) == 0)
		return 0;
	snprintf(why, size,
		 "expected auto or a number from 1 to %d, not \"%s\"",
		 WORKERS_MAX, value);
	return -1;
}

static int set_level(enum log_level *level, const char *value, char *why,
		     size_t size)
{
	int n = log_level_parse(value);

	if (n < 0) {
		snprintf(why, size,
			 "expected debug, info, warn or error, not \"%s\"",
			 value);
		return -1;
	}
	*level = (enum log_level)n;
	return 0;
}

static int set_path(const struct target *t, const struct key *key, char *path,
		    const char *value, char *why, size_t size)
{
	const char *before = *value && *value != '/' ? t->folder : "";
	int n = snprintf(path, PATH_MAX, "%s%s", before, value);

	if (n < PATH_MAX && strlen(value) >= key->min)
		return 0;
	if (!*value)
		snprintf(why, size, "expected a path, not nothing");
	else
		snprintf(why, size, "expected a path shorter than %d bytes",
			 PATH_MAX);
	return -1;
}

static int set_listen(char *listen, const char *value, char *why, size_t size)
{
	char text[CONF_LINE_MAX + 1];
	struct addr_hostport hp;
	char *rest = text;
	char *to = listen;
	size_t n = 0;
	char *word;

	snprintf(text, sizeof(text), "%s", value);
	while ((word = strsep(&rest, " \t"))) {
		if (!*word)
			continue;
		if (addr_split(word, &hp) < 0) {
			snprintf(why, size, "expected HOST:PORT, not \"%s\"",
				 word);
			return -1;
		}
		to = stpcpy(stpcpy(to, n++ ? " " : ""), word);
	}
	if (n && n <= CONFIG_LISTEN_MAX)
		return 0;
	snprintf(why, size, "expected 1 to %d addresses HOST:PORT",
		 CONFIG_LISTEN_MAX);
	return -1;
}

/* What is wrong with VALUE is put into REASON. */
static int set_value(const struct target *t, const struct key *key,
		     const char *value, char *reason, size_t size)
{
	void *to = (char *)t->config + key->offset;

	switch (key->kind) {
	case NUMBER:
		return conf_number(value, key->min, key->max, to, reason, size);
	case BOOL:
		return conf_bool(value, to, reason, size);
	case PATH:
		return set_path(t, key, to, value, reason, size);
	case WORKERS:
		return set_workers(to, value, reason, size);
	case LEVEL:
		return set_level(to, value, reason, size);
	case LISTEN:
		return set_listen(to, value, reason, size);
	}
	return -1;
}

/* The keys that there are in SECTION, for who has mistaken one. */
static void list_keys(const char *section, char *why, size_t size)
{
	size_t n = (size_t)snprintf(why, size, "unknown key; expected");

	for (size_t i = 0; i < ARRAY_LEN(keys) && n < size; i++)
		if (strcmp(keys[i].section, section) == 0)
			n += (size_t)snprintf(why + n, size - n, " %s",
					      keys[i].name);
	if (n < size && strcmp(why, "unknown key; expected") == 0)
		snprintf(why, size,
			 "unknown section; expected server log limits "
			 "heartbeat flood accounts stats");
}

static int set(const struct target *t, const char *section, const char *name,
	       const char *value, char *why, size_t size)
{
	const struct key *key = find_key(section, name);
	char reason[512];

	if (!key)
		list_keys(section, reason, sizeof(reason));
	else if (set_value(t, key, value, reason, sizeof(reason)) == 0)
		return 0;
	snprintf(why, size, "[%s] %s: %s", section, name, reason);
	return -1;
}

static int take_entry(void *arg, const struct conf_entry *e, char *why,
		      size_t size)
{
	return set(arg, e->section, e->key, e->value, why, size);
}

/* SETTING is "SECTION.KEY=VALUE". */
static int take_setting(const struct target *t, const char *setting, char *why,
			size_t size)
{
	char text[CONF_LINE_MAX + 1];
	char reason[640] = "expected SECTION.KEY=VALUE";
	char *dot, *equals;
	int n = snprintf(text, sizeof(text), "%s", setting);

	dot = strchr(text, '.');
	equals = strchr(text, '=');
	if (n > CONF_LINE_MAX) {
		snprintf(reason, sizeof(reason), "expected %d bytes at most",
			 CONF_LINE_MAX);
	} else if (dot && equals && dot < equals) {
		*dot = *equals = '\0';
		if (set(t, text, dot + 1, equals + 1, reason, sizeof(reason)) ==
		    0)
			return 0;
	}
	snprintf(why, size, "-s %.256s: %s", setting, reason);
	return -1;
}

int config_load(struct config *c, const char *path, char *const settings[],
		size_t count, char *why, size_t size)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct target target = { .config = c, .folder = folder };

	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path + 1), path);
	memset(c, 0, sizeof(*c));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (set(&target, keys[i].section, keys[i].name, keys[i].normal,
			why, size) < 0)
			return -1;
	if (conf_read(path, take_entry, &target, why, size) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (take_setting(&target, settings[i], why, size) < 0)
			return -1;
	return 0;
}

char **config_addresses(const struct config *c)
{
	const size_t room = (CONFIG_LISTEN_MAX + 1) * sizeof(char *);
	char **addresses = malloc(room + sizeof(c->listen));
	char *rest;
	size_t n = 0;

	if (!addresses)
		return NULL;
	rest = strcpy((char *)addresses + room, c->listen);
	while (rest)
		addresses[n++] = strsep(&rest, " ");
	addresses[n] = NULL;
	return addresses;
}
