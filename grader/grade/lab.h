/* SPDX-License-Identifier: MIT */
/*
 * lab - what grading.ini says about a lab, and finding labs and tests by name.
 *
 * The strings belong to the structures, which live as long as the program or
 * until labs_free().
 */
#ifndef GRADE_LAB_H
#define GRADE_LAB_H

#include <stdbool.h>
#include <stddef.h>

#define LAB_HINTS  3
#define LAB_POINTS 100 /* what a lab's tests without `challenge` add up to */

/* Sentences of contracts, word for word. */
struct quotes {
	char **all;
	size_t count;
};

/*
 * A section [test:SUITE/NAME]; or [check:NAME], what is told instead of the
 * test's own when that check fails in it (judge_checking()): of that only id,
 * title, hints and promises are set.
 */
struct test {
	char *id; /* "SUITE/NAME", or "NAME" */
	char *title;
	char *concept;
	char *hints[LAB_HINTS];
	struct quotes promises; /* what it holds to */
	char *own_checks;	/* clean-up checks that it is for, or NULL */
	int points;
	int steps;   /* a failure earns its share of those passed; 0: nothing */
	int threads; /* that it may have beside those of every test (quota.h) */
	int task;    /* number of the task in the handout */
	bool hidden; /* left out of handouts */
	bool challenge;	     /* its points come on top of the 100 */
	bool alone;	     /* it measures: nothing else may run beside it */
	unsigned int builds; /* variants it runs on; 0: see variants_of() */
	int line;	     /* of its section in grading.ini */
};

/* A key of [untested]: sentences that no test can hold, and why not. */
struct untested {
	char *reason;
	struct quotes quotes;
};

struct lab {
	char *dir;  /* the folder's name, "lab01-blocking" */
	char *root; /* the tree's top */
	char *title;
	char **deliverables; /* file names in the lab's folder */
	size_t deliverable_count;
	char *forbidden; /* "FILE:CALL ...", what it may not call; or NULL */
	int number;
	int starter_points;  /* -1: not said */
	unsigned int builds; /* variants that its tests run on; 0: asan */
	struct test *tests;  /* in the order of the file */
	size_t test_count;
	struct test *checks;
	size_t check_count;
	struct untested *untested;
	size_t untested_count;
};

struct labs {
	struct lab *all; /* by number */
	size_t count;
};

/*
 * Loads every lab[0-9][0-9]-NAME/grading.ini below ROOT. 0, or -1 with a line
 * for the user ("lab01-blocking/grading.ini:12: ...") in *ERROR, to be freed.
 */
int labs_load(struct labs *labs, const char *root, char **error);
void labs_free(struct labs *labs);

/*
 * The lab that NAME means: "lab01-blocking", "lab01", "01" or "1"; NULL if
 * none.
 */
struct lab *labs_find(const struct labs *labs, const char *name);

/* "lab01", the name that is printed; valid until the next call but three. */
const char *lab_short(const struct lab *lab);

/* The test with the id "SUITE/NAME", or NULL. */
struct test *lab_find_test(const struct lab *lab, const char *id);

/* The section [check:NAME], or NULL. */
const struct test *lab_find_check(const struct lab *lab, const char *name);

/*
 * The module that TEST is about, by its place among the deliverables, lowest
 * first: the one that its suite is named after, else the last one that its task
 * names; deliverable_count if there is none.
 */
size_t lab_test_module(const struct lab *lab, const struct test *test);

/*
 * Whether TEST is meant by NAME: "SUITE/NAME", "SUITE", or either behind the
 * lab's name and a slash. NULL means every test.
 */
bool lab_test_matches(const struct lab *lab, const struct test *test,
		      const char *name);

/*
 * Whether TEST can be run in this tree: a hidden test needs tests/hidden/,
 * which handouts do not have.
 */
bool lab_test_is_here(const struct lab *lab, const struct test *test);

/* What the points of all tests, challenges or not, that are here add up to. */
int lab_points(const struct lab *lab, bool challenge);

/* The path of the lab's file NAME, to be freed. */
char *lab_path(const struct lab *lab, const char *name);

/*
 * The heading of task TASK in the lab's README.md without its #s, to be freed;
 * NULL if there is none.
 */
char *lab_task_heading(const struct lab *lab, int task);

/*
 * The deliverables that the task's first paragraph names in backquotes, "a.c,
 * b.c", to be freed; "" if none.
 */
char *lab_task_files(const struct lab *lab, int task);

/* Used by labs_load(): reads one grading.ini into LAB. As labs_load(). */
int grading_load(struct lab *lab, char **error);

#endif
