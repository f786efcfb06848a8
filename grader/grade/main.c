/* SPDX-License-Identifier: MIT */
/*
 * grade - the program behind `./course grade`, `watch`, `hint` and `board`.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell.h"
#include "cli.h"
#include "needs.h"
#include "mem.h"
#include "stop.h"
#include "variant.h"
#include "util.h"

static const struct command {
	const char *name;
	int (*run)(struct cli *cli);
	const char *args; /* NULL: for scripts, ./course has no word for it */
	const char *does;
	bool grades; /* it runs tests */
} commands[] = {
	{ "run", cmd_run, "[LAB] [TEST]", "build and grade", true },
	{ "watch", cmd_watch, "[LAB] [TEST]", "grade again at each save",
	  true },
	{ "hint", cmd_hint, "[LAB] TEST", "the next of three hints", false },
	{ "board", cmd_board, "", "all labs, points as bars", false },
	{ "list", cmd_list, "[LAB] [TEST]", "the tests and their points",
	  false },
	{ "experiments", cmd_experiments, "[LAB] [NAME]",
	  "what the kernel says to our claims", false },
	{ "check", cmd_check, NULL, NULL, false },
	{ "labs", cmd_labs, NULL, NULL, false },
	{ "deliverables", cmd_deliverables, NULL, NULL, false },
	{ "forbidden", cmd_forbidden, NULL, NULL, false },
	{ "formats", cmd_formats, NULL, NULL, false },
	{ "turns", cmd_turns, NULL, NULL, false },
	{ "mutants", cmd_mutants, NULL, NULL, true },
	{ "mutate", cmd_mutate, NULL, NULL, true },
};

static const char options_text[] =
	"  --seed N       all randomness of the tests follows from N\n"
	"  --build NAME   all tests on the build plain, asan or tsan alone\n"
	"  --bin DIR      programs under test from DIR, as they are there\n"
	"  --jobs N       tests side by side (four times the cores); N+: up to\n"
	"                 2 x N while the processors are idle\n"
	"  --json FILE    results as JSON, - for standard output\n"
	"  --format NAME  results for other systems: classroom50, csv, "
	"gradescope,\n"
	"                 json, junit, prairielearn, tap\n"
	"  --output FILE  where --format writes (standard output)\n"
	"  --formats DIR  results in each of these, as DIR/NAME.SUFFIX\n"
	"  --plain[=FILE] one line a test, for scripts\n"
	"  --verbose      every failure, with all its steps\n"
	"  --no-build     everything is built already\n"
	"  --deadline S   seconds for a test (150) or a build (300)\n"
	"  --root DIR     the tree's top (the working directory)\n"
	"  --again        hint: from the first one\n"
	"  --first        end with the first failure; short tests first\n"
	"  --sample N     mutate: so many of each deliverable (16), --all of "
	"them\n"
	"                 mutants: so many of those that a test catches (all)\n"
	"  --one-in N     mutants: of the sample, one in N\n"
	"  --rate N       mutate: percent of each that have to be killed (97)\n"
	"  --promises     check: the sentences of contracts that no test "
	"holds\n"
	"  --matrix       mutants: all tests, and a table of which catches "
	"which\n"
	"  --help\n"
	"A test is SUITE/NAME, a lab 1, lab01 or its folder's name. --seed "
	"repeats the\n"
	"tests' own choices and the faults, not the kernel's timing: a race "
	"may need\n"
	"several runs.\n"
	"Exit status: 0 all passed, 1 something failed, 2 wrong usage,\n"
	"3 something could not be judged, 130 interrupted.\n";

static void print_help(FILE *f)
{
	fprintf(f, "usage: ./course grade [LAB] [TEST] [OPTIONS]\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const char *name = commands[i].name;

		if (!commands[i].args)
			continue;
		/* `course` has another word for the first. */
		fprintf(f, "  ./course %-11s %-13s  %s\n",
			commands[i].run == cmd_run ? "grade" : name,
			commands[i].args, commands[i].does);
	}
	fputs(options_text, f);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	fprintf(stderr, "grade: no command '%s'; known:", name);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(stderr, " %s", commands[i].name);
	fputc('\n', stderr);
	return NULL;
}

/* A number in [LO, HI], or a line and the end. */
static uint64_t number(const char *option, const char *value, uint64_t lo,
		       uint64_t hi)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(value, &end, 10);
	if (*value >= '0' && *value <= '9' && !*end && !errno && n >= lo &&
	    n <= hi)
		return n;
	fprintf(stderr,
		"grade: --%s: expected a number from %llu to %llu, got '%s'\n",
		option, (unsigned long long)lo, (unsigned long long)hi, value);
	exit(CLI_USAGE);
}

static int variant_option(const char *value)
{
	int v = variant_named(value);

	if (v >= 0)
		return v;
	fprintf(stderr,
		"grade: --build: expected plain, asan or tsan, got '%s'\n",
		value);
	exit(CLI_USAGE);
}

static const struct format *format_option(const char *value)
{
	const struct format *format = format_named(value);

	if (format)
		return format;
	fprintf(stderr, "grade: --format: expected one of ");
	format_say_names(stderr);
	fprintf(stderr, ", got '%s'\n", value);
	exit(CLI_USAGE);
}

static const struct option long_options[] = {
	{ "seed", required_argument, NULL, 's' },
	{ "bin", required_argument, NULL, 'b' },
	{ "build", required_argument, NULL, 'B' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "json", required_argument, NULL, 'o' },
	{ "format", required_argument, NULL, 'F' },
	{ "formats", required_argument, NULL, 'M' },
	{ "output", required_argument, NULL, 'O' },
	{ "plain", optional_argument, NULL, 'p' },
	{ "matrix", no_argument, NULL, 'm' },
	{ "first", no_argument, NULL, 'f' },
	{ "sample", required_argument, NULL, 'S' },
	{ "one-in", required_argument, NULL, 'I' },
	{ "all", no_argument, NULL, 'A' },
	{ "rate", required_argument, NULL, 'R' },
	{ "promises", no_argument, NULL, 'P' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "no-build", no_argument, NULL, 'n' },
	{ "box", required_argument, NULL, 'X' },
	{ "not-built", required_argument, NULL, 'N' },
	{ "show-seed", no_argument, NULL, 'W' },
	{ "deadline", required_argument, NULL, 'd' },
	{ "root", required_argument, NULL, 'r' },
	{ "again", no_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static enum box box_option(const char *value)
{
	if (!strcmp(value, "cells"))
		return BOX_CELLS;
	if (!strcmp(value, "bare"))
		return BOX_BARE;
	fprintf(stderr, "grade: --box: expected cells or bare, got '%s'\n",
		value);
	exit(CLI_USAGE);
}

/* Options of the commands for those who make the course. */
static void set_makers_option(struct cli *cli, int option)
{
	switch (option) {
	case 'S':
		cli->sample = number("sample", optarg, 1, 100000);
		break;
	case 'I':
		cli->one_in = number("one-in", optarg, 1, 100000);
		break;
	case 'R':
		cli->rate = (int)number("rate", optarg, 1, 100);
		break;
	case 'A':
		cli->sample = SIZE_MAX;
		break;
	case 'P':
		cli->promises = true;
		break;
	case 'X':
		cli->run.box = box_option(optarg);
		cli->run.no_build = true;
		break;
	case 'N':
		cli->run.not_built = optarg;
		break;
	case 'W':
		cli->run.show_seed = true;
		break;
	case 'm':
		cli->matrix = true;
		break;
	default:
		fprintf(stderr, "./course grade --help lists the options\n");
		exit(CLI_USAGE);
	}
}

/* Takes a + away from the end of TEXT, if there is one. */
static bool ends_in_plus(char *text)
{
	size_t len = strlen(text);
	bool plus = len > 1 && text[len - 1] == '+';

	if (plus)
		text[len - 1] = '\0';
	return plus;
}

static void set_option(struct cli *cli, int option)
{
	switch (option) {
	case 's':
		cli->run.seed = number("seed", optarg, 0, INT64_MAX);
		cli->run.has_seed = true;
		break;
	case 'b':
		cli->run.bin = optarg;
		break;
	case 'B':
		cli->run.builds = VARIANT_BIT(variant_option(optarg));
		break;
	case 'j':
		cli->run.more = ends_in_plus(optarg);
		cli->run.jobs = number("jobs", optarg, 1, 64);
		break;
	case 'o':
		cli->json = optarg;
		break;
	case 'F':
		cli->format = format_option(optarg);
		break;
	case 'M':
		cli->formats = optarg;
		break;
	case 'O':
		cli->output = optarg;
		break;
	case 'p':
		cli->plain = !optarg;
		cli->plain_file = optarg;
		break;
	case 'f':
		cli->run.first = true;
		break;
	case 'v':
		cli->verbose = true;
		break;
	case 'n':
		cli->run.no_build = true;
		break;
	case 'd':
		cli->run.deadline_s = number("deadline", optarg, 1, 86400);
		break;
	case 'r':
		cli->root = optarg;
		break;
	case 'a':
		cli->again = true;
		break;
	case 'h':
		print_help(stdout);
		exit(0);
	default:
		set_makers_option(cli, option);
	}
}

/* A command line can be read by all; and no program under test gets this. */
static void take_secret_seed(struct cli *cli)
{
	const char *seed = getenv("GRADE_SEED");

	if (!seed)
		return;
	cli->run.seed = number("seed", seed, 0, INT64_MAX);
	cli->run.has_seed = true;
	unsetenv("GRADE_SEED");
}

/*
 * A caller that has closed one of the first three descriptors would have what
 * we open next in its place, and what is printed would go there.
 */
static void open_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	struct cli cli = { .root = "." };
	const struct command *command;
	char top[PATH_MAX];
	char *error = NULL;
	int option;
	int status;

	open_standard();
	setlocale(LC_CTYPE, "");
	while ((option = getopt_long(argc, argv, "vh", long_options, NULL)) !=
	       -1)
		set_option(&cli, option);
	if (optind == argc) {
		print_help(stderr);
		return CLI_USAGE;
	}
	command = find_command(argv[optind++]);
	if (!command)
		return CLI_USAGE;
	if (cli.run.more && command->run != cmd_run &&
	    command->run != cmd_watch) {
		fprintf(stderr,
			"grade: --jobs %d+: expected a number without "
			"+, of %s\n",
			cli.run.jobs, command->name);
		return CLI_USAGE;
	}
	take_secret_seed(&cli);
	cli.args = argv + optind;
	cli.arg_count = argc - optind;
	if (!realpath(cli.root, top)) {
		fprintf(stderr, "grade: %s: %s\n", cli.root, strerror(errno));
		return CLI_USAGE;
	}
	cli.root = top;
	if (stop_init()) {
		fprintf(stderr, "grade: %s\n", strerror(errno));
		return CLI_FAILED;
	}
	if (command->grades &&
	    !needs_are_met(cli.run.bin ? NULL : top, cli.run.box != BOX_CELLS))
		return CLI_INFRA;
	if (cli.run.box == BOX_CELLS && !cell_works(&error)) {
		fprintf(stderr, "grade: %s\n", error);
		free(error);
		return CLI_INFRA;
	}
	if (labs_load(&cli.labs, cli.root, &error)) {
		fprintf(stderr, "grade: %s\n", error);
		free(error);
		status = CLI_USAGE;
	} else {
		status = command->run(&cli);
	}
	labs_free(&cli.labs);
	return status;
}
