/* SPDX-License-Identifier: MIT */
/*
 * schema SCHEMA < OBJECT: does the JSON on standard input keep to that schema?
 * It knows as much of JSON Schema (draft 2020-12) as report.schema.json uses:
 * type, properties, required, additionalProperties false, items, maxItems,
 * minimum, and $ref into $defs. A keyword that it does not know is an error, so
 * that nothing in the schema goes unheard.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "util.h"

static json_t *root;

static bool wrong(const char *where, const char *what)
{
	fprintf(stderr, "schema: %s: %s\n", *where ? where : "the object",
		what);
	return false;
}

static bool is_type(const json_t *value, const char *type)
{
	if (!strcmp(type, "object"))
		return json_is_object(value);
	if (!strcmp(type, "array"))
		return json_is_array(value);
	if (!strcmp(type, "string"))
		return json_is_string(value);
	if (!strcmp(type, "integer"))
		return json_is_integer(value);
	if (!strcmp(type, "number"))
		return json_is_number(value);
	return !strcmp(type, "null") && json_is_null(value);
}

static bool has_type(const json_t *value, const json_t *types)
{
	const json_t *type;
	size_t i;

	if (json_is_string(types))
		return is_type(value, json_string_value(types));
	json_array_foreach(
		types, i,
		type) if (is_type(value, json_string_value(type))) return true;
	return false;
}

static bool check(const char *where, const json_t *value, const json_t *schema);

static bool check_members(const char *where, const json_t *value,
			  const json_t *properties)
{
	const char *name;
	json_t *member;
	char path[512];

	json_object_foreach((json_t *)value, name, member)
	{
		const json_t *schema = json_object_get(properties, name);

		snprintf(path, sizeof(path), "%s.%s", where, name);
		if (!schema)
			return wrong(path, "a member that the schema does not "
					   "know");
		if (!check(path, member, schema))
			return false;
	}
	return true;
}

static bool check_items(const char *where, const json_t *value,
			const json_t *schema)
{
	char path[512];
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item)
	{
		snprintf(path, sizeof(path), "%s[%zu]", where, i);
		if (!check(path, item, schema))
			return false;
	}
	return true;
}

static bool check_required(const char *where, const json_t *value,
			   const json_t *names)
{
	const json_t *name;
	size_t i;

	json_array_foreach(names, i, name) if (
		!json_object_get(value,
				 json_string_value(
					 name))) return wrong(where,
							      json_string_value(
								      name));
	return true;
}

static bool check_ref(const char *where, const json_t *value, const char *ref)
{
	const char *prefix = "#/$defs/";
	size_t len = strlen(prefix);

	if (strncmp(ref, prefix, len) != 0)
		return wrong(where, "a $ref that is not into $defs");
	return check(where, value,
		     json_object_get(json_object_get(root, "$defs"),
				     ref + len));
}

static bool check_keyword(const char *where, const json_t *value,
			  const char *keyword, const json_t *arg)
{
	static const char *const silent[] = { "$schema", "$defs", "title",
					      "description",
					      "additionalProperties" };

	for (size_t i = 0; i < ARRAY_LEN(silent); i++)
		if (!strcmp(keyword, silent[i]))
			return true;
	if (!strcmp(keyword, "$ref"))
		return check_ref(where, value, json_string_value(arg));
	if (!strcmp(keyword, "type"))
		return has_type(value, arg) || wrong(where, "another type");
	if (!strcmp(keyword, "properties"))
		return check_members(where, value, arg);
	if (!strcmp(keyword, "required"))
		return check_required(where, value, arg);
	if (!strcmp(keyword, "items"))
		return check_items(where, value, arg);
	if (!strcmp(keyword, "maxItems"))
		return json_array_size(value) <=
			       (size_t)json_integer_value(arg) ||
		       wrong(where, "too many items");
	if (!strcmp(keyword, "minimum"))
		return json_is_null(value) ||
		       json_number_value(value) >= json_number_value(arg) ||
		       wrong(where, "less than the minimum");
	return wrong(keyword, "a keyword that is not known here");
}

static bool check(const char *where, const json_t *value, const json_t *schema)
{
	const char *keyword;
	json_t *arg;

	if (!json_is_object(schema))
		return wrong(where, "no schema for it");
	json_object_foreach((json_t *)schema, keyword,
			    arg) if (!check_keyword(where, value, keyword,
						    arg)) return false;
	return true;
}

int main(int argc, char *argv[])
{
	json_error_t error;
	json_t *object;
	bool ok;

	root = argc == 2 ? json_load_file(argv[1], 0, &error) : NULL;
	object = json_loadf(stdin, 0, &error);
	if (!root || !object) {
		fprintf(stderr, "schema: %s\n", error.text);
		return 2;
	}
	ok = check("", object, root);
	json_decref(object);
	json_decref(root);
	return !ok;
}
