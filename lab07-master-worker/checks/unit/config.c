/* SPDX-License-Identifier: MIT */
/* The table of keys: defaults, both sides of every range, paths, settings. */
#include "config/config.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(config, .timeout = 20);

static struct config config;
static char why[1024];
static char path[] = "/tmp/config-XXXXXX/framed.conf";

static int load(const char *text, char *const settings[], size_t count)
{
	char dir[] = "/tmp/config-XXXXXX";
	FILE *file;
	int ret;

	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/framed.conf", dir);
	file = fopen(path, "w");
	cr_assert(file);
	fputs(text, file);
	fclose(file);
	ret = config_load(&config, path, settings, count, why, sizeof(why));
	unlink(path);
	rmdir(dir);
	return ret;
}

static void takes(const char *setting)
{
	char *settings[] = { (char *)setting };

	cr_expect_eq(load("", settings, 1), 0, "%s: %s", setting, why);
}

static void refuses(const char *setting, const char *expected)
{
	char *settings[] = { (char *)setting };

	cr_expect_eq(load("", settings, 1), -1, "%s was taken", setting);
	cr_expect(strstr(why, expected), "%s: %s", setting, why);
}

/* SECTION.KEY is a number from MIN to MAX. */
static void has_range(const char *key, size_t min, size_t max)
{
	char text[64], range[64];

	snprintf(range, sizeof(range), "from %zu to %zu", min, max);
	snprintf(text, sizeof(text), "%s=%zu", key, min);
	takes(text);
	snprintf(text, sizeof(text), "%s=%zu", key, max);
	takes(text);
	snprintf(text, sizeof(text), "%s=%zu", key, max + 1);
	refuses(text, range);
	snprintf(text, sizeof(text), "%s=%d", key, (int)min - 1);
	refuses(text, range);
	snprintf(text, sizeof(text), "%s=", key);
	refuses(text, range);
}

Test(config, ranges)
{
	has_range("server.workers", 1, 256);
	has_range("server.threads", 1, 64);
	has_range("server.drain_seconds", 1, 86400);
	has_range("limits.connections", 1, 1000000);
	has_range("limits.send_queue", 1, 100000);
	has_range("limits.send_queue_total", 1, 10000000);
	has_range("limits.recycle_seconds", 0, 3600);
	has_range("heartbeat.wait_seconds", 1, 86400);
	has_range("flood.packets", 2, 1000000);
	has_range("flood.within_ms", 1, 60000);
	has_range("stats.every_seconds", 1, 86400);
}

Test(config, words)
{
	takes("server.workers=auto");
	refuses("server.workers=all", "auto");
	takes("log.level=debug");
	refuses("log.level=loud", "debug, info, warn or error");
	takes("flood.enabled=yes");
	refuses("flood.enabled=on", "yes or no");
	refuses("heartbeat.kick_at_once=YES", "yes or no");
	refuses("accounts.database=", "expected a path");
}

Test(config, defaults)
{
	cr_assert_eq(load("", NULL, 0), 0);
	cr_expect_str_eq(config.listen, "127.0.0.1:9700");
	cr_expect_eq(config.threads, 4);
	cr_expect_eq(config.drain_seconds, 60);
	cr_expect_str_eq(config.pid_file, "");
	cr_expect_str_eq(config.log_file, "");
	cr_expect_eq(config.level, LOG_INFO);
	cr_expect_eq(config.send_queue, 400);
	cr_expect_eq(config.send_queue_total, 50000);
	cr_expect(config.heartbeat);
	cr_expect_not(config.kick_at_once);
	cr_expect_not(config.flood);
	cr_expect_geq(config.workers, 1);
}

/* The file that is shipped says what the program takes for granted. */
Test(config, shipped)
{
	struct config plain;
	char shipped[PATH_MAX], file[PATH_MAX];

	snprintf(file, sizeof(file), "%s", __FILE__);
	*strstr(file, "checks/unit/") = '\0';
	snprintf(shipped, sizeof(shipped), "%.3000sconfig/framed.conf", file);
	cr_assert_eq(load("", NULL, 0), 0);
	plain = config;
	cr_assert_eq(config_load(&config, shipped, NULL, 0, why, sizeof(why)),
		     0, "%s", why);
	cr_expect_str_eq(strrchr(config.database, '/'), "/framed.db");
	memcpy(config.database, plain.database, sizeof(plain.database));
	cr_expect_eq(memcmp(&config, &plain, sizeof(plain)), 0);
}

Test(config, addresses)
{
	char **addresses;

	cr_assert_eq(load("[server]\nlisten =  a:1 \t[::1]:2  *:0 \n", NULL, 0),
		     0);
	addresses = config_addresses(&config);
	cr_expect_str_eq(addresses[0], "a:1");
	cr_expect_str_eq(addresses[1], "[::1]:2");
	cr_expect_str_eq(addresses[2], "*:0");
	cr_expect_null(addresses[3]);
	free(addresses);
	refuses("server.listen=", "addresses HOST:PORT");
	refuses("server.listen=a:1 b", "expected HOST:PORT, not \"b\"");
	refuses("server.listen=a:65536", "expected HOST:PORT");
	refuses("server.listen=::1:80", "expected HOST:PORT");
}

Test(config, paths)
{
	char expected[PATH_MAX];

	cr_assert_eq(load("[server]\npid_file = a.pid\n[log]\nfile = /b\n",
			  NULL, 0),
		     0);
	snprintf(expected, sizeof(expected), "%.*s/a.pid",
		 (int)(strrchr(path, '/') - path), path);
	cr_expect_str_eq(config.pid_file, expected);
	cr_expect_str_eq(config.log_file, "/b");
}

Test(config, settings)
{
	char *both[] = { "server.threads=2", "server.threads=3" };

	cr_assert_eq(load("[server]\nthreads = 9\n", both, 2), 0);
	cr_expect_eq(config.threads, 3, "the last one counts");
	cr_expect_eq(load("[server]\nthreads = 0\n", both, 2), -1);
	refuses("server.threads", "expected SECTION.KEY=VALUE");
	refuses("threads=3", "expected SECTION.KEY=VALUE");
	refuses("=", "expected SECTION.KEY=VALUE");
	refuses("server.x=3", "unknown key; expected listen workers");
	refuses("service.threads=3", "unknown section; expected server");
}

Test(config, errors_say_where)
{
	cr_expect_eq(load("[server]\n\nthreads = x\n", NULL, 0), -1);
	cr_expect(strstr(why, "/framed.conf:3: [server] threads: expected a "
			      "number from 1 to 64, not \"x\""),
		  "%s", why);
}
