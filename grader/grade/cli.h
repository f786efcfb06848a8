/* SPDX-License-Identifier: MIT */
/*
 * cli - the command line: its options, the labs and tests it names, and the
 * commands themselves. A command returns the program's exit status.
 */
#ifndef GRADE_CLI_H
#define GRADE_CLI_H

#include "format/format.h"
#include "lab.h"
#include "run.h"

enum cli_exit {
	CLI_DONE = 0,	/* everything asked for passed */
	CLI_FAILED = 1, /* something did not, or could not be done */
	CLI_USAGE = 2,	/* wrong usage or a bad grading.ini */
	CLI_INFRA = 3,	/* nothing failed, but something could not be judged */
};

struct cli {
	struct run_opts run;
	const char *root; /* the tree's top, absolute */
	const char *json; /* file for JSON, "-" is standard output; or NULL */
	const struct format *format; /* or NULL */
	const char *formats;	     /* folder for every format; or NULL */
	const char *output;	     /* file for it; NULL: standard output */
	bool plain;		     /* one line a test, for scripts */
	const char *plain_file;	     /* the same lines there, or NULL */
	bool verbose;
	int rate;      /* mutate: percent that have to be killed; 0: 97 */
	size_t sample; /* of each deliverable, or test; 0: not said */
	size_t one_in; /* mutants: of the sample, one in so many; 0: all */
	bool promises; /* check: the sentences that no test holds */
	bool matrix;   /* mutants: all tests, and a table */
	bool again;    /* hints from the first */
	char **args;   /* what is not an option */
	int arg_count;
	struct labs labs;
};

/*
 * What the arguments name: [LAB] [TEST]. *LAB is NULL if all labs are meant,
 * *FILTER if all tests are. 0, or -1 after a line on standard error that says
 * what is known.
 */
int cli_resolve(struct cli *cli, struct lab **lab, const char **filter);

/*
 * The arguments [LAB] and at most MAX - 1 more. *LAB is NULL if none is named.
 * 0, or -1 after a line on standard error.
 */
int cli_only_lab(struct cli *cli, int max, struct lab **lab);

/*
 * The end of a line on standard error that began with a name that LAB does not
 * have: its names, or the nearest ones and how to list all (names.c).
 */
void names_say(const struct lab *lab, const char *typed);

/* The part "; did you mean ...?" of it, from the lab that has the nearest. */
void names_say_nearest(const struct labs *labs, const char *typed);

/*
 * Prints the next hint for T, and counts it as shown; AGAIN: the first one.
 * After the last all three.
 */
void show_hint(const struct lab *lab, const struct test *t, bool again);

int cmd_run(struct cli *cli);
int cmd_watch(struct cli *cli);
int cmd_hint(struct cli *cli);
int cmd_board(struct cli *cli);
int cmd_list(struct cli *cli);
int cmd_check(struct cli *cli);
int cmd_labs(struct cli *cli);
int cmd_deliverables(struct cli *cli);
int cmd_forbidden(struct cli *cli);
int cmd_formats(struct cli *cli);
int cmd_turns(struct cli *cli);
int cmd_mutants(struct cli *cli);
int cmd_mutate(struct cli *cli);
int cmd_experiments(struct cli *cli);

#endif
