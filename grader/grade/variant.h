/* SPDX-License-Identifier: MIT */
/*
 * variant - how the programs under test are built. Most mistakes with memory
 * and all races are seen by luck in a plain build, and for certain in one that
 * looks for them; what is measured (time, memory, threads) is true in a plain
 * one only. So each test has the builds that suit it, and has to pass on all.
 */
#ifndef GRADE_VARIANT_H
#define GRADE_VARIANT_H

#include <stdbool.h>

#include "lab.h"

enum variant { VARIANT_PLAIN, VARIANT_ASAN, VARIANT_TSAN, VARIANTS };

#define VARIANT_BIT(v) (1u << (v))

/* "plain", "asan", "tsan". */
const char *variant_name(enum variant v);

/* The variant of that name, or -1. */
int variant_named(const char *name);

/* Its folder below the tree's top, "build/asan". */
const char *variant_folder(enum variant v);

/* What make is told to build it: "VARIANT=asan", ...; ends with NULL. */
const char *const *variant_make(enum variant v);

/* For people: what the build looks for; NULL for the plain one. */
const char *variant_tool(enum variant v);

/*
 * The builds that TEST of LAB runs on, a set of VARIANT_BITs: what its section
 * says, else what [lab] says, else asan. A test that is alone measures.
 */
unsigned int variants_of(const struct lab *lab, const struct test *test);

#endif
