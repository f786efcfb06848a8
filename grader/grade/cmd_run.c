/* SPDX-License-Identifier: MIT */
/*
 * grade run: one lab or all, then the output that was asked for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "print.h"
#include "progress.h"
#include "quota.h"
#include "state.h"
#include "stop.h"

/* The exit status that LR's fresh results deserve. */
static int verdict(const struct lab_result *lr)
{
	int status = lr->infra_error ? CLI_INFRA : CLI_DONE;

	if (lr->build_error)
		return CLI_FAILED;
	for (size_t i = 0; i < lr->lab->test_count; i++) {
		const struct result *r = &lr->results[i];

		if (!r->fresh)
			continue;
		if (outcome_is_failure(r->outcome))
			return CLI_FAILED;
		if (r->outcome == OUTCOME_INFRA)
			status = CLI_INFRA;
	}
	return status;
}

/* The files that were asked for beside what is printed. 0, or -1. */
static int write_file(const char *path,
		      int (*print)(FILE *f, const struct lab_result *results,
				   size_t count),
		      const struct lab_result *results, size_t count)
{
	FILE *f;
	int rc;

	if (!path)
		return 0;
	if (!strcmp(path, "-"))
		return print(stdout, results, count);
	f = fopen(path, "we");
	rc = f ? print(f, results, count) : -1;
	if (f && fclose(f))
		rc = -1;
	if (rc)
		fprintf(stderr, "grade: %s: %s\n", path, strerror(errno));
	return rc;
}

static int write_formats(const char *dir, const struct lab_result *results,
			 size_t count)
{
	if (!dir || !format_write_all(dir, results, count))
		return 0;
	fprintf(stderr, "grade: %s: %s\n", dir, strerror(errno));
	return -1;
}

/* Whether standard output is kept for results in a format. */
static bool takes_stdout(const struct cli *cli)
{
	return (cli->json && !strcmp(cli->json, "-")) ||
	       (cli->format && !strcmp(cli->output ?: "-", "-"));
}

/* 0, or -1 after a line that says what does not go together. */
static int check_format(const struct cli *cli, const struct lab *only)
{
	if (cli->output && !cli->format)
		fprintf(stderr, "grade: --output needs a --format\n");
	else if (cli->format && cli->plain && takes_stdout(cli))
		fprintf(stderr, "grade: --format and --plain both want "
				"standard output; --output FILE takes one\n");
	else if (cli->formats && !only)
		fprintf(stderr, "grade: --formats is for one lab: name it\n");
	else if (cli->format && cli->format->one_lab && !only)
		fprintf(stderr,
			"grade: --format %s is for one lab; name it: ./course "
			"grade LAB --format %s\n",
			cli->format->name, cli->format->name);
	else
		return 0;
	return -1;
}

/* Grades one lab and prints it. The exit status, or STOP_EXIT. */
static int grade_lab(struct cli *cli, const struct lab *lab,
		     struct lab_result *lr)
{
	bool quiet = takes_stdout(cli);
	int status;

	state_load(lr, lab);
	if (run_lab(lr, &cli->run) == RUN_STOPPED)
		return STOP_EXIT;
	if (!cli->run.bin && state_save(lr))
		fprintf(stderr, "grade: cannot keep the results: %s\n",
			strerror(errno));
	status = verdict(lr);
	if (cli->plain)
		print_plain(stdout, lr, 1);
	else if (!quiet)
		print_text(stdout, lr,
			   cli->verbose	     ? DETAIL_ALL
			   : cli->run.filter ? DETAIL_FULL
					     : DETAIL_SHORT);
	fflush(stdout);
	return status;
}

int cmd_run(struct cli *cli)
{
	struct lab_result *results;
	struct lab *only;
	size_t count = 0;
	int status = CLI_DONE;

	if (cli_resolve(cli, &only, &cli->run.filter))
		return CLI_USAGE;
	if (check_format(cli, only))
		return CLI_USAGE;
	if (cli->run.box || cli->verbose || geteuid() == 0)
		quota_say_gaps(stderr, cli->run.box);
	results = mem_alloc(cli->labs.count * sizeof(*results));
	for (size_t i = 0; i < cli->labs.count && status != STOP_EXIT; i++) {
		struct lab *lab = &cli->labs.all[i];
		int one;

		if (only && lab != only)
			continue;
		if (count && !cli->plain && !cli->json && !takes_stdout(cli))
			putchar('\n');
		one = grade_lab(cli, lab, &results[count++]);
		if (one == STOP_EXIT || one == CLI_FAILED || status == CLI_DONE)
			status = one;
	}
	if (status == STOP_EXIT)
		fprintf(stderr, "grade: interrupted; nothing is left "
				"running\n");
	else if ((cli->format &&
		  write_file(cli->output ?: "-", cli->format->print, results,
			     count)) ||
		 write_formats(cli->formats, results, count) ||
		 write_file(cli->json, print_json, results, count) ||
		 write_file(cli->plain_file, print_plain, results, count))
		status = CLI_FAILED;
	for (size_t i = 0; i < count; i++)
		lab_result_free(&results[i]);
	free(results);
	return status;
}
