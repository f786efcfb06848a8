/* SPDX-License-Identifier: MIT */
/* Task 1: rules.c, its limits, and files that are none. */
#include <stdio.h>
#include <string.h>

#include "drivertest.h"

static struct text text;

static void fill(size_t n, char c)
{
	while (n--)
		text_add(&text, &c, 1);
}

/* COUNT of each kind, on lines of their own; the last one is in line LINE. */
static void with(size_t clients, size_t listens, size_t servers)
{
	text_clear(&text);
	text_addf(&text, "a RR");
	while (clients--)
		text_addf(&text, "\n*:*");
	text_addf(&text, " -");
	for (size_t i = 0; i < listens; i++)
		text_addf(&text, "\n127.0.0.1:%zu", i + 1);
	text_addf(&text, " >");
	for (size_t i = 0; i < servers; i++)
		text_addf(&text, "\n10.0.%zu.%zu:80", i / 256, i % 256);
	text_addf(&text, " ;");
}

/* What is counted: as many as rules.h says, and one more. */
GRADED(rules, how_many)
{
	struct prog *d;

	judge_promise("Past a limit is an error, said with its line.");
	d = prog_driver("rules-driver");
	with(256, 64, 256);
	rules_taken(d, "as many as may be", "file", &text, NULL, 0);
	with(257, 1, 1);
	rules_taken(d, "257 clients", "file", &text, "E2BIG", 258);
	with(1, 65, 1);
	rules_taken(d, "65 listeners", "file", &text, "E2BIG", 67);
	with(1, 1, 257);
	rules_taken(d, "257 servers", "rule", &text, "E2BIG", 260);
	text_clear(&text);
	for (int i = 0; i < 4096; i++)
		text_addf(&text, "r%d G *:* - 127.0.0.1:1 ;\n", i);
	rules_taken(d, "4096 rules", "file", &text, NULL, 0);
	text_addf(&text, "r G *:* - 127.0.0.1:1 ;\n");
	rules_taken(d, "4097 rules", "file", &text, "E2BIG", 4097);
	judge_promise("A server that is said again in a rule, by the");
	with(1, 1, 256);
	text.len--;
	text_addf(&text, "10.0.0.7:80 ;");
	rules_taken(d, "256 servers, and one of them again", "rule", &text,
		    NULL, 0);
	judge_promise("its weight is one more; past");
	judge_checking("rules_weight_said_again");
	for (int weight = 999; weight <= 1000; weight++) {
		text_clear(&text);
		text_addf(&text,
			  "a RR *:* - 127.0.0.1:1 > 10.0.0.1:80 ( weight %d "
			  ")\n10.0.0.1:80 ;",
			  weight);
		rules_taken(d, "one share more", "file", &text,
			    weight < 1000 ? NULL : "E2BIG", 2);
	}
	judge_checking(NULL);
	prog_finish(d);
}

/* What is long: ids, words, the file. */
GRADED(rules, how_long)
{
	struct prog *d;

	judge_promise("Past a limit is an error, said with its line.");
	d = prog_driver("rules-driver");
	for (size_t len = 64; len <= 65; len++) {
		text_clear(&text);
		text_add(&text, "\n", 1);
		fill(len, 'i');
		text_addf(&text, " G *:* - 127.0.0.1:1 ;");
		rules_taken(d, "a long id", "file", &text,
			    len > 64 ? "E2BIG" : NULL, 2);
	}
	judge_promise("with a path of RULES_PATH_MAX bytes at most.");
	for (size_t len = 107; len <= 108; len++) {
		text_clear(&text);
		text_addf(&text, "a G *:* -\nunix:/");
		fill(len - 1, 'p');
		text_addf(&text, "\n;");
		rules_taken(d, "a long path", "file", &text,
			    len > 107 ? "E2BIG" : NULL, 2);
	}
	judge_promise("RULES_HOST_MAX 255 /* of a listener's or a");
	text_clear(&text);
	text_addf(&text, "a RR *:* - 127.0.0.1:1 >\n");
	fill(253, 'h');
	text_addf(&text, ":80 ;");
	rules_taken(d, "the longest name there is", "file", &text, NULL, 0);
	for (size_t len = 255; len <= 256; len++) {
		text_clear(&text);
		text_addf(&text, "a RR *:* - 127.0.0.1:1 >\n");
		fill(len, 'h');
		text_addf(&text, ":80 ;");
		rules_taken(d, "a server with a long host", "file", &text,
			    len > 255 ? "E2BIG" : NULL, 2);
		text_clear(&text);
		text_addf(&text, "a G *:* -\n");
		fill(len, 'h');
		text_addf(&text, ":80");
		rules_taken(d, "a listener with a long host", "rule", &text,
			    len > 255 ? "E2BIG" : NULL, 2);
	}
	judge_promise("Past a limit is an error, said with its line.");
	text_clear(&text);
	text_addf(&text, "a RR *:* - 127.0.0.1:1 >\n");
	fill(320, 'h');
	text_addf(&text, " ;");
	rules_taken(d, "a word of 320 bytes", "file", &text, "E2BIG", 2);
	text_clear(&text);
	text_addf(&text, "a G *:* - 127.0.0.1:1 ;\n#");
	fill((4u << 20) - text.len, 'c');
	rules_taken(d, "4 MiB", "file", &text, NULL, 0);
	text_add(&text, "c", 1);
	judge_check(strncmp(driver_bytes(d, "file", text.data, text.len),
			    "error E2BIG ", 12) == 0,
		    "error E2BIG for more than 4 MiB", "none");
	prog_finish(d);
}

/* Each beginning of a good file, and that file with a byte changed. */
GRADED(rules, any_bytes)
{
	static const char good[] = "# \xb9\xdc\xc0\xed\r\n( maxsessions_per_ip "
				   "9 )\n"
				   "\xb9\xdc G ( timeout 9 public 1 ) *:* - "
				   "unix:/a 127.0.0.1:0 ;\n"
				   "w CH ( proxy_protocol v2 ) 10.0.0.0/8:1? ( "
				   "maxclients 1 ) "
				   "[::1]:* - [::1]:0 > a.test:1 ( weight 2 "
				   "backup ) b:2 ( check "
				   "1 rise 1 ) ;";
	struct prog *d = prog_driver("rules-driver");
	char bytes[sizeof(good)];
	const char *got;

	judge_check(strncmp(driver_text(d, "file", good), "rules 2 ", 8) == 0,
		    "2 rules", "%s", driver_text(d, "file", good));
	for (size_t len = 0; len < sizeof(good) - 1; len++) {
		got = driver_bytes(d, "file", good, len);
		judge_check(*got == 'r' ||
				    strncmp(got, "error EINVAL ", 13) == 0,
			    "rules, or EINVAL", "%s for %zu bytes", got, len);
	}
	for (int i = 0; i < 400; i++) {
		memcpy(bytes, good, sizeof(good));
		bytes[judge_random_between(0, sizeof(good) - 2)] =
			(char)judge_random();
		got = driver_bytes(d, "file", bytes, sizeof(good) - 1);
		judge_check(*got == 'r' || strncmp(got, "error E", 7) == 0,
			    "rules, or an error", "%s", got);
	}
	prog_finish(d);
}

/* No memory: an error at each place, and nothing is left behind. */
GRADED(rules, no_memory)
{
	static const char good[] = "a RR *:* ( maxclients 1 ) 10.0.0.1:* - "
				   "127.0.0.1:1 127.0.0.1:2 > 10.0.0.1:1 "
				   "10.0.0.2:1 ;\nb G *:* - 127.0.0.1:3 ;";
	struct prog_opts opts = { .no_listen = true,
				  .keep_stdin = true,
				  .valgrind = true };
	const char *args[] = { NULL }, *got;
	char whole[4096];
	struct prog *d;

	judge_promise("Returns 0 with *R filled, for rules_free();");
	d = prog_spawn(&opts, "drivers/rules-driver", args);
	strcpy(whole, driver_text(d, "file", good));
	judge_check(strncmp(whole, "rules 2 ", 8) == 0, "2 rules", "%s", whole);
	judge_promise("with *ERROR filled and nothing to free.");
	driver_text(d, "file", "a RR *:* - 127.0.0.1:1 > 10.0.0.1:1 b");
	driver_text(d, "rule", "a G *:* - 127.0.0.1:1 ; b");
	driver_text(d, "file", "a G *:* - b:1 ; a G *:* - b:1 ;");
	prog_finish(d);
	opts.valgrind = false;
	for (unsigned int n = 1; n < 40; n++) {
		struct chaos chaos = { .fail_alloc = n };

		opts.chaos = &chaos;
		judge_promise("or -1 with errno EINVAL (syntax, a value out");
		d = prog_spawn(&opts, "drivers/rules-driver", args);
		got = driver_text(d, "file", good);
		/* All rules are there: it is the printer's failure. */
		if (strncmp(got, whole, strcspn(whole, "\n")) == 0)
			judge_promise("Returns 0, or -1 with errno ENOMEM or");
		judge_check(strcmp(got, whole) == 0 ||
				    strncmp(got, "error ENOMEM ", 13) == 0 ||
				    strstr(got, "\nprint failed ENOMEM"),
			    "2 rules, or ENOMEM", "%s", got);
		prog_finish(d);
	}
}
