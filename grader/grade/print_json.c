/* SPDX-License-Identifier: MIT */
/*
 * The labs of a run in one object; see docs/RESULTS.md.
 */
#include "print.h"

#include "json.h"

#define SCHEMA "readylist-results/1"

int print_json(FILE *f, const struct lab_result *results, size_t count)
{
	json_t *labs = json_array();
	json_t *o = json_object();
	int rc;

	for (size_t i = 0; i < count; i++)
		json_array_append_new(labs, json_lab(&results[i]));
	json_object_set_new(o, "schema", json_string(SCHEMA));
	json_object_set_new(o, "labs", labs);
	rc = json_dumpf(o, f, JSON_INDENT(2));
	fputc('\n', f);
	json_decref(o);
	return rc || fflush(f) ? -1 : 0;
}
