/* SPDX-License-Identifier: MIT */
/*
 * json - what comes from the judge's report and the state file, and what goes
 * into the state file and to `--json`. docs/RESULTS.md is the schema.
 */
#ifndef GRADE_JSON_H
#define GRADE_JSON_H

#include <jansson.h>

#include "result.h"

/*
 * Fills R from the judge's report in the file PATH. 0, or -1 if there is no
 * report or it is not one; then R is as it was.
 */
int json_read_report(const char *data, size_t len, struct result *r);

/* S as a string, whatever bytes are in it; the caller drops the reference. */
json_t *json_text(const char *s);

/* LR as an object; the caller drops the reference. */
json_t *json_lab(const struct lab_result *lr);

/*
 * Fills LR, which is initialised, from what json_lab() made. What does not fit
 * (a test that is not there any more) is left out. 0, or -1 if it is nothing
 * of the kind.
 */
int json_parse_lab(const json_t *object, struct lab_result *lr);

#endif
